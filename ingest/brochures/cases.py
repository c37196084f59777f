"""Work done, as introductions tell of it: rows of tables, cards, headed or numbered paragraphs, and plain sentences."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, pairwise
from typing import Any, Final

from ingest.brochures import facts, vocabulary, wording
from ingest.brochures.outline import Chapter, Line, Table
from ingest.brochures.private import is_private
from ingest.brochures.values import CaseStated
from ingest.brochures.vocabulary import Section

_UNIT: Final = (
    r"(?:公司|集团|局|委员会|办公室|中心|医院|学校|小学|中学|学院|大学|研究院|研究所|厂|矿|合作社|农场|林场|港口?|馆|站|所|院|街道|镇|政府|园区|管委会|银行|酒店|"
    r"商会|协会|律所|事务所|诊所|药房|门店|车间|企业|商家|品牌|平台|客户|农户|小区|物业|超市|电商|社区|景区|茶企|[料应销营造易零]商|单位|部门|机构|乡|村|县|市|区|店)"
)
_DOING: Final = r"(?:研发|开发|搭建|建设|建立|建成|完成|提供|实施|定制|交付|设计|部署|改造|制作|训练|整理|上线|打造|承接|编写|梳理|运维|升级|优化|接入|构建|落地|开展|举办|组织|策划|拍摄|录制|撰写|测试|检测|巡检|采集|清洗|标注|分析|运营|翻译|绘制|录入|迁移|对接|集成|研制|转写|核对|复原|识别|盘点|审查|出具|做)"
_CLIENT: Final = re.compile(
    rf"(?:为|给|服务于|受|协助|帮助|帮|助力)(?:了)?(?P<client>某?[^，。；：、\s为给帮]{{0,24}}?{_UNIT})(?=的|委托|等|，|（|\(|{_DOING})"
)
_DONE: Final = re.compile(
    rf"{_DOING}了?(?:一套|一个|一款|的)?(?P<title>[^，。；：]{{2,40}}?(?:系统|平台|工具|助手|模型|小程序|项目|方案|网站|机器人|流程|看板|应用|插件|报表|知识库|问答))(?=[，。；、（(]|$)"
)
_NAMES_CLIENT: Final = re.compile(
    r"(?:客户|服务对象|委托方|甲方|业主)\s*(?:是|为|[:：])\s*(?P<client>[^，。；、]{2,30}?)(?=[，。；、（(]|$)"
)
_PAST: Final = re.compile(r"曾|已经?|先后|累计|完成了?|交付|上线|落地|20\d\d\s*年|去年|前年|做过|了[^解]")
_RESULT: Final = re.compile(
    r"提升|提高|增长|增加|上升|降低|降至|降到|降为|下降|减少|缩短|节省|节约|压缩|达到?|超过|准确率|召回率|漏检率|[\u4e00-\u9fff]率|效率|满意度|通过.{0,6}验收|好评|获得|获评|发现|检出|识别出|节电|减排|增收|[年月]省|累计|访问|播放|上线(?:.{0,6}[年月天周]|以来|后)|由.{1,14}(?:到|降|升|缩|变)|从.{1,14}(?:到|降|升|缩|变)|零(?:事故|差错|投诉)"
)
_FIGURE: Final = re.compile(
    r"\d|一半|[两三四五六七八九十几数]+倍|[一二两三四五六七八九十百]+(?:天|小时|分钟|周|个?月|年|人|件)|翻.?番|验收|好评|获评|零(?:事故|差错|投诉)|[一二三四五六七八九]成"
)
_PERIOD: Final = re.compile(
    r"20\d\d\s*(?:年\s*(?:\d{1,2}\s*月)?(?:底|初|末)?|[./]\s*\d{1,2}|-\d{1,2}(?!\d))?"
    r"(?:\s*[-—–~～至到]+\s*(?:20\d\d\s*(?:年\s*(?:\d{1,2}\s*月)?|[./-]\s*\d{1,2})?|\d{1,2}\s*月|至?今))?"
)
_DATED: Final = re.compile(rf"(?P<title>[^，。；：:\d]{{4,24}})[，,]\s*(?P<period>{_PERIOD.pattern})[，,]\s*(?=\S)")
"""A case that begins with its name and its time."""
_YEAR: Final = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_NAMED: Final = re.compile(
    r"^(?:案例|项目|作品|case|project)\s*(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s*[:：.、．|｜\-—\s]*", re.IGNORECASE
)
_BRACKETS: Final = re.compile(r"\s*[（(]([^（）()]*)[）)]\s*$")
_BARS: Final = re.compile(r"\s*[|｜]\s*|\s+[-—–/·]{1,2}\s+|\s*——\s*")
_BARRED: Final = re.compile(r"\s*[|｜]\s*")
_LONGEST_TITLE: Final = 40
_LONGEST: Final = 2000
_SHORT: Final = (4, 24)
_BEGINS: Final = re.compile(r"(?P<title>[^，。；：:]{2,60})\s*[:：](?=\s*\S)")
_LABEL_WITHIN: Final = re.compile(r"(?:^|(?<=[。；;])\s*)(?P<label>[\u4e00-\u9fff]{2,8})[:：]")
_OPENS: Final = re.compile(r"为|给|受|曾|我|帮|协助|助力|先后|近|与|在|由|对|通过|服务|累计|目前|已|\d")
_SENTENCE: Final = re.compile(r"[。！；;]|，.*，")
_COLUMNS: Final = 2
_BESIDE: Final = frozenset({Section.OTHER, Section.CONTACT, Section.PRICE, Section.NOT_OFFERED})


def of_chapter(chapter: Chapter) -> Iterator[CaseStated]:
    """The cases of a section that tells of them, in their order."""
    for table in chapter.tables:
        yield from of_table(table, is_expected=True)
    told = [_of_group(group) for group in _groups([line for line in chapter.lines if not _is_beside(line)])]
    yield from _by_client([case for case in told if case is not None])


def _by_client(told: Sequence[CaseStated]) -> Iterator[CaseStated]:
    """The cases; where most begin with whom they were for, the others do so as well, and none has a name of its own."""
    begun = sum(not case.title and bool(case.client) and _begins_with(case, case.client) for case in told)
    for case in told:
        is_client = begun > 1 and 2 * begun > len(told) and case.title and not case.client
        if is_client and "\n" not in case.passage and _begins_with(case, case.title):
            yield replace(case, title="", client=case.title)
        else:
            yield case


def _begins_with(case: CaseStated, words: str) -> bool:
    return 0 <= case.passage.find(words) < _SHORT[0]


def _is_beside(line: Line) -> bool:
    """Whether a line states something that is no case: "服务承诺：…"."""
    pair = wording.labelled(line.said)
    return pair is not None and vocabulary.part(pair[0]) is None and vocabulary.kind(pair[0]) in _BESIDE


def of_table(table: Table, *, is_expected: bool = False) -> Iterator[CaseStated]:
    """The cases of a table with a header, or of a card of labels and values."""
    header = [vocabulary.part(cell) for cell in table.rows[0]]
    known = {part for part in header if part and part != "background"}
    width = len(table.rows[0])
    # Without a section that says so, a table tells of work done by who it was for, and when or with what result.
    enough = len(known) >= _COLUMNS and (is_expected or ("client" in known and known & {"period", "result"}))
    if enough and len(table.rows) > 1 and width > 1 and not _is_card(table):
        for row, place in zip(table.rows[1:], table.places[1:], strict=True):
            values = {
                part: cell
                for part, cell in reversed(list(zip(header, row, strict=True)))
                if part and wording.says(cell)
            }
            yield from _made(CaseStated(place, " | ".join(filter(None, row))), values)
    elif _is_card(table) and (is_expected or {"client", "title"} <= set(_card(table))):
        yield from _made(
            CaseStated(table.places[0], "\n".join(" ".join(filter(None, row)) for row in table.rows)), _card(table)
        )


def _is_card(table: Table) -> bool:
    """Whether every first cell of the table names a part of one case."""
    firsts = [vocabulary.part(row[0]) for row in table.rows]
    return (
        len(table.rows) > 1 and all(firsts) and len(table.rows[0]) in {2, 4} and len(set(firsts) - {"background"}) > 1
    )


def _card(table: Table) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in table.rows:
        for label, value in zip(row[::2], row[1::2], strict=False):
            part = vocabulary.part(label)
            if part and wording.says(value):
                found.setdefault(part, value)
    return found


def _made(bare: CaseStated, values: dict[str, str]) -> Iterator[CaseStated]:
    kept: dict[str, Any] = {
        part: value for part, value in values.items() if part != "background" and not is_private(value)
    }
    case = _dated(replace(bare, **kept))
    if case.title or case.done:
        yield case


def _groups(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines that tell of one case each."""
    ranks = [
        line.rank for line in lines if line.is_head and line.rank is not None and vocabulary.part(line.said) is None
    ]
    start = min(ranks, default=None)
    has_names = any(_begins_by_label(line) for line in lines)
    has_points = start is None and any(line.is_point for line in lines)
    held: list[Line] = []
    for line in lines:
        if start is not None:
            begins = line.rank == start and vocabulary.part(line.said) is None
        elif has_names:
            begins = _begins_by_label(line)
        elif has_points:
            begins = line.is_point and not _is_labelled(line)
        else:
            begins = not _is_labelled(line)
        if begins and held:
            yield held
            held = []
        held.append(line)
    if held:
        yield held


def _begins_by_label(line: Line) -> bool:
    pair = wording.labelled(line.said)
    return _NAMED.match(line.said) is not None or (pair is not None and vocabulary.part(pair[0]) == "title")


def _is_labelled(line: Line) -> bool:
    pair = wording.labelled(line.said)
    return pair is not None and vocabulary.part(pair[0]) is not None


def _of_group(lines: Sequence[Line]) -> CaseStated | None:
    """One case out of its lines: what it is called, then its parts by their labels, the rest as what was done."""
    first = lines[0]
    passage = "\n".join(line.text for line in lines)
    said = _NAMED.sub("", first.said)
    case, rest = CaseStated(first.place, passage), list(lines)
    if not _is_labelled(first):
        barred = _BARRED.split(said)
        if len(barred) > 1:
            case, rest = _barred(case, barred), rest[1:]
        elif len(lines) == 1 and (_SENTENCE.search(said) or len(said) > _LONGEST_TITLE or _BEGINS.match(said)):
            return _of_paragraph(said, first, passage)
        elif not _SENTENCE.search(said) and len(said) <= 2 * _LONGEST_TITLE:
            case, rest = _titled(case, said), rest[1:]
        else:
            case, rest = _of_paragraph(said, first, passage) or case, rest[1:]
    case = _filled(case, rest)
    return case if case.title or case.done else None


def _titled(case: CaseStated, said: str) -> CaseStated:
    """A heading taken apart: the title, and behind it in brackets or behind bars the client and the time."""
    beside: list[str] = []
    found = _BRACKETS.search(said)
    if found and (_YEAR.search(found[1]) or _is_unit(found[1])):
        beside, said = re.split(r"[，,、；;]\s*", found[1]), said[: found.start()]
    pieces = [piece for piece in _BARS.split(said) if piece]
    title, *more = pieces or [said]
    if more and _PERIOD.fullmatch(title):
        title, more = more[0], [title, *more[1:]]
    dated = re.match(rf"({_PERIOD.pattern})\s*[:：，,]?\s*(?=\S)", title)
    if dated and len(title) > dated.end():
        beside, title = [dated[1], *beside], title[dated.end() :]
    case = replace(case, title=title.strip(" ：:。"))
    for piece in (*more, *beside):
        if not case.period and _YEAR.search(piece) and _PERIOD.fullmatch(piece.strip()):
            case = replace(case, period=piece.strip())
        elif not case.client and _is_unit(piece):
            case = replace(case, client=re.sub(r"^(?:客户|服务对象)[:：]\s*", "", piece.strip()))
    return case


def _barred(case: CaseStated, pieces: Sequence[str]) -> CaseStated:
    """A line parted by bars: the title, then the time, the client and what was done in any order."""
    case = _titled(case, pieces[0])
    told = []
    for piece in (each.strip() for each in pieces[1:]):
        if not case.period and _PERIOD.fullmatch(piece):
            case = replace(case, period=piece)
        elif not case.client and _is_unit(piece):
            case = replace(case, client=piece)
        else:
            told.append(parted(piece))
    done, result = ("\n".join(filter(None, (each[side] for each in told))) for side in (0, 1))
    return replace(case, done=done, result=result)


def _is_unit(words: str) -> bool:
    return re.fullmatch(rf"\s*(?:客户[:：])?[^，。；]{{0,30}}{_UNIT}\s*", words) is not None


def _filled(case: CaseStated, lines: Sequence[Line]) -> CaseStated:
    """A case with what its lines say of its parts; a sub-heading or label holds until the next one."""
    held: dict[str, list[str]] = {"done": [], "result": []}
    mode = ""
    for line in chain.from_iterable(map(_pieces, lines)):
        if is_private(line.said):
            continue
        pairs = [(vocabulary.part(label), value) for label, value in wording.pairs(line.said)]
        if vocabulary.part(line.said) is not None:
            mode = vocabulary.part(line.said) or ""
        elif pairs and all(part for part, _ in pairs):
            for part, value in pairs:
                mode = str(part) if not value else ""
                case = _with(case, str(part), value, held)
        elif mode and mode != "background":
            case = _with(case, mode, line.said, held)
        elif not mode:
            done, result = parted(line.said)
            held["done"].extend(filter(None, [done]))
            held["result"].extend(filter(None, [result]))
    done = "\n".join(filter(None, [case.done, *held["done"]]))
    result = "\n".join(filter(None, [case.result, *held["result"]]))
    return _dated(replace(case, done=done[:_LONGEST], result=result[:_LONGEST]))


def _pieces(line: Line) -> list[Line]:
    """A line apart where a sentence of it begins with a label: "…4200 小时。成果：…"."""
    marks = [
        found.start("label")
        for found in _LABEL_WITHIN.finditer(line.said)
        if vocabulary.part(found["label"]) is not None
    ]
    edges = [0, *(mark for mark in marks if mark), len(line.said)]
    pieces = []
    for begin, end in pairwise(edges):
        said = line.said[begin:end].strip()
        pair = wording.labelled(said)
        label = vocabulary.part(pair[0]) if pair else None
        first, stop, rest = said.partition("。")
        if label in {"client", "period", "title"} and stop and rest:
            # What is said once ends with its sentence.
            pieces += [replace(line, said=first), replace(line, said=rest)]
        elif said:
            pieces.append(replace(line, said=said))
    return pieces


def _with(case: CaseStated, part: str, value: str, held: dict[str, list[str]]) -> CaseStated:
    if part in held:
        held[part].append(value)
    elif part != "background" and value and not getattr(case, part):
        named: dict[str, Any] = {part: value}
        return replace(case, **named)
    return case


def _of_paragraph(said: str, line: Line, passage: str) -> CaseStated | None:
    """A case told in one paragraph: "名称：做了什么，成效", or only sentences."""
    if is_private(said):
        return None
    case, told = CaseStated(line.place, passage), said
    pieces = _pieces(replace(line, said=said))
    if len(pieces) > 1:
        first = _of_paragraph(pieces[0].said, line, passage)
        return _filled(first or case, [*([] if first else pieces[:1]), *pieces[1:]])
    dated = _DATED.match(said)
    if dated is not None and not re.search(_DOING, dated["title"]):
        done, result = parted(said[dated.end() :])
        return _dated(replace(case, title=dated["title"], period=dated["period"], done=done, result=result))
    begins = _BEGINS.match(said)
    if begins is not None and vocabulary.part(begins["title"]) is None:
        case, told = _titled(case, begins["title"]), said[begins.end() :].strip()
    done, result = parted(told)
    if _is_unit(case.title) and not case.client:
        # Where each case begins with whom it was for, it has no name of its own.
        case = replace(case, title="", client=case.title)
    if not case.title:
        case = replace(case, title=_name_of(told))
    return _dated(replace(case, done=(done or ("" if case.title else told))[:_LONGEST], result=result[:_LONGEST]))


def _name_of(told: str) -> str:
    """What a case is called in its own sentences: what they begin with where that does nothing, else what was made."""
    first, mark, _ = told.partition("，")
    is_name = mark and _SHORT[0] <= len(first) <= _SHORT[1] and not _YEAR.search(first) and not re.search(_DOING, first)
    if is_name and not _OPENS.match(first):
        return first.strip()
    client = _CLIENT.search(told)
    found = _DONE.search(told, client.end() if client else 0)
    return found["title"].strip() if found else ""


def parted(said: str) -> tuple[str, str]:
    """What was done, and from the first clause on that states a figure of its effect, the result."""
    begin = 0
    for clause in wording.clauses(said):
        if _RESULT.search(clause) and _FIGURE.search(clause) and not _CLIENT.search(clause):
            return said[:begin].strip(" ，,；;"), said[begin:].strip(" ，,；;")
        begin += len(clause)
    return said.strip(), ""


def _dated(case: CaseStated) -> CaseStated:
    """A case with its client and its time, where they stand in what it says."""
    told = f"{case.title}\n{case.done}"
    if not case.client:
        found = _NAMES_CLIENT.search(told) or _CLIENT.search(told)
        case = replace(case, client=found["client"] if found else "")
    if not case.period:
        period = next((each for each in _PERIOD.finditer(told)), None)
        case = replace(case, period=period[0].strip() if period else "")
    years = _YEAR.findall(case.period)
    return replace(case, year=int(years[-1]) if years else None)


def of_sentence(said: str, line: Line) -> CaseStated | None:
    """The case that a sentence of running text tells of: something done, in the past, for somebody; None for any other."""
    if facts.founded(said) or facts.is_identity(said):
        return None
    if not (_CLIENT.search(said) and _PAST.search(said) and re.search(_DOING, said)):
        return None
    return _of_paragraph(said.strip(" 。；"), line, line.text)

"""Sections become what a profile can take: each kind of section has its own way of being read."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from ingest.brochures import cases, facts, skills, vocabulary, wording
from ingest.brochures.outline import Chapter, Line, Table
from ingest.brochures.private import is_imprint, is_private
from ingest.brochures.values import Brochure, CaseStated, OfferStated, Stated
from ingest.brochures.vocabulary import Section

_PROSE: Final = frozenset({Section.ABOUT, Section.UNKNOWN, Section.COVER, Section.TEAM})
_OFFERING: Final = re.compile(
    r"自研|自建|可达|可完成|提供|承接|主营|可以|能够|可为|能为|开发|擅长|支持|实现|帮助|解决|专长|服务|定制|识别|自动|训练|检测|部署|≥|≤|\d+\s*%"
)
_FILED: Final = re.compile(
    r"备案|著作权|软著|专利|认证|证书|资质|许可证|高新技术企业|专精特新|(?:科技|创新)型中小企业|ISO|CMMI|登记|\d{4}SR|商标",
    re.IGNORECASE,
)
_HONOURED: Final = re.compile(
    r"荣获|获评|获奖|[一二三特金银铜优胜秀入围]{1,2}等?奖|获[^，。]{0,20}(?:称号|大赛|竞赛|奖)|评为|入围|第[一二三]名|[冠亚季]军|(?:入选|列入)[^，。]{0,20}(?:名单|名录)"
)
"""Praise: what was won or called is no record at an authority."""
_NUMBER_OF_IT: Final = re.compile(r"\S{0,8}(?:编号|备案号|登记号|证书号|注册号|专利号)")
_HELD: Final = re.compile(
    r"(?:获得?|荣获|拥有|取得|通过|持有|具有|具备|已有|申请|完成|办理).{0,16}(?:专利|著作权|软著|认证|资质|证书|备案)"
    r"|备案编?号|登记号|\d{4}SR\d|(?:专利|软著|著作权)\s*\d+\s*[项件个]"
)
_DECLINED: Final = r"不(?:再)?(?:承接|接(?!触|入)|做(?!大|小)|提供|承担|代(?!表)|出具|销售|出售|卖|拍|从事|受理|碰)"
_REFUSED: Final = re.compile(
    rf"(?:我们?|本人|我司|(?:本)?(?:公司|工作室|团队)|目前|现阶段|暂时?|也|均|一律|但)*(?:{_DECLINED}(?!.{{0,16}}(?:也|就|便)[能可])|谢绝|恕不|概不)"
    rf"|[^，。]{{2,20}}?(?:我们?|目前|暂时?|一律|都|均)*不(?:承接|接|做|提供)[。！]?$"
)
"""A sentence that says what is not done, by its verb at the beginning or after its object."""
_LONGEST_HEAD: Final = 60
_LABEL_OF_FEW: Final = re.compile(r"[^，。：:]{2,8}[:：][^。！？，]{1,30}")
_FIRM_LABELS: Final = frozenset(
    {
        "name",
        "headline",
        "team_size",
        "region",
        "address",
        "founded_year",
        "prices",
        "sectors",
        "not_offered",
        "private",
    }
)
"""Labels that mean the same in every section; the others are read as labels only where a document introduces itself."""


@dataclass(slots=True)
class _Gathered:
    """What was found so far; of what may be said once, the first."""

    single: dict[str, Stated] = field(default_factory=dict)
    several: dict[str, list[Stated]] = field(default_factory=dict)
    offers: list[OfferStated] = field(default_factory=list)
    cases: list[CaseStated] = field(default_factory=list)

    def once(self, name: str, found: "str | facts.Found | None", line: Line) -> None:
        words, number = found if isinstance(found, tuple) else (found, None)
        if words and not is_private(words):
            self.single.setdefault(name, Stated(words, line.place, line.text, number))

    def also(self, name: str, words: Iterable[str], line: Line) -> None:
        known = self.several.setdefault(name, [])
        said = {one.text for one in known}
        for each in words:
            if each and each not in said and not is_private(each):
                said.add(each)
                known.append(Stated(each, line.place, line.text))

    def offer(self, what: str, line: Line) -> None:
        if what and not is_private(what) and what not in {offer.what for offer in self.offers}:
            self.offers.append(OfferStated(what, line.place, line.text))


def read(chapters: Sequence[Chapter], *, file: str, digest: str, format_name: str) -> Brochure:
    """Everything that the sections of a document state of its author."""
    found = _Gathered()
    is_plain = len(chapters) == 1
    has_services = any(_lists_services(chapter) for chapter in chapters)
    for chapter in chapters:
        left = [item for item in chapter.items if not _is_foot(item) and not _taken_as_facts(item, chapter, found)]
        rest = replace(chapter, kind=_kind(chapter, has_services=has_services), items=left)
        _BY_KIND.get(rest.kind, _told)(rest, found)
    _introduced(chapters, found, is_plain=is_plain)
    address = found.single.pop("address", None)
    if address is not None:
        # A region that is stated as such, or in a sentence, says more than where letters go.
        found.single.setdefault("region", address)
    said: dict[str, Any] = {**found.single, **{name: tuple(each) for name, each in found.several.items()}}
    return Brochure(
        file=file,
        digest=digest,
        format=format_name,
        **said,
        offers=tuple(found.offers),
        cases=tuple(dict.fromkeys(case for one in found.cases for case in _public(one))),
    )


def _lists_services(chapter: Chapter) -> bool:
    """Whether a section has the services by their name: as offers, or with their prices in a table."""
    words = vocabulary.bare(chapter.heading.said) if chapter.heading else ""
    is_priced = chapter.kind is Section.PRICE and bool(chapter.tables)
    return (chapter.kind is Section.OFFERS or is_priced) and vocabulary.names_services(words)


def _kind(chapter: Chapter, *, has_services: bool) -> Section:
    """What a section speaks of: beside a list of services, "我们能做什么" tells of abilities."""
    words = vocabulary.bare(chapter.heading.said) if chapter.heading else ""
    is_told_apart = has_services and chapter.kind is Section.OFFERS and vocabulary.says_what_can_be_done(words)
    return Section.ABILITY if is_told_apart else chapter.kind


def _is_foot(item: Line | Table) -> bool:
    return isinstance(item, Line) and is_imprint(item.said)


def _public(case: CaseStated) -> Iterator[CaseStated]:
    """A case without the parts that tell of contacts; none where nothing is left that says what was done."""
    told: dict[str, Any] = {
        name: "" for name in ("title", "client", "period", "done", "result") if is_private(getattr(case, name))
    }
    left: CaseStated = replace(case, **told) if told else case
    if left.title or left.done:
        yield left


def _taken_as_facts(item: Line | Table, chapter: Chapter, found: _Gathered) -> bool:
    """Take labels with their values wherever they stand; True where nothing else of the line or table is to be read."""
    if isinstance(item, Table):
        return _card(item, chapter, found)
    pairs = list(wording.pairs(item.said))
    if not pairs or (chapter.kind is Section.CASES and all(vocabulary.part(label) for label, _ in pairs)):
        return False
    known = [(name, value) for label, value in pairs if (name := vocabulary.label(label)) is not None]
    if len(known) * 2 < len(pairs) or not known or not _are_labels([name for name, _ in known], chapter):
        return False
    for name, value in known:
        if value:
            _put(name, value, item, found)
    return any(value for _, value in pairs) or known[0][0] == "private"


def _are_labels(names: Sequence[str | None], chapter: Chapter) -> bool:
    return chapter.kind in _PROSE or all(name in _FIRM_LABELS for name in names)


def _card(table: Table, chapter: Chapter, found: _Gathered) -> bool:
    """A table whose cells are labels and their values by turns."""
    width = len(table.rows[0])
    if width not in {2, 4} or chapter.kind in {Section.CASES, Section.SKILLS}:
        return False
    cells = [
        (row[at], row[at + 1], place)
        for row, place in zip(table.rows, table.places, strict=True)
        for at in range(0, width, 2)
    ]
    known = [vocabulary.label(label) for label, _, _ in cells if label]
    if (
        not known
        or sum(name is not None for name in known) * 3 < len(known) * 2
        or not _are_labels([n for n in known if n], chapter)
    ):
        return False
    for label, value, place in cells:
        name = vocabulary.label(label)
        if name and value:
            _put(name, value, Line(f"{label} {value}", value, place), found)
    return True


_STATES_ONCE: Final[Mapping[str, Callable[[str], str | facts.Found | None]]] = {
    "name": facts.plain_name,
    "headline": str,
    "region": str,
    "address": facts.area,
    "team_size": lambda value: facts.count(value) or facts.team_size(value),
    "founded_year": facts.year,
}
"""What a value says of a field that is said once."""


def _put(name: str, value: str, line: Line, found: _Gathered) -> None:
    if name in _STATES_ONCE:
        found.once(name, _STATES_ONCE[name](value), line)
    elif name in {"skills", "sectors"}:
        found.also(name, skills.enumerated(value), line)
    elif name == "offers":
        for what in _listed_or_whole(value):
            found.offer(what, line)
    elif name in {"statements", "not_offered", "filings"}:
        found.also(name, _listed_or_whole(value) if name != "statements" else wording.points(value), line)
    elif name == "prices":
        found.also(name, [value], line)


def _listed_or_whole(value: str) -> list[str]:
    """The items of a value that is a list of short ones, else its points."""
    listed = wording.items(value)
    is_list = (
        len(listed) > 1 and all(len(item) <= _LONGEST_HEAD // 2 for item in listed) and "。" not in value.strip("。")
    )
    return listed if is_list else wording.points(value)


def _offers(chapter: Chapter, found: _Gathered) -> None:
    for table in chapter.tables:
        _offer_table(table, found)
    heads = [line.rank for line in chapter.lines if _is_short_head(line)]
    top = min((rank for rank in heads if rank is not None), default=None)
    is_headed = top is not None and any(line.rank != top for line in chapter.lines)
    for line in chapter.lines:
        if _is_mined(line, found) or _is_refusal(line, found):
            continue
        if _is_below_point(line, chapter):
            found.also("statements", wording.points(line.said), line)
        elif line.rank == top and _is_short_head(line):
            found.offer(line.said.strip("：: 。"), line)
        elif is_headed and not line.is_point:
            found.also("statements", wording.points(line.said), line)
        elif line.is_point or line.rank is not None:
            found.offer(_whole(line.said), line)
        else:
            for what in wording.points(line.said):
                found.offer(what, line)


def _is_below_point(line: Line, chapter: Chapter) -> bool:
    """Whether a line tells more of the short point above it."""
    at = chapter.items.index(line)
    above = chapter.items[at - 1] if at else None
    is_point = isinstance(above, Line) and above.is_point and len(above.said) <= _LONGEST_HEAD // 2
    return is_point and not line.is_point and line.rank is None


def _is_short_head(line: Line) -> bool:
    return line.is_head and len(line.said) <= _LONGEST_HEAD // 2 and wording.labelled(line.said.rstrip("：:")) is None


def _whole(said: str) -> str:
    """A point as a whole, without its end mark."""
    return said.strip(" 。；;：:")


def _is_mined(line: Line, found: _Gathered) -> bool:
    """Whether a line only tells of contacts or prices."""
    if facts.is_price(line.said):
        found.also("prices", [_whole(line.said)], line)
        return True
    return is_private(line.said) and len(wording.sentences(line.said)) == 0


def _is_refusal(line: Line, found: _Gathered) -> bool:
    """Whether a line says what is not done, and nothing else."""
    said = wording.sentences(line.said)
    if not said or not all(_REFUSED.match(one) for one in said):
        return False
    found.also("not_offered", [_whole(line.said)], line)
    return True


def _offer_table(table: Table, found: _Gathered) -> None:
    header = [vocabulary.offered(cell) for cell in table.rows[0]]
    if "what" not in header and header[0] is None:
        header[0] = "what"
    if len({part for part in header if part}) < 2:  # noqa: PLR2004 - a table of one known column has no header
        for row, place in zip(table.rows, table.places, strict=True):
            found.offer(row[0], Line(" | ".join(filter(None, row)), row[0], place))
        return
    for row, place in zip(table.rows[1:], table.places[1:], strict=True):
        values = {
            part: cell for part, cell in reversed(list(zip(header, row, strict=True))) if part and wording.says(cell)
        }
        line = Line(" | ".join(filter(None, row)), "", place)
        parts = {name: values[name] for name in ("for_whom", "given", "made", "deliverable") if name in values}
        if values.get("what") and not any(map(is_private, values.values())):
            found.offers.append(OfferStated(values["what"], place, line.text, **parts))
        found.also("statements", wording.points(values.get("text", "")), line)
        found.also("prices", [values[name] for name in ("price",) if name in values], line)


def _abilities(chapter: Chapter, found: _Gathered) -> None:
    for table in chapter.tables:
        for row, place in zip(table.rows, table.places, strict=True):
            words = max(row, key=len)
            found.also("statements", wording.points(words), Line(" | ".join(filter(None, row)), words, place))
    for line in chapter.lines:
        if _is_mined(line, found) or _is_refusal(line, found):
            continue
        found.also("skills", skills.in_text(line.said), line)
        if line.is_point or (line.rank is not None and not _is_short_head(line)):
            found.also("statements", [_whole(line.said)], line)
        elif not _is_short_head(line):
            found.also("statements", wording.points(line.said), line)
        elif _is_last_or_alone(line, chapter):
            found.also("statements", [_whole(line.said)], line)


def _is_last_or_alone(line: Line, chapter: Chapter) -> bool:
    """Whether a short numbered line has nothing below it, so that it is a point and no heading."""
    at = chapter.items.index(line)
    below = chapter.items[at + 1] if at + 1 < len(chapter.items) else None
    return not isinstance(below, Line) or below.rank == line.rank


def _skills(chapter: Chapter, found: _Gathered) -> None:
    for table in chapter.tables:
        for row, place in zip(table.rows, table.places, strict=True):
            line = Line(" | ".join(filter(None, row)), "", place)
            for cell in row[1:] or row:
                found.also("skills", skills.enumerated(cell) if vocabulary.label(cell) is None else [], line)
    for line in chapter.lines:
        if line.is_head and not line.is_point and _has_below(line, chapter):
            continue
        if is_private(line.said):
            found.also("statements", wording.points(line.said), line)
            continue
        named = skills.of_line(line.said)
        found.also("skills", named, line)
        if not named:
            found.also("statements", wording.points(line.said), line)


def _has_below(line: Line, chapter: Chapter) -> bool:
    """Whether a line of a level stands over another without one."""
    at = chapter.items.index(line)
    below = chapter.items[at + 1] if at + 1 < len(chapter.items) else None
    return isinstance(below, Line) and below.rank != line.rank and len(line.said) <= _LONGEST_HEAD // 2


def _cases(chapter: Chapter, found: _Gathered) -> None:
    found.cases.extend(cases.of_chapter(chapter))


def _sectors(chapter: Chapter, found: _Gathered) -> None:
    for line in chapter.lines:
        pair = wording.labelled(line.said)
        words = pair[0] if pair and pair[1] else line.said
        found.also("sectors", skills.sectors_in_text(line.said) or skills.enumerated(words), line)
    for table in chapter.tables:
        for row, place in zip(table.rows, table.places, strict=True):
            found.also("sectors", skills.enumerated(row[0]), Line(" | ".join(filter(None, row)), row[0], place))


def _prices(chapter: Chapter, found: _Gathered) -> None:
    for line in chapter.lines:
        if re.search(r"\d|面议|[一二三四五六七八九十]+[万千百]", line.said):
            found.also("prices", [_whole(line.said)], line)
    words = vocabulary.bare(chapter.heading.said) if chapter.heading else ""
    for table in chapter.tables:
        if vocabulary.names_services(words) and "price" in map(vocabulary.offered, table.rows[0]):
            _offer_table(table, found)
            continue
        for row, place in zip(table.rows, table.places, strict=True):
            priced = [cell for cell in row if facts.is_price(cell) or re.search(r"\d.*[元万]|面议", cell)]
            found.also("prices", priced[:1], Line(" | ".join(filter(None, row)), "", place))


def _filings(chapter: Chapter, found: _Gathered) -> None:
    is_of_praise = chapter.heading is not None and _FILED.search(chapter.heading.said) is None
    for line in chapter.lines:
        pair = wording.labelled(line.said)
        numbered = wording.numbered(line.text)
        listed = wording.items(line.said)
        whole = (
            pair is not None
            or len(listed) == 1
            or not all(_FILED.search(item) and not _NUMBER_OF_IT.match(item) for item in listed)
        )
        said = [_whole(one) for one in numbered] or ([_whole(line.said)] if whole else listed)
        found.also("filings", [one for one in said if _is_filing(one, is_of_praise=is_of_praise)], line)
    for table in chapter.tables:
        for row, place in zip(table.rows, table.places, strict=True):
            kept = next((cell for cell in row if _FILED.search(cell)), "")
            found.also("filings", [kept], Line(" | ".join(filter(None, row)), kept, place))


def _is_filing(said: str, *, is_of_praise: bool) -> bool:
    """Whether a line is a record at an authority: among honours only where it says so, elsewhere where it is no honour."""
    return _FILED.search(said) is not None or not (is_of_praise or _HONOURED.search(said))


def _not_offered(chapter: Chapter, found: _Gathered) -> None:
    if chapter.heading is not None and re.search(r"不|勿", chapter.heading.said) is None:
        # Limits ("服务边界") stand beside other things, so that only what is said to be declined or filed is taken.
        for line in chapter.lines:
            for said in wording.sentences(line.said):
                if _REFUSED.match(said):
                    found.also("not_offered", [_whole(said)], line)
                elif _FILED.search(said) and _HELD.search(said):
                    found.also("filings", [_whole(said)], line)
        return
    for line in chapter.lines:
        whole = line.is_point or line.rank is not None
        found.also("not_offered", [_whole(line.said)] if whole else _listed_or_whole(line.said), line)


def _about(chapter: Chapter, found: _Gathered) -> None:
    for line in chapter.lines:
        _mine(line, found)
        is_short = len(line.said) <= _LONGEST_HEAD // 2
        if (line.is_head and is_short) or _LABEL_OF_FEW.fullmatch(line.said) or _is_refusal(line, found):
            continue
        kept = [line.said] if not is_private(line.said) else wording.sentences(line.said)
        found.also("description", kept, line)
    _tables(chapter, found)


def _team(chapter: Chapter, found: _Gathered) -> None:
    for line in chapter.lines:
        _mine(line, found)
    _tables(chapter, found)


def _told(chapter: Chapter, found: _Gathered) -> None:
    """Running text under no heading that tells: sentence by sentence."""
    for line in chapter.lines:
        if chapter.kind is Section.COVER and (
            line.is_head or ("。" not in line.said and len(line.said) <= _LONGEST_HEAD)
        ):
            continue
        if _is_refusal(line, found):
            continue
        if len(line.said) <= _LONGEST_HEAD // 2 and "。" not in line.said and not line.is_point:
            continue
        for said in wording.sentences(line.said) if re.search("[\u4e00-\u9fff]", line.said) else ():
            _sentence(said, line, found)
    _tables(chapter, found)


def _sentence(said: str, line: Line, found: _Gathered) -> None:
    one = replace(line, said=said)
    case = cases.of_sentence(said, line)
    listed = skills.in_text(said)
    states = _mine(one, found, mines_cases=False)
    if case is not None:
        found.cases.append(case)
    elif states or listed:
        return
    elif _FILED.search(said) and _HELD.search(said):
        found.also("filings", [_whole(said)], line)
    elif _HONOURED.search(said):
        return
    elif _OFFERING.search(said) and not facts.introduces(said):
        found.also("statements", [_whole(said)], line)
    else:
        found.also("description", [said], line)


def _mine(line: Line, found: _Gathered, *, mines_cases: bool = True) -> bool:
    """Take the single facts, skills and cases that a paragraph tells besides; True where it states a price or what is not done."""
    states = False
    for said in wording.sentences(line.said):
        found.once("team_size", facts.team_size(said), line)
        found.once("founded_year", facts.founded(said), line)
        found.once("region", facts.seat(said), line)
        found.also("skills", skills.in_text(said), line)
        found.also("sectors", skills.sectors_in_text(said), line)
        if facts.is_price(said):
            found.also("prices", [_whole(said)], line)
            states = True
        if _REFUSED.match(said):
            found.also("not_offered", [_whole(said)], line)
            states = True
        case = cases.of_sentence(said, line) if mines_cases else None
        if case is not None:
            found.cases.append(case)
    return states


def _tables(chapter: Chapter, found: _Gathered) -> None:
    for table in chapter.tables:
        found.cases.extend(cases.of_table(table))


def _priced(chapter: Chapter, found: _Gathered) -> None:
    """Of how one works together, what it costs."""
    for line in chapter.lines:
        found.also("prices", [_whole(said) for said in wording.sentences(line.said) if facts.is_price(said)], line)


def _nothing(chapter: Chapter, found: _Gathered) -> None:
    """Contacts and what else a profile does not take."""


_BY_KIND: Final[Mapping[Section, Callable[[Chapter, _Gathered], None]]] = {
    Section.ABOUT: _about,
    Section.OFFERS: _offers,
    Section.ABILITY: _abilities,
    Section.SKILLS: _skills,
    Section.CASES: _cases,
    Section.SECTORS: _sectors,
    Section.TEAM: _team,
    Section.PRICE: _prices,
    Section.FILINGS: _filings,
    Section.NOT_OFFERED: _not_offered,
    Section.CONTACT: _nothing,
    Section.OTHER: _priced,
}


def _introduced(chapters: Sequence[Chapter], found: _Gathered, *, is_plain: bool) -> None:
    """The name and the one sentence, where no label states them: from the cover, else from what is told first."""
    cover, told = chapters[0].lines, list(_sentences_told(chapters))
    named = [(facts.name_in_title(line.said), line) for line in cover[:3]]
    firm = [(name, line) for name, line in named if name and re.search(r"(?:公司|工作室|事务所|合作社|研究院)$", name)]
    titled = [(line.said if facts.is_name(line) and not is_plain else None, line) for line in cover[:1]]
    # What a page is called in its window stands before the heading and says less.
    firm.sort(key=lambda each: each[1].rank is None)
    for name, line in [*firm, *((facts.name_in_text(said), line) for said, line in told), *named, *titled]:
        found.once("name", name, line)
    # The first line is the title; a document of plain sentences has none.
    for line in cover[1:4] if not is_plain else ():
        if (
            facts.is_slogan(line)
            and not is_private(line.said)
            and not line.said.endswith("。")
            and not _is_name(line, found)
        ):
            found.once("headline", line.said, line)
    for said, line in told:
        if facts.is_identity(said):
            found.once("headline", _whole(said), line)


def _is_name(line: Line, found: _Gathered) -> bool:
    name = found.single.get("name")
    return name is not None and (line.said == name.text or facts.name_in_title(line.said) == name.text)


def _sentences_told(chapters: Sequence[Chapter]) -> Iterator[tuple[str, Line]]:
    for chapter in chapters:
        if chapter.kind in _PROSE:
            for line in chapter.lines:
                yield from ((said, line) for said in wording.sentences(line.said))

"""What a row below the header is: an item, a sub-heading, a footer, an example, a hint, a header typed again."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from ingest.values.words import compact, line

_NUMBERED = r"[一二三四五六七八九十]{1,3}"
_HEADING = re.compile(
    rf"^(?:(?P<part>第{_NUMBERED}(?:部分|批|类|章)[、:：\s]*)|(?P<one>{_NUMBERED}\s*[、.．])|(?P<two>[(（]{_NUMBERED}[)）][、.．]?)"
    r"|(?P<three>\d{1,2}\s*[、.．](?!\d))|(?P<four>[(（]\d{1,2}[)）])|(?P<five>【))"
)
_COUNT = re.compile(
    r"[（(](?:共|计|合计)?\s*\d+\s*(?:个|项|条|家|件)?[^()（）]{0,6}[)）]\s*$|[:：]?\s*(?:共|计)?\d+\s*(?:项|个|条|家)\s*$"
)
_TOTAL = re.compile(
    r"^(?:合\s*计|小\s*计|总\s*计|共\s*计|汇\s*总|累\s*计|总\s*数|本页(?:小)?计|平\s*均)(?:[:：(（\d]|$)"
)
_FOOTER = re.compile(
    r"^(?:注|备注|说明|附注|填表说明|填报说明|特别说明|温馨提示|注意事项|数据来源|资料来源|来源|注释)\s*\d?[:：]"
    r"|^(?:填\s*表\s*人|填\s*报\s*人|制\s*表(?:人|单位)?|审\s*核(?:人)?|审\s*批(?:人)?|复\s*核(?:人)?|经\s*办\s*人|负\s*责\s*人|单位负责人|部门负责人|分管领导|联\s*系\s*人|联系电话|填报单位|报送单位|填表单位"
    r"|填报日期|填表日期|填报时间|报送日期|日\s*期|签\s*字|签\s*名|盖\s*章|单位盖章|主要负责人|填写人|单位[(（]盖章[)）])\s*(?:[(（][^)）]{0,8}[)）])?\s*[:：]"
    r"|^[\u4e00-\u9fff]{0,10}(?:负责人|联系人|经办人|审核人|制表人|填表人|填报人|签字|签名|盖章)\s*[:：]"
    r"|^[(（]?(?:此页无正文|以下无正文|以下空白|本页无正文)|^[-—\s]*第\s*\d+\s*页"
)
_EXAMPLE = re.compile(
    r"^[（(【\[]?(?:填写|填报|参考)?(?:示例|样例|范例|举例|例子)(?!工程|项目|区|基地)\d{0,2}(?:行)?(?:[（(）)】\]:：、，,]|$)|^例[:：]|^例如[:：]|^例$|[（(【\[](?:填写)?(?:示例|样例|范例)(?:[，,。][^）)】\]]*)?[）)】\]]$"
)
_HINT = re.compile(
    r"必填|选填|请填写|请填|请选择|下拉选|单选|多选|限\d+字|不超过\d+字|\d+字(?:以内|左右)|格式[:：]|填写(?:要求|说明|单位|企业)|如[:：]|例如|与营业执照一致|可多选"
)
_CONTINUED = r"(?:续(?:上|前|下|接)?(?:表|页)?|(?:接|承)(?:上|前)(?:表|页)|(?:上|前)(?:表|页)续|(?:转|见|接)下(?:表|页)|下(?:表|页)续)"
_PAGE_TOP = re.compile(
    rf"[-—\s]*[(（【\[]?\s*{_CONTINUED}\s*(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})?(?:[)）】\]]|[:：])?[-—\s]*"
    rf"|表\s*\d{{1,2}}\s*[(（]?{_CONTINUED}[)）]?"
    r"|[(（]?\s*(?:金额|货币|计量)?单\s*位\s*[:：]\s*(?:人民币)?\s*(?:百万|万|亿|千)?元\s*[)）]?"
)
_CONTINUED_END = re.compile(rf"[(（【\[]{_CONTINUED}[)）】\]]$")
_COUNTER = re.compile(r"(?:\d{1,2}|[(（]\d{1,2}[)）]|[A-Za-z]|[甲乙丙丁])")


_LEVELS = ("part", "one", "two", "three", "four", "five")
_BARE_LEVEL = 2
_LONGEST, _LONGEST_BARE = 60, 20
_DAY = re.compile(r"\d{1,2}月\d{1,2}[日号]")
"""A day is said of something that happens; what an item stands under has none."""
_SENTENCE = re.compile(r"[，。；]|[:：]\s*\S")
_LIST_TITLE = re.compile(r"(?:清单|榜单|一览表|汇总表|征集表|统计表|明细表)\s*(?:[（(][^（()）]*[)）])?\s*$")


class RowKind(Enum):
    """What a row is for."""

    ITEM = "item"
    BLANK = "blank"
    HEADING = "heading"
    TOTAL = "total"
    FOOTER = "footer"
    EXAMPLE = "example"
    HINT = "hint"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class Heading:
    """A sub-heading: how deep it stands, its words without number and count, and the cell that it stands in."""

    level: int
    words: str
    place: str


def is_total(words: str) -> bool:
    """Whether a cell begins a row of sums."""
    return _TOTAL.match(compact(words)) is not None


def is_footer(words: str) -> bool:
    """Whether a cell begins a note or a line of signatures below the table."""
    return _FOOTER.match(words.strip()) is not None


def is_page_top(words: str) -> bool:
    """Whether a cell only says that the table runs on from the page before ("（续表）", "接上页"), or its unit again."""
    return _PAGE_TOP.fullmatch(line(words)) is not None


def is_example(words: str) -> bool:
    """Whether a cell marks its row as an example."""
    return _EXAMPLE.search(words.strip()) is not None


def is_hint_row(cells: list[str]) -> bool:
    """Whether a row below the header explains how to fill in the columns."""
    hints = sum(_HINT.search(words) is not None for words in cells)
    bracketed = sum(words[:1] in "（(" and words[-1:] in "）)" for words in cells if words)
    return len(cells) > 1 and (hints * 2 >= len(cells) or bracketed == len(cells))


def is_counter_row(cells: list[str]) -> bool:
    """Whether a row below the header only numbers its columns (1 2 3 …, 甲 乙 丙 …)."""
    if len(cells) < 3 or not all(_COUNTER.fullmatch(words.strip()) for words in cells):  # noqa: PLR2004 - two numbers may be data
        return False
    return len(set(cells)) == len(cells)


def heading(words: str, place: str, *, spread: bool) -> Heading | None:
    """A lone cell as a sub-heading, or None.

    `spread` says that it is merged over columns or stands where no title would: then it needs no number and no count,
    but must be short and no sentence.
    """
    words = _CONTINUED_END.sub("", line(words))
    if _DAY.search(words):
        return None
    numbered = _HEADING.match(words)
    counted = _COUNT.search(words)
    bare_words = spread and len(words) <= _LONGEST_BARE and not _SENTENCE.search(words)
    if not (numbered or counted or bare_words) or len(words) > _LONGEST:
        return None
    level = _LEVELS.index(str(numbered.lastgroup)) if numbered else _BARE_LEVEL
    words = words[numbered.end() :] if numbered else words
    bare = _COUNT.sub("", words).strip(" :：】—-")
    return Heading(level, bare, place) if bare else None


def is_numbered_heading(words: str) -> bool:
    """Whether a line above the table is a sub-heading already ("（一）绿色低碳（4项）")."""
    words = line(words)
    return len(words) <= _LONGEST and _HEADING.match(words) is not None and not _SENTENCE.search(words)


def is_list_title(words: str) -> bool:
    """Whether a line is the title of a list, typed again at the top of every page."""
    return _LIST_TITLE.search(line(words)) is not None and _HEADING.match(line(words)) is None


def below(headings: Iterable[Heading], found: Heading) -> list[Heading]:
    """The sub-headings that hold below a new one: it ends all of its own level and deeper ones."""
    return [*(above for above in headings if above.level < found.level), found]

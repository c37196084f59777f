"""Single facts of a supplier: who it is, how many, where, since when, at what price; by their labels or in sentences."""

import re
from typing import Final

from ingest.brochures.outline import Line
from ingest.values import numerals

_HAN: Final = "一二两三四五六七八九十"
_COUNT: Final = rf"(\d{{1,6}}|[{_HAN}]{{1,3}})"
_TEAM: Final = (
    re.compile(rf"(?<![\d.\-~至到—余多近约])(?![一1]\s*个?人){_COUNT}\s*(?:个)?人的小?(?:公司|工作室)"),
    re.compile(
        rf"(?:团队|公司|工作室|员工|人员|成员|全职|从业人员)[^，。；由\d{_HAN}]{{0,10}}?{_COUNT}\s*(?:个人|人|名|位)(?!次|以上|左右|[份均])"
    ),
    re.compile(rf"(?<![\d.\-~至到—]){_COUNT}\s*人(?:的)?(?:小|核心|全职|专职|创始)?团队"),
    re.compile(rf"(?:由|共|现有|目前有|一共)\s*{_COUNT}\s*(?:个人|人|名|位)(?:组成|成员|员工|工程师|全职)"),
)
_ONLY_COUNT: Final = re.compile(rf"(?:共|现有|约?)?\s*{_COUNT}\s*(?:个人|人|名|位)?(?=$|[（(，,。；;])")
_VAGUE: Final = re.compile(r"[余多]|左右|以上|以下|以内|近\d|约|[-—~～至到]\s*\d|\d\s*\+")
_FOUNDED: Final = (
    re.compile(
        r"(?:成立|创立|创办|创建|设立|注册|始建)(?:时间|日期)?(?:于|为|是|[:：])\s*(?P<text>(?P<year>(?:19|20)\d\d)\s*年?(?:\s*\d{1,2}\s*月)?(?:\s*\d{1,2}\s*日)?)"
    ),
    re.compile(
        r"(?P<text>(?P<year>(?:19|20)\d\d)\s*年(?:\s*\d{1,2}\s*月)?(?:\s*\d{1,2}\s*日)?)(?:正式|[由在][^，。；]{2,20}?|从[^，。；]{2,12}[，,])?(?:成立|创立|创办|创建|注册|组建|发起)(?!以)"
    ),
)
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SEATED: Final = re.compile(
    r"(?:位于|坐落于|地处|总部(?:设|位)?(?:在|于)|注册(?:地(?:在|为)?|在|于)|常驻|现居|住在|定居(?:在|于)?|坐标[:：]?|扎根|落户(?:于|在)?|团队在|公司在|人在)\s*(?P<region>[\u4e00-\u9fff·]{2,24}?)(?=[，,。；;（(\s]|的|，|$|是一|专注|致力)"
)
_FOUNDED_IN: Final = re.compile(r"[年月日，]\s*在(?P<region>[\u4e00-\u9fff]{2,16}?)(?:注册|成立|创立|创办)")
_AREA: Final = re.compile(
    r"^(?:中国)?(?:[\u4e00-\u9fff]{2,8}?(?:省|自治区|特别行政区))?(?:[\u4e00-\u9fff]{2,8}?(?:市|自治州|盟|地区))?(?:[\u4e00-\u9fff]{1,8}?(?:区|县|旗|市))?"
)
_NAME_IN_TITLE: Final = re.compile(
    r"^(?:关于)?\s*(?P<name>[^，。,；;：:、]{2,40}(?:公司|工作室|事务所|研究院|研究所|合作社|实验室|[Ss]tudio|STUDIO|Lab|LAB))"
)
_TITLE_ENDS: Final = re.compile(
    r"[\s·|｜\-—_:：]*(?:[（(]?(?:公司|企业|个人|团队|能力|产品|服务|业务|自我|综合|合作|对外)*(?:简介|介绍|简历|手册|画像|说明书?|宣传册|名片|资料|profile)[)）]?)[\s（(vV\d.）)年月版]*$",
    re.IGNORECASE,
)
_NAME_IN_TEXT: Final = re.compile(
    r"^(?P<name>[^，。,：:\s]{2,30}?(?:公司|工作室|事务所|合作社|研究院|实验室))(?=[（(“\"]|[，,]?(?:成立|创立|创办|创建|设立|注册|位于|坐落|是|专注|致力|主要|由|自))"
)
_IDENTITY: Final = re.compile(
    r"是[^，。]{2,40}(?:之一|企业|公司|服务商|团队|工作室|工程师|开发者|机构|顾问)(?=[，,。]|$)|是一[家个支名位]|专注于?|致力于|主要从事|专业从事|是专业|聚焦|深耕|独立开发者"
)
_HAN_SIGN: Final = re.compile("[\u4e00-\u9fff]")
_SHORTENED: Final = re.compile(r"\s*[（(](?:以下|下称)?简?称.*$")
_CALLED: Final = re.compile(r"我(?:是|叫)(?P<name>[\u4e00-\u9fff]{2,4})(?=[，,。！!、\s]|$)")
_PRICE: Final = re.compile(r"报价|价格|收费|起步价|计费|单价|费用|元起|万起|面议|按[次月年天人项]")
_AMOUNT: Final = re.compile(r"\d[\d,.]*\s*(?:万|千|百)?元|[\d一二三四五六七八九十]+万|￥|¥|面议|\d\s*[kK]")
LONGEST_HEADLINE: Final = 120
_DATE_OR_KIND: Final = re.compile(
    r"^(?:.{0,30}(?:简介|介绍|简历|手册|说明|宣传册|登记表|档案|目录|首页).{0,16}|\d{4}\s*[年.\-/]\s*\d{0,2}\s*月?.*|[vV]?\d+(?:\.\d+)*版?|.{0,30}(?:简介|介绍|简历|手册|说明书?|资料|登记表|档案|首页|profile))$",
    re.IGNORECASE,
)
_MOST_YEARS_LATER: Final = 2100

Found = tuple[str, int | None]


def count(words: str) -> Found | None:
    """How many people a value states: "3 人"; None for what is no exact number."""
    found = _ONLY_COUNT.match(words)
    if found is None or _VAGUE.search(words):
        return None
    return (words[: found.end()].strip(), _number(found[1]))


def team_size(said: str) -> Found | None:
    """The sentence's number of people, with the words that state it."""
    for pattern in _TEAM:
        found = pattern.search(said)
        if found and not _VAGUE.search(said[max(0, found.start() - 2) : found.end() + 3]):
            return found[0].strip(), _number(found[1])
    return None


def _number(words: str) -> int | None:
    if words.isdecimal():
        return int(words)
    number = numerals.chinese(words)
    return None if number is None else int(number)


def founded(said: str) -> Found | None:
    """When a sentence says that the supplier was founded."""
    for pattern in _FOUNDED:
        found = pattern.search(said)
        if found:
            return found["text"].strip(), int(found["year"])
    return None


def year(words: str) -> Found | None:
    """The year of a value that states when the supplier was founded."""
    found = _YEAR.search(words)
    return (words.strip(), int(found[0])) if found else None


def seat(said: str) -> str | None:
    """Where a sentence says that the supplier sits; never guessed from its name."""
    found = _SEATED.search(said) or _FOUNDED_IN.search(said)
    return found["region"].strip() if found else None


def area(address: str) -> str | None:
    """The province, city and district that an address begins with."""
    found = _AREA.match(address.strip())
    return found[0] if found and len(found[0]) > 1 else None


def name_in_title(title: str) -> str | None:
    """Who a title speaks of: "盐城木语视觉科技有限公司简介" → the company."""
    found = _NAME_IN_TITLE.match(title)
    if found:
        return found["name"].strip()
    rest = _TITLE_ENDS.sub("", title.removeprefix("关于")).strip(" ·|｜-—_:：《》")
    return rest if rest and rest != title and len(rest) <= 20 else None  # noqa: PLR2004 - a longer one is a sentence


def is_name(line: Line) -> bool:
    """Whether the title of a document is nothing but a name: short, set off as a heading, without the word for what it is."""
    words = line.said
    is_title = line.rank is not None and line.said == line.text and 2 <= len(words) <= 15  # noqa: PLR2004 - a longer one is a slogan
    return (
        is_title
        and re.search(r"[，。！？,!?：:]|\d{4}|[表书册单]$", words) is None
        and _DATE_OR_KIND.match(words) is None
    )


def plain_name(words: str) -> str:
    """A name without the short form that follows it in brackets."""
    return _SHORTENED.sub("", words).strip()


def name_in_text(said: str) -> str | None:
    """Who a sentence introduces at its beginning."""
    found = _NAME_IN_TEXT.match(said) or _CALLED.search(said)
    return found["name"] if found else None


def is_identity(said: str) -> bool:
    """Whether a sentence says what the supplier is."""
    return _IDENTITY.search(said) is not None and len(said) <= LONGEST_HEADLINE


def introduces(said: str) -> bool:
    """Whether a sentence says who the supplier is, or since when, however long it is."""
    return is_identity(said) or name_in_text(said) is not None or founded(said) is not None


def is_price(said: str) -> bool:
    """Whether a sentence states what work costs."""
    return _PRICE.search(said) is not None and _AMOUNT.search(said) is not None


def is_slogan(line: Line) -> bool:
    """Whether a line of the cover may be the supplier in one sentence: neither a date nor the name of the document."""
    words = line.said
    if _HAN_SIGN.search(words) is None:
        return False
    return 6 <= len(words) <= 60 and _DATE_OR_KIND.match(words) is None and "：" not in words and ":" not in words  # noqa: PLR2004 - shorter is a name, longer a paragraph

"""The quality of matches as a page shows it: how many of whom came how far, and which numbers are too small to tell."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from marketplace.signals.rules.tallies import BAND, BANDS, LOWER, Group
from marketplace.signals.views import Quality
from marketplace.signals.words import STEPS, Dimension, Signal, Step
from web.pages import wording

SMALL: Final = 20
"""A share of fewer pairs than this says little, and is said to."""
SECTORS: Final = 10
"""So many sectors stand on the page, those with most pairs; the files hold all of them."""
STEP_NAMES: Final[Mapping[Step, str]] = {
    Step.SHOWN: "展示过",
    Step.SEEN: "当事一方看到",
    Step.LOOKED: "打开对方页面",
    Step.CONTACT: "请求联系",
    Step.INTRODUCED: "互通联系或经介绍",
    Step.MEANT: "达成意向或申报",
    Step.WON: "签约或中选",
}
SHORT: Final[Mapping[Step, str]] = {
    Step.SHOWN: "展示过",
    Step.LOOKED: "打开对方页面",
    Step.CONTACT: "请求联系",
    Step.MEANT: "意向或申报",
    Step.WON: "签约或中选",
}
"""The steps that a table of groups shows; the files hold all of them."""
SIGNALS: Final[Mapping[Signal, str]] = {Signal.SIGNED: "签约", Signal.AWARD: "中选"}
PAGES: Final[Mapping[str, str]] = {
    "item": "需求页面",
    "profile": "OPC 页面",
    "opportunities": "OPC 的“能争取的需求”",
    "desk": "需求方的“我的需求”",
}
RANKS: Final[Mapping[str, str]] = {"4-5": "第 4 至 5 位", "6-10": "第 6 至 10 位", LOWER: "第 11 位以后"}
TITLES: Final[Mapping[Dimension, tuple[str, str]]] = {
    Dimension.VERDICT: ("按匹配结论", "结论"),
    Dimension.BAND: ("按匹配分", "匹配分"),
    Dimension.RANK: ("按所在位次", "位次"),
    Dimension.SECTOR: ("按需求的行业领域", "行业领域"),
    Dimension.PAGE: ("按首次展示的页面", "页面"),
    Dimension.MATCHER: ("按匹配方法的版本", "版本"),
}
NOTES: Final[Mapping[Dimension, str]] = {
    Dimension.VERDICT: "结论以这段时间里第一次展示时为准：先有结论，后有结果。",
    Dimension.BAND: "匹配分以这段时间里第一次展示时为准。分数越高、联系越多，说明分数排得合理；反过来就值得检查词库。",
    Dimension.RANK: "位次取这段时间里最靠前的一次。排在前面的更容易被看到，所以前面的联系多，不全是因为更合适。",
    Dimension.SECTOR: "行业领域照清单或需求方所写，未写明的单列。",
    Dimension.PAGE: "同一对在几种页面上都展示过的，计入最早的一种。",
    Dimension.MATCHER: "模型、词库或校准换过，就是一个新版本。",
}
COUNTING: Final = (
    "“需求 + OPC”为一对，这段时间里展示过的每对计一次。走到后一步的也计入前一步；第一次展示之前发生的不计入，"
    "之后发生的不论何时都计入，所以近期的数字还会增长。主办方、监督、管理员和专家打开页面不计；密封的申报在开启之前不计。"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: a group with how many pairs came how far."""

    name: str
    reached: tuple[int, ...]
    share: str
    is_small: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One table: pairs told apart in one way."""

    key: str
    title: str
    heading: str
    note: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """The whole way from shown to signed, drawn as the funnel of the figures is."""

    title: str
    bars: tuple["Bar", ...]
    width: int
    left: int
    bar: int

    @property
    def height(self) -> int:
        """The height of the picture."""
        return SLOT * len(self.bars)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it stands for, its number as text, where it is drawn; shares in words, "" where there is none."""

    name: str
    pairs: str
    y: int
    width: float
    of_before: str = ""
    of_all: str = ""


WIDTH: Final = 360
LEFT: Final = 112
HEIGHT: Final = 22
SLOT: Final = 36
ROOM: Final = 60
"""What is left right of the longest bar for its number."""


def way(quality: Quality) -> Way:
    """Draw how far the pairs came, the first step as long as the picture is wide."""
    reached = quality.whole.reached
    longest = WIDTH - LEFT - ROOM
    bars = tuple(
        Bar(
            name=STEP_NAMES[step],
            pairs=str(number),
            y=place * SLOT,
            width=round(longest * number / max(reached[0], 1), 1),
            of_before=share(number, reached[place - 1]) if place else "",
            of_all=share(number, reached[0]) if place else "",
        )
        for place, (step, number) in enumerate(zip(STEPS, reached, strict=True))
    )
    contacted, won = quality.whole.at(Step.CONTACT), quality.whole.at(Step.WON)
    title = f"展示过 {reached[0]} 对，{contacted} 对请求联系或走得更远，{won} 对签约或中选"
    return Way(title, bars, WIDTH, LEFT, HEIGHT)


def contacts_by_band(quality: Quality) -> Way | None:
    """Draw the share of pairs that led to contact, by band of score; None where only one band was shown."""
    groups = quality.parts[Dimension.BAND]
    if len(groups) < 2:  # noqa: PLR2004 - one bar compares nothing
        return None
    longest = WIDTH - LEFT - ROOM
    shares = [group.at(Step.CONTACT) / group.reached[0] for group in groups]
    most = max(*shares, 0.01)
    bars = tuple(
        Bar(
            name=_band(group.key) + ("（少）" if group.reached[0] < SMALL else ""),
            pairs=wording.percent(one),
            y=place * SLOT,
            width=round(longest * one / most, 1),
        )
        for place, (group, one) in enumerate(zip(groups, shares, strict=True))
    )
    return Way("各分数段里请求联系或走得更远的占比", bars, WIDTH, LEFT, HEIGHT)


def parts(quality: Quality) -> tuple[Part, ...]:
    """The tables, each telling pairs apart in one way; versions only where there are several."""
    wanted = [one for one in Dimension if one is not Dimension.MATCHER or len(quality.parts[one]) > 1]
    return tuple(_part(quality, dimension) for dimension in wanted)


def columns(heading: str) -> list[str | tuple[str, str, str]]:
    """The columns of a table whose groups stand under a heading."""
    return [heading, *((SHORT[step], "", "num") for step in SHORT), ("请求联系或更远", "", "num")]


def share(part: int, whole: int) -> str:
    """Say a share, or that there is none."""
    return wording.percent(part / whole) if whole else "—"


def _part(quality: Quality, dimension: Dimension) -> Part:
    title, heading = TITLES[dimension]
    groups: Sequence[Group] = quality.parts[dimension]
    lines = tuple(
        Line(
            name=name_of(quality, dimension, group.key),
            reached=tuple(group.at(step) for step in SHORT),
            share=share(group.at(Step.CONTACT), group.reached[0]),
            is_small=group.reached[0] < SMALL,
        )
        for group in groups
    )
    if dimension is not Dimension.SECTOR or len(lines) <= SECTORS:
        return Part(dimension.value, title, heading, NOTES[dimension], lines)
    note = f"{NOTES[dimension]}这里只列展示最多的 {SECTORS} 个，其余 {len(lines) - SECTORS} 个见下载的文件。"
    return Part(dimension.value, title, heading, note, lines[:SECTORS])


def name_of(quality: Quality, dimension: Dimension, key: str) -> str:
    """Say what the pairs of a group have in common."""
    names: Mapping[Dimension, Callable[[str], str]] = {
        Dimension.VERDICT: lambda one: wording.VERDICTS[one],
        Dimension.BAND: _band,
        Dimension.RANK: lambda one: RANKS.get(one, f"第 {one} 位"),
        Dimension.SECTOR: lambda one: one or "未写明",
        Dimension.PAGE: lambda one: PAGES[one],
        Dimension.MATCHER: lambda one: f"{wording.day(quality.matchers[one])}起用的版本",
    }
    return names[dimension](key)


def _band(key: str) -> str:
    low = int(key)
    high = 100 if low == (BANDS - 1) * BAND else low + BAND - 1
    return f"{low} 至 {high} 分"

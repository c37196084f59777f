"""Plain sentences about what keeps a profile from a higher score for a need."""

from typing import Final

from matching.documents import Blocker, Hit
from matching.measures import Measure
from matching.shortfalls import Shortfalls
from web.pages.matches.answers import Answer, Grade, Point

QUOTED: Final = 40
NOTHING_TOLD: Final = Shortfalls((), (), ())
_DIMENSIONS: Final = {"share": "%", "length": " 米", "angle": "°", "money": " 元"}
_TIMES: Final = ((86400, "天"), (3600, "小时"), (60, "分钟"), (1, "秒"))


def open_points(answer: Answer) -> tuple[Point, ...]:
    """The points that no sentence answers soundly: gaps, figures not given, bare tags."""
    return tuple(point for point in answer.points if not point.is_core and (not _is_sound(point)))


def said(hit: Hit, answer: Answer, told: Shortfalls = NOTHING_TOLD) -> tuple[str, ...]:
    """Say everything that keeps a profile from a higher score, the gravest first."""
    found = [_blocked(blocker) for blocker in hit.blockers]
    if told.unnamed:
        named = "".join(f"「{word}」" for word in told.unnamed)
        found.append(f"需求的名称写的是{named}，您的画像没有提到。")
    if told.foreign:
        found.append(f"您的画像开头写的是{'、'.join(told.foreign)}，这条需求要的不是这一类工作。")
    short = {one.requirement: one for one in told.short}
    for point in open_points(answer):
        one = short.get(point.requirement)
        if one is not None:
            figures = f"要求 {figure(one.asked)}，画像写的是 {figure(one.given)}"
            found.append(f"{name(point)}：{figures}（「{_cut(one.statement.text)}」），没有达到。")
        else:
            found.append(f"{name(point)}：{_open(point)}")
    return tuple(found)


def figure(measure: Measure) -> str:
    """Say a figure in the unit that reads best: 90%, 10 分钟, 1.5 米."""
    if measure.dimension == "time":
        size, unit = next(((size, unit) for size, unit in _TIMES if measure.value >= size), _TIMES[-1])
        return f"{measure.value / size:g} {unit}"
    counted = measure.dimension.removeprefix("count").strip()
    return f"{measure.value:g}{_DIMENSIONS.get(measure.dimension, f' {counted}'.rstrip())}"


def _is_sound(point: Point) -> bool:
    return point.grade is Grade.MET and not _is_tag(point)


def _is_tag(point: Point) -> bool:
    return point.source is not None and point.source.startswith("skills")


def _blocked(blocker: Blocker) -> str:
    if blocker.code == "refused":
        return f"{blocker.message.replace('对方写明', '您的画像写明')}，而这条需求要的正是它。"
    return f"硬性条件不符：{blocker.message.replace('该供给方', '您')}"


def _open(point: Point) -> str:
    if point.grade is Grade.GAP:
        return "画像里没有写到。"
    if point.grade is Grade.SHORT:
        return f"画像写了指标，没有达到要求（「{_cut(point.statement or '')}」）。"
    if point.grade is Grade.NAMED:
        return f"画像提到了（「{_cut(point.statement or '')}」），没有写指标。"
    return (
        f"只有专长标签「{_cut(point.statement or '')}」，没有成句；写清做过什么、用在哪里、结果如何，才是有力的依据。"
    )


def name(point: Point) -> str:
    """Call a point by its number and its words."""
    return f"{f'要点 {point.number}' if point.number else '说明里的'}「{_cut(point.requirement)}」"


def _cut(text: str) -> str:
    return text if len(text) <= QUOTED else text[:QUOTED] + "…"

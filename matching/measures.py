"""The figures a text gives, so that a requirement's number can be held against a supplier's own.

A figure is comparable with another of the same kind (accuracy, miss, error, delay, …), the same dimension and the same base
("a kilometre"). A requirement says which way it counts; where it does not, its kind does: accuracy is a least, an error a most.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from matching.text import normalise


class Outcome(Enum):
    """What a supplier's figures say of a requirement's: met, missed, or nothing."""

    MET = "met"
    MISSED = "missed"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure in the base unit of its dimension; `most`: whether its wording sets an upper limit, None where it sets none."""

    kind: str
    dimension: str
    base: str
    value: float
    most: bool | None


_KINDS = (
    ("miss", r"漏检|漏报|漏判|漏提|漏识|漏株|漏警|漏标|漏率|漏失"),
    ("false", r"误报|误警|误检|误识|误判|误停|过杀|过检|虚警"),
    ("error", r"误差|偏差"),
    ("fault", r"差错率|错误率|出错率|定位错误|摘录错误|引用错误"),
    ("accuracy", r"准确率|精确率|正确率|准确度|精度|召回|识别率|命中|检出率|发现率|查全率|查准率|检出"),
    ("agreement", r"一致率|一致性"),
    ("passed", r"合格率|采纳率|可用率|过稿率|通过率"),
    ("crowd", r"并发|同时在线|在线"),
    (
        "delay",
        r"时延|延迟|延时|耗时|响应|用时|首字|出稿|重排|推送|返回|弹|报警|告警|播报|喊到|处理|判读|生成|审查|检测|核对|跑|出|不到",
    ),
    ("volume", r"日处理|处理量|处理能力|日产|每天|每日|一天|日均"),
)
_KIND = re.compile("|".join(f"(?P<{kind}>{words})" for kind, words in _KINDS))
_MOST = r"不超过|不大于|不高于|不多于|不得超过|低于|小于|少于|短于|[≤<]=?|降到|降至|降低到|压缩到|控制在|不到"
_LEAST = r"不低于|不少于|不小于|不得低于|不短于|高于|大于|超过|多于|至少|达到|提高到|升到|升至|[≥>]=?"
_BEFORE = re.compile(rf"(?P<least>{_LEAST})|(?P<most>{_MOST})")
_AFTER = re.compile(r"^(?:的)?(?:(?P<most>以内|之内|以下|内)|(?P<least>以上|起步))")
_UNITS = {
    "%": ("share", 1.0), "个百分点": ("share", 1.0), "‰": ("share", 0.1),
    "毫秒": ("time", 0.001), "ms": ("time", 0.001), "秒": ("time", 1.0), "s": ("time", 1.0), "分钟": ("time", 60.0),
    "分": ("time", 60.0), "小时": ("time", 3600.0), "个小时": ("time", 3600.0), "天": ("time", 86400.0),
    "毫米": ("length", 0.001), "mm": ("length", 0.001), "厘米": ("length", 0.01), "cm": ("length", 0.01), "米": ("length", 1.0),
    "公里": ("length", 1000.0), "千米": ("length", 1000.0), "km": ("length", 1000.0),
    "度": ("angle", 1.0), "°": ("angle", 1.0), "元": ("money", 1.0),
}  # fmt: skip
UNITS = frozenset(_UNITS)
"""What figures are given in; by itself a unit says nothing that two texts could have in common."""
_COUNTED = "页张件份路户条次人株册项宗单台亩帧"
_CROWD = ("并发", "人", "路", "用户")
_HAN = {**dict(zip("零一二三四五六七八九", range(10), strict=True)), "两": 2, "半": 0.5}
_TENS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_FIGURE = re.compile(
    r"(?P<number>\d+(?:,\d{3})+|\d+(?:\.\d+)?|[零一两二三四五六七八九十百千万半]+)(?P<times>亿|万|千)?\s*(?:多|余)?\s*(?P<unit>"
    + "|".join(sorted(map(re.escape, (*_UNITS, *_COUNTED, "并发")), key=len, reverse=True))
    + r")(?![a-z])"
)
_BASE = re.compile(
    r"(?:每(?P<every>\d+)?|(?<![\d十])一|(?P<hundred>百))(?P<unit>公里|千米|页|份|张|单|宗|件|小时|分钟|月|周)(?!\s*(?:以|之)?内)"
)
_CLAUSE = re.compile(r"[^，；。！？,;!?\n、]+(?:,\d{3}[^，；。！？,;!?\n、]*)*")
_AMOUNT = "amount"
"""A bare count: it may be a rate or a total, so it can fall short of a rate but never prove it."""
_MOSTLY = frozenset({"miss", "false", "error", "fault", "delay"})
_TIMES = {"亿": 1e8, "万": 1e4, "千": 1e3}


@lru_cache(maxsize=1 << 12)
def measures(text: str) -> tuple[Measure, ...]:
    """Return the figures of a text, in order; those of no known kind or unit are left out."""
    found: list[Measure] = []
    normal = normalise(text)
    if not _FIGURE.search(normal):
        return ()
    for clause in _CLAUSE.finditer(normal):
        found += _of_clause(clause[0])
    return tuple(found)


def _of_clause(clause: str) -> Iterator[Measure]:
    figures = list(_FIGURE.finditer(clause))
    if not figures:
        return
    base, at = _base(clause)
    kinds = [(each.start(), each.end(), str(each.lastgroup)) for each in _KIND.finditer(clause)]
    for figure in figures:
        if figure.start() < at and figure.end() > at - 1 and base:
            continue
        value = _number(figure["number"]) * _TIMES.get(figure["times"] or "", 1.0)
        dimension, size = _UNITS.get(figure["unit"], (f"count {figure['unit']}", 1.0))
        kind = _kind(kinds, figure.start(), figure.end(), dimension)
        if kind:
            dimension = "count" if kind == "crowd" else dimension
            yield Measure(kind, dimension, base, value * size, _limit(clause, figure.start(), figure.end()))


def _base(clause: str) -> tuple[str, int]:
    """Return what a figure is for each of, and where the words for it end."""
    found = _BASE.search(clause)
    if found is None or found["unit"] in {"小时", "分钟"}:
        return "", 0
    size = found["every"] or ("100" if found["hundred"] else "1")
    unit = "公里" if found["unit"] == "千米" else found["unit"]
    return ("" if size == "1" else size) + unit, found.end()


def _kind(kinds: list[tuple[int, int, str]], start: int, end: int, dimension: str) -> str:
    """Return the kind named nearest before a figure, else the nearest after it, that its dimension can have."""
    before = [kind for _, stop, kind in kinds if stop <= start and _can_be(kind, dimension)]
    after = [kind for begin, _, kind in kinds if begin >= end - 2 and _can_be(kind, dimension)]
    named = before[-1:] or after[:1]
    return named[0] if named else _AMOUNT if dimension.removeprefix("count ") in _COUNTED else ""


def _can_be(kind: str, dimension: str) -> bool:
    if dimension == "time":
        return kind == "delay"
    if dimension.startswith("count"):
        return kind in {"volume", "false"} or (kind == "crowd" and dimension.removeprefix("count ") in _CROWD)
    if dimension in {"length", "angle"}:
        return kind == "error"
    return kind not in {"delay", "crowd", "volume"} and dimension == "share"


def _limit(clause: str, start: int, end: int) -> bool | None:
    said = list(_BEFORE.finditer(clause[max(0, start - 5) : start]))
    if said:
        return said[-1]["most"] is not None
    follows = _AFTER.match(clause[end:])
    return None if follows is None else follows["most"] is not None


def _number(text: str) -> float:
    if text[0].isdigit():
        return float(text.replace(",", ""))
    total, part = 0.0, 0.0
    for character in text:
        if character == "万":
            total, part = (total + part) * _TENS[character], 0.0
        elif character in _TENS:
            total, part = total + (part or 1) * _TENS[character], 0.0
        else:
            part = _HAN[character]
    return total + part


def held_against(asked: tuple[Measure, ...], given: tuple[Measure, ...]) -> Outcome:
    """Tell whether the figures given meet those asked: met where each that can be compared has one that passes.

    Where a figure asked for has several to answer it, the best of them counts.
    """
    outcomes = []
    for wanted in asked:
        comparable = [each for each in given if _same_quantity(wanted, each)]
        amounts = [each for each in given if wanted.kind == "volume" and _is_bare(wanted, each)]
        if comparable or any(not passes(wanted, each.value) for each in amounts):
            outcomes.append(any(passes(wanted, each.value) for each in comparable))
    if not outcomes:
        return Outcome.SILENT
    return Outcome.MET if all(outcomes) else Outcome.MISSED


def missed(asked: tuple[Measure, ...], given: tuple[Measure, ...]) -> tuple[tuple[Measure, Measure], ...]:
    """Pair each figure asked for that nothing given passes with the one given that comes nearest."""
    pairs = []
    for wanted in asked:
        comparable = [
            each
            for each in given
            if _same_quantity(wanted, each) or (wanted.kind == "volume" and _is_bare(wanted, each))
        ]
        if comparable and not any(passes(wanted, each.value) for each in comparable):
            pairs.append((wanted, min(comparable, key=lambda each: abs(each.value - wanted.value))))
    return tuple(pairs)


def _same_quantity(one: Measure, other: Measure) -> bool:
    return (one.kind, one.dimension, one.base) == (other.kind, other.dimension, other.base)


def _is_bare(wanted: Measure, other: Measure) -> bool:
    return other.kind == _AMOUNT and other.dimension == wanted.dimension


def passes(wanted: Measure, value: float) -> bool:
    """Tell whether a value keeps the limit of a measure."""
    most = wanted.most if wanted.most is not None else wanted.kind in _MOSTLY
    return value <= wanted.value if most else value >= wanted.value

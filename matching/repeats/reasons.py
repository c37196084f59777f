"""Why two items are held for one need, in a sentence for an official: what agrees, and what is to be checked."""

import re
from collections.abc import Iterator

from matching.repeats import figures
from matching.repeats.evidence import (
    Evidence,
    elsewhere,
    other_figures,
    shared_figures,
    shared_places,
    title_likeness,
)
from matching.repeats.figures import Figure
from matching.repeats.marks import Marks

_OTHERWISE, _MEANING = "写法不同", "意思相近"
_ALIKE = 0.75
_VERBATIM = 0.7
_SAME_OWNER = 0.5
_LEAST_TELLING = 0.24
_NUMBER = re.compile(r"^(\D*[\d.]+)(?=[^\d.%‰])")
_LATIN = re.compile(r"[a-z]")
_MOST = 3
_BUDGETS_APART = 0.1


def of(one: Marks, other: Marks, evidence: Evidence) -> str:
    """The reason of a pair: how it is worded, the unit, figures, places and the budget; then what does not agree."""
    found = (_owner(one, other, evidence), _figures(one, other), _places(one, other), _budget(one, other))
    agreeing = [fact for fact in found if fact]
    wording = _wording(one, other)
    if wording == _OTHERWISE:
        first = f"{wording}，但{agreeing.pop(0) if agreeing else _MEANING}"
    else:
        first = f"{wording}，{agreeing.pop(0)}" if found[0] else wording
    return "；".join((first, *agreeing, *_to_check(one, other, evidence)))


def _wording(one: Marks, other: Marks) -> str:
    if one.title == other.title:
        return "名称相同"
    if title_likeness(one, other) >= _ALIKE:
        return "名称几乎相同"
    return "名称不同，正文大体相同" if _overlap(one.bare, other.bare) >= _VERBATIM else _OTHERWISE


def _overlap(one: str, other: str) -> float:
    """The share of the shorter text's letter pairs that the other has."""
    pairs = [{text[at : at + 2] for at in range(len(text) - 1)} for text in (one, other)]
    return len(pairs[0] & pairs[1]) / max(1, min(map(len, pairs)))


def _owner(one: Marks, other: Marks, evidence: Evidence) -> str:
    if one.owner.name and one.owner.name == other.owner.name:
        return "单位相同"
    return "单位名称相近" if evidence.owner >= _SAME_OWNER else ""


def _figures(one: Marks, other: Marks) -> str:
    pairs = [
        pair
        for pair in shared_figures(one, other)
        if min(map(figures.telling, pair)) >= _LEAST_TELLING and all(map(figures.is_measured, pair))
    ]
    return f"数字一致：{'、'.join(_said(*pair) for pair in pairs[:_MOST])}" if pairs else ""


def _said(one: Figure, other: Figure) -> str:
    """A figure that both have: once where both mean one number, the rounder wording after the exact one otherwise."""
    if one.exact and other.exact:
        return _spaced(min(one.words, other.words, key=lambda words: (bool(_LATIN.search(words)), len(words), words)))
    first, second = (one, other) if one.exact or not other.exact else (other, one)
    words, rounder = _spaced(first.words), _spaced(second.words)
    return words if words == rounder else f"{words}（{rounder}）"


def _spaced(words: str) -> str:
    """The words of a figure with a space between digits and unit."""
    return _NUMBER.sub(r"\1 ", words)


def _places(one: Marks, other: Marks) -> str:
    named = _whole(shared_places(one, other))
    stems = sorted(stem for stem in one.owner.stems & other.owner.stems if not any(stem in place for place in named))
    return f"地点一致：{'、'.join([*named, *stems][:_MOST])}" if named or stems else ""


def _whole(named: list[str]) -> list[str]:
    """The names that are no end of a longer one beside them."""
    return [each for each in named if not any(each != other and each in other for other in named)]


def _budget(one: Marks, other: Marks) -> str:
    return "预算相同" if one.budget is not None and one.budget == other.budget else ""


def _to_check(one: Marks, other: Marks, evidence: Evidence) -> Iterator[str]:
    """What does not agree, so that a person looks there first."""
    unlike = [f"{_spaced(a.words)}与{_spaced(b.words)}" for a, b in other_figures(one, other)[:_MOST]]
    if elsewhere(one, other):
        unlike.append("所在地")
    if evidence.other_part:
        unlike.append("期次、编号或方位")
    if evidence.other_budget > _BUDGETS_APART:
        unlike.append("预算")
    if unlike:
        yield f"请核对不一致处：{'、'.join(unlike)}"

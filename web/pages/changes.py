"""What changed of an item, as lines a reader thinks in: one for the budget, one for the period, one for the contact."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Final

from ingest.fields import Draft
from marketplace.lists.views import FieldChange, ItemCard
from web.pages import wording

CONTACTS: Final = frozenset({"contact", "contact_name", "contact_phone", "contact_email"})
MONEY: Final = ("budget_min", "budget_max", "budget_negotiable")
TIME: Final = ("period_start", "period_end")
UPDATED: Final = "联系方式已更新"
JOINT: Final = "；"
"""Stands between the points of a need where they are kept as one text."""
ALIKE: Final = 0.5
"""A point that shares less than this with every one that is gone is a new one."""

Said = Mapping[str, str | None]
"""The wordings of some fields on one side of a change."""


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a need before and after; `number` is its place now, or before where it is gone."""

    number: int
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a comparison: a field before and after, or only a `note` that it changed.

    Of a need's points only those that changed are told, one by one.
    """

    field: str
    old: str | None = None
    new: str | None = None
    note: str = ""
    points: tuple[Point, ...] = ()


def lines(
    changes: Sequence[FieldChange], *, now: ItemCard | Draft | None = None, in_full: bool = False
) -> tuple[Line, ...]:
    """Tell the changes line by line; what changed of a contact is told only `in_full`, that it changed always.

    `now` is what the item says after them: with it a budget of which one end stayed is told whole as well.
    """
    joined = {**_joined(changes, MONEY, now, "budget", _money), **_joined(changes, TIME, now, "period", _days)}
    told: dict[str, Line] = {}
    for change in changes:
        line = joined.get(change.field) or _line(change, in_full=in_full)
        told.setdefault(line.field, line)
    return tuple(told.values())


def _line(change: FieldChange, *, in_full: bool) -> Line:
    old, new = wording.said(change.field, change.old), wording.said(change.field, change.new)
    # Two numbers that differ only where they are masked would look the same on both sides.
    if change.field in CONTACTS and (not in_full or old == new):
        return Line("contact", note=UPDATED)
    if change.field == "requirements" and change.old and change.new:
        return Line(change.field, old, new, points=points(change.old, change.new))
    return Line(change.field, old, new)


def points(old: str, new: str) -> tuple[Point, ...]:
    """Which points changed, each beside the one it came from: the most alike of those that are gone."""
    before, after = old.split(JOINT), new.split(JOINT)
    gone = [(place, text) for place, text in enumerate(before, start=1) if text not in after]
    found: list[Point] = []
    for place, text in enumerate(after, start=1):
        if text in before:
            continue
        likeness = [SequenceMatcher(None, one, text, autojunk=False).ratio() for _place, one in gone]
        best = max(range(len(gone)), key=likeness.__getitem__, default=None)
        is_same = best is not None and likeness[best] >= ALIKE
        found.append(Point(place, gone.pop(best)[1] if is_same and best is not None else None, text))
    return (*found, *(Point(place, text, None) for place, text in gone))


def _joined(
    changes: Sequence[FieldChange],
    fields: tuple[str, ...],
    now: ItemCard | Draft | None,
    name: str,
    say: Callable[[Said], str | None],
) -> dict[str, Line]:
    found = {change.field: change for change in changes if change.field in fields}
    # Where one end stayed as it was and nobody says what it is, the other is told by its own name.
    if not found or (now is None and not all(end in found for end in fields[:2])):
        return {}
    stayed = {field: _text(getattr(now, field, None)) for field in fields}
    old = {**stayed, **{field: change.old for field, change in found.items()}}
    new = {**stayed, **{field: change.new for field, change in found.items()}}
    return dict.fromkeys(found, Line(name, say(old), say(new)))


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _money(said: Said) -> str | None:
    low, high = (Decimal(text) if (text := said[end]) else None for end in MONEY[:2])
    told = wording.budget(low, high, str(said["budget_negotiable"]).casefold() in {"true", "面议"})
    return None if told is None else told.striptags()


def _days(said: Said) -> str | None:
    start, end = (date.fromisoformat(text) if (text := said[end]) else None for end in TIME)
    return wording.period(start, end)

"""What changed of an item, as lines a reader thinks in: one for the budget, one for the period, one for the contact."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from ingest.fields import Draft
from marketplace.lists.views import FieldChange, ItemCard
from web.pages import wording

CONTACTS: Final = frozenset({"contact", "contact_name", "contact_phone", "contact_email"})
MONEY: Final = ("budget_min", "budget_max", "budget_negotiable")
TIME: Final = ("period_start", "period_end")
UPDATED: Final = "联系方式已更新"

Said = Mapping[str, str | None]
"""The wordings of some fields on one side of a change."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a comparison: a field before and after, or only a `note` that it changed."""

    field: str
    old: str | None = None
    new: str | None = None
    note: str = ""


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
    return Line(change.field, old, new)


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

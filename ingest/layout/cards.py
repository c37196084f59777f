"""Cards: one little table of labels and values for each item, instead of one row for each."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.columns import headers
from ingest.columns.roles import Role
from ingest.grid import Cell, letters, text

_SURE = 0.9
_FEWEST_ROLES = 3
_WEIGHTLESS = frozenset({Role.SEQUENCE, Role.UNUSED})
_LABELLED = re.compile(r"^\s*([^:：\n]{2,24})[:：]\s*(\S.*)$", re.DOTALL)


@dataclass(slots=True)
class Card:
    """One item: label → value, label → the cell that the value stands in; `row` is 0-based."""

    row: int
    values: dict[str, Cell] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    roles: set[Role] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Pair:
    label: str
    role: Role
    value: Cell
    row: int
    place: str


def find(rows: Sequence[list[Cell]]) -> list[Card]:
    """The cards of a sheet from top to bottom; none where labels and values are too few to be sure."""
    cards: list[Card] = []
    for index, row in enumerate(rows):
        for pair in _pairs(row, index):
            begins = pair.role is Role.TITLE and (not cards or Role.TITLE in cards[-1].roles)
            if not cards or begins or pair.label in cards[-1].values:
                cards.append(Card(index))
            _add(cards[-1], pair)
    sound = [card for card in cards if Role.TITLE in card.roles]
    enough = any(len(card.roles - _WEIGHTLESS) >= _FEWEST_ROLES for card in sound)
    return sound if enough else []


def _add(card: Card, pair: _Pair) -> None:
    card.values[pair.label], card.places[pair.label] = pair.value, pair.place
    card.roles.add(pair.role)
    if pair.role is Role.TITLE:
        card.row = pair.row


def _pairs(row: list[Cell], index: int) -> Iterator[_Pair]:
    """Labels with the value behind them: in the next filled cell, or after a colon in the same one."""
    label: tuple[str, Role] | None = None
    for column, cell in enumerate(row):
        words = text(cell).strip()
        if not words:
            continue
        place = f"{letters(column)}{index + 1}"
        role = _role(words)
        if role is not None:
            label = (words.rstrip(":："), role)
        elif label is not None:
            yield _Pair(*label, cell, index, place)
            label = None
        else:
            yield from _labelled(words, index, place)


def _labelled(words: str, index: int, place: str) -> Iterator[_Pair]:
    found = _LABELLED.match(words)
    role = _role(found[1]) if found else None
    if found and role is not None:
        yield _Pair(headers.normalise(found[1]), role, found[2], index, place)


def _role(words: str) -> Role | None:
    match = headers.match(words) if len(words) <= 24 else None  # noqa: PLR2004 - longer is a value
    return match.role if match is not None and match.confidence >= _SURE else None

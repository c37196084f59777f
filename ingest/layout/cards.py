"""Cards: one little table of labels and values for each item, instead of one row for each."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.columns import headers
from ingest.columns.roles import Role
from ingest.grid import Cell, Grid, text
from ingest.layout import bodies
from ingest.layout.bodies import Heading

_FEWEST_ROLES = 3
_WEIGHTLESS = frozenset({Role.SEQUENCE, Role.UNUSED})
_LABELLED = re.compile(r"^\s*([^:：\n]{2,24})[:：]\s*(\S.*)$", re.DOTALL)


@dataclass(slots=True)
class Card:
    """One item: label → value, label → the cell that the value stands in; `row` is 0-based.

    `headings` are the sub-headings that it stands under.
    """

    row: int
    values: dict[str, Cell] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    roles: set[Role] = field(default_factory=set)
    headings: tuple[Heading, ...] = ()


@dataclass(frozen=True, slots=True)
class _Pair:
    label: str
    role: Role
    value: Cell
    row: int
    place: str


def find(grid: Grid) -> list[Card]:
    """The cards of a sheet or document from top to bottom; none where labels and values are too few to be sure."""
    cards: list[Card] = []
    headings: list[Heading] = []
    examples: set[int] = set()
    is_example = False
    for index, row in enumerate(grid.rows):
        if index in grid.loose:
            above = bodies.heading(text(row[0]), grid.cell(0, index), spread=False)
            headings = headings if above is None else bodies.below(headings, above)
            continue
        is_example = _marks_example(row) or (is_example and not _begins_table(grid, index))
        for pair in _pairs(grid, index):
            begins = pair.role is Role.TITLE and (not cards or Role.TITLE in cards[-1].roles)
            if not cards or begins or pair.label in cards[-1].values:
                cards.append(Card(index, headings=tuple(headings)))
            _add(cards[-1], pair)
            if is_example:
                examples.add(id(cards[-1]))
    sound = [card for card in cards if Role.TITLE in card.roles and id(card) not in examples]
    enough = any(len(card.roles - _WEIGHTLESS) >= _FEWEST_ROLES for card in sound)
    return _at_their_tables(grid, sound) if enough else []


def _marks_example(row: list[Cell]) -> bool:
    """A lone cell that says that what follows shows how to fill in a card."""
    said = [words for cell in row if (words := text(cell).strip())]
    return len(said) == 1 and bodies.is_example(said[0])


def _begins_table(grid: Grid, index: int) -> bool:
    return grid.places is not None and grid.places[index].row == 1


def _at_their_tables(grid: Grid, cards: list[Card]) -> list[Card]:
    """In a document a card that has a table to itself stands where the table begins, its heading included."""
    if grid.places is None:
        return cards
    tables = Counter(grid.places[card.row].table for card in cards)
    for card in cards:
        own = grid.places[card.row].table
        while (
            tables[own] == 1 and card.row and card.row - 1 not in grid.loose and grid.places[card.row - 1].table == own
        ):
            card.row -= 1
    return cards


def _add(card: Card, pair: _Pair) -> None:
    card.values[pair.label], card.places[pair.label] = pair.value, pair.place
    card.roles.add(pair.role)
    if pair.role is Role.TITLE:
        card.row = pair.row


def _pairs(grid: Grid, index: int) -> Iterator[_Pair]:
    """Labels with the value behind them: in the next filled cell, or after a colon in the same one."""
    label: tuple[str, Role] | None = None
    for column, cell in enumerate(grid.rows[index]):
        words = text(cell).strip()
        if not words:
            continue
        place = grid.cell(column, index)
        role = _role(words)
        if role is not None and not (label is not None and role is Role.REMARKS):
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
    match = headers.label(words) if len(words) <= 24 else None  # noqa: PLR2004 - longer is a value
    return match.role if match is not None else None

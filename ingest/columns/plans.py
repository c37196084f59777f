"""Which column plays which role in one table, and what its header says about units and bounds."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ingest.columns import guesses, headers
from ingest.columns.headers import Match
from ingest.columns.roles import Role
from ingest.fields import ColumnReading
from ingest.grid import Cell, letters
from ingest.values import money, periods
from ingest.values.money import Bound
from ingest.values.words import compact, line

_SAMPLE_ROWS = 40
_SINGLE = frozenset(
    {Role.SEQUENCE, Role.TITLE, Role.ISSUER, Role.ISSUER_TYPE, Role.SECTOR, Role.REGION, Role.NEED_TYPE, Role.LIST_KIND}
)
_DOUBTFUL = 0.7
_CHOSEN = -1
"""Comes before every rank of a match: what a person has said outdoes equally sure headers."""
_LAYOUT_DIGITS = 16

SAID_BY_PERSON = "由人指定"
"""The reason for reading a column as somebody has said."""

Mappings = Mapping[str, Mapping[str, Role]]
"""What people have said of columns: by layout, then by the label of a column, the role that it plays."""

NO_MAPPINGS: Mappings = {}


@dataclass(frozen=True, slots=True)
class Plan:
    """How to read the columns of one table.

    `by_role` lists the columns of each role, the surest first; `labels` names every column for `Draft.raw`;
    `units` and `bounds` hold for money columns, `time_units` for columns that count months or years. `layout` tells this
    set of labels from others.
    """

    layout: str
    labels: tuple[str, ...]
    by_role: dict[Role, tuple[int, ...]]
    readings: tuple[ColumnReading, ...]
    units: dict[int, Decimal | None] = field(default_factory=dict)
    bounds: dict[int, Bound] = field(default_factory=dict)
    time_units: dict[int, str | None] = field(default_factory=dict)

    def first(self, role: Role) -> int | None:
        """The surest column of a role, or None."""
        columns = self.by_role.get(role)
        return columns[0] if columns else None

    def columns(self, *roles: Role) -> tuple[int, ...]:
        """All columns of some roles, in the order of the roles."""
        return tuple(column for role in roles for column in self.by_role.get(role, ()))


def make(
    levels: Sequence[tuple[str, ...]],
    body: Sequence[Sequence[Cell]],
    *,
    unit: Decimal | None,
    mappings: Mappings = NO_MAPPINGS,
    is_cards: bool = False,
) -> Plan:
    """Understand the columns of a table by their headers and by how their cells look.

    `levels` holds the header words of each column, `body` the rows below; `unit` is what stands above the table, in
    yuan; `mappings` are what people have said of columns. Of cards, which each have labels of their own, columns that are
    never filled together may play the same role.
    """
    labels = _labels(levels)
    samples = guesses.samples(body[: _SAMPLE_ROWS * 5], len(levels), most=_SAMPLE_ROWS)
    matches = [headers.match_levels(level) if level else None for level in levels]
    matches = [guesses.revise(match, sample) for match, sample in zip(matches, samples, strict=True)]
    layout = _layout(labels, is_cards=is_cards)
    said = mappings.get(layout, {})
    for column, label in enumerate(labels):
        if label in said:
            matches[column] = Match(said[label], 1.0, SAID_BY_PERSON, _CHOSEN)
    _settle(matches, samples, body if is_cards else ())
    by_role = _by_role(matches)
    wide = ["".join(level) for level in levels]
    moneys = [c for role in (Role.BUDGET, Role.BUDGET_MIN, Role.BUDGET_MAX) for c in by_role.get(role, ())]
    return Plan(
        layout=layout,
        labels=labels,
        by_role=by_role,
        readings=tuple(
            _reading(column, labels[column], matches[column])
            for column in range(len(levels))
            if labels[column] or samples[column]
        ),
        units={column: money.header_unit(wide[column]) or unit for column in moneys},
        bounds={column: money.header_bound(wide[column]) for column in moneys},
        time_units={column: periods.header_unit(wide[column]) for column in by_role.get(Role.PERIOD, ())},
    )


def _layout(labels: Sequence[str], *, is_cards: bool) -> str:
    """What tells a set of labels from others, whatever their white space; labels of cards stand in no order."""
    plain = [compact(label) for label in labels]
    joined = "\x1f".join(sorted(plain) if is_cards else plain)
    return hashlib.sha256(joined.encode("utf-8", "replace")).hexdigest()[:_LAYOUT_DIGITS]


def _labels(levels: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """One name for each column, made unique."""
    seen: dict[str, int] = {}
    names = []
    for column, level in enumerate(levels):
        name = "/".join(line(words) for words in level) or f"{letters(column)}列"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}({seen[name]})")
    return tuple(names)


def _settle(matches: list[Match | None], samples: Sequence[Sequence[str]], cards: Sequence[Sequence[Cell]]) -> None:
    """One column for roles that only one can play; a second title column with long texts is the description."""
    for role in _SINGLE:
        columns = _ordered(matches, role)
        for column in columns[1:]:
            if cards and not any(card[columns[0]] != "" and card[column] != "" for card in cards):
                continue
            loser = matches[column]
            assert loser is not None
            roles = {match.role for match in matches if match}
            becomes = Role.DESCRIPTION if role is Role.TITLE and Role.DESCRIPTION not in roles else Role.UNUSED
            matches[column] = Match(becomes, round(loser.confidence * _DOUBTFUL, 2), "另一列更符合")
    if not _ordered(matches, Role.ISSUER):
        for column in _ordered(matches, Role.GROUP)[:1]:
            matches[column] = Match(Role.ISSUER, _DOUBTFUL, "没有单位一列，采用集团名称")
    if not _ordered(matches, Role.TITLE):
        guess = guesses.title_column(matches, samples)
        if guess is not None:
            matches[guess] = Match(Role.TITLE, 0.5, "没有名称一列，按内容推断")


def _ordered(matches: Sequence[Match | None], role: Role) -> list[int]:
    found = [
        (-match.confidence, match.rank, column) for column, match in enumerate(matches) if match and match.role is role
    ]
    return [column for _, _, column in sorted(found)]


def _by_role(matches: Sequence[Match | None]) -> dict[Role, tuple[int, ...]]:
    roles = {match.role for match in matches if match}
    keep_order = {Role.REQUIREMENTS, Role.DESCRIPTION}
    return {
        role: tuple(sorted(_ordered(matches, role)) if role in keep_order else _ordered(matches, role))
        for role in sorted(roles)
    }


def _reading(column: int, label: str, match: Match | None) -> ColumnReading:
    if match is None:
        return ColumnReading(letters(column), label, None, 0.0, "没有认出，原样保留")
    name = None if match.role is Role.UNUSED else match.role.value
    return ColumnReading(letters(column), label, name, match.confidence, match.reason)

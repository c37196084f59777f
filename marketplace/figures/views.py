"""What readers see of figures: targets, what was achieved with the rows behind it, and events."""

from dataclasses import dataclass
from datetime import date, datetime

from marketplace.figures.rules.periods import Period
from marketplace.figures.words import EventKind, Measure, Per, Span
from marketplace.policies.views import PolicyStatus


@dataclass(frozen=True, slots=True)
class TargetForm:
    """A target as it is stated; `value` is a whole number, for `ordered` in fen."""

    measure: Measure
    per: Per
    span: Span
    first_year: int
    last_year: int
    value: int
    source: str
    clause: str
    quote: str
    note: str
    status: PolicyStatus


@dataclass(frozen=True, slots=True)
class TargetView:
    """A target of a region; `is_shipped` came with the product, the others were entered by an organiser."""

    id: str
    region: str
    form: TargetForm
    is_shipped: bool
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class Goals:
    """The targets that a region is measured against; `reference` is set where they are another region's, adopted."""

    region: str
    targets: tuple[TargetView, ...]
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """One row behind a figure: what it is, where it is shown, when it counts from, and what it adds (fen or 1).

    `origin` says of a contract who stated it and who confirmed it; "" for what needs no confirmation.
    """

    title: str
    about: str
    link: str
    on: date
    adds: int
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """What the rows of one origin add to a figure."""

    origin: str
    rows: int
    adds: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure in a region and a period: the target where there is one, and every row that was counted."""

    measure: Measure
    region: str
    period: Period
    target: TargetView | None
    rows: tuple[Counted, ...]

    @property
    def value(self) -> int:
        """What was achieved: the sum of what the rows add."""
        return sum(row.adds for row in self.rows)

    @property
    def by_origin(self) -> tuple[Share, ...]:
        """What each way of confirming adds, the greatest first; empty for what needs no confirmation."""
        origins = {row.origin for row in self.rows if row.origin}
        found = [(origin, [row.adds for row in self.rows if row.origin == origin]) for origin in origins]
        shares = [Share(origin, len(adds), sum(adds)) for origin, adds in found]
        return tuple(sorted(shares, key=lambda one: (-one.adds, one.origin)))

    @property
    def by_month(self) -> tuple[int, ...]:
        """What each month of the period's last year adds."""
        year = self.period.last_day.year
        return tuple(
            sum(row.adds for row in self.rows if (row.on.year, row.on.month) == (year, month)) for month in range(1, 13)
        )


@dataclass(frozen=True, slots=True)
class EventForm:
    """What is stated of an event; `attendance` None is not known."""

    kind: EventKind
    title: str
    held_on: date
    place: str
    organiser: str
    attendance: int | None
    evidence: str


@dataclass(frozen=True, slots=True)
class EventView:
    """An event as its newest version states it."""

    id: str
    region: str
    number: int
    form: EventForm
    is_withdrawn: bool
    written_by: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class EventVersionView:
    """One version of an event: what it stated, who wrote it, when."""

    number: int
    form: EventForm
    is_withdrawn: bool
    written_by: str
    written_at: datetime

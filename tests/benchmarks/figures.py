"""What a benchmark finds: tables, aims with what was found, and the few statistics they are made of."""

import math
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter

Cell = str | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """One table; floats are kept whole for the JSON and shortened when printed."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Aim:
    """A figure that was promised: at most `limit`, and what was found."""

    what: str
    unit: str
    limit: float
    found: float

    @property
    def is_met(self) -> bool:
        """Whether the promise is kept."""
        return self.found <= self.limit


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one benchmark says; `broken` holds promises that are either kept or not, whatever the machine."""

    tables: tuple[Table, ...] = ()
    aims: tuple[Aim, ...] = ()
    broken: tuple[str, ...] = ()
    skipped: str | None = None
    captured: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spread:
    """Several measurements of one thing, in the unit they came in."""

    values: tuple[float, ...]

    @property
    def p50(self) -> float:
        """The median."""
        return median(self.values)

    @property
    def p99(self) -> float:
        """The 99th percentile by nearest rank: a value that was really measured."""
        return sorted(self.values)[math.ceil(0.99 * len(self.values)) - 1]

    @property
    def most(self) -> float:
        """The slowest."""
        return max(self.values)


def timed(work: Callable[[], object]) -> float:
    """Seconds that `work` takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


def growth(sizes: Sequence[float], costs: Sequence[float]) -> float | None:
    """The exponent of cost over size, from the smallest to the largest: 1 is proportional, 0 is constant."""
    if len(sizes) < 2 or min(costs) <= 0:
        return None
    return math.log(costs[-1] / costs[0]) / math.log(sizes[-1] / sizes[0])


def bars(costs: Sequence[float], *, width: int = 24) -> list[str]:
    """A bar for each cost, the largest `width` characters long."""
    largest = max(costs) or 1.0
    return ["#" * max(1, round(width * cost / largest)) for cost in costs]


def drawn(table: Table) -> str:
    """The table as text, numbers to the right."""
    cells = [list(table.columns), *([_shown(cell) for cell in row] for row in table.rows)]
    widths = [max(_width(row[at]) for row in cells) for at in range(len(table.columns))]
    numeric = [all(not isinstance(row[at], str) for row in table.rows) for at in range(len(table.columns))]
    lines = ["  ".join(map(_padded, row, widths, numeric)) for row in cells]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join([f"\n{table.title}", *(line.rstrip() for line in lines), *(f"  {note}" for note in table.notes)])


def of_aims(aims: Sequence[Aim]) -> Table:
    """The promises beside what was found."""
    rows = tuple((aim.what, aim.unit, aim.limit, aim.found, "yes" if aim.is_met else "NO") for aim in aims)
    return Table("Promised, and found in this run", ("what", "unit", "at most", "found", "kept"), rows)


def _shown(cell: Cell) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, str):
        return cell
    if cell == 0 or abs(cell) >= 100:
        return f"{cell:,.0f}"
    return f"{cell:.3g}"


def _padded(text: str, width: int, to_the_right: bool) -> str:
    gap = " " * (width - _width(text))
    return gap + text if to_the_right else text + gap


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)

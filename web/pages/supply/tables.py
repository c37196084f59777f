"""The matrix of needs and their best suppliers: narrowed, counted, a page of it with names, and as a file."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from ingest.neutralise import neutralise
from marketplace.kernel.paging import Page
from marketplace.lists import items
from marketplace.lists.views import ItemCard
from marketplace.profiles import profiles
from marketplace.profiles.views import ProfileFilter
from web.pages import wording
from web.pages.exports import Cell, Table
from web.supply import NOBODY, TOP, Best, Line

SIZE: Final = 50
VERDICTS: Final[Mapping[str, str]] = {
    NOBODY: "暂无合适供给",
    "blocked": "只有不符合硬性条件的",
    "possible": "可承接",
    "strong": "正合适",
}
COLUMNS: Final[tuple[str, ...]] = ("名称", "单位", "行业领域", "地区", "结论")
OF_EACH: Final[tuple[str, ...]] = ("供应方", "匹配分", "结论", "有依据的要点", "要点总数", "首个缺口")


@dataclass(frozen=True, slots=True)
class Named:
    """One of the best suppliers with its name."""

    name: str
    best: Best


@dataclass(frozen=True, slots=True)
class Row:
    """One need as a page shows it; suppliers hidden since are left out."""

    card: ItemCard
    verdict: str
    bests: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which lines are asked for; "" asks for all."""

    verdict: str = ""
    sector: str = ""


def narrowed(lines: Iterable[Line], asked: Asked) -> tuple[Line, ...]:
    """The lines that are asked for, in their order."""
    return tuple(line for line in lines if asked.verdict in {"", line.verdict} and asked.sector in {"", line.sector})


def counts(lines: Iterable[Line]) -> tuple[tuple[str, str, int], ...]:
    """How many needs there are of each verdict, those that nobody answers first: code, name, number."""
    found = Counter(line.verdict for line in lines)
    return tuple((code, name, found[code]) for code, name in VERDICTS.items())


def sectors(lines: Iterable[Line]) -> tuple[tuple[str, str], ...]:
    """The sectors that can be asked for, those with most needs first."""
    found = Counter(line.sector for line in lines if line.sector)
    return tuple((sector, f"{sector}（{number}）") for sector, number in found.most_common())


def page(session: Session, lines: Sequence[Line], *, number: int) -> Page[Row]:
    """One page of lines with what the marketplace knows now of needs and suppliers; needs hidden since are left out."""
    last = max(1, -(-len(lines) // SIZE))
    at = min(max(1, number), last)
    rows = named(session, lines[(at - 1) * SIZE : at * SIZE])
    return Page(list(rows), len(lines), at, SIZE)


def named(session: Session, lines: Sequence[Line]) -> tuple[Row, ...]:
    """The lines with their names."""
    cards = {card.id: card for card, _record in items.shown(session, [line.item_id for line in lines])}
    names = _names(session, {best.profile_id for line in lines for best in line.bests})
    return tuple(
        Row(
            cards[line.item_id],
            line.verdict,
            tuple(Named(names[best.profile_id], best) for best in line.bests if best.profile_id in names),
        )
        for line in lines
        if line.item_id in cards
    )


def table(rows: Iterable[Row]) -> Table:
    """The lines as a file: a row for each need, the same columns for each of its best suppliers."""
    columns = (*COLUMNS, *(f"{name}（第 {place} 名）" for place in range(1, TOP + 1) for name in OF_EACH))
    return Table("供需对照", columns, tuple(tuple(map(_safe, _row(row))) for row in rows))


def _row(row: Row) -> Sequence[Cell]:
    card = row.card
    region = wording.region(card.region) if card.region else None
    head: tuple[Cell, ...] = (card.title, card.issuer, card.sector, region, VERDICTS[row.verdict])
    told = [cell for one in row.bests for cell in _best(one)]
    return (*head, *told, *([None] * (len(OF_EACH) * (TOP - len(row.bests)))))


def _best(one: Named) -> tuple[Cell, ...]:
    best = one.best
    return (one.name, wording.whole(best.score), wording.VERDICTS[best.verdict], best.met, best.asked, best.gap or None)


def _safe(value: Cell) -> Cell:
    return neutralise(value) if isinstance(value, str) else value


def _names(session: Session, ids: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    ordered = sorted(ids)
    for start in range(0, len(ordered), SIZE):
        some = tuple(ordered[start : start + SIZE])
        wanted = profiles.search(session, ProfileFilter(ids=some), page=1, size=SIZE)
        found |= {card.id: card.name for card in wanted.rows}
    return found

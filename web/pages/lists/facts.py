"""What a list states of an item, field by field, each with the cell it was read from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ingest.fields import Draft
from marketplace.lists.views import ItemCard, ItemPage
from web.pages import wording

MONEY: Final = ("budget_min", "budget_max", "budget_negotiable")
TIME: Final = ("period_start", "period_end", "duration_months")


@dataclass(frozen=True, slots=True)
class Fact:
    """One field as a page says it; `cells` names where it stands in the file ("C5"), empty where unknown."""

    field: str
    value: str
    cells: str
    is_inherited: bool = False


def of_item(page: ItemPage) -> tuple[Fact, ...]:
    """List what is stated of an item, without its title, description and requirements."""
    cells, inherited = page.source.places, frozenset(page.inherited)
    return tuple(
        Fact(name, value, _cells(cells, fields), not inherited.isdisjoint(fields))
        for name, value, fields in _short(page.card)
        if value
    ) + tuple(Fact(name, text, cells.get(f"extras.{name}", cells.get(name, ""))) for name, text in page.extras.items())


def of_draft(draft: Draft) -> tuple[Fact, ...]:
    """List everything that was understood of one row."""
    inherited = frozenset(draft.inherited)
    said = (
        ("title", draft.title, ("title",)),
        *_short(draft),
        ("description", draft.description, ("description",)),
        ("requirements", "\n".join(_numbered(draft.requirements)), ("requirements",)),
        *((name, getattr(draft, name), (name,)) for name in ("contact_name", "contact_phone", "contact_email")),
        *((name, text, (name, f"extras.{name}")) for name, text in draft.extras.items()),
    )
    return tuple(
        Fact(name, value, _cells(draft.places, fields), not inherited.isdisjoint(fields))
        for name, value, fields in said
        if value
    )


def _short(of: ItemCard | Draft) -> Iterator[tuple[str, str | None, tuple[str, ...]]]:
    yield "issuer", of.issuer, ("issuer",)
    yield "issuer_type", of.issuer_type and wording.ISSUER_TYPES[of.issuer_type], ("issuer_type",)
    yield "need_type", of.need_type, ("need_type",)
    yield "sector", of.sector, ("sector",)
    yield "region", of.region and wording.region(of.region), ("region",)
    yield "budget", wording.budget(of.budget_min, of.budget_max, of.budget_negotiable), MONEY
    yield "period", wording.period(of.period_start, of.period_end, of.duration_months), TIME


def _numbered(points: tuple[str, ...]) -> Iterator[str]:
    return (f"{number}. {point}" for number, point in enumerate(points, start=1))


def _cells(places: Mapping[str, str], fields: tuple[str, ...]) -> str:
    # Two fields of one cell (both ends of a range) name it once.
    return "、".join(dict.fromkeys(places[field] for field in fields if field in places)).replace(",", "、")

"""What was taken down and must not come back with the next issue of its list."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session, col, select

from ingest.fields import Draft
from marketplace.accounts.joining.tables import Takedown
from marketplace.accounts.words import RequestState, TakedownScope
from marketplace.kernel.batches import batches, insert_all
from marketplace.lists.edition_views import Omission
from marketplace.lists.item_tables import Item, ItemVersion
from marketplace.lists.rules import facts
from marketplace.lists.rules.barring import barred_rows
from marketplace.lists.standing import Standing
from marketplace.lists.tables import EditionOmission


@dataclass(frozen=True, slots=True)
class Barred:
    """An approved request about an item of a series: the whole line, or its contact alone."""

    item_id: str
    takedown_id: str
    scope: TakedownScope
    reason: str


@dataclass(frozen=True, slots=True)
class Sifted:
    """The rows of a file after what was taken down: those that go on, without contacts that were erased.

    `held` are the rows that stay out and `bared` those that lost their contact, by place among all the rows.
    """

    rows: tuple[Draft, ...]
    held: Mapping[int, Barred]
    bared: Mapping[int, Barred]


@dataclass(frozen=True, slots=True)
class Bars:
    """Everything that was taken down in a series."""

    lines: Mapping[str, Barred]
    drafts: Mapping[str, Draft]
    contacts: Mapping[str, Barred]

    def sift(self, standing: Mapping[str, Standing], rows: Sequence[Draft]) -> Sifted:
        """Tell the rows that stay out from those that go on, by the rules that recognise items."""
        old = {item_id: one.draft for item_id, one in standing.items()}
        held = {place: self.lines[item_id] for place, item_id in barred_rows(old, self.drafts, rows).items()}
        of_erased = {item_id: old[item_id] for item_id in self.contacts if item_id in old}
        others = {item_id: draft for item_id, draft in old.items() if item_id not in of_erased}
        known = barred_rows({**others, **self.drafts}, of_erased, rows)
        bared = {place: self.contacts[item_id] for place, item_id in known.items() if place not in held}
        kept = (without_contact(row) if place in bared else row for place, row in enumerate(rows) if place not in held)
        return Sifted(tuple(kept), held, bared)


def of_series(session: Session, series_id: str | None) -> Bars:
    """What was taken down of a series; of a new one, nothing."""
    if series_id is None:
        return Bars({}, {}, {})
    lines = _approved(session, series_id, TakedownScope.LINE)
    return Bars(lines, _drafts(session, lines), _approved(session, series_id, TakedownScope.CONTACT))


def without_contact(draft: Draft) -> Draft:
    """A row without whom to ask; the cells that said so are not kept either."""
    return replace(draft, contact_name=None, contact_phone=None, contact_email=None, raw={})


def record(session: Session, edition_id: str, sifted: Sifted, rows: Sequence[Draft]) -> None:
    """Keep with an edition which rows of its file were left out or lost their contact, and by which request."""
    found = {**sifted.held, **sifted.bared}
    values: list[dict[str, object]] = [
        {
            "edition_id": edition_id,
            "place": place,
            "sheet": rows[place].sheet,
            "row": rows[place].row,
            "takedown_id": barred.takedown_id,
        }
        for place, barred in sorted(found.items())
    ]
    insert_all(session, EditionOmission, values)


def of_edition(session: Session, edition_id: str) -> tuple[Omission, ...]:
    """What an edition left out of its file, in reading order; for those who run the list."""
    rows = session.exec(
        select(EditionOmission, Takedown)
        .join(Takedown, col(Takedown.id) == col(EditionOmission.takedown_id))
        .where(EditionOmission.edition_id == edition_id)
        .order_by(col(EditionOmission.place))
    )
    return tuple(Omission(row.sheet, row.row, down.item_title, down.scope, down.reason, down.id) for row, down in rows)


def _approved(session: Session, series_id: str, scope: TakedownScope) -> dict[str, Barred]:
    rows = session.exec(
        select(Takedown)
        .join(Item, col(Item.id) == col(Takedown.item_id))
        .where(
            Item.series_id == series_id,
            Takedown.state == RequestState.APPROVED,
            Takedown.scope == scope,
        )
        .order_by(col(Takedown.decided_at), col(Takedown.id))
    )
    return {row.item_id: Barred(row.item_id, row.id, scope, row.reason) for row in rows}


def _drafts(session: Session, item_ids: Iterable[str]) -> dict[str, Draft]:
    found: dict[str, Draft] = {}
    for some in batches(list(item_ids)):
        rows = session.exec(
            select(ItemVersion)
            .join(
                Item,
                (col(Item.id) == col(ItemVersion.item_id)) & (col(Item.current_number) == col(ItemVersion.number)),
            )
            .where(col(Item.id).in_(some))
        )
        found |= {version.item_id: facts.draft(version, None) for version in rows}
    return found

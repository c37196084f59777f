"""Confirmed awards as the public reads them of a unit (获榜): on its profile, and beside it where it answers a need.

They are the platform's own record, told apart from cases that a supplier writes. They rank nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts import organisations
from marketplace.kernel.batches import batches
from marketplace.lists.item_tables import Item
from marketplace.rounds.deciding import awards
from marketplace.rounds.outcome_tables import Award
from marketplace.rounds.round_tables import Round


@dataclass(frozen=True, slots=True)
class Honour:
    """A round that a unit has won."""

    round_id: str
    title: str
    issuer: str
    awarded_at: datetime


def of_unit(session: Session, organisation_id: str) -> tuple[Honour, ...]:
    """The rounds that a unit has won and confirmed, newest first; a round of which it won several tracks once."""
    found = {row.id: (award, row) for award, row in reversed(awards.of_units(session, organisation_id))}
    issuers = organisations.many(session, list({row.organisation_id for _, row in found.values()}))
    names = {one.id: one.name for one in issuers}
    return tuple(
        Honour(row.id, row.title, names[row.organisation_id], award.awarded_at)
        for award, row in reversed(list(found.values()))
    )


def in_sector(
    session: Session, organisation_ids: Collection[str], sector: str | None, *, besides: str = ""
) -> frozenset[str]:
    """Which of some units have won a round that was made of a need of a sector; none where the sector is not known.

    `besides` is a need whose own rounds do not count: they stand on its page themselves.
    """
    if not sector:
        return frozenset()
    found: set[str] = set()
    for some in batches(sorted(set(organisation_ids))):
        query = (
            select(Award.organisation_id)
            .join(Round, col(Round.id) == col(Award.round_id))
            .join(Item, col(Item.id) == col(Round.item_id))
            .where(
                col(Award.organisation_id).in_(some),
                col(Award.confirmed_at).is_not(None),
                col(Award.ended_at).is_(None),
                Item.sector == sector,
                Item.id != besides,
            )
        )
        found.update(session.exec(query.distinct()))
    return frozenset(found)

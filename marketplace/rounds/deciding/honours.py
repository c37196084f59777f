"""Confirmed awards as the public reads them of a unit (获榜): on its profile, and beside it where it answers a need.

They are the platform's own record, told apart from cases that a supplier writes. They rank nothing. In a joint bid they
are those of its lead and of every partner that took part.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts import organisations
from marketplace.kernel.batches import batches
from marketplace.lists.item_tables import Item
from marketplace.rounds.bid_tables import BidMember
from marketplace.rounds.outcome_tables import Award
from marketplace.rounds.round_tables import Round

_STANDS = (col(Award.confirmed_at).is_not(None), col(Award.ended_at).is_(None))
_PARTNERS = (BidMember.bid_id == Award.bid_id, col(BidMember.confirmed_at).is_not(None))


@dataclass(frozen=True, slots=True)
class Honour:
    """A round that a unit has won; `led`: by itself or as the lead of a joint bid, else as a partner."""

    round_id: str
    title: str
    issuer: str
    awarded_at: datetime
    led: bool


def of_unit(session: Session, organisation_id: str) -> tuple[Honour, ...]:
    """The rounds that a unit has won and confirmed, newest first; a round of which it won several tracks once."""
    partner = select(BidMember.bid_id).where(*_PARTNERS, BidMember.organisation_id == organisation_id).exists()
    query = (
        select(Award, Round)
        .join(Round, col(Round.id) == col(Award.round_id))
        .where(*_STANDS, (col(Award.organisation_id) == organisation_id) | partner)
        .order_by(col(Award.awarded_at), col(Award.bid_id))
    )
    found: dict[str, tuple[Award, Round, bool]] = {}
    for award, row in session.exec(query):
        led = award.organisation_id == organisation_id or (row.id in found and found[row.id][2])
        found[row.id] = award, row, led
    issuers = organisations.many(session, list({row.organisation_id for _, row, _ in found.values()}))
    names = {one.id: one.name for one in issuers}
    return tuple(
        Honour(row.id, row.title, names[row.organisation_id], award.awarded_at, led)
        for award, row, led in sorted(found.values(), key=lambda one: one[0].awarded_at, reverse=True)
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
        for unit, among in ((col(Award.organisation_id), ()), (col(BidMember.organisation_id), _PARTNERS)):
            won = (*_STANDS, *among, Round.id == Award.round_id, Item.id == Round.item_id)
            query = select(unit).where(*won, unit.in_(some), Item.sector == sector, Item.id != besides)
            found.update(session.exec(query.distinct()))
    return frozenset(found)

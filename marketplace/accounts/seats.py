"""Seats: what a person may act for, one at a time.

Every organisation that it belongs to is a seat, every office that a staff role was given at is one, and what was
given without an office is exercised as itself. An organisation that it belongs to and has its office at is one seat.
"""

from collections import defaultdict
from collections.abc import Sequence

from sqlmodel import Session, col, select

from marketplace.accounts import organisations
from marketplace.accounts.actors import HeldGrant
from marketplace.accounts.tables import Grant, Membership, Organisation
from marketplace.accounts.views import OrganisationView, Seat
from marketplace.accounts.words import Role

DEFAULT_SEAT = ""
"""Asks for the default seat; None asks for the person itself."""


def of_account(session: Session, account_id: str) -> tuple[Seat, ...]:
    """The seats of an account: its organisations by name, then itself where it holds something there or nothing else."""
    held: defaultdict[str | None, list[HeldGrant]] = defaultdict(list)
    granted = select(Grant).where(Grant.account_id == account_id, col(Grant.withdrawn_at).is_(None))
    for row in session.exec(granted.order_by(col(Grant.id))):
        held[row.organisation_id].append(HeldGrant(row.role, row.organisation_id, row.region))
    member = (
        select(Membership, Organisation)
        .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
        .where(Membership.account_id == account_id, col(Membership.left_at).is_(None))
    )
    units: dict[str, OrganisationView] = {}
    for membership, unit in session.exec(member.order_by(col(Membership.id))):
        units[unit.id] = organisations.view(unit)
        sides = [Role.ENTERPRISE] * unit.posts_needs + [Role.OPC] * unit.offers_work
        # An organisation that has chosen neither side yet is still one that its members write for.
        held[unit.id] += [
            HeldGrant(role, unit.id, unit.region, membership.standing) for role in sides or [Role.ENTERPRISE]
        ]
    offices = [key for key in held if key is not None and key not in units]
    units |= {one.id: one for one in organisations.many(session, offices)}
    seats = [Seat(unit, tuple(held[unit.id])) for unit in sorted(units.values(), key=lambda one: (one.name, one.id))]
    if None in held or not seats:
        seats.append(Seat(None, tuple(held[None])))
    return tuple(seats)


def choose(held: Sequence[Seat], organisation_id: str | None) -> Seat:
    """The seat of an organisation (None: as itself), or the first one where there is no such seat."""
    for seat in held:
        if (seat.organisation.id if seat.organisation else None) == organisation_id:
            return seat
    return held[0]

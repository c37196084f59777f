"""What is known of units for the check of conflicts: what they state of themselves, and their people here."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session, col, func, select

from marketplace.accounts.tables import Account, Membership, Organisation
from marketplace.experts.rules.facts import Named, Unit
from marketplace.experts.unit_tables import UnitBackground
from marketplace.kernel.batches import batches


def facts(session: Session, organisation_ids: Collection[str], *, since: datetime | None = None) -> dict[str, Unit]:
    """Units by the id of their organisation; their members' names and addresses are part of it.

    What a unit stated at any time from `since` on counts together, so that nobody gets rid of a conflict by stating less
    afterwards; without it, what is stated now.
    """
    found: dict[str, Unit] = {}
    for some in batches(sorted(set(organisation_ids))):
        told = _told(session, some, since)
        people: dict[str, list[Account]] = {one: [] for one in some}
        members = (
            select(Membership.organisation_id, Account)
            .join(Account, col(Account.id) == col(Membership.account_id))
            .where(col(Membership.organisation_id).in_(some), col(Membership.left_at).is_(None))
            .order_by(col(Account.id))
        )
        for organisation_id, account in session.exec(members):
            people[organisation_id].append(account)
        for unit in session.exec(select(Organisation).where(col(Organisation.id).in_(some))):
            found[unit.id] = _unit(unit, told[unit.id], people[unit.id])
    return found


def stated(session: Session, organisation_id: str) -> UnitBackground | None:
    """What a unit states of itself now, or None."""
    return next(iter(_latest(session, [organisation_id])), None)


def _latest(session: Session, organisation_ids: Collection[str]) -> list[UnitBackground]:
    newest = (
        select(col(UnitBackground.organisation_id), func.max(UnitBackground.version).label("version"))
        .where(col(UnitBackground.organisation_id).in_(organisation_ids))
        .group_by(col(UnitBackground.organisation_id))
        .subquery()
    )
    joined = (col(UnitBackground.organisation_id) == newest.c.organisation_id) & (
        col(UnitBackground.version) == newest.c.version
    )
    return list(session.exec(select(UnitBackground).join(newest, joined)))


def _told(
    session: Session, organisation_ids: Collection[str], since: datetime | None
) -> dict[str, list[UnitBackground]]:
    """What units stated, newest first: the version that stood at a moment, and those that came after it."""
    found: dict[str, list[UnitBackground]] = {one: [] for one in organisation_ids}
    query = select(UnitBackground).where(col(UnitBackground.organisation_id).in_(organisation_ids))
    for row in session.exec(query.order_by(col(UnitBackground.version).desc())):
        later = found[row.organisation_id]
        if not later or (since is not None and later[-1].stated_at > since):
            later.append(row)
    return found


def _unit(row: Organisation, told: Sequence[UnitBackground], people: Sequence[Account]) -> Unit:
    def all_of(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one for stated in told for one in getattr(stated, name)))

    earlier = [one.legal_representative for one in told[1:] if one.legal_representative]
    parents = {(one["name"], one.get("uscc", "")): None for stated in told for one in stated.parents}
    return Unit(
        name=row.name,
        uscc=row.uscc or "",
        former_names=all_of("former_names"),
        parents=tuple(Named(*one) for one in parents),
        legal_representative=told[0].legal_representative if told else "",
        shareholders=all_of("shareholders"),
        directors=tuple(dict.fromkeys((*all_of("directors"), *earlier))),
        people=tuple(dict.fromkeys((*all_of("people"), *(one.name for one in people)))),
        phones=all_of("phones"),
        emails=tuple(one.email for one in people),
        bank_accounts=all_of("bank_accounts"),
    )

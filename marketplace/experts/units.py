"""What is known of units for the check of conflicts: what they state of themselves, and their people here."""

from collections.abc import Collection
from typing import Any

from sqlmodel import Session, col, func, select

from marketplace.accounts.tables import Account, Membership, Organisation
from marketplace.experts.rules.facts import Named, Unit
from marketplace.experts.unit_tables import UnitBackground
from marketplace.kernel.batches import batches


def facts(session: Session, organisation_ids: Collection[str]) -> dict[str, Unit]:
    """Units by the id of their organisation; their members' names and addresses are part of it."""
    found: dict[str, Unit] = {}
    for some in batches(sorted(set(organisation_ids))):
        stated = {one.organisation_id: one for one in _latest(session, some)}
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
            found[unit.id] = _unit(unit, stated.get(unit.id), people[unit.id])
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


def _unit(row: Organisation, stated: UnitBackground | None, people: list[Account]) -> Unit:
    told: dict[str, Any] = {}
    if stated is not None:
        told = {
            "legal_representative": stated.legal_representative,
            "shareholders": tuple(stated.shareholders),
            "directors": tuple(stated.directors),
            "parents": tuple(Named(one["name"], one.get("uscc", "")) for one in stated.parents),
            "former_names": tuple(stated.former_names),
            "phones": tuple(stated.phones),
            "bank_accounts": tuple(stated.bank_accounts),
        }
    named = (() if stated is None else tuple(stated.people)) + tuple(one.name for one in people)
    return Unit(
        name=row.name,
        uscc=row.uscc or "",
        people=tuple(dict.fromkeys(named)),
        emails=tuple(one.email for one in people),
        **told,
    )

"""The role that goes with a place in the pool: given when somebody is listed, withdrawn when it leaves."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts import grants
from marketplace.accounts.rules import separation
from marketplace.accounts.tables import Grant
from marketplace.accounts.words import Role
from marketplace.experts.tables import PoolExpert
from marketplace.kernel import locks
from marketplace.kernel.errors import Conflict


def give(session: Session, row: PoolExpert, *, actor_id: str, now: datetime, new_id: Callable[[], str]) -> None:
    """Give an expert its role in the pool's region, where it does not hold it. Raises Conflict where duties clash."""
    # As where administrators give: two roles that must not meet are not given at the same instant.
    locks.hold(session, f"grants:{row.account_id}")
    live = select(Grant.role, Grant.region).where(Grant.account_id == row.account_id, col(Grant.withdrawn_at).is_(None))
    held = [(Role(role), where) for role, where in session.exec(live)]
    reason = separation.clash(Role.EXPERT, row.region, held)
    if reason:
        raise Conflict(reason, code="duties_not_separate")
    if (Role.EXPERT, row.region) not in held:
        grants.give(
            session,
            account_id=row.account_id,
            role=Role.EXPERT,
            region=row.region,
            actor_id=actor_id,
            now=now,
            new_id=new_id,
        )


def withdraw(session: Session, row: PoolExpert, *, actor_id: str, now: datetime) -> None:
    """Withdraw an expert's role in the pool's region; roles in other regions are other pools'."""
    held = select(Grant.id).where(
        Grant.account_id == row.account_id,
        Grant.role == Role.EXPERT,
        Grant.region == row.region,
        col(Grant.withdrawn_at).is_(None),
    )
    for grant_id in session.exec(held.order_by(col(Grant.id))).all():
        grants.withdraw(session, grant_id, actor_id=actor_id, now=now)

"""Who could decide entries: whether anybody besides the proposer can."""

from sqlalchemy import or_
from sqlmodel import Session, col, select

from marketplace.accounts.tables import Account, Grant
from marketplace.accounts.words import Role


def is_another(session: Session, account_id: str) -> bool:
    """Whether somebody else than an account administers the platform, or organises all of it, and can sign in."""
    query = (
        select(Grant.id)
        .join(Account, col(Account.id) == col(Grant.account_id))
        .where(
            or_(col(Grant.role) == Role.ADMINISTRATOR, col(Grant.role) == Role.ORGANISER),
            Grant.region == "",
            Grant.account_id != account_id,
            col(Grant.withdrawn_at).is_(None),
            col(Account.disabled_at).is_(None),
        )
        .limit(1)
    )
    return session.exec(query).first() is not None

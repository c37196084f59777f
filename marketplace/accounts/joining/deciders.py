"""Who decides requests of a region: whether an organiser is there at all, told before anything is handed in."""

from sqlmodel import Session, col, select

from marketplace.accounts.actors import covers
from marketplace.accounts.tables import Account, Grant
from marketplace.accounts.words import Role


def is_covered(session: Session, region: str) -> bool:
    """Whether a live organiser's region covers a region."""
    query = (
        select(Grant.region)
        .join(Account, col(Account.id) == col(Grant.account_id))
        .where(
            Grant.role == Role.ORGANISER,
            col(Grant.withdrawn_at).is_(None),
            col(Account.disabled_at).is_(None),
        )
        .distinct()
    )
    return any(covers(where, region) for where in session.exec(query))

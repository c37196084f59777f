"""Where the entries of the pool lie, how they are called and which are called so, for the log."""

from collections.abc import Callable, Mapping, Sequence

from sqlmodel import Session, col, select

from marketplace.accounts.tables import Account
from marketplace.experts.tables import PoolExpert

MOST = 200
"""How many experts a search by name finds at most."""


def _lie(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return dict(session.exec(select(PoolExpert.id, PoolExpert.region).where(col(PoolExpert.id).in_(ids))).all())


def _called(session: Session, ids: Sequence[str]) -> dict[str, str]:
    query = select(PoolExpert.id, Account.name).join(Account, col(Account.id) == col(PoolExpert.account_id))
    return dict(session.exec(query.where(col(PoolExpert.id).in_(ids))).all())


def _named(session: Session, words: str) -> list[str]:
    query = select(PoolExpert.id).join(Account, col(Account.id) == col(PoolExpert.account_id))
    return list(
        session.exec(
            query.where(col(Account.name).contains(words, autoescape=True)).order_by(col(PoolExpert.id)).limit(MOST)
        )
    )


REGIONS: Mapping[str, Callable[[Session, Sequence[str]], dict[str, str]]] = {"expert": _lie}
TITLES: Mapping[str, Callable[[Session, Sequence[str]], dict[str, str]]] = {"expert": _called}
NAMED: Mapping[str, Callable[[Session, str], list[str]]] = {"expert": _named}

"""How procedure types are called and which are called so, for the log; they belong to no region."""

from collections.abc import Callable, Mapping, Sequence

from sqlmodel import Session, col, select

from marketplace.rounds.tables import ProcedureType

MOST = 200


def _called(session: Session, keys: Sequence[str]) -> dict[str, str]:
    found = select(ProcedureType.key, ProcedureType.title).where(col(ProcedureType.key).in_(keys))
    return dict(session.exec(found).all())


def _named(session: Session, words: str) -> list[str]:
    within = col(ProcedureType.title).contains(words, autoescape=True)
    return list(session.exec(select(ProcedureType.key).where(within).limit(MOST)))


REGIONS: Mapping[str, Callable[[Session, Sequence[str]], dict[str, str]]] = {}
TITLES: Mapping[str, Callable[[Session, Sequence[str]], dict[str, str]]] = {"procedure": _called}
NAMED: Mapping[str, Callable[[Session, str], list[str]]] = {"procedure": _named}

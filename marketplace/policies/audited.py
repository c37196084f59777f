"""Where policies hold, how they are called and which are called so, for the log."""

from collections.abc import Callable, Mapping, Sequence

from sqlmodel import Session, col, select

from marketplace.policies.tables import Policy

MOST = 200


def _policies(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return dict(session.exec(select(Policy.id, Policy.region).where(col(Policy.id).in_(ids))).all())


def _policies_called(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return dict(session.exec(select(Policy.id, Policy.title).where(col(Policy.id).in_(ids))).all())


def _policies_named(session: Session, words: str) -> list[str]:
    return list(session.exec(select(Policy.id).where(col(Policy.title).contains(words, autoescape=True)).limit(MOST)))


REGIONS: Mapping[str, Callable[[Session, Sequence[str]], dict[str, str]]] = {"policy": _policies}
TITLES: Mapping[str, Callable[[Session, Sequence[str]], dict[str, str]]] = {"policy": _policies_called}
NAMED: Mapping[str, Callable[[Session, str], list[str]]] = {"policy": _policies_named}

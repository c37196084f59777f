"""Where the things of accounts lie, for the log."""

from collections.abc import Callable, Mapping, Sequence

from sqlmodel import Session, col, select

from marketplace.accounts.tables import Organisation


def _organisations(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return dict(session.exec(select(Organisation.id, Organisation.region).where(col(Organisation.id).in_(ids))).all())


REGIONS: Mapping[str, Callable[[Session, Sequence[str]], dict[str, str]]] = {"organisation": _organisations}

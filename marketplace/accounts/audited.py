"""Where the things of accounts lie, for the log."""

from collections.abc import Callable, Mapping, Sequence

from sqlmodel import Session, col, select

from marketplace.accounts.community_tables import Community
from marketplace.accounts.request_tables import Takedown, Verification
from marketplace.accounts.tables import Organisation


def _organisations(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return dict(session.exec(select(Organisation.id, Organisation.region).where(col(Organisation.id).in_(ids))).all())


def _communities(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return dict(session.exec(select(Community.id, Community.region).where(col(Community.id).in_(ids))).all())


def _verifications(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return dict(session.exec(select(Verification.id, Verification.region).where(col(Verification.id).in_(ids))).all())


def _takedowns(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return dict(session.exec(select(Takedown.id, Takedown.region).where(col(Takedown.id).in_(ids))).all())


REGIONS: Mapping[str, Callable[[Session, Sequence[str]], dict[str, str]]] = {
    "organisation": _organisations,
    "community": _communities,
    "verification": _verifications,
    "takedown": _takedowns,
}

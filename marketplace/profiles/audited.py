"""Where profiles lie, how they are called and which are called so, for the log."""

from collections.abc import Callable, Mapping, Sequence

from sqlmodel import Session, col, select

from marketplace.accounts.tables import Organisation
from marketplace.profiles.tables import Profile

MOST = 200


def _profiles(session: Session, ids: Sequence[str]) -> dict[str, str]:
    rows = session.exec(
        select(Profile.id, Organisation.region)
        .join(Organisation, col(Organisation.id) == col(Profile.organisation_id))
        .where(col(Profile.id).in_(ids))
    )
    return dict(rows.all())


def _profiles_called(session: Session, ids: Sequence[str]) -> dict[str, str]:
    rows = session.exec(
        select(Profile.id, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(Profile.organisation_id))
        .where(col(Profile.id).in_(ids))
    )
    return dict(rows.all())


def _profiles_named(session: Session, words: str) -> list[str]:
    query = select(Profile.id).join(Organisation, col(Organisation.id) == col(Profile.organisation_id))
    named = col(Organisation.name).contains(words, autoescape=True)
    return list(session.exec(query.where(named).order_by(col(Profile.id)).limit(MOST)))


REGIONS: Mapping[str, Callable[[Session, Sequence[str]], dict[str, str]]] = {"profile": _profiles}
TITLES: Mapping[str, Callable[[Session, Sequence[str]], dict[str, str]]] = {"profile": _profiles_called}
NAMED: Mapping[str, Callable[[Session, str], list[str]]] = {"profile": _profiles_named}

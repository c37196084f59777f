"""Where profiles lie, for the log."""

from collections.abc import Callable, Mapping, Sequence

from sqlmodel import Session, col, select

from marketplace.accounts.tables import Organisation
from marketplace.profiles.tables import Profile


def _profiles(session: Session, ids: Sequence[str]) -> dict[str, str]:
    rows = session.exec(
        select(Profile.id, Organisation.region)
        .join(Organisation, col(Organisation.id) == col(Profile.organisation_id))
        .where(col(Profile.id).in_(ids))
    )
    return dict(rows.all())


REGIONS: Mapping[str, Callable[[Session, Sequence[str]], dict[str, str]]] = {"profile": _profiles}

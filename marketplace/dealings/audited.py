"""Where dealings and teams lie, how dealings are called and which are called so, for the log.

A team is named by its members among themselves: the log does not say its name, nor is it found by it.
"""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import or_
from sqlmodel import Session, col, select

from marketplace.accounts.tables import Organisation
from marketplace.dealings.tables import Dealing
from marketplace.dealings.team_tables import Team
from marketplace.lists.item_tables import Item
from marketplace.profiles.tables import Profile

MOST = 200
EVERYWHERE = "everywhere"
"""The id of the limits that hold where no region states its own."""


def _dealings(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return dict(session.exec(select(Dealing.id, Dealing.region).where(col(Dealing.id).in_(ids))).all())


def _limits(_session: Session, ids: Sequence[str]) -> dict[str, str]:
    return {region: region for region in ids if region != EVERYWHERE}


def _teams(session: Session, ids: Sequence[str]) -> dict[str, str]:
    rows = session.exec(
        select(Team.id, Organisation.region)
        .join(Profile, col(Profile.id) == col(Team.lead_id))
        .join(Organisation, col(Organisation.id) == col(Profile.organisation_id))
        .where(col(Team.id).in_(ids))
    )
    return dict(rows.all())


def _dealings_called(session: Session, ids: Sequence[str]) -> dict[str, str]:
    rows = session.exec(
        select(Dealing.id, Item.title, Organisation.name)
        .join(Item, col(Item.id) == col(Dealing.item_id))
        .join(Profile, col(Profile.id) == col(Dealing.profile_id))
        .join(Organisation, col(Organisation.id) == col(Profile.organisation_id))
        .where(col(Dealing.id).in_(ids))
    )
    return {one: f"“{title}”与{name}" for one, title, name in rows}


def _limits_called(_session: Session, ids: Sequence[str]) -> dict[str, str]:
    return {region: "全国" if region == EVERYWHERE else region.replace("/", "") for region in ids}


def _dealings_named(session: Session, words: str) -> list[str]:
    query = (
        select(Dealing.id)
        .join(Item, col(Item.id) == col(Dealing.item_id))
        .join(Profile, col(Profile.id) == col(Dealing.profile_id))
        .join(Organisation, col(Organisation.id) == col(Profile.organisation_id))
        .where(
            or_(
                col(Item.title).contains(words, autoescape=True),
                col(Item.issuer).contains(words, autoescape=True),
                col(Organisation.name).contains(words, autoescape=True),
            )
        )
    )
    return list(session.exec(query.order_by(col(Dealing.id)).limit(MOST)))


REGIONS: Mapping[str, Callable[[Session, Sequence[str]], dict[str, str]]] = {
    "dealing": _dealings,
    "dealing_limit": _limits,
    "team": _teams,
}
TITLES: Mapping[str, Callable[[Session, Sequence[str]], dict[str, str]]] = {
    "dealing": _dealings_called,
    "dealing_limit": _limits_called,
}
NAMED: Mapping[str, Callable[[Session, str], list[str]]] = {"dealing": _dealings_named}

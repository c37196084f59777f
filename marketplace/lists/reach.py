"""Which regions somebody looks after, as a condition in SQL: the same rule as `actors.covers`."""

from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, true

from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role

SEEING = frozenset({Role.ORGANISER, Role.ADMINISTRATOR, Role.SUPERVISOR})


def within_reach(actor: Actor, region: Any) -> ColumnElement[bool]:
    """Whether a column of regions lies where the actor organises, administers or supervises."""
    granted = {grant.region for grant in actor.grants if grant.role in SEEING}
    if "" in granted:
        return true()
    return or_(false(), *(column_covered(region, one) for one in sorted(granted)))


def column_covered(region: Any, granted: str) -> ColumnElement[bool]:
    """Whether a granted region path contains the one in a column; by letters, as LIKE folds case on one database."""
    if not granted:
        return true()
    inside = granted + "/"
    return or_(region == granted, func.substr(region, 1, len(inside)) == inside)

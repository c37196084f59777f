"""Which regions somebody looks after, as a condition in SQL: the same rule as `actors.covers`."""

from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, true

from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role

RUNNING = frozenset({Role.ORGANISER})
SEEING = RUNNING | {Role.SUPERVISOR}


def within_reach(actor: Actor, region: Any, *, roles: frozenset[Role] = SEEING) -> ColumnElement[bool]:
    """Whether a column of regions lies where the actor holds one of some roles."""
    granted = {grant.region for grant in actor.grants if grant.role in roles}
    if "" in granted:
        return true()
    return or_(false(), *(column_covered(region, one) for one in sorted(granted)))


def column_covered(region: Any, granted: str) -> ColumnElement[bool]:
    """Whether a granted region path contains the one in a column; by letters, as LIKE folds case on one database."""
    if not granted:
        return true()
    inside = granted + "/"
    return or_(region == granted, func.substr(region, 1, len(inside)) == inside)

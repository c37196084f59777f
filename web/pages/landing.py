"""Where somebody's work begins, by the seat it has taken."""

from collections.abc import Collection
from typing import Final

from marketplace.accounts.views import SignedIn
from marketplace.accounts.words import Role

DESKS: Final = (
    (Role.ADMINISTRATOR, "/administration"),
    (Role.SUPERVISOR, "/audit"),
    (Role.ORGANISER, "/board"),
    (Role.ENTERPRISE, "/needs"),
    (Role.OPC, "/opportunities"),
)
"""The desk of each role; who has several in one seat begins at the first of them."""
SECOND_FACTOR: Final = "/account/second-factor"


def landing(signed_in: SignedIn | None) -> str:
    """The address where a seat's work begins; a visitor, and who has nothing to do yet, begins on the first page."""
    if signed_in is None:
        return "/"
    return SECOND_FACTOR if signed_in.needs_second_factor else of_roles(signed_in.actor.roles)


def of_roles(roles: Collection[Role]) -> str:
    """The address where the work of some roles begins."""
    return next((address for role, address in DESKS if role in roles), "/")

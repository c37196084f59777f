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
    (Role.EXPERT, "/review"),
)
"""The desk of each role; who has several in one seat begins at the first of them."""
NEWCOMERS: Final = "/register/next"
SECOND_FACTOR: Final = "/account/second-factor"


def landing(signed_in: SignedIn | None) -> str:
    """The address where a seat's work begins; a visitor begins on the first page, who acts for nobody yet by choosing."""
    if signed_in is None:
        return "/"
    if signed_in.needs_second_factor:
        return SECOND_FACTOR
    return of_roles(signed_in.actor.roles) if signed_in.actor.grants else NEWCOMERS


def of_roles(roles: Collection[Role]) -> str:
    """The address where the work of some roles begins."""
    return next((address for role, address in DESKS if role in roles), "/")

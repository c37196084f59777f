"""What must hold of an organisation's members: somebody decides over it at any time."""

from collections.abc import Mapping

from marketplace.accounts.words import Standing
from marketplace.kernel.errors import Conflict


def require_owner_left(standings: Mapping[str, Standing]) -> None:
    """Raise Conflict where, after a change, no member would be an owner."""
    if Standing.OWNER not in standings.values():
        raise Conflict("单位至少要有一名负责人。请先把负责人转交给另一位成员，再退出或调整。", code="last_owner")

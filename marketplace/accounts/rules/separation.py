"""Who may not be both: whoever supervises a region runs nothing in it.

A supervisor judges what organisers and administrators did; holding both would let a person check its own acts.
"""

from collections.abc import Iterable

from marketplace.accounts.actors import covers
from marketplace.accounts.words import Role

RUNS = frozenset({Role.ORGANISER, Role.ADMINISTRATOR})
REASON = "监督不能同时是同一地区的主办方或管理员：不得由本人监督本人经办的事项。请先撤销原有授权，或改授其他地区。"


def clash(role: Role, region: str, held: Iterable[tuple[Role, str]]) -> str:
    """Why a role may not be given beside those held, as a sentence; empty where it may."""
    for other, where in held:
        pair = {role, other}
        overlaps = covers(region, where) or covers(where, region)
        if Role.SUPERVISOR in pair and pair & RUNS and overlaps:
            return REASON
    return ""

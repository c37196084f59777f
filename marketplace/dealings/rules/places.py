"""The places of a team: from where, to where, and who may cause it."""

from collections.abc import Mapping
from typing import Final

from marketplace.dealings.words import Place

ANSWERS: Final[Mapping[tuple[Place, Place], str]] = {
    (Place.INVITED, Place.JOINED): "member",
    (Place.INVITED, Place.DECLINED): "member",
    (Place.JOINED, Place.LEFT): "member",
    (Place.INVITED, Place.REMOVED): "lead",
    (Place.JOINED, Place.REMOVED): "lead",
    (Place.DECLINED, Place.INVITED): "lead",
    (Place.LEFT, Place.INVITED): "lead",
    (Place.REMOVED, Place.INVITED): "lead",
}
"""Which change of place is whose to make; no other change is there. The lead stays until it dissolves the team."""

MAX_NAME: Final = 60
MAX_PURPOSE: Final = 1000
MAX_WORK: Final = 200


def may(from_: Place, to: Place, *, is_lead: bool, is_member: bool) -> bool:
    """Whether the lead's side, or the member's own, may make a change of place."""
    whose = ANSWERS.get((from_, to))
    return (whose == "lead" and is_lead) or (whose == "member" and is_member)


def faults(name: str, purpose: str) -> dict[str, str]:
    """What is wrong with a team's name and purpose, by field."""
    wrong: dict[str, str] = {}
    if not name.strip() or len(name) > MAX_NAME:
        wrong["name"] = f"请为联合体起个名字，不超过 {MAX_NAME} 个字。"
    if not purpose.strip() or len(purpose) > MAX_PURPOSE:
        wrong["purpose"] = f"请写明一起做什么，不超过 {MAX_PURPOSE} 个字；受邀方据此决定是否加入。"
    return wrong

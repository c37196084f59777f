"""How somebody stands in the pool, and what may happen next: the table of an entry, asked by everything that moves one.

The office is an organiser of the pool's region. Whoever is the expert itself is never the office of its own entry.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from marketplace.experts.words import ExpertEvent, ExpertState
from marketplace.kernel.errors import Conflict, NotAllowed


class Party(StrEnum):
    """Who moves an entry."""

    OFFICE = "office"
    EXPERT = "expert"


_BOTH: Final = frozenset(Party)
_OFFICE: Final = frozenset({Party.OFFICE})
_EXPERT: Final = frozenset({Party.EXPERT})
Move = tuple[ExpertState, frozenset[Party]]
MOVES: Final[Mapping[tuple[ExpertState, ExpertEvent], Move]] = {
    (ExpertState.INVITED, ExpertEvent.ACCEPT): (ExpertState.LISTED, _EXPERT),
    (ExpertState.INVITED, ExpertEvent.LEAVE): (ExpertState.LEFT, _BOTH),
    (ExpertState.APPLIED, ExpertEvent.LIST): (ExpertState.LISTED, _OFFICE),
    (ExpertState.APPLIED, ExpertEvent.REFUSE): (ExpertState.REFUSED, _OFFICE),
    (ExpertState.APPLIED, ExpertEvent.LEAVE): (ExpertState.LEFT, _BOTH),
    (ExpertState.LISTED, ExpertEvent.PAUSE): (ExpertState.PAUSED, _BOTH),
    (ExpertState.LISTED, ExpertEvent.LEAVE): (ExpertState.LEFT, _BOTH),
    (ExpertState.PAUSED, ExpertEvent.RESUME): (ExpertState.LISTED, _BOTH),
    (ExpertState.PAUSED, ExpertEvent.LEAVE): (ExpertState.LEFT, _BOTH),
    (ExpertState.REFUSED, ExpertEvent.APPLY_AGAIN): (ExpertState.APPLIED, _EXPERT),
    (ExpertState.LEFT, ExpertEvent.APPLY_AGAIN): (ExpertState.APPLIED, _EXPERT),
}
"""Where an event leads from a state, and who may bring it about; what is not here cannot happen."""
LIVE: Final = frozenset({ExpertState.INVITED, ExpertState.APPLIED, ExpertState.LISTED, ExpertState.PAUSED})
"""The states of an entry that its expert and the office still work on."""
GRANTED: Final = frozenset({ExpertState.LISTED, ExpertState.PAUSED})
"""The states in which somebody holds the role of an expert."""
NAMES: Final[Mapping[ExpertState, str]] = {
    ExpertState.INVITED: "已邀请，等本人接受",
    ExpertState.APPLIED: "已申请，等主办方决定",
    ExpertState.LISTED: "在库",
    ExpertState.PAUSED: "已暂停",
    ExpertState.REFUSED: "申请没有通过",
    ExpertState.LEFT: "已退出",
}
_ACTS: Final[Mapping[ExpertEvent, str]] = {
    ExpertEvent.ACCEPT: "接受邀请",
    ExpertEvent.LIST: "同意入库",
    ExpertEvent.REFUSE: "谢绝申请",
    ExpertEvent.PAUSE: "暂停",
    ExpertEvent.RESUME: "恢复",
    ExpertEvent.LEAVE: "退出",
    ExpertEvent.APPLY_AGAIN: "重新申请",
}


def after(state: ExpertState, event: ExpertEvent, party: Party) -> ExpertState:
    """The state to which an event leads; Conflict where it cannot happen now, NotAllowed where the other side decides."""
    move = MOVES.get((state, event))
    if move is None:
        message = f"这位专家现在的状态是“{NAMES[state]}”，不能{_ACTS[event]}。请刷新页面，按最新状态办理。"
        raise Conflict(message, code="expert_moved_on")
    following, parties = move
    if party not in parties:
        whose = "专家本人" if parties == _EXPERT else "主办方"
        raise NotAllowed(f"{_ACTS[event]}由{whose}办理。", code="other_side_decides")
    return following


def may(state: ExpertState, event: ExpertEvent, party: Party, *, reason: str = "") -> bool:
    """Whether a party may bring an event about; `reason` is what stands with the state."""
    move = MOVES.get((state, event))
    return move is not None and party in move[1] and not (event is ExpertEvent.RESUME and _is_held(party, reason))


def require_may_resume(party: Party, reason: str) -> None:
    """Raise NotAllowed where an expert would take up what the office has paused: that one carries its reason."""
    if _is_held(party, reason):
        message = f"是主办方暂停的（{reason}），请联系主办方恢复。"
        raise NotAllowed(message, code="paused_by_office")


def needs_reason(event: ExpertEvent, party: Party) -> bool:
    """Whether whoever brings an event about must say why."""
    by_office = party is Party.OFFICE and event is ExpertEvent.PAUSE
    return by_office or event in {ExpertEvent.REFUSE, ExpertEvent.LEAVE}


def _is_held(party: Party, reason: str) -> bool:
    return party is Party.EXPERT and bool(reason)

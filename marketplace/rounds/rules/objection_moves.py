"""The machine of an objection to a published result: filed, taken or not, decided, done; withdrawn or appealed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from marketplace.rounds.outcome_words import Ground, ObjectionEvent, ObjectionState
from marketplace.rounds.rules.machines import Machine, Move, Reason, machine
from marketplace.rounds.words import Part


@dataclass(frozen=True, slots=True)
class ObjectionFacts:
    """What the guards of an objection ask.

    has_reason     whether reasons are given with the move
    has_ground     whether one of the closed grounds is named
    has_remedy     whether what follows is named, and the bids that it is about where it asks for some
    took_part      whether the handler scored, decided, belongs to a bidder, or filed the objection
    extended       whether the time to decide was extended before
    appeal_until   until when an appeal may be filed; None where there was no decision
    is_done        whether what was upheld has been brought about
    """

    has_reason: bool = False
    has_ground: bool = False
    has_remedy: bool = False
    took_part: bool = False
    extended: bool = False
    appeal_until: datetime | None = None
    is_done: bool = False


ObjectionMove = Move[ObjectionState, ObjectionEvent, ObjectionFacts]
ObjectionMachine = Machine[ObjectionState, ObjectionEvent, ObjectionFacts]


def _apart(facts: ObjectionFacts, _now: datetime) -> Reason | None:
    if facts.took_part:
        return Reason(
            "took_part", "参加过评审、决定，属于申报单位，或者自己提出这项异议的人员不能办理，请由另一名受理人办理。"
        )
    return None


def _reasoned(facts: ObjectionFacts, _now: datetime) -> Reason | None:
    return None if facts.has_reason else Reason("no_reason", "请写明理由，会答复给异议人。")


def _grounded(facts: ObjectionFacts, _now: datetime) -> Reason | None:
    return None if facts.has_ground else Reason("no_ground", "请选择不予受理的情形；除所列情形外都应当受理。")


def _remedied(facts: ObjectionFacts, _now: datetime) -> Reason | None:
    if facts.has_remedy:
        return None
    return Reason("no_remedy", "请选择怎样落实；重新评审的，还要选择涉及哪些申报。")


def _once(facts: ObjectionFacts, _now: datetime) -> Reason | None:
    return Reason("extended_before", "办理期限只能延长一次。") if facts.extended else None


def _in_time(facts: ObjectionFacts, now: datetime) -> Reason | None:
    if facts.appeal_until is not None and now < facts.appeal_until:
        return None
    return Reason("appeal_late", "已过申诉期限。")


def _done(facts: ObjectionFacts, _now: datetime) -> Reason | None:
    return None if facts.is_done else Reason("not_done", "还没有落实。")


S, E = ObjectionState, ObjectionEvent
_HANDLER: Final = frozenset({Part.OBJECTIONS})
_SUPERVISOR: Final = frozenset({Part.SUPERVISOR})
_FILER: Final = frozenset({Part.BIDDER})
_BEING_DONE: Final = (S.ACCEPTED, S.INVESTIGATING)
_UPHELD: Final = (S.UPHELD, S.PARTLY_UPHELD)

OPEN: Final = (S.SUBMITTED, S.ACCEPTED, S.INVESTIGATING, S.ESCALATED)
"""While an objection stands in one of these nothing is awarded."""
UNFULFILLED: Final = _UPHELD
"""Upheld, and not brought about yet."""
MACHINE: Final[ObjectionMachine] = machine(
    (
        Move(S.SUBMITTED, E.ACCEPT, S.ACCEPTED, _HANDLER, (_apart,)),
        Move(S.SUBMITTED, E.REJECT, S.REJECTED, _HANDLER, (_apart, _grounded, _reasoned)),
        Move(S.ACCEPTED, E.INVESTIGATE, S.INVESTIGATING, _HANDLER, (_apart,)),
        *(Move(s, E.EXTEND, s, _HANDLER, (_apart, _once, _reasoned)) for s in _BEING_DONE),
        *(Move(s, E.UPHOLD, S.UPHELD, _HANDLER, (_apart, _remedied, _reasoned)) for s in _BEING_DONE),
        *(Move(s, E.UPHOLD_PARTLY, S.PARTLY_UPHELD, _HANDLER, (_apart, _remedied, _reasoned)) for s in _BEING_DONE),
        *(Move(s, E.DISMISS, S.DISMISSED, _HANDLER, (_apart, _reasoned)) for s in _BEING_DONE),
        *(Move(s, E.IMPLEMENT, S.IMPLEMENTED, _SUPERVISOR | _HANDLER, (_done,)) for s in _UPHELD),
        *(Move(s, E.WITHDRAW, S.WITHDRAWN, _FILER) for s in (S.SUBMITTED, *_BEING_DONE)),
        *(Move(s, E.ESCALATE, S.ESCALATED, _FILER, (_in_time, _reasoned)) for s in (S.REJECTED, S.DISMISSED)),
        Move(S.ESCALATED, E.OVERTURN, S.UPHELD, _SUPERVISOR, (_apart, _remedied, _reasoned)),
        Move(S.ESCALATED, E.CONFIRM, S.FINAL, _SUPERVISOR, (_apart, _reasoned)),
    ),
    names={
        S.SUBMITTED: "已提交，待受理",
        S.REJECTED: "不予受理",
        S.ACCEPTED: "已受理",
        S.INVESTIGATING: "核查中",
        S.UPHELD: "成立",
        S.PARTLY_UPHELD: "部分成立",
        S.DISMISSED: "不成立",
        S.IMPLEMENTED: "成立，已落实",
        S.WITHDRAWN: "已撤回",
        S.ESCALATED: "申诉中",
        S.FINAL: "申诉后维持",
    },
    wrong_part={
        E.ACCEPT: "只有指定的异议受理人可以受理。",
        E.REJECT: "只有指定的异议受理人可以决定不予受理。",
        E.INVESTIGATE: "只有指定的异议受理人可以核查。",
        E.EXTEND: "只有指定的异议受理人可以延长期限。",
        E.UPHOLD: "只有指定的异议受理人可以作出结论。",
        E.UPHOLD_PARTLY: "只有指定的异议受理人可以作出结论。",
        E.DISMISS: "只有指定的异议受理人可以作出结论。",
        E.IMPLEMENT: "只有监督人员或异议受理人可以确认落实。",
        E.WITHDRAW: "只有异议人可以撤回。",
        E.ESCALATE: "只有异议人可以申诉。",
        E.OVERTURN: "只有监督人员可以决定申诉。",
        E.CONFIRM: "只有监督人员可以决定申诉。",
    },
)
GROUNDS: Final[Mapping[Ground, str]] = {
    Ground.LATE: "超过公示期提出",
    Ground.NO_INTEREST: "异议人与结果没有利害关系",
    Ground.NO_EVIDENCE: "没有提供事实依据",
    Ground.REPEATED: "就同一事项重复提出",
    Ground.OUT_OF_SCOPE: "不属于异议受理范围",
}

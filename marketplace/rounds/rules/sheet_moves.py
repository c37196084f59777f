"""The machine of a sheet: assigned, being filled in, handed in, fixed; or excused or void."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from marketplace.rounds.panel_words import SheetEvent, SheetState
from marketplace.rounds.rules.machines import Machine, Move, Reason, machine
from marketplace.rounds.words import Part, RoundState


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What the guards of a sheet ask.

    round_state   the state of its round
    suspended     whether the round's clocks stand still
    declared      whether its expert has declared and was accepted
    missing       what the sheet lacks, in words
    has_reason    whether a reason is given with the move
    """

    round_state: RoundState = RoundState.REVIEW
    suspended: bool = False
    declared: bool = False
    missing: tuple[str, ...] = ()
    has_reason: bool = False


SheetMove = Move[SheetState, SheetEvent, SheetFacts]
SheetMachine = Machine[SheetState, SheetEvent, SheetFacts]


def _in_review(facts: SheetFacts, _now: datetime) -> Reason | None:
    if facts.suspended:
        return Reason("suspended", "活动已中止，恢复之前不能评分；已填的内容都保留着。")
    if facts.round_state is not RoundState.REVIEW:
        return Reason("not_in_review", "评审已经结束，评分表不能再改。")
    if not facts.declared:
        return Reason("not_declared", "请先完成承诺，再开始评分。")
    return None


def _complete(facts: SheetFacts, _now: datetime) -> Reason | None:
    return Reason("incomplete", "还不能提交：" + "；".join(facts.missing) + "。") if facts.missing else None


def _in_consensus(facts: SheetFacts, _now: datetime) -> Reason | None:
    if facts.suspended:
        return Reason("suspended", "活动已中止，恢复之前不能进行这一步。")
    if facts.round_state is RoundState.CONSENSUS:
        return None
    return Reason("not_in_consensus", "只有合议期间可以更正分数。")


def _reasoned(facts: SheetFacts, _now: datetime) -> Reason | None:
    return None if facts.has_reason else Reason("no_reason", "请写明理由，它会进入留痕。")


S, E = SheetState, SheetEvent
_EXPERT, _ROUND = frozenset({Part.EXPERT}), frozenset({Part.ROUND})

MACHINE: Final[SheetMachine] = machine(
    (
        Move(S.ASSIGNED, E.SAVE, S.DRAFT, _EXPERT, (_in_review,)),
        Move(S.DRAFT, E.SAVE, S.DRAFT, _EXPERT, (_in_review,)),
        Move(S.DRAFT, E.SUBMIT, S.SUBMITTED, _EXPERT, (_in_review, _complete)),
        Move(S.SUBMITTED, E.TAKE_BACK, S.DRAFT, _EXPERT, (_in_review,)),
        Move(S.SUBMITTED, E.LOCK, S.LOCKED, _ROUND),
        Move(S.LOCKED, E.CORRECT, S.LOCKED, _EXPERT, (_in_consensus, _complete, _reasoned)),
        Move(S.ASSIGNED, E.EXCUSE, S.EXCUSED, _ROUND, (_reasoned,)),
        *(Move(s, E.VOID, S.VOID, _ROUND, (_reasoned,)) for s in (S.ASSIGNED, S.DRAFT, S.SUBMITTED, S.LOCKED)),
    ),
    names={
        S.ASSIGNED: "未开始",
        S.DRAFT: "评分中",
        S.SUBMITTED: "已提交",
        S.LOCKED: "已锁定",
        S.EXCUSED: "回避",
        S.VOID: "已作废",
    },
    wrong_part={
        E.SAVE: "只有专家本人可以评分。",
        E.SUBMIT: "只有专家本人可以提交评分表。",
        E.TAKE_BACK: "只有专家本人可以取回评分表。",
        E.LOCK: "评审结束时由系统锁定。",
        E.CORRECT: "只有打分的专家本人可以更正。",
        E.EXCUSE: "回避由系统办理。",
        E.VOID: "回避由系统办理。",
    },
)

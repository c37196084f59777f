"""The machine of a member of a panel: drawn, invited, declared on names, judging, or out of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from marketplace.rounds.panel_words import MemberEvent, MemberState
from marketplace.rounds.rules.machines import Machine, Move, Reason, machine
from marketplace.rounds.words import Part, RoundState


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """What the guards of a member ask.

    round_state      the state of its round
    suspended        whether the round's clocks stand still
    has_reason       whether a reason is given with the move
    has_agreed       whether the declaration was agreed to, and each bid answered for
    undecided        soft conflicts with bids of the track that nobody has decided
    may_judge        bids that are left to it
    unfinished       sheets that are not handed in
    is_needed        whether the panel lacks somebody, so that a reserve may be called
    """

    round_state: RoundState = RoundState.REVIEW
    suspended: bool = False
    has_reason: bool = False
    has_agreed: bool = False
    undecided: int = 0
    may_judge: int = 0
    unfinished: int = 0
    is_needed: bool = False


MemberMove = Move[MemberState, MemberEvent, MemberFacts]
MemberMachine = Machine[MemberState, MemberEvent, MemberFacts]


def _in_review(facts: MemberFacts, _now: datetime) -> Reason | None:
    if facts.suspended:
        return Reason("suspended", "活动已中止，恢复之前不能进行这一步。")
    if facts.round_state is RoundState.REVIEW:
        return None
    return Reason("not_in_review", "活动不在专家评审阶段，不能进行这一步。")


def _not_awarded(facts: MemberFacts, _now: datetime) -> Reason | None:
    if facts.round_state in {RoundState.REVIEW, RoundState.CONSENSUS, RoundState.DECISION, RoundState.PUBLICITY}:
        return None
    return Reason("past_publicity", "结果已经确定，不能再在这里申请回避；请向监督部门书面反映，由其处理。")


def _reasoned(facts: MemberFacts, _now: datetime) -> Reason | None:
    return None if facts.has_reason else Reason("no_reason", "请写明理由，它会进入留痕。")


def _agreed(facts: MemberFacts, _now: datetime) -> Reason | None:
    if facts.has_agreed:
        return None
    return Reason("not_declared", "请对名单上的每一份申报说明有无利害关系，并确认承诺。")


def _decided(facts: MemberFacts, _now: datetime) -> Reason | None:
    if facts.undecided:
        return Reason("conflicts_undecided", f"还有 {facts.undecided} 项可能的利害关系等待主办方认定。")
    if not facts.may_judge:
        return Reason("nothing_to_judge", "与全部申报都应当回避，不能参加这个赛道的评审。")
    return None


def _all_in(facts: MemberFacts, _now: datetime) -> Reason | None:
    return Reason("sheets_left", f"还有 {facts.unfinished} 张评分表没有提交。") if facts.unfinished else None


def _needed(facts: MemberFacts, _now: datetime) -> Reason | None:
    if facts.is_needed:
        return None
    return Reason("panel_full", "评审组人数已满，有人退出或需要加评时才能递补。")


S, E = MemberState, MemberEvent
_EXPERT, _ROUND = frozenset({Part.EXPERT}), frozenset({Part.ROUND})
_OFFICE: Final = frozenset({Part.ISSUER, Part.ORGANISER})
_BEFORE: Final = (S.DRAWN, S.INVITED, S.DECLARED)
"""Nothing of what a bid says is open to these."""
_JUDGING: Final = (S.ACCEPTED, S.IN_PROGRESS, S.SUBMITTED, S.LOCKED)

MACHINE: Final[MemberMachine] = machine(
    (
        Move(S.DRAWN, E.INVITE, S.INVITED, _OFFICE | _ROUND, (_in_review, _needed)),
        Move(S.INVITED, E.DECLARE, S.DECLARED, _EXPERT, (_in_review, _agreed)),
        Move(S.DECLARED, E.ACCEPT, S.ACCEPTED, _ROUND, (_in_review, _decided)),
        Move(S.INVITED, E.DECLINE, S.DECLINED, _EXPERT, (_not_awarded, _reasoned)),
        Move(S.DECLARED, E.DECLINE, S.DECLINED, _EXPERT, (_not_awarded, _reasoned)),
        Move(S.INVITED, E.EXPIRE, S.DECLINED, _OFFICE, (_not_awarded, _reasoned)),
        *(Move(s, E.RECUSE, S.RECUSED, _OFFICE | _EXPERT | _ROUND, (_not_awarded, _reasoned)) for s in _BEFORE),
        Move(S.ACCEPTED, E.BEGIN, S.IN_PROGRESS, _ROUND, (_in_review,)),
        Move(S.ACCEPTED, E.FINISH, S.SUBMITTED, _ROUND, (_in_review, _all_in)),
        Move(S.IN_PROGRESS, E.FINISH, S.SUBMITTED, _ROUND, (_in_review, _all_in)),
        Move(S.SUBMITTED, E.GO_ON, S.IN_PROGRESS, _ROUND, (_in_review,)),
        Move(S.SUBMITTED, E.LOCK, S.LOCKED, _ROUND),
        Move(S.LOCKED, E.GO_ON, S.IN_PROGRESS, _ROUND, (_in_review,)),
        *(
            Move(s, E.RECUSE_LATE, S.RECUSED_LATE, _OFFICE | _EXPERT | _ROUND, (_not_awarded, _reasoned))
            for s in _JUDGING
        ),
    ),
    names={
        S.DRAWN: "候补",
        S.INVITED: "待答复",
        S.DECLARED: "已承诺，待认定",
        S.ACCEPTED: "已接受",
        S.IN_PROGRESS: "评审中",
        S.SUBMITTED: "已交齐",
        S.LOCKED: "已锁定",
        S.DECLINED: "不参加",
        S.RECUSED: "已回避",
        S.RECUSED_LATE: "事后回避",
    },
    wrong_part={
        E.INVITE: "只有主办方可以递补专家。",
        E.DECLARE: "只有专家本人可以承诺。",
        E.ACCEPT: "承诺并认定完毕后由系统办理。",
        E.DECLINE: "只有专家本人可以答复不参加。",
        E.EXPIRE: "只有主办方可以按逾期未答复处理。",
        E.RECUSE: "只有专家本人或主办方可以办理回避。",
        E.BEGIN: "专家开始评分时由系统办理。",
        E.FINISH: "评分表交齐时由系统办理。",
        E.GO_ON: "有评分表要改时由系统办理。",
        E.LOCK: "评审结束时由系统锁定。",
        E.RECUSE_LATE: "只有专家本人或主办方可以办理回避。",
    },
)

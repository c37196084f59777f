"""The second half of a round's machine: the experts' review, consensus, decision, publicity, award."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from marketplace.rounds.rules.machines import Move, Reason
from marketplace.rounds.rules.round_facts import RoundFacts
from marketplace.rounds.words import Part, RoundEvent, RoundState

DECIDERS: Final = 2


def running(facts: RoundFacts, _now: datetime) -> Reason | None:
    """Whether the clocks run."""
    return Reason("suspended", "活动已中止，恢复之前不能进行这一步。") if facts.suspended else None


def _reasoned(facts: RoundFacts, _now: datetime) -> Reason | None:
    return None if facts.has_reason else Reason("no_reason", "请写明理由，它会进入留痕。")


def _sheets_in(facts: RoundFacts, _now: datetime) -> Reason | None:
    if facts.chairless_tracks:
        return Reason("no_chair", "还没有指定评审组长：" + "、".join(facts.chairless_tracks) + "。")
    if facts.sheets_left:
        return Reason("sheets_left", f"还有 {facts.sheets_left} 张评分表没有提交。")
    if facts.thin_bids:
        message = f"有 {facts.thin_bids} 份申报的有效评分表不足规定张数，请递补专家。"
        return Reason("too_few_sheets", message)
    return Reason("unscorable", facts.unscorable) if facts.unscorable else None


def _full_or_accounted_for(facts: RoundFacts, _now: datetime) -> Reason | None:
    # Nobody says anything about a panel that is complete; one that is not ends the review by a decision with a reason.
    if facts.has_reason or not (facts.short_bids or facts.short_tracks):
        return None
    message = (
        f"有 {facts.short_bids} 份申报的评分表少于评审组人数。请递补专家；不再递补的，由主办方写明理由后结束评审。"
    )
    return Reason("panel_short", message)


def _agreed_on(facts: RoundFacts, _now: datetime) -> Reason | None:
    if facts.uncommented:
        message = f"有 {facts.uncommented} 份申报分歧较大，请先由评审专家写明意见，或增加一名专家。"
        return Reason("divergence_uncommented", message)
    if facts.unscorable:
        return Reason("unscorable", facts.unscorable)
    if facts.unconfirmed:
        return Reason("unconfirmed", f"还有 {facts.unconfirmed} 份申报的得分没有经评审组长（或代组长）确认。")
    return None


def _conflicts_decided(facts: RoundFacts, _now: datetime) -> Reason | None:
    if facts.open_conflicts:
        message = f"还有 {facts.open_conflicts} 项专家可能的利害关系没有认定，请主办方先认定。"
        return Reason("conflicts_undecided", message)
    return None


def _another_stage(facts: RoundFacts, _now: datetime) -> Reason | None:
    return Reason("last_stage", "评审环节已经全部完成。") if facts.is_last_stage else None


def _no_other_stage(facts: RoundFacts, _now: datetime) -> Reason | None:
    return None if facts.is_last_stage else Reason("stage_follows", "后面还有评审环节，应先进入下一环节。")


def _decidable(facts: RoundFacts, _now: datetime) -> Reason | None:
    if facts.undecidable:
        return Reason("undecidable", "还不能公示：" + "；".join(facts.undecidable) + "。")
    return None


def _two_deciders(facts: RoundFacts, _now: datetime) -> Reason | None:
    left = DECIDERS - facts.deciders
    return Reason("deciders_missing", f"还差 {left} 名决定人作出同样的决定。") if left > 0 else None


def _publicity_over(facts: RoundFacts, now: datetime) -> Reason | None:
    if facts.publicity_ends is not None and now >= facts.publicity_ends:
        return None
    return Reason("not_yet", "公示期还没有结束。")


def _nothing_open(facts: RoundFacts, _now: datetime) -> Reason | None:
    if facts.open_objections:
        return Reason("objections_open", f"还有 {facts.open_objections} 项异议没有办结，办结之前不能定榜。")
    if facts.unfulfilled:
        return Reason("objections_unfulfilled", f"有 {facts.unfulfilled} 项成立的异议还没有落实，落实之前不能定榜。")
    return None


def _upheld(facts: RoundFacts, _now: datetime) -> Reason | None:
    return None if facts.unfulfilled else Reason("nothing_upheld", "没有待落实的成立异议，不能重新评审或重新决定。")


def _somebody_in_reserve(facts: RoundFacts, _now: datetime) -> Reason | None:
    return None if facts.promotable else Reason("no_reserve", "没有中选方退出，或没有候补可以递补。")


def _nobody_left(facts: RoundFacts, _now: datetime) -> Reason | None:
    if facts.winnerless and not facts.promotable:
        return None
    return Reason("winners_left", "还有中选方或候补，不能按流榜处理。")


S, E = RoundState, RoundEvent
_CLOCK, _ROUND = frozenset({Part.CLOCK}), frozenset({Part.ROUND})
_DECIDER, _SUPERVISOR = frozenset({Part.DECIDER}), frozenset({Part.SUPERVISOR})
_CHAIR: Final = frozenset({Part.CHAIR})
_ADDERS: Final = frozenset({Part.CHAIR, Part.ISSUER, Part.ORGANISER})
_CLOSERS: Final = frozenset({Part.CLOCK, Part.ISSUER, Part.ORGANISER})

STATES: Final = (S.REVIEW, S.CONSENSUS, S.DECISION, S.PUBLICITY)
"""Where a round may be suspended or ended before its time."""
MOVES: Final = (
    Move(S.REVIEW, E.CLOSE_REVIEW, S.CONSENSUS, _CLOSERS, (running, _sheets_in, _full_or_accounted_for)),
    Move(S.CONSENSUS, E.ADD_EXPERT, S.REVIEW, _ADDERS, (running, _reasoned)),
    Move(S.CONSENSUS, E.ADVANCE, S.REVIEW, _CHAIR, (running, _another_stage, _conflicts_decided, _agreed_on)),
    Move(S.CONSENSUS, E.FREEZE, S.DECISION, _CHAIR, (running, _no_other_stage, _conflicts_decided, _agreed_on)),
    *(Move(s, E.VOID_SCORES, S.REVIEW, _ROUND, (_reasoned,)) for s in (S.CONSENSUS, S.DECISION, S.PUBLICITY)),
    Move(S.DECISION, E.ANNOUNCE, S.PUBLICITY, _DECIDER, (running, _decidable, _conflicts_decided, _two_deciders)),
    Move(S.DECISION, E.FAIL, S.FAILED, _DECIDER, (running, _reasoned, _two_deciders)),
    Move(S.PUBLICITY, E.AWARD, S.AWARDED, _CLOCK, (running, _publicity_over, _nothing_open, _conflicts_decided)),
    Move(S.PUBLICITY, E.REVIEW_AGAIN, S.REVIEW, _SUPERVISOR, (running, _reasoned, _upheld)),
    Move(S.PUBLICITY, E.DECIDE_AGAIN, S.DECISION, _SUPERVISOR, (running, _reasoned, _upheld)),
    Move(S.AWARDED, E.CALL_RESERVE, S.PUBLICITY, _CLOCK, (_somebody_in_reserve,)),
    Move(S.AWARDED, E.FAIL, S.FAILED, _CLOCK, (_nobody_left,)),
)
NAMES: Final[Mapping[RoundState, str]] = {
    S.REVIEW: "专家评审",
    S.CONSENSUS: "合议",
    S.DECISION: "集体研究",
    S.PUBLICITY: "结果公示",
    S.AWARDED: "已定榜",
}
WRONG_PART: Final[Mapping[RoundEvent, str]] = {
    E.CLOSE_REVIEW: "评分表交齐后由系统转入合议；评审组不满员的，由主办方办理。",
    E.ADD_EXPERT: "只有评审组长或主办方可以增加专家。",
    E.ADVANCE: "只有评审组长可以确认本环节结果。",
    E.FREEZE: "只有评审组长可以确认评审结果。",
    E.VOID_SCORES: "事后回避使得分作废时由系统办理。",
    E.ANNOUNCE: "只有决定人可以决定公示。",
    E.AWARD: "公示期满由系统定榜，不能人工提前。",
    E.REVIEW_AGAIN: "只有监督人员可以要求重新评审。",
    E.DECIDE_AGAIN: "只有监督人员可以要求重新研究决定。",
    E.CALL_RESERVE: "中选方放弃、逾期未确认或被取消时，由系统按次序递补。",
}

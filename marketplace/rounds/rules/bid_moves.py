"""The machine of a bid, from a draft to its final answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from marketplace.rounds.rules.machines import Machine, Move, Reason, machine
from marketplace.rounds.words import BidEvent, BidState, Part, RoundState


@dataclass(frozen=True, slots=True)
class BidFacts:
    """What the guards of a bid ask.

    round_state       the state of its round
    suspended         whether the round's clocks stand still
    arrived           when the last byte of the request arrived: that hour counts, not the one of writing it down
    deadline          of the round
    missing           what the bid still lacks, in words
    unconfirmed       partners who have not confirmed that they take part
    other_live        whether the unit has another live bid on the track
    alone_besides     members of the team that also bid alone on the track
    has_reason        whether a reason is given with the move
    has_evidence      whether the condition and the evidence are named
    window_ends       when the window of 补正 ends; None where none was opened
    window_hours      how long the window would be
    least_hours       how long it must be at least
    asked_before      whether the same item was to be put right before
    agreeing          different checkers who came to this result
    """

    round_state: RoundState = RoundState.OPEN
    suspended: bool = False
    arrived: datetime | None = None
    deadline: datetime | None = None
    missing: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    other_live: bool = False
    alone_besides: tuple[str, ...] = ()
    has_reason: bool = False
    has_evidence: bool = False
    window_ends: datetime | None = None
    window_hours: int = 0
    least_hours: int = 24
    asked_before: bool = False
    agreeing: int = 0


BidMove = Move[BidState, BidEvent, BidFacts]
BidMachine = Machine[BidState, BidEvent, BidFacts]
CHECKERS: Final = 2


def _in_time(facts: BidFacts, now: datetime) -> Reason | None:
    if facts.suspended:
        return Reason("suspended", "活动已中止，暂不接受申报；恢复后剩余时间照旧。")
    if facts.round_state is not RoundState.OPEN:
        return Reason("not_open", "这个活动现在不接受申报。")
    arrived = facts.arrived or now
    if facts.deadline is None or arrived >= facts.deadline:
        return Reason("deadline_past", "申报已经截止，未能受理。截止时间以服务器时钟为准。")
    return None


def _complete(facts: BidFacts, _now: datetime) -> Reason | None:
    return Reason("incomplete", "还不能提交：" + "；".join(facts.missing) + "。") if facts.missing else None


def _together(facts: BidFacts, _now: datetime) -> Reason | None:
    if facts.unconfirmed:
        return Reason("partners_unconfirmed", "以下成员还没有确认参加：" + "、".join(facts.unconfirmed) + "。")
    if facts.alone_besides:
        named = "、".join(facts.alone_besides)
        return Reason("bids_alone_besides", f"以下成员在同一赛道另有单独申报：{named}。请先撤回其中一份。")
    return None


def _only_one(facts: BidFacts, _now: datetime) -> Reason | None:
    if facts.other_live:
        return Reason("another_live_bid", "您单位在这个赛道已有一份有效申报，请修改或撤回那一份。")
    return None


def _deadline_due(facts: BidFacts, now: datetime) -> Reason | None:
    if facts.round_state is RoundState.CANCELLED or (facts.deadline is not None and now >= facts.deadline):
        return None
    return Reason("not_yet", "还没有到截止时间。")


def _being_checked(facts: BidFacts, _now: datetime) -> Reason | None:
    if facts.suspended:
        return Reason("suspended", "活动已中止，恢复之前不能进行这一步。")
    if facts.round_state is RoundState.ELIGIBILITY:
        return None
    return Reason("not_in_check", "资格审查不在进行中。")


def _named(facts: BidFacts, _now: datetime) -> Reason | None:
    if facts.has_reason and facts.has_evidence:
        return None
    return Reason("no_ground", "请写明对应的申报条件、依据和理由，申报人会看到。")


def _fair_window(facts: BidFacts, _now: datetime) -> Reason | None:
    if facts.asked_before:
        return Reason("asked_before", "同一事项只能要求补正一次。")
    if facts.window_hours < facts.least_hours:
        return Reason("window_too_short", f"补正时间不得少于 {facts.least_hours} 小时。")
    return None


def _window_open(facts: BidFacts, now: datetime) -> Reason | None:
    arrived = facts.arrived or now
    if facts.window_ends is not None and arrived < facts.window_ends:
        return None
    return Reason("window_past", "补正期限已过，未能受理。")


def _window_over(facts: BidFacts, now: datetime) -> Reason | None:
    if facts.window_ends is not None and now >= facts.window_ends:
        return None
    return Reason("not_yet", "补正期还没有结束。")


def _agreed(facts: BidFacts, _now: datetime) -> Reason | None:
    left = CHECKERS - facts.agreeing
    return Reason("second_checker", f"还需要 {left} 名审查人作出同样的结论。") if left > 0 else None


def _reasoned(facts: BidFacts, _now: datetime) -> Reason | None:
    return None if facts.has_reason else Reason("no_reason", "请写明理由，它会进入留痕。")


def _to_be_confirmed(facts: BidFacts, _now: datetime) -> Reason | None:
    if facts.round_state in {RoundState.PUBLICITY, RoundState.AWARDED}:
        return None
    return Reason("nothing_to_decline", "现在没有需要答复的中选结果。")


S, E = BidState, BidEvent
_BIDDER, _CHECKER = frozenset({Part.BIDDER}), frozenset({Part.CHECKER})
_CLOCK, _ROUND = frozenset({Part.CLOCK}), frozenset({Part.ROUND})
_REOPENERS: Final = frozenset({Part.SUPERVISOR, Part.OBJECTIONS})
_SUPERVISOR: Final = frozenset({Part.SUPERVISOR})
_DECIDED: Final = (S.PROPOSED, S.RESERVE, S.NOT_SELECTED)
_UNSUCCESSFUL: Final = (S.IN_REVIEW, S.SCORED, S.RESERVE, S.NOT_SELECTED)
_HANDED_IN: Final = (_in_time, _complete, _together, _only_one)

MACHINE: Final[BidMachine] = machine(
    (
        Move(S.DRAFT, E.SUBMIT, S.SUBMITTED, _BIDDER, _HANDED_IN),
        Move(S.SUBMITTED, E.REPLACE, S.SUBMITTED, _BIDDER, _HANDED_IN),
        Move(S.NEEDS_RECONFIRM, E.REPLACE, S.SUBMITTED, _BIDDER, _HANDED_IN),
        Move(S.SUBMITTED, E.WITHDRAW, S.WITHDRAWN, _BIDDER, (_in_time,)),
        Move(S.NEEDS_RECONFIRM, E.WITHDRAW, S.WITHDRAWN, _BIDDER, (_in_time,)),
        Move(S.WITHDRAWN, E.TAKE_UP, S.DRAFT, _BIDDER, (_in_time, _only_one)),
        Move(S.SUBMITTED, E.UNSETTLE, S.NEEDS_RECONFIRM, _ROUND),
        Move(S.NEEDS_RECONFIRM, E.RECONFIRM, S.SUBMITTED, _BIDDER, (_in_time, _together)),
        Move(S.DRAFT, E.LAPSE, S.LAPSED, _CLOCK, (_deadline_due,)),
        Move(S.NEEDS_RECONFIRM, E.LAPSE, S.LAPSED, _CLOCK, (_deadline_due,)),
        Move(S.SUBMITTED, E.OPEN, S.OPENED, _ROUND),
        Move(S.OPENED, E.ASK_CORRECTION, S.CORRECTION_REQUESTED, _CHECKER, (_being_checked, _named, _fair_window)),
        Move(S.CORRECTION_REQUESTED, E.CORRECT, S.OPENED, _BIDDER, (_being_checked, _window_open)),
        Move(S.CORRECTION_REQUESTED, E.CLOSE_CORRECTION, S.OPENED, _CLOCK, (_being_checked, _window_over)),
        Move(S.OPENED, E.ACCEPT, S.ELIGIBLE, _CHECKER, (_being_checked, _agreed)),
        Move(S.OPENED, E.REJECT, S.INELIGIBLE, _CHECKER, (_being_checked, _named, _agreed)),
        Move(S.INELIGIBLE, E.REOPEN, S.OPENED, _REOPENERS, (_being_checked, _named)),
        *(Move(state, E.RETURN, S.RETURNED, _ROUND) for state in (S.SUBMITTED, S.NEEDS_RECONFIRM)),
        Move(S.ELIGIBLE, E.BEGIN_REVIEW, S.IN_REVIEW, _ROUND),
        Move(S.IN_REVIEW, E.SCORE, S.SCORED, _ROUND),
        *(Move(state, E.REVIEW_AGAIN, S.IN_REVIEW, _ROUND) for state in (S.SCORED, *_DECIDED)),
        Move(S.SCORED, E.PROPOSE, S.PROPOSED, _ROUND),
        Move(S.SCORED, E.KEEP_IN_RESERVE, S.RESERVE, _ROUND),
        Move(S.SCORED, E.LEAVE_OUT, S.NOT_SELECTED, _ROUND),
        *(Move(state, E.DECIDE_AGAIN, S.SCORED, _ROUND) for state in _DECIDED),
        Move(S.PROPOSED, E.AWARD, S.AWARDED, _ROUND),
        *(Move(state, E.DENY, S.NOT_AWARDED, _ROUND) for state in _UNSUCCESSFUL),
        Move(S.AWARDED, E.DECLINE, S.DECLINED, _BIDDER | _CLOCK, (_to_be_confirmed,)),
        Move(S.AWARDED, E.REVOKE, S.REVOKED, _SUPERVISOR, (_reasoned,)),
        Move(S.RESERVE, E.PROPOSE, S.PROPOSED, _ROUND),
    ),
    names={
        S.DRAFT: "草稿",
        S.SUBMITTED: "已提交",
        S.NEEDS_RECONFIRM: "待重新确认",
        S.WITHDRAWN: "已撤回",
        S.LAPSED: "已失效",
        S.OPENED: "已开启",
        S.CORRECTION_REQUESTED: "待补正",
        S.ELIGIBLE: "通过资格审查",
        S.INELIGIBLE: "未通过资格审查",
        S.IN_REVIEW: "专家评审中",
        S.SCORED: "评审完毕",
        S.PROPOSED: "拟中选",
        S.RESERVE: "候补",
        S.NOT_SELECTED: "未入选",
        S.AWARDED: "中选",
        S.NOT_AWARDED: "未中选",
        S.DECLINED: "放弃中选",
        S.REVOKED: "取消中选",
        S.RETURNED: "未开启，已退回",
    },
    wrong_part={
        E.SUBMIT: "只有申报单位（联合体为牵头方）可以提交。",
        E.REPLACE: "只有申报单位（联合体为牵头方）可以替换申报。",
        E.WITHDRAW: "只有申报单位（联合体为牵头方）可以撤回。",
        E.TAKE_UP: "只有申报单位（联合体为牵头方）可以重新起草。",
        E.UNSETTLE: "公告修改后由系统通知申报单位重新确认。",
        E.RECONFIRM: "只有申报单位（联合体为牵头方）可以重新确认。",
        E.LAPSE: "到截止时间由系统处理。",
        E.OPEN: "申报由两名开启人一并开启。",
        E.ASK_CORRECTION: "只有资格审查人可以要求补正。",
        E.CORRECT: "只有申报单位（联合体为牵头方）可以补正。",
        E.CLOSE_CORRECTION: "补正期满由系统处理。",
        E.ACCEPT: "只有资格审查人可以作出结论。",
        E.REJECT: "只有资格审查人可以作出结论。",
        E.REOPEN: "只有异议受理人或监督人员可以要求重新审查。",
        E.RETURN: "活动结束时由系统处理。",
        E.BEGIN_REVIEW: "转入评审时由系统处理。",
        E.SCORE: "评审结果确认后由系统处理。",
        E.REVIEW_AGAIN: "重新评审时由系统处理。",
        E.PROPOSE: "决定公示后由系统处理。",
        E.KEEP_IN_RESERVE: "决定公示后由系统处理。",
        E.LEAVE_OUT: "决定公示后由系统处理。",
        E.DECIDE_AGAIN: "重新研究时由系统处理。",
        E.AWARD: "公示期满由系统处理。",
        E.DENY: "公示期满由系统处理。",
        E.DECLINE: "只有申报单位（联合体为牵头方）可以放弃中选。",
        E.REVOKE: "只有监督人员可以取消中选。",
    },
)

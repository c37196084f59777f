"""The machine of a round, from a draft to the award."""

from datetime import datetime
from typing import Final

from marketplace.rounds.rules import judging_moves as judging
from marketplace.rounds.rules.judging_moves import running
from marketplace.rounds.rules.machines import Machine, Move, Reason, machine
from marketplace.rounds.rules.round_facts import RoundFacts
from marketplace.rounds.words import Part, RoundEvent, RoundState

APPROVALS: Final = 2
"""Approval, opening and cancellation need two different people; neither wrote what they approve."""
OPENERS: Final = 2


RoundMove = Move[RoundState, RoundEvent, RoundFacts]
RoundMachine = Machine[RoundState, RoundEvent, RoundFacts]


def _complete(facts: RoundFacts, _now: datetime) -> Reason | None:
    if facts.missing:
        return Reason("incomplete", "还不能送审：" + "；".join(facts.missing) + "。")
    return None


def _reasoned(facts: RoundFacts, _now: datetime) -> Reason | None:
    return None if facts.has_reason else Reason("no_reason", "请写明理由，它会进入留痕。")


def _approved(facts: RoundFacts, _now: datetime) -> Reason | None:
    left = APPROVALS - facts.approvals
    return Reason("approvals_missing", f"还差 {left} 人审批，起草人不能审批自己的公告。") if left > 0 else None


def _fair(facts: RoundFacts, _now: datetime) -> Reason | None:
    if facts.fair_competition:
        return None
    return Reason(
        "fair_competition_missing",
        "公平竞争审查还没有通过，或审查之后公告又改了文字。请上传针对现在这一版的审查意见后再审批。",
    )


def _can_be_objected_to(facts: RoundFacts, _now: datetime) -> Reason | None:
    if facts.objection_contact:
        return None
    return Reason("objection_contact_missing", "公告没有写明异议受理人和联系方式，请退回补充。")


def _time_fixed(facts: RoundFacts, now: datetime) -> Reason | None:
    if facts.publish_at is None or facts.deadline is None:
        return Reason("times_missing", "还没有确定发布时间和截止时间，请先排定时间表。")
    if facts.publish_at < now:
        return Reason("publication_past", "排定的发布时间已过，请重新排定时间表。")
    return None


def _sealable(facts: RoundFacts, _now: datetime) -> Reason | None:
    if facts.key_ready:
        return None
    message = "三名口令保管人还没有全部设置并核对口令，申报无法加密，请先完成口令设置。"
    return Reason("key_missing", message)


def _standing_still(facts: RoundFacts, _now: datetime) -> Reason | None:
    return None if facts.suspended else Reason("not_suspended", "活动没有中止，不用恢复。")


def _publication_due(facts: RoundFacts, now: datetime) -> Reason | None:
    if facts.publish_at is not None and now >= facts.publish_at:
        return None
    return Reason("not_yet", "还没有到发布时间。")


def _before_deadline(facts: RoundFacts, now: datetime) -> Reason | None:
    if facts.deadline is not None and now < facts.deadline:
        return None
    return Reason("deadline_past", "申报已经截止，公告不能再修改。")


def _time_to_read(facts: RoundFacts, _now: datetime) -> Reason | None:
    if facts.deadline_moves or facts.workdays_left >= facts.notice_workdays:
        return None
    message = f"距截止不足 {facts.notice_workdays} 个工作日，修改公告必须同时顺延截止时间。"
    return Reason("too_late_to_amend", message)


def _deadline_due(facts: RoundFacts, now: datetime) -> Reason | None:
    if facts.deadline is not None and now >= facts.deadline:
        return None
    return Reason("not_yet", "还没有到截止时间。")


def _all_admitted(facts: RoundFacts, _now: datetime) -> Reason | None:
    if facts.being_admitted:
        return Reason("being_admitted", f"还有 {facts.being_admitted} 份按时送达的申报正在入库，稍后自动截止。")
    return None


def _both_keys(facts: RoundFacts, _now: datetime) -> Reason | None:
    left = OPENERS - facts.keys
    return Reason("keys_missing", f"还差 {left} 名开启人输入口令；开启需要两人到场。") if left > 0 else None


def _enough(facts: RoundFacts, _now: datetime) -> Reason | None:
    if facts.valid_bids >= facts.least_bids:
        return None
    message = f"有效申报 {facts.valid_bids} 份，少于公告规定的 {facts.least_bids} 份，应按流榜处理。"
    return Reason("too_few_bids", message)


def _too_few(facts: RoundFacts, _now: datetime) -> Reason | None:
    if facts.valid_bids < facts.least_bids:
        return None
    return Reason("enough_bids", f"有效申报 {facts.valid_bids} 份，已达到公告规定的份数，不能按流榜处理。")


def _all_judged(facts: RoundFacts, _now: datetime) -> Reason | None:
    if facts.open_corrections:
        return Reason("corrections_open", f"还有 {facts.open_corrections} 份申报在补正期内，期满后才能转入评审。")
    if facts.unjudged:
        return Reason("unjudged_bids", f"还有 {facts.unjudged} 份申报没有两名审查人的一致结论。")
    if facts.open_objections:
        return Reason("objections_open", f"还有 {facts.open_objections} 项对资格审查的异议没有答复。")
    return None


def _two_cancel(facts: RoundFacts, _now: datetime) -> Reason | None:
    left = APPROVALS - facts.cancellers
    return Reason("cancellers_missing", f"终止活动需要两人同意，还差 {left} 人。") if left > 0 else None


S, E = RoundState, RoundEvent
_ISSUER, _APPROVER, _CLOCK = frozenset({Part.ISSUER}), frozenset({Part.APPROVER}), frozenset({Part.CLOCK})
_STOPPERS: Final = frozenset({Part.APPROVER, Part.SUPERVISOR})
_STOPPED_IN: Final = (S.OPEN, S.SEALED, S.ELIGIBILITY, *judging.STATES)
_CANCELLED_FROM: Final = (S.INTERNAL_REVIEW, S.SCHEDULED, S.OPEN, S.SEALED, S.ELIGIBILITY, *judging.STATES)

MACHINE: Final[RoundMachine] = machine(
    (
        Move(S.DRAFT, E.HAND_IN, S.INTERNAL_REVIEW, _ISSUER, (_complete,)),
        Move(S.INTERNAL_REVIEW, E.SEND_BACK, S.DRAFT, _APPROVER, (_reasoned,)),
        Move(S.INTERNAL_REVIEW, E.TAKE_BACK, S.DRAFT, _ISSUER),
        Move(
            S.INTERNAL_REVIEW,
            E.APPROVE,
            S.SCHEDULED,
            _APPROVER,
            (_fair, _can_be_objected_to, _time_fixed, _sealable, _approved),
        ),
        Move(S.SCHEDULED, E.UNSCHEDULE, S.DRAFT, _ISSUER | _APPROVER, (_reasoned,)),
        Move(S.SCHEDULED, E.PUBLISH, S.OPEN, _CLOCK, (running, _publication_due)),
        Move(S.OPEN, E.AMEND, S.OPEN, _ISSUER, (running, _reasoned, _before_deadline, _time_to_read)),
        Move(S.OPEN, E.SEAL, S.SEALED, _CLOCK, (running, _deadline_due, _all_admitted)),
        Move(S.SEALED, E.OPEN_BIDS, S.ELIGIBILITY, frozenset({Part.OPENER}), (running, _enough, _both_keys)),
        Move(S.SEALED, E.FAIL, S.FAILED, frozenset({Part.CLOCK, Part.ORGANISER}), (running, _too_few)),
        Move(
            S.ELIGIBILITY,
            E.SEND_TO_REVIEW,
            S.REVIEW,
            frozenset({Part.CHECKER}),
            (running, _all_judged, _enough),
        ),
        Move(S.ELIGIBILITY, E.FAIL, S.FAILED, frozenset({Part.ORGANISER}), (running, _all_judged, _too_few)),
        *judging.MOVES,
        *(Move(state, E.SUSPEND, state, _STOPPERS, (running, _reasoned)) for state in _STOPPED_IN),
        *(Move(state, E.RESUME, state, _STOPPERS, (_standing_still, _reasoned)) for state in _STOPPED_IN),
        *(Move(state, E.CANCEL, S.CANCELLED, _APPROVER, (_reasoned, _two_cancel)) for state in _CANCELLED_FROM),
    ),
    names={
        S.DRAFT: "起草",
        S.INTERNAL_REVIEW: "内部审批",
        S.SCHEDULED: "待发布",
        S.OPEN: "申报中",
        S.SEALED: "已截止",
        S.ELIGIBILITY: "资格审查",
        **judging.NAMES,
        S.FAILED: "流榜",
        S.CANCELLED: "已终止",
    },
    wrong_part={
        E.HAND_IN: "只有起草单位可以送审。",
        E.SEND_BACK: "只有审批人可以退回。",
        E.TAKE_BACK: "只有起草单位可以撤回送审。",
        E.APPROVE: "只有审批人可以审批。",
        E.UNSCHEDULE: "只有起草单位或审批人可以取消发布。",
        E.PUBLISH: "到发布时间由系统自动发布，不能人工提前。",
        E.AMEND: "只有起草单位可以修改公告。",
        E.SEAL: "到截止时间由系统自动截止，不能人工提前。",
        E.OPEN_BIDS: "只有指定的开启人可以开启申报。",
        E.FAIL: "只有主办方可以按流榜处理；评审之后由决定人决定。",
        E.SEND_TO_REVIEW: "只有资格审查人可以转入评审。",
        **judging.WRONG_PART,
        E.SUSPEND: "只有审批人或监督人员可以中止活动。",
        E.RESUME: "只有审批人或监督人员可以恢复活动。",
        E.CANCEL: "只有审批人可以终止活动。",
    },
)

"""Handling objections: taken or not, looked into, decided with reasons, appeals decided; by who took no part in the result."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Invalid
from marketplace.rounds import held
from marketplace.rounds.deciding import objections
from marketplace.rounds.outcome_tables import Objection
from marketplace.rounds.outcome_words import Ground, ObjectionEvent, Remedy
from marketplace.rounds.panels import rows
from marketplace.rounds.rules.machines import Reason
from marketplace.rounds.rules.objection_moves import MACHINE, ObjectionFacts
from marketplace.rounds.words import Part

FIRST_RESULT: Final = (
    "这次公示的是递补，已有申报定榜，不能重新评审或重新研究；请选择更正公示，需要取消中选的，由监督人员在定榜后办理。"
)


def take(session: Session, actor: Actor, objection_id: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Take an objection: from now the time to decide runs, and its filer has an acknowledgement."""
    objection, row = objections.hold(session, actor, objection_id)
    objections.move(session, actor, row, objection, ObjectionEvent.ACCEPT, now=now)
    objection.handler_id, objection.taken_at = actor.account_id, now
    objection.decide_due = objections.due(session, row, "decide_workdays", now)
    objections.keep(session, objection, "accepted", actor, now)
    objections.tell_filer(session, row, objection, "已受理", "异议已受理，办结后会书面答复。", now=now, new_id=new_id)


def refuse(
    session: Session,
    actor: Actor,
    objection_id: str,
    *,
    ground: Ground | None,
    answer: str,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Not take an objection, on one of the closed grounds, with reasons."""
    objection, row = objections.hold(session, actor, objection_id)
    objections.require_answer(answer)
    objections.move(
        session, actor, row, objection, ObjectionEvent.REJECT, now=now, has_ground=ground is not None, has_reason=True
    )
    objection.ground, objection.answer = ground, answer.strip()
    objection.decided_by, objection.decided_at = actor.account_id, now
    objections.keep(session, objection, "rejected", actor, now, ground=ground)
    objections.tell_filer(session, row, objection, "不予受理", answer, now=now, new_id=new_id)


def investigate(session: Session, actor: Actor, objection_id: str, *, now: datetime) -> None:
    """Begin to look into an objection that was taken."""
    objection, row = objections.hold(session, actor, objection_id)
    objections.move(session, actor, row, objection, ObjectionEvent.INVESTIGATE, now=now)
    objections.keep(session, objection, "investigated", actor, now)


def extend(
    session: Session, actor: Actor, objection_id: str, *, reason: str, now: datetime, new_id: Callable[[], str]
) -> None:
    """Extend the time to decide once, by as long as it was, with a reason that its filer is told."""
    objection, row = objections.hold(session, actor, objection_id)
    objections.require_answer(reason)
    objections.move(session, actor, row, objection, ObjectionEvent.EXTEND, now=now, has_reason=True)
    assert objection.decide_due is not None
    objection.extended_at, objection.extend_reason = now, reason.strip()
    objection.decide_due = objections.due(
        session, row, "decide_workdays", objection.decide_due - timedelta(microseconds=1)
    )
    objections.keep(session, objection, "extended", actor, now)
    objections.tell_filer(
        session, row, objection, "延长办理期限", f"延长一次。理由：{reason.strip()}", now=now, new_id=new_id
    )


def decide(
    session: Session,
    actor: Actor,
    objection_id: str,
    event: ObjectionEvent,
    *,
    answer: str,
    remedy: Remedy | None = None,
    bid_ids: Sequence[str] = (),
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Decide an objection with reasons (uphold, uphold partly, dismiss), or an appeal (overturn, confirm)."""
    objection, row = objections.hold(session, actor, objection_id)
    objections.require_answer(answer)
    upholds = event in {ObjectionEvent.UPHOLD, ObjectionEvent.UPHOLD_PARTLY, ObjectionEvent.OVERTURN}
    known = {one.id for one in rows.bids(session, row.id)}
    if set(bid_ids) - known:
        raise Invalid("请选择本活动评审过的申报。", code="bid_missing", fields={"bids": "请选择本活动评审过的申报。"})
    if upholds and remedy not in {None, Remedy.CORRECT} and rows.was_awarded(session, row.id):
        # It could never be brought about, and would keep the round from being awarded for ever.
        raise Invalid(FIRST_RESULT, code="already_awarded", fields={"remedy": FIRST_RESULT})
    has_remedy = remedy is not None and (remedy is not Remedy.REVIEW_AGAIN or bool(bid_ids))
    objections.move(session, actor, row, objection, event, now=now, has_reason=True, has_remedy=has_remedy)
    is_appeal = event in {ObjectionEvent.OVERTURN, ObjectionEvent.CONFIRM}
    if is_appeal:
        objection.appeal_answer, objection.appeal_decided_by = answer.strip(), actor.account_id
        objection.appeal_decided_at = now
    else:
        objection.answer, objection.decided_by, objection.decided_at = answer.strip(), actor.account_id, now
    if upholds:
        objection.remedy, objection.bid_ids = remedy, sorted(set(bid_ids))
    objections.keep(session, objection, "decided", actor, now, event=event, remedy=remedy, bids=objection.bid_ids)
    objections.tell_filer(session, row, objection, MACHINE.names[objection.state], answer, now=now, new_id=new_id)
    row.next_check = now
    session.add(row)


def implement(session: Session, objection: Objection, *, part: Part, actor: Actor | None, now: datetime) -> None:
    """Note that what was upheld has been brought about; the caller has brought it about and holds both."""
    known = ObjectionFacts(is_done=True)
    answer = MACHINE.allowed(objection.state, ObjectionEvent.IMPLEMENT, part, now, known)
    held.require(answer)
    assert not isinstance(answer, Reason)
    objection.state, objection.implemented_at = answer.target, now
    objections.keep(session, objection, "implemented", actor, now)

"""Addenda: changing the notice while bids come in, with a diff, for which every submitted bid is confirmed again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.kernel import jobs
from marketplace.kernel.errors import Conflict, NotAllowed, NotFound
from marketplace.rounds import facts, held, parts, schedule, telling
from marketplace.rounds.bidding import endings
from marketplace.rounds.making import approval, notices, texts
from marketplace.rounds.round_tables import Round, RoundText
from marketplace.rounds.rules import notice_forms
from marketplace.rounds.rules.addendum_moves import MACHINE as ADDENDUM
from marketplace.rounds.rules.addendum_moves import AddendumFacts
from marketplace.rounds.rules.machines import Reason
from marketplace.rounds.rules.notice_changes import Change, changes
from marketplace.rounds.rules.round_moves import MACHINE
from marketplace.rounds.words import AddendumEvent, Part, RoundEvent, RoundState, TextState


@dataclass(frozen=True, slots=True)
class Addendum:
    """An addendum that is being written: what it changes, and the first reason against publishing it, if any."""

    text: texts.TextPage
    changes: tuple[Change, ...]
    against: Reason | None
    unsettles: int


def begin(session: Session, actor: Actor, round_id: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Begin an addendum from the notice that stands, or go on where somebody of the unit has begun."""
    row = _issuers(session, actor, round_id)
    if row.state is not RoundState.OPEN:
        raise Conflict("只有申报中的活动可以发布补遗。", code="not_open")
    if texts.find(session, round_id) is None:
        body = notice_forms.body_of(notices.current(session, row))
        texts.reopen(session, row, body, base_number=row.notice_number, actor=actor, now=now, new_id=new_id)
        held.log(session, row, "addendum_begun", actor=actor, now=now, base=row.notice_number)


def get(session: Session, actor: Actor, round_id: str, *, now: datetime) -> Addendum:
    """The addendum that is being written; `against` is asked as if a reason were given."""
    row = held.get(session, round_id)
    text = texts.get(session, actor, round_id)
    made = _changes(session, row, text)
    answer = _allowed(session, actor, row, text, made, reason="x", now=now)
    unsettled = endings.count_to_unsettle(session, row)
    return Addendum(text, made, answer if isinstance(answer, Reason) else None, unsettled)


def publish(
    session: Session,
    actor: Actor,
    round_id: str,
    *,
    version: int,
    reason: str,
    now: datetime,
    new_id: Callable[[], str],
) -> int:
    """Publish the addendum: the notice's next number; every submitted bid needs confirming. Gives that number.

    Raises Conflict with the machine's reason where the round, the text or the hour does not allow it.
    """
    row = _issuers(session, actor, round_id)
    _require_open(session, round_id)
    text = texts.get(session, actor, round_id)
    if text.version != version:
        raise Conflict("补遗刚由别人改过，没有发布。请看过最新内容后再发布。", code="text_changed")
    made = _changes(session, row, text)
    held.require(_allowed(session, actor, row, text, made, reason=reason, now=now))
    assert text.notice is not None
    number = approval.fix(session, row, text.notice, reason=reason.strip(), actor=actor, now=now)
    _close(session, round_id, TextState.FIXED)
    row.version += 1
    endings.unsettle_all(session, row, now=now)
    row.next_check = schedule.next_check(session, row, now=now)
    session.add(row)
    held.log(
        session,
        row,
        "amended",
        actor=actor,
        now=now,
        number=number,
        digest=text.notice.digest,
        reason=reason.strip(),
        fields=[change.field for change in made],
    )
    payload = {"round_id": row.id, "occasion": f"addendum-{number}"}
    jobs.put(session, kind=telling.JOB, payload=payload, now=now, new_id=new_id)
    return number


def drop(session: Session, actor: Actor, round_id: str, *, now: datetime) -> None:
    """Set the addendum that is being written aside."""
    row = _issuers(session, actor, round_id)
    text = _require_open(session, round_id)
    held.require(ADDENDUM.allowed(text.state, AddendumEvent.DROP, Part.ISSUER, now, AddendumFacts()))
    _close(session, round_id, TextState.DROPPED)
    held.log(session, row, "addendum_dropped", actor=actor, now=now, base=text.base_number)


def _require_open(session: Session, round_id: str) -> RoundText:
    text = texts.find(session, round_id)
    if text is None or not text.base_number:
        raise Conflict("现在没有正在起草的补遗。", code="no_open_text")
    return text


def _allowed(
    session: Session,
    actor: Actor,
    row: Round,
    text: texts.TextPage,
    made: tuple[Change, ...],
    *,
    reason: str,
    now: datetime,
) -> object:
    part = Part.ISSUER if parts.is_issuer(actor, row) else Part.BIDDER
    new = text.notice.deadline if text.notice is not None else None
    known = replace(
        facts.of(session, row),
        has_reason=bool(reason.strip()),
        workdays_left=facts.workdays_left(session, row, now=now),
        deadline_moves=_leaves_enough(session, row, new, now),
    )
    against = MACHINE.allowed(row.state, RoundEvent.AMEND, part, now, known)
    asked = AddendumFacts(
        against=against if isinstance(against, Reason) else None,
        faults=tuple(dict.fromkeys((*_lost_tracks(session, row, text), *text.faults.values()))),
        clashes=len(text.clashes),
        changed=len(made),
        is_current=text.base_number == row.notice_number,
        deadline_earlier=new is not None and row.deadline is not None and new < row.deadline,
    )
    return ADDENDUM.allowed(TextState.OPEN, AddendumEvent.PUBLISH, part, now, asked)


def _lost_tracks(session: Session, row: Round, text: texts.TextPage) -> tuple[str, ...]:
    # Bids answer to a track: it cannot go from under them.
    kept = set() if text.notice is None else {one.key for one in text.notice.tracks}
    lost = [one.title or "榜题" for one in notices.current(session, row).tracks if one.key not in kept]
    if text.notice is None or not lost:
        return ()
    return (f"补遗不能取消已公布的赛道：{'、'.join(lost)}。要取消，请终止活动后重新组织",)


def _leaves_enough(session: Session, row: Round, new: datetime | None, now: datetime) -> bool:
    if new is None or row.deadline is None or new <= row.deadline:
        return False
    wanted = facts.procedure_of(row).limits["notice_workdays"].value
    return facts.workdays_until(session, new, now=now) >= wanted


def _changes(session: Session, row: Round, text: texts.TextPage) -> tuple[Change, ...]:
    if text.base_number == 0:
        raise NotFound("现在没有正在起草的补遗。", code="no_open_text")
    return () if text.notice is None else changes(notices.version(session, row, text.base_number), text.notice)


def _close(session: Session, round_id: str, state: TextState) -> None:
    text = texts.find(session, round_id)
    if text is not None:
        text.state = state
        session.add(text)
        session.flush()


def _issuers(session: Session, actor: Actor, round_id: str) -> Round:
    row = held.hold(session, round_id)
    if not parts.is_issuer(actor, row):
        raise NotAllowed("只有发布单位可以修改公告。", code="not_the_issuer")
    return row

"""Objections to a published result as who files them meets them: filed by real name, withdrawn, appealed; how they stand.

While one is open nothing is awarded.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlmodel import Session, col, func, select

from marketplace.accounts import messages
from marketplace.accounts.actors import Actor, acts_for
from marketplace.accounts.joining.evidence import GivenFile
from marketplace.accounts.rules.evidence import MAX_LABEL, MOST_FILES
from marketplace.kernel import audit, calendar, workdays
from marketplace.kernel.chinese_time import BEIJING
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.rounds import facts, held, parts
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.deciding import publishing
from marketplace.rounds.making import appointments
from marketplace.rounds.outcome_tables import Objection, RoundDecision
from marketplace.rounds.outcome_words import ObjectionEvent, ObjectionState
from marketplace.rounds.panels import members
from marketplace.rounds.reviewing import sights
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules.machines import Reason
from marketplace.rounds.rules.objection_moves import MACHINE, OPEN, UNFULFILLED, ObjectionFacts
from marketplace.rounds.words import Part, Post, RoundState

MAX_TEXT: Final = 4_000
MAX_NAME: Final = 60
APPEAL_DAYS: Final = 5
"""Working days within which a decision may be appealed."""
SATURDAY: Final = 5
TOO_MANY: Final = f"证据材料最多 {MOST_FILES} 份，请合并成一个 PDF 再上传。"
UNKNOWN: Final = "没有这项异议，或它不是您提出的。"
PAST: Final = "现在没有结果在公示，不能在这里申诉；结果已经确定的，请向监督部门书面申诉。"
_TEXTS: Final = {"what": "异议事项", "rule": "依据的规定", "evidence": "事实和证据", "wanted": "请求"}


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody files: who it is, what is objected to, on which rule, with which evidence, what is wanted."""

    name: str
    phone: str
    email: str
    what: str
    rule: str
    evidence: str
    wanted: str


def file(
    session: Session,
    actor: Actor,
    round_id: str,
    told: Told,
    *,
    files: Sequence[GivenFile] = (),
    now: datetime,
    new_id: Callable[[], str],
) -> str:
    """File an objection while the publicity lasts; gives its id. Whoever signs in may, by real name.

    `files` are what it brings as evidence, looked into and in the store already.
    """
    row = held.hold(session, round_id)
    publicity = publishing.standing(session, round_id)
    if row.state is not RoundState.PUBLICITY or publicity is None:
        raise Conflict("现在没有结果在公示，不能提出异议。", code="no_publicity")
    if row.suspended_at is None and row.publicity_ends is not None and now >= row.publicity_ends:
        raise Conflict("公示期已满，不能再提出异议；可以向监督部门书面反映。", code="publicity_over")
    _require_told(told)
    if len(files) > MOST_FILES:
        raise Invalid(TOO_MANY, code="too_many_files", fields={"files": TOO_MANY})
    mine = [one for one in of_round(session, round_id) if one.filed_by == actor.account_id]
    if any(one.state in OPEN for one in mine):
        raise Conflict("您已有一项异议正在办理，请等结果，或先撤回。", code="objection_open")
    query = select(func.coalesce(func.max(Objection.number), 0)).where(Objection.round_id == round_id)
    objection = Objection(
        id=new_id(),
        round_id=round_id,
        number=session.exec(query).one() + 1,
        publicity=publicity.number,
        state=ObjectionState.SUBMITTED,
        filed_by=actor.account_id,
        organisation_id=actor.organisation_id
        if actor.organisation_id and acts_for(actor, actor.organisation_id)
        else None,
        **{name: getattr(told, name).strip() for name in Told.__slots__},
        files=[
            {"name": one.name[-MAX_LABEL:], "digest": one.stored.digest, "size_bytes": one.stored.size_bytes}
            for one in files
        ],
        filed_at=now,
        accept_due=due(session, row, "accept_workdays", now),
        bid_ids=[],
    )
    session.add(objection)
    session.flush()
    log(
        session,
        objection,
        "filed",
        actor=actor,
        now=now,
        number=objection.number,
        files=[one.stored.digest for one in files],
    )
    takers = [one.account_id for one in appointments.of(session, row.id) if one.post is Post.OBJECTIONS]
    messages.tell(
        session,
        account_ids=takers,
        subject=f"“{row.title}”收到第 {objection.number} 号异议",
        text="请在期限内决定是否受理。办结之前活动不能定榜。",
        link=f"/rounds/{row.id}/objections/{objection.id}",
        private=True,
        now=now,
        new_id=new_id,
    )
    return objection.id


def withdraw(session: Session, actor: Actor, objection_id: str, *, now: datetime) -> None:
    """Withdraw one's own objection while it is not decided."""
    objection, row = _own(session, actor, objection_id)
    move(session, actor, row, objection, ObjectionEvent.WITHDRAW, part=Part.BIDDER, now=now)
    keep(session, objection, "withdrawn", actor, now)
    row.next_check = now
    session.add(row)


def appeal(
    session: Session, actor: Actor, objection_id: str, *, text: str, now: datetime, new_id: Callable[[], str]
) -> None:
    """Appeal to the supervisor against a decision that does not help (申诉), with reasons, in time."""
    objection, row = _own(session, actor, objection_id)
    if not text.strip() or len(text) > MAX_TEXT:
        said = f"请写明申诉的理由，不超过 {MAX_TEXT} 个字。"
        raise Invalid(said, code="no_text", fields={"text": said})
    if row.state is not RoundState.PUBLICITY:
        raise Conflict(PAST, code="past_publicity")
    until = None if objection.decided_at is None else appeal_until(session, objection.decided_at)
    move(
        session,
        actor,
        row,
        objection,
        ObjectionEvent.ESCALATE,
        part=Part.BIDDER,
        now=now,
        has_reason=True,
        appeal_until=until,
    )
    objection.appeal, objection.appealed_at = text.strip(), now
    keep(session, objection, "appealed", actor, now)
    supervisors = [one.account_id for one in appointments.of(session, row.id) if one.post is Post.KEEPER]
    messages.tell(
        session,
        account_ids=supervisors,
        subject=f"“{row.title}”第 {objection.number} 号异议提出申诉",
        text="请核查后决定。决定之前活动不能定榜。",
        link=f"/rounds/{row.id}/objections/{objection.id}",
        private=True,
        now=now,
        new_id=new_id,
    )


def of_round(session: Session, round_id: str) -> list[Objection]:
    """The objections of a round, oldest first."""
    query = select(Objection).where(Objection.round_id == round_id).order_by(col(Objection.number))
    return list(session.exec(query))


def waiting(session: Session, round_id: str) -> tuple[int, int]:
    """How many objections of a round are open, and how many are upheld and not brought about."""
    states = [one.state for one in of_round(session, round_id)]
    return sum(one in OPEN for one in states), sum(one in UNFULFILLED for one in states)


def took_part(session: Session, actor: Actor, row: Round) -> bool:
    """Whether somebody scored or decided in a round, or belongs to a bidder, so that it may not handle objections."""
    member = members.find_own(session, actor, row.id)
    if member is not None and member.declared_at is not None:
        return True
    decided = select(RoundDecision.id).where(
        RoundDecision.round_id == row.id, RoundDecision.account_id == actor.account_id
    )
    if session.exec(decided).first() is not None:
        return True
    return bool(sights.closed_to(session, actor.account_id, row.id))


def must_keep_out(session: Session, actor: Actor, row: Round, objection: Objection) -> bool:
    """Whether somebody may not handle an objection: it took part in the result, or filed the objection itself."""
    return objection.filed_by == actor.account_id or took_part(session, actor, row)


def appeal_until(session: Session, decided_at: datetime) -> datetime:
    """Until when a decision may be appealed: the end of so many working days after it."""
    return calendar.deadline(decided_at, APPEAL_DAYS, workdays.calendar(session))


def log(
    session: Session, objection: Objection, action: str, *, actor: Actor | None, now: datetime, **payload: object
) -> None:
    """Write what happened to an objection to its own chain."""
    audit.write(
        session,
        aggregate="objection",
        aggregate_id=objection.id,
        action=f"objection.{action}",
        actor_id=None if actor is None else actor.account_id,
        payload=payload,
        now=now,
    )


def hold(session: Session, actor: Actor, objection_id: str) -> tuple[Objection, Round]:
    """An objection with its round, both held, for those inside the round."""
    found = session.get(Objection, objection_id)
    if found is None:
        raise NotFound(UNKNOWN, code="objection_missing")
    row = held.hold(session, found.round_id)
    parts.require_inside(session, actor, row)
    wanted = select(Objection).where(Objection.id == objection_id).with_for_update()
    return session.exec(wanted.execution_options(populate_existing=True)).one(), row


def _own(session: Session, actor: Actor, objection_id: str) -> tuple[Objection, Round]:
    found = session.get(Objection, objection_id)
    if found is None or found.filed_by != actor.account_id:
        raise NotFound(UNKNOWN, code="objection_missing")
    row = held.hold(session, found.round_id)
    wanted = select(Objection).where(Objection.id == objection_id).with_for_update()
    return session.exec(wanted.execution_options(populate_existing=True)).one(), row


def move(
    session: Session,
    actor: Actor,
    row: Round,
    objection: Objection,
    event: ObjectionEvent,
    *,
    part: Part | None = None,
    now: datetime,
    **more: Any,
) -> None:
    """Move an objection, or raise the reason against it; who handles it is asked for by the event."""
    wanted = (Part.SUPERVISOR,) if event in {ObjectionEvent.OVERTURN, ObjectionEvent.CONFIRM} else (Part.OBJECTIONS,)
    mover = part or parts.first(parts.of(session, actor, row), wanted) or Part.ISSUER
    known = ObjectionFacts(
        took_part=part is None and must_keep_out(session, actor, row, objection),
        extended=objection.extended_at is not None,
    )
    answer = MACHINE.allowed(objection.state, event, mover, now, replace(known, **more))
    held.require(answer)
    assert not isinstance(answer, Reason)
    objection.state = answer.target


def keep(
    session: Session, objection: Objection, action: str, actor: Actor | None, now: datetime, **payload: object
) -> None:
    """Keep an objection as it stands now, and write to its chain what happened."""
    session.add(objection)
    session.flush()
    log(session, objection, action, actor=actor, now=now, **payload)


def tell_filer(
    session: Session,
    row: Round,
    objection: Objection,
    said: str,
    text: str,
    *,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Tell who filed an objection what became of it."""
    messages.tell(
        session,
        account_ids=[objection.filed_by],
        subject=f"您对“{row.title}”的异议：{said}",
        text=text.strip(),
        link=f"/rounds/{row.id}/objections/{objection.id}",
        private=True,
        now=now,
        new_id=new_id,
    )


def due(session: Session, row: Round, limit: str, since: datetime) -> datetime:
    """Until when a handler has to act: so many working days after a moment."""
    days = facts.procedure_of(row).limits[limit].value
    try:
        return calendar.deadline(since, days, workdays.calendar(session))
    except Conflict:
        # Nobody's right to object hangs on a table that an administrator has not confirmed: Mondays to Fridays count.
        return _weekdays(since, days)


def _weekdays(since: datetime, count: int) -> datetime:
    day = since.astimezone(BEIJING).date()
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < SATURDAY
    return calendar.end_of(day)


def require_answer(text: str) -> None:
    """Invalid where there are no reasons, or endless ones."""
    if not text.strip() or len(text) > MAX_TEXT:
        said = f"请写明理由，不超过 {MAX_TEXT} 个字，会答复给异议人。"
        raise Invalid(said, code="no_answer", fields={"answer": said})


def _require_told(told: Told) -> None:
    wrong: dict[str, str] = {}
    if not told.name.strip() or len(told.name) > MAX_NAME:
        wrong["name"] = f"请填写异议人真实姓名，不超过 {MAX_NAME} 个字；匿名的不受理。"
    if not told.phone.strip() and not told.email.strip():
        wrong["phone"] = "请至少填写电话或邮箱，答复时会用到。"
    for name, said in _TEXTS.items():
        words = getattr(told, name).strip()
        if not words or len(words) > MAX_TEXT:
            wrong[name] = f"请写明{said}，不超过 {MAX_TEXT} 个字。"
    if wrong:
        raise Invalid("异议没有提交，请改正标出的地方。", code="objection_wrong", fields=wrong)


def bids_of(session: Session, objection: Objection) -> list[Bid]:
    """The bids that an upheld objection is about."""
    return [session.get_one(Bid, one) for one in objection.bid_ids]

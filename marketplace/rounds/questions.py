"""Questions about a round, answered on its public page without saying who asked; and following a round."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts import messages
from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.rounds import held, parts, telling
from marketplace.rounds.round_tables import Round, RoundFollower, RoundQuestion
from marketplace.rounds.words import RoundState

MAX_QUESTION = 1_000
MAX_ANSWER = 4_000
MOST_OPEN = 5
"""So many questions of one person may wait in one round."""


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question; an answered one is public. `is_own`: the reader asked it."""

    id: str
    question: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None
    is_own: bool


def of(session: Session, actor: Actor | None, row: Round) -> list[QuestionView]:
    """The questions that somebody may see: the answered ones, one's own, and all for those who answer."""
    query = select(RoundQuestion).where(RoundQuestion.round_id == row.id)
    found = session.exec(query.order_by(col(RoundQuestion.asked_at), col(RoundQuestion.id))).all()
    sees_all = actor is not None and may_answer(actor, row)
    own = "" if actor is None else actor.account_id
    return [
        QuestionView(one.id, one.question, one.asked_at, one.answer, one.answered_at, one.account_id == own)
        for one in found
        if sees_all or one.answered_at is not None or one.account_id == own
    ]


def may_answer(actor: Actor, row: Round) -> bool:
    """Whether somebody answers for the issuer; a reader of that unit does not."""
    return parts.is_issuer(actor, row)


def ask(session: Session, actor: Actor, round_id: str, text: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Ask a question while bids come in. Raises Invalid for an empty or endless one, Conflict where too many wait."""
    row = _open(session, round_id, now)
    if not text.strip() or len(text) > MAX_QUESTION:
        told = f"请写下问题，不超过 {MAX_QUESTION} 个字。"
        raise Invalid(told, code="no_question", fields={"question": told})
    waiting = select(RoundQuestion.id).where(
        RoundQuestion.round_id == round_id,
        RoundQuestion.account_id == actor.account_id,
        col(RoundQuestion.answered_at).is_(None),
    )
    if len(session.exec(waiting).all()) >= MOST_OPEN:
        raise Conflict(f"您已有 {MOST_OPEN} 个问题等待答复，请等答复后再提。", code="too_many_questions")
    question = RoundQuestion(
        id=new_id(),
        round_id=round_id,
        organisation_id=actor.organisation_id,
        account_id=actor.account_id,
        question=text.strip(),
        asked_at=now,
    )
    session.add(question)
    session.flush()
    held.log(session, row, "asked", actor=actor, now=now, question_id=question.id)
    messages.tell_organisation(
        session,
        row.organisation_id,
        subject=f"“{row.title}”有新的提问",
        text=f"活动“{row.title}”有新的提问，请在截止前公开答复。",
        link=f"/rounds/{round_id}#questions",
        now=now,
        new_id=new_id,
    )


def answer(
    session: Session, actor: Actor, question_id: str, text: str, *, now: datetime, new_id: Callable[[], str]
) -> str:
    """Answer a question for everybody to read; gives the round's id. An answer is final: what changes is an addendum."""
    question = session.get(RoundQuestion, question_id)
    if question is None:
        raise NotFound("没有这个问题。", code="question_missing")
    row = _open(session, question.round_id, now)
    if not parts.is_issuer(actor, row):
        raise NotAllowed("只有发布单位可以答复。", code="not_the_issuer")
    if question.answered_at is not None:
        raise Conflict("这个问题已经答复。要更正公告内容，请发布补遗。", code="answered")
    if not text.strip() or len(text) > MAX_ANSWER:
        told = f"请写下答复，不超过 {MAX_ANSWER} 个字。"
        raise Invalid(told, code="no_answer", fields={"answer": told})
    question.answer, question.answered_by, question.answered_at = text.strip(), actor.account_id, now
    session.add(question)
    session.flush()
    held.log(session, row, "answered", actor=actor, now=now, question_id=question_id)
    telling.tell(
        session,
        row,
        occasion=f"answer-{question_id}",
        account_ids={question.account_id, *telling.followers(session, row), *telling.bidders(session, row.id)},
        subject=f"“{row.title}”答复了一个问题",
        text=f"活动“{row.title}”公开答复了一个问题，请在活动页面查看。",
        link=f"/rounds/{row.id}#questions",
        now=now,
        new_id=new_id,
    )
    return row.id


def follow(session: Session, actor: Actor, round_id: str, *, now: datetime) -> None:
    """Follow a round that is announced or under way; twice changes nothing."""
    row = held.get(session, round_id)
    if not held.is_announced(row):
        raise NotFound(held.UNKNOWN, code="round_missing")
    if session.get(RoundFollower, (round_id, actor.account_id)) is None:
        session.add(RoundFollower(round_id=round_id, account_id=actor.account_id, since=now))
        session.flush()


def unfollow(session: Session, actor: Actor, round_id: str) -> None:
    """Follow a round no longer."""
    standing = session.get(RoundFollower, (round_id, actor.account_id))
    if standing is not None:
        session.delete(standing)
        session.flush()


def follows(session: Session, actor: Actor | None, round_id: str) -> bool:
    """Whether somebody follows a round."""
    return actor is not None and session.get(RoundFollower, (round_id, actor.account_id)) is not None


def _open(session: Session, round_id: str, now: datetime) -> Round:
    row = held.get(session, round_id)
    if row.published_at is None:
        raise NotFound(held.UNKNOWN, code="round_missing")
    if row.state is not RoundState.OPEN or row.deadline is None or now >= row.deadline:
        raise Conflict("申报已经截止，不再提问和答复。", code="not_open")
    return row

"""A round's row, held for a move, and the move itself: asked of the machine, written to the log."""

from datetime import datetime

from sqlmodel import Session, select

from marketplace.accounts.actors import Actor
from marketplace.kernel import audit
from marketplace.kernel.errors import Conflict, NotAllowed, NotFound
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules.machines import Reason
from marketplace.rounds.rules.round_facts import RoundFacts
from marketplace.rounds.rules.round_moves import MACHINE
from marketplace.rounds.words import Part, RoundEvent, RoundState

UNKNOWN = "没有这个活动，或它还没有发布。"


def get(session: Session, round_id: str) -> Round:
    """A round's row, or NotFound."""
    row = session.get(Round, round_id)
    if row is None:
        raise NotFound(UNKNOWN, code="round_missing")
    return row


def is_announced(row: Round) -> bool:
    """Whether the public knows that there is such a round: published, or approved and waiting for its hour."""
    return row.published_at is not None or row.state is RoundState.SCHEDULED


def hold(session: Session, round_id: str) -> Round:
    """A round's row, held until the transaction ends."""
    wanted = select(Round).where(Round.id == round_id).with_for_update()
    row = session.exec(wanted.execution_options(populate_existing=True)).first()
    if row is None:
        raise NotFound(UNKNOWN, code="round_missing")
    return row


def require(answer: object) -> None:
    """Raise what stands against a move: NotAllowed where it is not the asker's to make, Conflict otherwise."""
    if isinstance(answer, Reason):
        if answer.code == "not_yours_to_move":
            raise NotAllowed(answer.message, code=answer.code)
        raise Conflict(answer.message, code=answer.code)


def move(session: Session, row: Round, event: RoundEvent, *, part: Part, facts: RoundFacts, now: datetime) -> None:
    """Move a round that the caller holds, or raise the reason against it; what the new state asks for is set next."""
    answer = MACHINE.allowed(row.state, event, part, now, facts)
    require(answer)
    assert not isinstance(answer, Reason)
    row.state = answer.target
    row.version += 1
    session.add(row)


def log(session: Session, row: Round, action: str, *, actor: Actor | None, now: datetime, **payload: object) -> None:
    """Write what happened to the round's chain."""
    audit.write(
        session,
        aggregate="round",
        aggregate_id=row.id,
        action=f"round.{action}",
        actor_id=None if actor is None else actor.account_id,
        payload=payload,
        now=now,
    )


def share(session: Session, round_id: str) -> Round:
    """A round's row that nobody moves until the transaction ends, while others may share it."""
    wanted = select(Round).where(Round.id == round_id).with_for_update(read=True)
    row = session.exec(wanted.execution_options(populate_existing=True)).first()
    if row is None:
        raise NotFound(UNKNOWN, code="round_missing")
    return row

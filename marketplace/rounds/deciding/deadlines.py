"""The times by which handlers and winners have to act, put off by as long as a round stood still."""

from datetime import timedelta

from sqlmodel import Session, col, select

from marketplace.rounds.outcome_tables import Award, Objection
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules.objection_moves import OPEN


def put_off(session: Session, row: Round, *, by: timedelta) -> None:
    """Put off what is open: objections to be taken or decided, awards to be confirmed."""
    waiting = select(Objection).where(Objection.round_id == row.id, col(Objection.state).in_(OPEN))
    for objection in session.exec(waiting).all():
        objection.accept_due += by
        if objection.decide_due is not None:
            objection.decide_due += by
        session.add(objection)
    open_ones = (Award.round_id == row.id, col(Award.confirmed_at).is_(None), col(Award.ended_at).is_(None))
    for award in session.exec(select(Award).where(*open_ones)).all():
        award.confirm_due += by
        session.add(award)
    session.flush()

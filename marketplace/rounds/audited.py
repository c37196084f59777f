"""How procedure types, rounds and bids are called, where they lie and which are called so, for the log.

A bid is called by its round. Until the round is opened nobody learns from the log who bids, nor how many do, whoever
reads it; nor who asked a question about it. Who judges is learnt by the round's office and its supervisors alone until
the review is over, and by nobody else ever where the procedure never names its experts. Who filed an objection to a
result, and what was done about it, is told in its own chain, by region alone: to supervisors, and to the office about its
own acts; what it says is in no event.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from sqlmodel import Session, col, select

from marketplace.accounts.actors import Actor
from marketplace.kernel.batches import batches
from marketplace.kernel.events import Event
from marketplace.rounds import facts, parts
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.outcome_tables import Objection
from marketplace.rounds.procedure_tables import ProcedureType
from marketplace.rounds.reviewing import sights
from marketplace.rounds.round_tables import Round
from marketplace.rounds.words import Part, RoundState

MOST: Final = 200
ASKED: Final = "round.asked"
EXPERTS_ACTS: Final = frozenset(
    f"round.{action}"
    for action in (
        *("panel_declared", "expert_accepted", "expert_declined", "expert_expired", "expert_named", "expert_recused"),
        *("recused_late", "sheet_submitted", "sheet_taken_back", "scores_confirmed", "panel_remarked"),
        *("mark_corrected", "expert_added"),
    )
)
"""Events that tell who judges: by who did them, or by the reasons they give."""
MARKS: Final = "round.mark_corrected"
"""What tells a mark, which nobody outside the panel reads before the scores are frozen."""
KNOWING: Final = frozenset({Part.ISSUER, Part.ORGANISER, Part.SUPERVISOR})
"""Who looks after a round or oversees it."""
JUDGED_IN: Final = (RoundState.REVIEW, RoundState.CONSENSUS)
UNTIL_PUBLIC: Final = (*JUDGED_IN, RoundState.DECISION)
"""So long what the experts did is kept from those to whom a bid is closed: an act names no bid, but may be about that one."""


def veiled(session: Session, found: Sequence[Event], reader: Actor) -> frozenset[int]:
    """The positions of events about bids, and of questions, whose round is not opened, and of experts' acts.

    A bid whose row is gone was a draft that its unit set aside: it was never part of an opening, and stays veiled. So
    does a bid of a round that ended without one: it goes back sealed.
    """
    bids = [one for one in found if one.aggregate == "bid"]
    asked = [one for one in found if one.action == ASKED]
    judging = [one for one in found if one.action in EXPERTS_ACTS]
    if not bids and not asked and not judging:
        return frozenset()
    hidden = {one for one in {one.aggregate_id for one in judging} if _hides_experts(session, one, reader)}
    marked = [one for one in found if one.action == MARKS and _is_judged(session, one.aggregate_id)]
    opened_bids = _opened_bids(session, {one.aggregate_id for one in bids})
    opened_rounds = _opened(session, {one.aggregate_id for one in asked})
    return frozenset(
        [one.position for one in bids if one.aggregate_id not in opened_bids]
        + [one.position for one in asked if one.aggregate_id not in opened_rounds]
        + [one.position for one in judging if one.aggregate_id in hidden]
        + [one.position for one in marked]
    )


def _is_judged(session: Session, round_id: str) -> bool:
    row = session.get(Round, round_id)
    return row is not None and row.state in JUDGED_IN


def _hides_experts(session: Session, round_id: str, reader: Actor) -> bool:
    """Whether somebody may not learn who judges a round: an outsider until the review is over.

    Nor may whoever belongs to a unit that bids there, or must not know of a bid's reviews, until the result is public.
    """
    row = session.get(Round, round_id)
    if row is None or row.procedure is None:
        return True
    is_apart = bool(sights.closed_to(session, reader.account_id, round_id))
    is_over = row.state not in (UNTIL_PUBLIC if is_apart else JUDGED_IN)
    is_knowing = bool(parts.of(session, reader, row) & KNOWING)
    return not (is_over and facts.procedure_of(row).judging.shows_experts) and (not is_knowing or is_apart)


def _opened(session: Session, round_ids: Iterable[str]) -> set[str]:
    is_opened = col(Round.opened_at).is_not(None)
    return {
        one
        for some in batches(sorted(round_ids))
        for one in session.exec(select(Round.id).where(col(Round.id).in_(some), is_opened))
    }


def _opened_bids(session: Session, bid_ids: Iterable[str]) -> set[str]:
    query = select(Bid.id).join(Round, col(Round.id) == col(Bid.round_id)).where(col(Round.opened_at).is_not(None))
    return {one for some in batches(sorted(bid_ids)) for one in session.exec(query.where(col(Bid.id).in_(some)))}


def _procedures_called(session: Session, keys: Sequence[str]) -> dict[str, str]:
    found = select(ProcedureType.key, ProcedureType.title).where(col(ProcedureType.key).in_(keys))
    return dict(session.exec(found).all())


def _rounds_called(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return dict(session.exec(select(Round.id, Round.title).where(col(Round.id).in_(ids))).all())


def _bids_called(session: Session, ids: Sequence[str]) -> dict[str, str]:
    query = select(Bid.id, Round.title).join(Round, col(Round.id) == col(Bid.round_id))
    return dict(session.exec(query.where(col(Bid.id).in_(ids))).all())


def _rounds_in(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return dict(session.exec(select(Round.id, Round.region).where(col(Round.id).in_(ids))).all())


def _bids_in(session: Session, ids: Sequence[str]) -> dict[str, str]:
    query = select(Bid.id, Round.region).join(Round, col(Round.id) == col(Bid.round_id))
    return dict(session.exec(query.where(col(Bid.id).in_(ids))).all())


def _objections_called(session: Session, ids: Sequence[str]) -> dict[str, str]:
    query = select(Objection.id, Round.title).join(Round, col(Round.id) == col(Objection.round_id))
    return dict(session.exec(query.where(col(Objection.id).in_(ids))).all())


def _objections_in(session: Session, ids: Sequence[str]) -> dict[str, str]:
    query = select(Objection.id, Round.region).join(Round, col(Round.id) == col(Objection.round_id))
    return dict(session.exec(query.where(col(Objection.id).in_(ids))).all())


def _objections_named(session: Session, words: str) -> list[str]:
    query = select(Objection.id).join(Round, col(Round.id) == col(Objection.round_id))
    within = col(Round.title).contains(words, autoescape=True)
    return list(session.exec(query.where(within).order_by(col(Objection.id)).limit(MOST)))


def _procedures_named(session: Session, words: str) -> list[str]:
    within = col(ProcedureType.title).contains(words, autoescape=True)
    return list(session.exec(select(ProcedureType.key).where(within).limit(MOST)))


def _rounds_named(session: Session, words: str) -> list[str]:
    within = col(Round.title).contains(words, autoescape=True)
    return list(session.exec(select(Round.id).where(within).order_by(col(Round.id)).limit(MOST)))


def _bids_named(session: Session, words: str) -> list[str]:
    query = select(Bid.id).join(Round, col(Round.id) == col(Bid.round_id))
    within = (col(Round.title).contains(words, autoescape=True), col(Round.opened_at).is_not(None))
    return list(session.exec(query.where(*within).order_by(col(Bid.id)).limit(MOST)))


REGIONS: Mapping[str, Callable[[Session, Sequence[str]], dict[str, str]]] = {
    "round": _rounds_in,
    "bid": _bids_in,
    "objection": _objections_in,
}
TITLES: Mapping[str, Callable[[Session, Sequence[str]], dict[str, str]]] = {
    "procedure": _procedures_called,
    "round": _rounds_called,
    "bid": _bids_called,
    "objection": _objections_called,
}
NAMED: Mapping[str, Callable[[Session, str], list[str]]] = {
    "procedure": _procedures_named,
    "round": _rounds_named,
    "bid": _bids_named,
    "objection": _objections_named,
}

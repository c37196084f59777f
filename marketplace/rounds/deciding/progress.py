"""What the guards of a round ask of its outcome: objections that are open, what is upheld, who may take a winner's place."""

from dataclasses import replace

from sqlmodel import Session, col, select

from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.deciding import objections, rankings, results
from marketplace.rounds.outcome_tables import RoundDecision
from marketplace.rounds.outcome_words import Outcome
from marketplace.rounds.reviewing import progress
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules.deciding import of_record
from marketplace.rounds.rules.round_facts import RoundFacts
from marketplace.rounds.words import BidState, RoundState


def of(session: Session, row: Round) -> RoundFacts:
    """The facts of a round, with those of its review or its outcome."""
    known = progress.of(session, row)
    if row.state not in {RoundState.PUBLICITY, RoundState.AWARDED}:
        return known
    is_open, upheld = objections.waiting(session, row.id)
    return replace(
        known,
        publicity_ends=row.publicity_ends,
        open_objections=is_open,
        unfulfilled=upheld,
        promotable=bool(promotable(session, row)),
        winnerless=not _bids(session, row, BidState.AWARDED, BidState.PROPOSED),
    )


def promotable(session: Session, row: Round) -> dict[str, Bid]:
    """The reserves that take a winner's place now, by track: the first in reserve where winners are missing."""
    if row.state is not RoundState.AWARDED:
        return {}
    winners = _bids(session, row, BidState.AWARDED, BidState.PROPOSED)
    short = {
        track for track, wanted in _wanted(session, row).items() if sum(one.track == track for one in winners) < wanted
    }
    reserves = [one for one in _bids(session, row, BidState.RESERVE) if one.track in short]
    if not reserves:
        return {}
    # Called in order, where nothing speaks against a bid by now and the funds suffice beside the other winners.
    against = rankings.held_against(session, row, reserves)
    prices = rankings.prices_of(session, [one.id for one in (*winners, *reserves)])
    funds = rankings.limits(session, row).funds_fen
    spent = sum(prices.get(one.id, 0) for one in winners)
    found: dict[str, Bid] = {}
    for bid in sorted(reserves, key=lambda one: (one.track, _order(session, one))):
        price = prices.get(bid.id, 0)
        if bid.track in found or bid.id in against or (funds is not None and spent + price > funds):
            continue
        found[bid.track] = bid
        spent += price
    return found


def _wanted(session: Session, row: Round) -> dict[str, int]:
    """How many winners the decision that stands has chosen, by track."""
    query = select(RoundDecision).where(RoundDecision.round_id == row.id, col(RoundDecision.void_at).is_(None))
    decision = session.exec(query.order_by(col(RoundDecision.made_at).desc())).first()
    if decision is None:
        return {}
    chosen = {bid for bid, pick in of_record(decision.record).items() if pick.outcome is Outcome.PROPOSE}
    tracks = [bid.track for bid in session.exec(select(Bid).where(col(Bid.id).in_(chosen)))]
    return {track: tracks.count(track) for track in tracks}


def _order(session: Session, bid: Bid) -> int:
    result = results.result_of(session, bid.id)
    return 0 if result is None else result.order


def _bids(session: Session, row: Round, *states: BidState) -> list[Bid]:
    query = select(Bid).where(Bid.round_id == row.id, col(Bid.state).in_(states)).order_by(col(Bid.id))
    return list(session.exec(query))

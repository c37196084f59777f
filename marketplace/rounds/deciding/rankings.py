"""What deciders find: the frozen ranking of each track, with what was checked again before anybody is proposed."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from marketplace.accounts.tables import Organisation
from marketplace.kernel.errors import Conflict
from marketplace.rounds import facts
from marketplace.rounds.bid_tables import Bid, BidMember, BidOpening
from marketplace.rounds.making import notices
from marketplace.rounds.panels import rows
from marketplace.rounds.reviewing import tables
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules.deciding import Limits, Standing
from marketplace.rounds.rules.notice_forms import wan
from marketplace.rounds.sheet_tables import ScoreTable
from marketplace.rounds.words import RoundState


@dataclass(frozen=True, slots=True)
class Ranking:
    """The bids of a round as they rank, and the digest of the scores that say so."""

    standings: tuple[Standing, ...]
    records: dict[str, dict[str, Any]]
    digest: str
    limits: Limits


def of(session: Session, row: Round) -> Ranking:
    """The ranking that stands: of the last stage, then those that did not come through an earlier one.

    Once it is decided on, it goes on to name every bid that was ranked, whatever became of it.
    """
    last = tables.standing(session, row)
    if last is None:
        raise Conflict("评审得分还没有固定，不能决定。", code="no_scores")
    found: dict[str, dict[str, Any]] = {}
    for table in _tables(session, row):
        for one in table.record["ranking"]:
            if one["bid"] not in found:
                found[one["bid"]] = {**one, "stage": table.stage, "may_win": one["may_win"] and table is last}
    bids = {one.id: one for one in _ranked(session, row, found)}
    kept = {bid: one for bid, one in found.items() if bid in bids}
    placed = _placed(list(kept.values()), last.stage)
    prices, against = prices_of(session, kept), held_against(session, row, list(bids.values()))
    standings = [
        Standing(
            bid=bid,
            code=one["code"],
            track=one["track"],
            place=placed[bid],
            score=one["score"],
            may_win=one["may_win"],
            price_fen=prices.get(bid),
            against=against.get(bid, ""),
        )
        for bid, one in kept.items()
    ]
    standings.sort(key=lambda one: (one.track, one.place, one.code))
    return Ranking(tuple(standings), kept, last.digest, limits(session, row))


def _ranked(session: Session, row: Round, found: Collection[str]) -> list[Bid]:
    if row.state is RoundState.DECISION:
        return rows.bids(session, row.id)
    return list(session.exec(select(Bid).where(col(Bid.id).in_(found)).order_by(col(Bid.id))))


def limits(session: Session, row: Round) -> Limits:
    """How many may win, and what they may cost together."""
    given, notice = facts.procedure_of(row).limits, notices.current(session, row)
    return Limits(given["winners"].value, given["reserves"].value, notice.funds_fen if notice.asks_price else None)


def _tables(session: Session, row: Round) -> list[ScoreTable]:
    """The tables that stand, the last stage first."""
    query = select(ScoreTable).where(ScoreTable.round_id == row.id, col(ScoreTable.void_at).is_(None))
    return list(session.exec(query.order_by(col(ScoreTable.number).desc())))


def _placed(found: list[dict[str, Any]], last: str) -> dict[str, int]:
    """Places within each track; who fell in an earlier stage comes after everybody of the last, as it ranked there."""
    places: dict[str, int] = {}
    for one in found:
        of_track = [other for other in found if other["track"] == one["track"]]
        through = sum(other["stage"] == last for other in of_track)
        fell = [other["place"] for other in of_track if other["stage"] != last]
        is_through = one["stage"] == last
        places[one["bid"]] = one["place"] if is_through else through + 1 + sum(place < one["place"] for place in fell)
    return places


def prices_of(session: Session, bid_ids: Collection[str]) -> dict[str, int]:
    """What some bids ask, in fen; those that name no price are left out."""
    query = select(BidOpening).where(col(BidOpening.bid_id).in_(bid_ids))
    return {
        one.bid_id: one.price["amount_fen"]
        for one in session.exec(query)
        if one.price and one.price.get("amount_fen") is not None
    }


def held_against(session: Session, row: Round, bids: Collection[Bid]) -> dict[str, str]:
    """What keeps a bid from winning since it was found eligible: checked again before anybody is proposed."""
    notice = notices.current(session, row)
    prices = prices_of(session, [one.id for one in bids])
    found: dict[str, str] = {}
    for bid in bids:
        partners = select(BidMember.organisation_id).where(
            BidMember.bid_id == bid.id, col(BidMember.confirmed_at).is_not(None)
        )
        units = [bid.organisation_id, *session.exec(partners)]
        closed = select(Organisation.name).where(
            col(Organisation.id).in_(units), col(Organisation.closed_at).is_not(None)
        )
        name = session.exec(closed).first()
        ceiling, price = notice.price_ceiling_fen, prices.get(bid.id)
        if name is not None:
            found[bid.id] = f"“{name}”已在平台注销，不能中选。"
        elif ceiling is not None and price is not None and price > ceiling:
            found[bid.id] = f"报价 {wan(price)} 万元超过最高限价 {wan(ceiling)} 万元，不能中选。"
    return found

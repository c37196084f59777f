"""What a publicity makes of each bid, with the reasons, as its bidder is told."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from marketplace.accounts import messages, organisations
from marketplace.rounds.bid_tables import Bid, BidMember
from marketplace.rounds.deciding.rankings import Ranking
from marketplace.rounds.outcome_tables import BidResult
from marketplace.rounds.outcome_words import Outcome
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules.deciding import Pick, Standing
from marketplace.rounds.rules.publicities import Entry

SAID: Final[Mapping[Outcome, str]] = {
    Outcome.PROPOSE: "拟中选",
    Outcome.RESERVE: "候补",
    Outcome.LEAVE_OUT: "未入选",
}


def result_of(session: Session, bid_id: str) -> BidResult | None:
    """What the newest publicity made of a bid, with the reasons, or None."""
    query = select(BidResult).where(BidResult.bid_id == bid_id).order_by(col(BidResult.number).desc())
    return session.exec(query).first()


def entry(session: Session, bid: Bid, one: Standing, picks: Mapping[str, Pick], ranking: Ranking) -> Entry:
    """A bid as a decision makes it public."""
    pick = picks[one.bid]
    return Entry(
        bid=one.bid,
        code=one.code,
        track=one.track,
        names=names(session, bid),
        place=one.place,
        score=one.score,
        outcome=pick.outcome,
        order=pick.order,
        reason=_reason(one, pick, ranking, picks),
    )


def _reason(one: Standing, pick: Pick, ranking: Ranking, picks: Mapping[str, Pick]) -> str:
    """Why a bid becomes what it does, in words for its bidder and the public."""
    said = [f"得分 {one.score} 分，排名第 {one.place}。"]
    record = ranking.records[one.bid]
    if pick.outcome is Outcome.LEAVE_OUT:
        last = [
            other.score
            for other in ranking.standings
            if other.track == one.track and picks[other.bid].outcome is Outcome.PROPOSE
        ]
        if one.against:
            said.append(one.against)
        elif record["below"]:
            said.append("有指标的平均分低于公告规定的最低分，不能入选。")
        elif not one.may_win:
            said.append("得分低于入选的最低分，或没有进入下一评审环节。")
        elif last:
            said.append(f"本赛道拟中选 {len(last)} 家，其中最低得分 {min(last, key=float)} 分。")
    if pick.reason.strip():
        said.append(pick.reason.strip())
    return "".join(said)


def names(session: Session, bid: Bid) -> tuple[str, ...]:
    """The units of a bid by name, the lead first."""
    partners = select(BidMember.organisation_id).where(
        BidMember.bid_id == bid.id, col(BidMember.confirmed_at).is_not(None)
    )
    ids = [bid.organisation_id, *session.exec(partners.order_by(col(BidMember.organisation_id)))]
    called = {one.id: one.name for one in organisations.many(session, ids)}
    return tuple(called[one] for one in ids)


def tell(
    session: Session, row: Round, bid: Bid, entry: Entry, number: int, *, now: datetime, new_id: Callable[[], str]
) -> None:
    """Put down what a bid became, and tell its bidder with the reasons."""
    session.add(
        BidResult(
            bid_id=bid.id,
            number=number,
            outcome=entry.outcome.value,
            place=entry.place,
            order=entry.order,
            score=entry.score,
            reason=entry.reason,
            told_at=now,
        )
    )
    messages.tell_organisation(
        session,
        bid.organisation_id,
        subject=f"您单位对“{row.title}”的申报：{SAID[entry.outcome]}",
        text=f"{entry.reason}结果正在公示；不认同的，可以在公示期内实名提出异议。",
        link=f"/bids/{bid.id}",
        private=True,
        now=now,
        new_id=new_id,
    )

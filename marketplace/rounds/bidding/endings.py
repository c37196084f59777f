"""What happens to bids because something happens to their round: reminders, reconfirming, lapsing, going back."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlmodel import Session, col, func, select

from marketplace.kernel.chinese_time import spoken
from marketplace.rounds import parts, telling
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.bidding import draft_rows, moving
from marketplace.rounds.making import appointments
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules.bid_moves import BidFacts
from marketplace.rounds.words import BidEvent, BidState, Part

UNFINISHED = (BidState.DRAFT, BidState.NEEDS_RECONFIRM)
SEALED = (BidState.SUBMITTED, BidState.NEEDS_RECONFIRM)


def count_to_unsettle(session: Session, row: Round) -> int:
    """How many bids an addendum would ask to be confirmed again; told to nobody but as "some" or "none"."""
    query = select(func.count()).select_from(Bid)
    return session.exec(query.where(Bid.round_id == row.id, Bid.state == BidState.SUBMITTED)).one()


def unsettle_all(session: Session, row: Round, *, now: datetime) -> int:
    """Ask every submitted bid to be confirmed again; gives how many."""
    bids = _held(session, row, (BidState.SUBMITTED,))
    for bid in bids:
        moving.move(session, bid, BidEvent.UNSETTLE, part=Part.ROUND, facts=_facts(row), now=now)
        moving.log(session, bid, "unsettled", actor=None, now=now, notice=row.notice_number)
    return len(bids)


def lapse_all(session: Session, row: Round, *, now: datetime, new_id: Callable[[], str]) -> frozenset[str]:
    """Let drafts and unconfirmed bids lapse, and erase every draft that is left, also of bids that stand.

    Gives the bids that were drafts: whatever one of them had handed in before, it had withdrawn.
    """
    bids = _held(session, row, UNFINISHED)
    people = telling.bidders(session, row.id, states=UNFINISHED)
    written = frozenset(bid.id for bid in bids if bid.state is BidState.DRAFT)
    for bid in bids:
        was = bid.state
        moving.move(session, bid, BidEvent.LAPSE, part=Part.CLOCK, facts=_facts(row), now=now)
        moving.log(session, bid, "lapsed", actor=None, now=now, was=was.value)
    draft_rows.erase_round(session, row.id)
    telling.tell(
        session,
        row,
        occasion="lapsed",
        account_ids=people,
        subject=f"“{row.title}”申报已截止，您单位的申报未生效",
        text=f"活动“{row.title}”已截止。您单位的申报没有提交，或公告修改后没有重新确认，未能生效。",
        link="/bids",
        now=now,
        new_id=new_id,
    )
    return written


def return_all(session: Session, row: Round, *, now: datetime) -> int:
    """Give back sealed what was handed in to a round that ended without an opening, and let drafts lapse, erased."""
    for bid in _held(session, row, (BidState.DRAFT,)):
        moving.move(session, bid, BidEvent.LAPSE, part=Part.CLOCK, facts=_facts(row), now=now)
        moving.log(session, bid, "lapsed", actor=None, now=now, was=BidState.DRAFT.value)
    bids = _held(session, row, SEALED)
    for bid in bids:
        moving.move(session, bid, BidEvent.RETURN, part=Part.ROUND, facts=_facts(row), now=now)
        moving.log(session, bid, "returned", actor=None, now=now)
    draft_rows.erase_round(session, row.id)
    return len(bids)


def remind(session: Session, row: Round, *, occasion: str, now: datetime, new_id: Callable[[], str]) -> None:
    """Tell those whose bid is a draft or waits to be confirmed again that the deadline comes near."""
    assert row.deadline is not None
    telling.tell(
        session,
        row,
        occasion=occasion,
        account_ids=telling.bidders(session, row.id, states=UNFINISHED),
        subject=f"“{row.title}”即将截止，您单位的申报还没有提交",
        text=f"活动“{row.title}”将于 {spoken(row.deadline)} 截止。您单位有草稿尚未提交，或有申报等待重新确认；"
        "截止后草稿和未确认的申报自动失效。",
        link="/bids",
        now=now,
        new_id=new_id,
    )


def tell_sealed(session: Session, row: Round, *, live: int, now: datetime, new_id: Callable[[], str]) -> None:
    """Tell those who open, and those who publish, that the bids wait to be opened."""
    openers = [one.account_id for one in appointments.of(session, row.id) if one.post in parts.OPENERS]
    telling.tell(
        session,
        row,
        occasion="sealed",
        account_ids=openers,
        subject=f"“{row.title}”已截止，请开启申报",
        text=f"活动“{row.title}”已截止，共 {live} 份有效申报。请两名保管人在当日或下一工作日输入口令，共同开启。",
        link=f"/rounds/{row.id}/opening",
        private=False,
        now=now,
        new_id=new_id,
    )


def _held(session: Session, row: Round, states: Sequence[BidState]) -> Sequence[Bid]:
    wanted = select(Bid).where(Bid.round_id == row.id, col(Bid.state).in_(states)).order_by(col(Bid.id))
    return session.exec(wanted.with_for_update().execution_options(populate_existing=True)).all()


def _facts(row: Round) -> BidFacts:
    return BidFacts(round_state=row.state, suspended=row.suspended_at is not None, deadline=row.deadline)

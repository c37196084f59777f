"""What people are told on an occasion of a round that concerns many: its publication, an addendum."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Final

from sqlmodel import Session

from marketplace.kernel.chinese_time import spoken
from marketplace.rounds import held, telling
from marketplace.rounds.making import notices
from marketplace.rounds.round_tables import RoundNotice
from marketplace.rounds.words import BidState

PUBLISHED: Final = "published"
ADDENDUM: Final = "addendum-"
_SEALED: Final = (BidState.SUBMITTED, BidState.NEEDS_RECONFIRM)


def tell(
    session: Session,
    round_id: str,
    occasion: str,
    matched: Collection[str],
    *,
    now: datetime,
    new_id: Callable[[], str],
) -> int:
    """Tell everybody whom an occasion concerns, once each; `matched` are the people whose capabilities fit the round.

    Gives how many were told. Asked again, it tells those alone who were not told yet.
    """
    row = held.get(session, round_id)
    notice = notices.current(session, row)
    until = f"申报截止：{spoken(notice.deadline)}。"
    if occasion == PUBLISHED:
        told = telling.tell(
            session,
            row,
            occasion=occasion,
            account_ids=telling.followers(session, row),
            subject=f"您关注的活动已发布：“{row.title}”",
            text=f"{notice.summary}\n{until}",
            private=False,
            now=now,
            new_id=new_id,
        )
        return told + telling.tell(
            session,
            row,
            occasion=occasion,
            account_ids=matched,
            subject=f"有一个活动与您的能力相符：“{row.title}”",
            text=f"{notice.summary}\n{until}平台按您的能力画像匹配到这个活动，是否申报由您决定。",
            private=False,
            now=now,
            new_id=new_id,
        )
    number = int(occasion.removeprefix(ADDENDUM))
    reason = session.get_one(RoundNotice, (round_id, number)).reason
    bidders = telling.bidders(session, round_id, states=_SEALED)
    told = telling.tell(
        session,
        row,
        occasion=occasion,
        account_ids=bidders,
        subject=f"“{row.title}”的公告有修改，请重新确认申报",
        text=f"修改原因：{reason}\n您单位已提交的申报需要在截止前重新确认，未确认的自动失效。{until}",
        link="/bids",
        now=now,
        new_id=new_id,
    )
    others = telling.followers(session, row) | telling.bidders(session, round_id)
    return told + telling.tell(
        session,
        row,
        occasion=occasion,
        account_ids=others,
        subject=f"“{row.title}”的公告有修改",
        text=f"修改原因：{reason}\n{until}",
        now=now,
        new_id=new_id,
    )

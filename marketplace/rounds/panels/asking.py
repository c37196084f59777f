"""Telling those who look after a round's panels, or an expert who waited, that something changed."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from marketplace.accounts import messages
from marketplace.experts import pool
from marketplace.rounds import telling
from marketplace.rounds.panel_tables import PanelMember
from marketplace.rounds.panel_words import MemberState
from marketplace.rounds.round_tables import Round


def tell_office(session: Session, row: Round, what: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Tell the issuer's people that something of the panels waits; never who, and never of which bid."""
    messages.tell(
        session,
        account_ids=sorted(telling.people_of(session, [row.organisation_id])),
        subject=f"“{row.title}”：{what}",
        text=f"活动“{row.title}”{what}。",
        link=f"/rounds/{row.id}/panel",
        private=True,
        now=now,
        new_id=new_id,
    )


def tell_closed(session: Session, row: Round, member: PanelMember, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Tell an expert that others have closed something to it: a bid, or the whole review."""
    is_out = member.ended_at is not None
    what = "您已按回避退出评审" if is_out else "有一份申报您应当回避"
    more = "您打的分已经作废，不用再评审。" if is_out else "它的评分表已经关闭，打过的分作废；其余的照常评审。"
    messages.tell(
        session,
        account_ids=[pool.row(session, member.expert_id).account_id],
        subject=f"“{row.title}”：{what}",
        text=f"活动“{row.title}”：{what}。{more}",
        link=f"/review/{row.id}",
        private=True,
        now=now,
        new_id=new_id,
    )


def tell_expert(session: Session, row: Round, member: PanelMember, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Tell an expert that what it waited for is decided: it may judge, or is out; never of which bid."""
    may_judge = member.state is MemberState.ACCEPTED
    what = "利害关系已经认定，可以开始评审" if may_judge else "利害关系已经认定，您已按回避办理"
    messages.tell(
        session,
        account_ids=[pool.row(session, member.expert_id).account_id],
        subject=f"“{row.title}”：{what}",
        text=f"活动“{row.title}”的主办方已经认定您的利害关系。{'评分表已经列出，请尽早评审。' if may_judge else '您不用再评审这个活动。'}",
        link=f"/review/{row.id}",
        private=True,
        now=now,
        new_id=new_id,
    )

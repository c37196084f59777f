"""Whom the pool tells what: the expert of what the office does, the office of what the expert does."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from marketplace.accounts import messages
from marketplace.experts.tables import PoolExpert

NewId = Callable[[], str]


def place(region: str) -> str:
    """A pool in a sentence: 福建省临川市专家库."""
    return f"{region.replace('/', '') or '全国'}专家库"


def because(row: PoolExpert) -> str:
    """The reason that stands with an entry, as a sentence that another may follow."""
    return f"{row.reason.rstrip('。')}。"


def expert(session: Session, row: PoolExpert, subject: str, text: str, *, now: datetime, new_id: NewId) -> None:
    """Tell an expert; its entry says the rest."""
    messages.tell(
        session,
        account_ids=[row.account_id],
        subject=subject,
        text=text,
        link=f"/experts/{row.id}",
        now=now,
        new_id=new_id,
    )


def office(session: Session, row: PoolExpert, subject: str, text: str, *, now: datetime, new_id: NewId) -> None:
    """Tell the organisers of a pool's region."""
    messages.tell_organisers(
        session, row.region, subject=subject, text=text, link=f"/experts/{row.id}", now=now, new_id=new_id
    )

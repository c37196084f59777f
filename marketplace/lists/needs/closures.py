"""Needs of an organisation that is closed: what it posted itself ends, what lists say of it is theirs and stays."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from marketplace.accounts.actors import Actor
from marketplace.lists.item_tables import Item, ItemPrivate
from marketplace.lists.need_tables import NeedDraft
from marketplace.lists.needs import drafts, needs
from marketplace.lists.needs.outcomes import Ending
from marketplace.lists.words import Deal, DraftState, ItemState

REASON = "单位注销"


def of_organisation(session: Session, organisation_id: str) -> list[str]:
    """The needs that end with an organisation: posted by itself, on no list, and not closed yet."""
    posted = (Item.organisation_id == organisation_id, col(Item.series_id).is_(None))
    return list(session.exec(select(Item.id).where(*posted, Item.state != ItemState.CLOSED).order_by(col(Item.id))))


def close_all(session: Session, actor: Actor, organisation_id: str, *, now: datetime) -> int:
    """Close them as not done (未成交), without their contacts, and set the drafts aside; gives how many were closed."""
    mine = (NeedDraft.organisation_id == organisation_id, NeedDraft.state == DraftState.OPEN)
    for draft_id in session.exec(select(NeedDraft.id).where(*mine)).all():
        drafts.discard(session, actor, draft_id, now=now)
    ending = of_organisation(session, organisation_id)
    for item_id in ending:
        needs.close(session, actor, item_id, Ending(Deal.NONE, reason=REASON), now=now)
    session.execute(delete(ItemPrivate).where(col(ItemPrivate.item_id).in_(ending)))
    return len(ending)

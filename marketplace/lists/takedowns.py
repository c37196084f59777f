"""Taking a line of a list down at the request of the firm it speaks of: closed, never deleted.

Personal data behind the line is erased; what an edition said stays in that edition's record.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor
from marketplace.accounts.joining import takedowns as requests
from marketplace.accounts.words import TakedownScope
from marketplace.kernel import audit
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.lists import merged
from marketplace.lists.item_tables import Item, ItemPrivate
from marketplace.lists.rules.masks import mask_text
from marketplace.lists.tables import Series
from marketplace.lists.words import ItemState
from marketplace.profiles import notes


def ask(
    session: Session,
    actor: Actor,
    item_id: str,
    *,
    scope: TakedownScope,
    reason: str,
    now: datetime,
    new_id: Callable[[], str],
) -> str:
    """Ask that a line which speaks of the actor's organisation, or its contact, be taken down; gives the request."""
    item = session.get(Item, item_id)
    if item is None or item.organisation_id is None:
        raise NotFound("没有这个条目，或它没有对应到任何单位。", code="item_missing")
    if item.state is ItemState.CLOSED:
        raise Conflict("这一条已经不再公开，不需要撤下。", code="item_closed")
    return requests.put(
        session,
        actor,
        item.organisation_id,
        item_id=item.id,
        item_title=mask_text(item.title),
        region=region_of(session, item),
        scope=scope,
        reason=reason,
        now=now,
        new_id=new_id,
    )


def decide(
    session: Session,
    actor: Actor,
    takedown_id: str,
    *,
    approves: bool,
    reason: str,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Decide a request; approval closes the line or erases its contact at once, and tells the firm."""
    request = requests.settle(session, actor, takedown_id, approves=approves, reason=reason, now=now, new_id=new_id)
    if not approves:
        return
    item = session.exec(select(Item).where(Item.id == request.item_id).with_for_update()).one()
    session.execute(delete(ItemPrivate).where(col(ItemPrivate.item_id) == item.id))
    if request.scope is TakedownScope.LINE and item.state is not ItemState.CLOSED:
        item.state, item.closed_at = ItemState.CLOSED, now
        session.add(item)
        session.flush()
        notes.detach(session, [item.id], now=now)
        if item.profile_id is None:
            merged.gone(session, [item.id])
    audit.write(
        session,
        aggregate="item",
        aggregate_id=item.id,
        action="item.taken_down" if request.scope is TakedownScope.LINE else "item.contact_erased",
        actor_id=actor.account_id,
        payload={"takedown_id": request.id},
        now=now,
    )


def region_of(session: Session, item: Item) -> str:
    """The region whose organisers decide over a line: that of its list, else of the organisation that posted it."""
    series = session.get(Series, item.series_id) if item.series_id else None
    if series is not None:
        return series.region
    return organisations.get(session, item.organisation_id).region if item.organisation_id else ""


def owner_of(session: Session, item_id: str) -> str | None:
    """The organisation that a line speaks of, or None: it names none, or there is no such line."""
    item = session.get(Item, item_id)
    return None if item is None else item.organisation_id


def lines_about(session: Session, organisation_id: str) -> list[tuple[str, str, str]]:
    """The open lines that name an organisation: id, title and kind, newest first; never one posted anonymously."""
    rows = session.exec(
        select(Item.id, Item.title, Item.kind)
        .where(
            Item.organisation_id == organisation_id,
            Item.state == ItemState.OPEN,
            col(Item.is_anonymous).is_(False),
        )
        .order_by(col(Item.order_key).desc(), col(Item.id).desc())
    )
    return [(item_id, mask_text(title), str(kind)) for item_id, title, kind in rows]

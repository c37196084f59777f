"""Pairs as people read them: those that wait, two items side by side, and what an item's page says."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy import select as chosen
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor
from marketplace.accounts.tables import Organisation
from marketplace.accounts.words import Role
from marketplace.kernel.errors import NotAllowed
from marketplace.kernel.paging import Page, bounded
from marketplace.lists import items, merged
from marketplace.lists.item_tables import Item
from marketplace.lists.reach import within_reach
from marketplace.lists.repeat_tables import RepeatDecision, RepeatFinding
from marketplace.lists.repeats import deciding, sides
from marketplace.lists.repeats.views import Decided, Decision, OfItem, PairPage, Waiting
from marketplace.lists.rules.masks import mask_text
from marketplace.lists.tables import Series
from marketplace.lists.words import ItemState, Relation

P = TypeVar("P", RepeatFinding, RepeatDecision)


def waiting(session: Session, actor: Actor, *, page: int = 1, size: int = 30) -> Page[Waiting]:
    """One page of the pairs that wait in the lists that an actor runs or supervises, the surest first.

    Left out are pairs that are decided, items that are no longer open, and those that are shown through another one:
    their main one is compared in its own right. NotAllowed for those who neither run nor supervise lists.
    """
    _require_desk(actor)
    number, limit = bounded(page, size)
    query = _waiting(actor)
    total = session.execute(chosen(func.count()).select_from(query.subquery())).scalar_one()
    ordered = query.order_by(col(RepeatFinding.score).desc(), col(RepeatFinding.low_id), col(RepeatFinding.high_id))
    rows = session.exec(ordered.offset((number - 1) * limit).limit(limit)).all()
    shown = sides.of(session, (one for row in rows for one in (row.low_id, row.high_id)))
    found = [
        Waiting(shown[row.low_id], shown[row.high_id], row.score, mask_text(row.reason), row.found_at) for row in rows
    ]
    return Page(found, total, number, limit)


def count(session: Session, actor: Actor) -> tuple[int, datetime | None]:
    """How many pairs wait in the lists that an actor runs or supervises, and since when the oldest does."""
    found = _waiting(actor).subquery()
    total, oldest = session.execute(chosen(func.count(), func.min(found.c.found_at))).one()
    return total, oldest


def decided(session: Session, actor: Actor, *, page: int = 1, size: int = 30) -> Page[Decided]:
    """One page of the pairs about which something stands in the lists that an actor runs or supervises, newest first.

    NotAllowed for those who neither run nor supervise lists.
    """
    _require_desk(actor)
    number, limit = bounded(page, size)
    query = _within_reach(select(RepeatDecision), RepeatDecision, actor).where(col(RepeatDecision.ended_at).is_(None))
    total = session.execute(chosen(func.count()).select_from(query.subquery())).scalar_one()
    ordered = query.order_by(col(RepeatDecision.decided_at).desc(), col(RepeatDecision.id))
    rows = session.exec(ordered.offset((number - 1) * limit).limit(limit)).all()
    shown = sides.of(session, (one for row in rows for one in (row.low_id, row.high_id)))
    told = _told(session, rows)
    return Page(
        [Decided(shown[row.low_id], shown[row.high_id], one) for row, one in zip(rows, told, strict=True)],
        total,
        number,
        limit,
    )


def _require_desk(actor: Actor) -> None:
    if actor.roles.isdisjoint({Role.ORGANISER, Role.SUPERVISOR}):
        raise NotAllowed("疑似重复由主办方处理。需要权限的，请联系管理员授权。", code="not_an_organiser")


def _waiting(actor: Actor) -> SelectOfScalar[RepeatFinding]:
    shown = (Item.state == ItemState.OPEN, col(Item.is_anonymous).is_(False), merged.is_shown_itself())
    query = _within_reach(select(RepeatFinding), RepeatFinding, actor).where(~_is_decided())
    for own_id in (RepeatFinding.low_id, RepeatFinding.high_id):
        query = query.where(select(Item.id).where(col(Item.id) == col(own_id), *shown).exists())
    return query


def _within_reach(
    query: SelectOfScalar[P], table: type[RepeatFinding] | type[RepeatDecision], actor: Actor
) -> SelectOfScalar[P]:
    """Pairs of which the actor looks after, or supervises, at least one item.

    Everything is asked pair by pair: there are few, and joined or as sets SQLite would begin with every item.
    """
    reached = (
        select(Item.id)
        .join(Series, col(Series.id) == col(Item.series_id), isouter=True)
        .join(Organisation, col(Organisation.id) == col(Item.organisation_id), isouter=True)
        .where(within_reach(actor, sides.HOME))
    )
    return query.where(
        or_(*(reached.where(col(Item.id) == col(one)).exists() for one in (table.low_id, table.high_id)))
    )


def _is_decided() -> ColumnElement[bool]:
    same_pair = and_(
        col(RepeatDecision.low_id) == col(RepeatFinding.low_id),
        col(RepeatDecision.high_id) == col(RepeatFinding.high_id),
    )
    return select(RepeatDecision.id).where(same_pair, col(RepeatDecision.ended_at).is_(None)).exists()


def get(session: Session, actor: Actor, a: str, b: str) -> PairPage:
    """Two items side by side, the lower id first; NotFound for those who look after neither and supervise neither."""
    pair = sides.pair(session, actor, a, b)
    shown = sides.of(session, [pair.low.id, pair.high.id])
    finding = session.get(RepeatFinding, (pair.low.id, pair.high.id))
    decisions = _decisions(session, pair.low.id, pair.high.id)
    open_one = next((one for one in decisions if one.ended_at is None), None)
    may_decide = deciding.may_decide(actor, pair)
    return PairPage(
        a=shown[pair.low.id],
        b=shown[pair.high.id],
        pages=(items.get(session, pair.low.id), items.get(session, pair.high.id)),
        score=finding.score if finding else None,
        reason=mask_text(finding.reason) if finding else None,
        standing=open_one,
        past=tuple(one for one in decisions if one.ended_at is not None),
        version=max((one.number for one in decisions), default=0),
        may_decide=may_decide,
        may_merge=deciding.may_merge(actor, pair) if may_decide else frozenset(),
        may_take_back=may_decide and open_one is not None,
    )


def of_item(session: Session, item_id: str) -> OfItem:
    """What everybody reads of an item's repeats: what is merged into it, and what states the same need.

    What is not open now is not named: it may have been taken down.
    """
    rows = session.exec(
        select(RepeatDecision)
        .where(
            or_(
                col(RepeatDecision.low_id) == item_id,
                col(RepeatDecision.high_id) == item_id,
                col(RepeatDecision.main_id) == item_id,
            ),
            col(RepeatDecision.ended_at).is_(None),
            RepeatDecision.relation != Relation.DISTINCT,
        )
        .order_by(col(RepeatDecision.decided_at), col(RepeatDecision.id))
    ).all()
    if not rows:
        return OfItem()
    sources = [str(row.merged_id) for row in rows if row.main_id == item_id]
    same = [row.high_id if row.low_id == item_id else row.low_id for row in rows if row.relation is Relation.SAME]
    open_ids = set(
        session.exec(select(Item.id).where(col(Item.id).in_([item_id, *sources, *same]), Item.state == ItemState.OPEN))
    )
    linked = sides.linked(session, open_ids)
    return OfItem(
        sources=tuple(linked[one] for one in sources if one in linked and item_id in open_ids),
        same=tuple(linked[one] for one in same if one in linked),
    )


def _decisions(session: Session, low_id: str, high_id: str) -> list[Decision]:
    rows = session.exec(
        select(RepeatDecision)
        .where(RepeatDecision.low_id == low_id, RepeatDecision.high_id == high_id)
        .order_by(col(RepeatDecision.number).desc())
    ).all()
    return _told(session, rows)


def _told(session: Session, rows: Sequence[RepeatDecision]) -> list[Decision]:
    people = {row.decided_by for row in rows} | {row.ended_by for row in rows if row.ended_by}
    names = accounts.names(session, people)
    return [
        Decision(
            number=row.number,
            relation=row.relation,
            merged_id=row.merged_id,
            main_id=row.main_id,
            reason=row.reason,
            decided_by=names.get(row.decided_by, ""),
            decided_at=row.decided_at,
            ended_by=names.get(row.ended_by) if row.ended_by else None,
            ended_at=row.ended_at,
        )
        for row in rows
    ]

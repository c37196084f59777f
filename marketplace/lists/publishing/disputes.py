"""Fields that a re-issued list and a need's owner changed differently, until a person decides."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from ingest.fields import Draft
from marketplace.accounts import messages
from marketplace.accounts.actors import Actor, acts_for, belongs_to, may_run_lists
from marketplace.accounts.tables import Organisation
from marketplace.kernel import audit
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.lists import items, versions
from marketplace.lists.item_tables import Item, ItemPrivate, ItemVersion
from marketplace.lists.need_tables import ItemDispute
from marketplace.lists.reach import RUNNING, within_reach
from marketplace.lists.rules import facts, reissues
from marketplace.lists.rules.diffs import shown
from marketplace.lists.rules.masks import mask_text
from marketplace.lists.tables import Series
from marketplace.lists.words import DisputeState, SourceKind


@dataclass(frozen=True, slots=True)
class Dispute:
    """One disputed field: what the owner says and what the list says, as plain text; contacts are masked."""

    id: str
    field: str
    owned: str | None
    listed: str | None
    edition_id: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class DisputedItem:
    """An item with fields that wait for a decision: how many, and since when."""

    item_id: str
    title: str
    fields: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Reissue:
    """What a re-issue did to an item that its owner had changed."""

    item_id: str
    edition_id: str
    changed: Collection[str]
    disputed: tuple[str, ...]
    listed_number: int
    owned_number: int


def record(session: Session, reissue: Reissue, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Open the disputes of a re-issue; what an earlier one disputed is void where the list has moved on."""
    for row in _open(session, reissue.item_id):
        if row.field in reissue.changed:
            row.state, row.decided_at = DisputeState.VOID, now
            session.add(row)
    session.flush()
    for field in reissue.disputed:
        session.add(
            ItemDispute(
                id=new_id(),
                item_id=reissue.item_id,
                field=field,
                edition_id=reissue.edition_id,
                listed_number=reissue.listed_number,
                owned_number=reissue.owned_number,
                state=DisputeState.OPEN,
                opened_at=now,
            )
        )
    session.flush()
    item = session.get_one(Item, reissue.item_id)
    if reissue.disputed and item.organisation_id:
        messages.tell_organisation(
            session,
            item.organisation_id,
            subject="清单与您的修改不一致，请选定",
            text=f"“{item.title}”所在的清单出了新一期，其中 {len(reissue.disputed)} 处与您的修改不一致。"
            "现在仍按您写的显示，请逐处选定以哪一份为准。",
            link=f"/needs/{item.id}/disputes",
            now=now,
            new_id=new_id,
        )


def of_item(session: Session, actor: Actor, item_id: str) -> tuple[Dispute, ...]:
    """The open disputes of an item, for its unit and the organisers of its region; NotFound for others."""
    item = _seen(session, actor, item_id)
    rows = _open(session, item_id)
    owned = _draft(session, item_id, item.current_number)
    listed = {row.listed_number: _draft(session, item_id, row.listed_number) for row in rows}
    return tuple(
        Dispute(
            id=row.id,
            field=row.field,
            owned=_said(row.field, owned),
            listed=_said(row.field, listed[row.listed_number]),
            edition_id=row.edition_id,
            opened_at=row.opened_at,
        )
        for row in rows
    )


def of_region(session: Session, actor: Actor) -> list[DisputedItem]:
    """The items with open disputes in the lists that an actor runs, the longest waiting first."""
    home = func.coalesce(col(Series.region), col(Organisation.region))
    since = func.min(ItemDispute.opened_at)
    rows = session.exec(
        select(Item.id, Item.title, func.count(), since)
        .join(ItemDispute, col(ItemDispute.item_id) == col(Item.id))
        .join(Series, col(Series.id) == col(Item.series_id), isouter=True)
        .join(Organisation, col(Organisation.id) == col(Item.organisation_id), isouter=True)
        .where(ItemDispute.state == DisputeState.OPEN, within_reach(actor, home, roles=RUNNING))
        .group_by(col(Item.id), col(Item.title))
        .order_by(since, col(Item.id))
    )
    return [DisputedItem(item_id, mask_text(title), count, opened_at) for item_id, title, count, opened_at in rows]


def waiting(session: Session, organisation_id: str) -> dict[str, int]:
    """How many fields wait for a decision, by item of an organisation."""
    rows = session.exec(
        select(ItemDispute.item_id, func.count())
        .join(Item, col(Item.id) == col(ItemDispute.item_id))
        .where(Item.organisation_id == organisation_id, ItemDispute.state == DisputeState.OPEN)
        .group_by(col(ItemDispute.item_id))
    )
    return dict(rows.all())


def decide(session: Session, actor: Actor, item_id: str, *, takes: Mapping[str, bool], now: datetime) -> None:
    """Decide disputes by id: True takes the list's words, False keeps the owner's; what is taken is a new version.

    Raises NotAllowed for readers, Invalid without a choice, Conflict where somebody else has decided meanwhile.
    """
    item = _seen(session, actor, item_id, holding=True)
    if not _may_decide(session, actor, item):
        raise NotAllowed("您只能查看，请由本单位的负责人或经办人选定。", code="reader_only")
    if not takes:
        message = "请先逐处选定以哪一份为准。"
        raise Invalid(message, code="no_choice", fields={"disputes": message})
    rows = {row.id: row for row in _open(session, item_id)}
    if not rows.keys() >= takes.keys():
        raise Conflict("有的地方已经由别人选定，请刷新页面再看。", code="dispute_decided")
    draft = current = _draft(session, item_id, item.current_number)
    for dispute_id, is_taken in takes.items():
        row = rows[dispute_id]
        if is_taken:
            draft = reissues.take(row.field, _draft(session, item_id, row.listed_number), draft)
        row.state = DisputeState.TAKEN if is_taken else DisputeState.KEPT
        row.decided_by, row.decided_at = actor.account_id, now
        session.add(row)
    if draft != current:
        versions.write(session, item, draft, source=SourceKind.FORM, actor_id=actor.account_id, now=now)
    decided = {rows[key].field: "taken" if taken else "kept" for key, taken in takes.items()}
    audit.write(
        session,
        aggregate="item",
        aggregate_id=item_id,
        action="item.disputes_decided",
        actor_id=actor.account_id,
        payload={"fields": decided, "version": item.current_number},
        now=now,
    )


def _may_decide(session: Session, actor: Actor, item: Item) -> bool:
    if item.organisation_id and acts_for(actor, item.organisation_id):
        return True
    return may_run_lists(actor, region=items.home(session, item.id))


def _seen(session: Session, actor: Actor, item_id: str, *, holding: bool = False) -> Item:
    chosen = select(Item).where(Item.id == item_id)
    item = session.exec(chosen.with_for_update() if holding else chosen).first()
    missing = NotFound("没有这个条目，或您无权处理。", code="item_missing")
    if item is None:
        raise missing
    own = item.organisation_id is not None and belongs_to(actor, item.organisation_id)
    if not own and not may_run_lists(actor, region=items.home(session, item.id)):
        raise missing
    return item


def _open(session: Session, item_id: str) -> list[ItemDispute]:
    chosen = select(ItemDispute).where(ItemDispute.item_id == item_id, ItemDispute.state == DisputeState.OPEN)
    return list(session.exec(chosen.order_by(col(ItemDispute.field))).all())


def _draft(session: Session, item_id: str, number: int) -> Draft:
    key = (item_id, number)
    return facts.draft(session.get_one(ItemVersion, key), session.get(ItemPrivate, key))


def _said(field: str, draft: Draft) -> str | None:
    if field.startswith("extras."):
        return shown(field, draft.extras.get(field.removeprefix("extras.")))
    return shown(field, getattr(draft, field))

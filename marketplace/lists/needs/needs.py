"""Needs of an organisation: published from a draft, amended, paused, resumed and closed with an outcome."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from ingest.fields import Draft, ListKind
from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor, acts_for, belongs_to
from marketplace.kernel import audit
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.lists import merged, versions
from marketplace.lists.item_tables import Item
from marketplace.lists.need_tables import NeedDraft
from marketplace.lists.needs import drafts, outcomes
from marketplace.lists.needs.outcomes import Ending
from marketplace.lists.repeats import findings
from marketplace.lists.rules.ordering import order_key
from marketplace.lists.words import DraftState, ItemState, SourceKind


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing a draft did: which need, in which version, and whether it is a new one."""

    item_id: str
    number: int
    is_new: bool


def publish(
    session: Session, actor: Actor, draft_id: str, *, version: int, now: datetime, new_id: Callable[[], str]
) -> Published:
    """Publish a draft: a new need, or the next version of the one it amends. A draft is published once.

    Raises NotAllowed for readers and unverified organisations, Invalid by field where something is wrong, Conflict
    where the draft has moved on since `version`, is published already, or people still disagree on a field.
    """
    row = drafts.held(session, actor, draft_id)
    unit = organisations.get(session, row.organisation_id)
    if not unit.verified:
        raise NotAllowed(
            "贵单位还没有通过核验，暂时不能发布。草稿已保存；请先提交核验材料，通过后再来发布。", code="not_verified"
        )
    if row.version != version:
        raise Conflict("草稿在您确认之前又有改动，请重新核对后再发布。", code="draft_moved_on")
    if row.clashes:
        raise Conflict("还有几处两个人写得不一样，请先选定用哪一个。", code="clashes_open")
    stated = drafts.read(session, row)
    if stated.errors:
        message = f"还有 {len(stated.errors)} 处要改正，改好后再发布。"
        raise Invalid(message, code="draft_incomplete", fields=stated.errors)
    if row.item_id is None:
        item = _new_item(row, stated.draft, anonymous=stated.anonymous, now=now, new_id=new_id)
        session.add(item)
        session.flush()
        is_new = True
    else:
        item, is_new = _amended(session, row, anonymous=stated.anonymous), False
    row.state, row.item_id, row.updated_by, row.updated_at = DraftState.PUBLISHED, item.id, actor.account_id, now
    session.add(row)
    session.flush()
    versions.write(
        session,
        item,
        stated.draft,
        source=SourceKind.FORM,
        actor_id=actor.account_id,
        now=now,
        draft_id=row.id,
        is_first=is_new,
    )
    findings.ask(session, now=now, new_id=new_id)
    action = "item.posted" if is_new else "item.amended"
    _log(session, item, action, actor=actor, now=now, version=item.current_number, draft_id=row.id)
    return Published(item.id, item.current_number, is_new)


def pause(session: Session, actor: Actor, item_id: str, *, now: datetime) -> None:
    """Take a need out of lists and matching for a while."""
    item = _held(session, actor, item_id)
    if item.state is not ItemState.OPEN:
        raise Conflict("这条需求现在不是公开状态，没有暂停。请刷新页面再看。", code="need_not_open")
    item.state = ItemState.PAUSED
    session.add(item)
    session.flush()
    merged.gone(session, [item.id])
    _log(session, item, "item.paused", actor=actor, now=now)


def resume(session: Session, actor: Actor, item_id: str, *, now: datetime) -> None:
    """Put a paused need back into lists and matching."""
    item = _held(session, actor, item_id)
    if item.state is not ItemState.PAUSED:
        raise Conflict("这条需求没有暂停，不用恢复。请刷新页面再看。", code="need_not_paused")
    item.state = ItemState.OPEN
    session.add(item)
    session.flush()
    merged.put(session, [item.id])
    _log(session, item, "item.resumed", actor=actor, now=now)


def close(session: Session, actor: Actor, item_id: str, ending: Ending, *, now: datetime) -> None:
    """Close a need for good with how it ended. Raises Invalid by field, Conflict where it is closed already."""
    item = _held(session, actor, item_id)
    if item.state is ItemState.CLOSED:
        raise Conflict("这条需求已经关闭，没有重复操作。", code="need_closed")
    outcomes.write(session, item.id, ending, actor_id=actor.account_id, now=now)
    item.state, item.closed_at = ItemState.CLOSED, now
    session.add(item)
    session.flush()
    merged.gone(session, [item.id])
    _log(session, item, "item.closed", actor=actor, now=now, deal=ending.deal.value, is_public=ending.is_public)


def require_member(session: Session, actor: Actor, item_id: str) -> None:
    """Raise what acting on a need would: NotFound for outsiders, NotAllowed for readers, Conflict where it is closed."""
    if _held(session, actor, item_id, holding=False).state is ItemState.CLOSED:
        raise Conflict("这条需求已经关闭，没有重复操作。", code="need_closed")


def may_act(actor: Actor, organisation_id: str | None) -> bool:
    """Whether an actor may amend, pause and close the needs of an organisation."""
    return organisation_id is not None and acts_for(actor, organisation_id)


def _new_item(row: NeedDraft, draft: Draft, *, anonymous: bool, now: datetime, new_id: Callable[[], str]) -> Item:
    return Item(
        id=new_id(),
        organisation_id=row.organisation_id,
        kind=draft.list_kind,
        state=ItemState.OPEN,
        current_number=1,
        is_anonymous=anonymous,
        published_at=now,
        order_key=order_key(now, 1),
        title=draft.title,
        summary="",
        budget_negotiable=draft.budget_negotiable,
    )


def _amended(session: Session, row: NeedDraft, *, anonymous: bool) -> Item:
    item = session.exec(select(Item).where(Item.id == row.item_id).with_for_update()).one()
    if item.state is ItemState.CLOSED:
        raise Conflict("这条需求已经关闭，不能再修改；可以以它为底稿再发一条。", code="need_closed")
    if item.current_number != row.base_number:
        raise Conflict("这条需求所在的清单刚出了新一期，请核对合并后的内容再发布。", code="need_moved_on")
    item.is_anonymous = anonymous
    return item


def _held(session: Session, actor: Actor, item_id: str, *, holding: bool = True) -> Item:
    chosen = select(Item).where(Item.id == item_id)
    item = session.exec(chosen.with_for_update() if holding else chosen).first()
    own = item is not None and item.organisation_id is not None and belongs_to(actor, item.organisation_id)
    if item is None or not own or item.kind is ListKind.CAPABILITY:
        raise NotFound("没有这条需求，或它不属于您的单位。", code="item_missing")
    if not may_act(actor, item.organisation_id):
        raise NotAllowed("您在本单位只能查看，不能修改。请让负责人把您改为经办人。", code="reader_only")
    return item


def _log(session: Session, item: Item, action: str, *, actor: Actor, now: datetime, **payload: object) -> None:
    audit.write(
        session,
        aggregate="item",
        aggregate_id=item.id,
        action=action,
        actor_id=actor.account_id,
        payload=payload,
        now=now,
    )

"""Drafts of needs: begun, read, listed and set aside by the members of an organisation."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from ingest.fields import Draft
from marketplace.accounts import accounts, organisations
from marketplace.accounts.actors import Actor, acts_for, belongs_to
from marketplace.accounts.views import OrganisationView
from marketplace.kernel import audit
from marketplace.kernel.errors import Conflict, NotAllowed, NotFound
from marketplace.lists.item_tables import Item, ItemPrivate, ItemVersion
from marketplace.lists.need_tables import NeedDraft, NeedDraftSave
from marketplace.lists.needs.draft_views import Candidate, DraftCard, DraftPage, DraftSave
from marketplace.lists.rules import completeness, facts, need_forms
from marketplace.lists.rules.diffs import changes
from marketplace.lists.rules.need_forms import Owner, Stated
from marketplace.lists.words import DraftState, ItemState

MOST_OPEN = 200
FROM_LIST = "list"
"""The open page that a re-issued list counts as."""

READER = "您在本单位只能查看，不能修改。请让负责人把您改为经办人。"


def open_new(
    session: Session,
    actor: Actor,
    organisation_id: str,
    *,
    need_type: str = "",
    now: datetime,
    new_id: Callable[[], str],
) -> str:
    """Begin a need; gives the draft's id."""
    unit = _require_desk(session, actor, organisation_id)
    body = {"need_type": need_forms.clean(need_type)[:20], "region": unit.region.replace("/", "")}
    return _open(session, actor, organisation_id, body, now=now, new_id=new_id)


def open_copy(session: Session, actor: Actor, item_id: str, *, now: datetime, new_id: Callable[[], str]) -> str:
    """Begin a new need from the words of one that the organisation posted before; gives the draft's id."""
    item = _own_item(session, actor, item_id)
    body = need_forms.body(version_of(session, item, item.current_number), anonymous=item.is_anonymous)
    return _open(session, actor, str(item.organisation_id), body, now=now, new_id=new_id)


def open_amendment(session: Session, actor: Actor, item_id: str, *, now: datetime, new_id: Callable[[], str]) -> str:
    """The draft in which everybody amends a need, begun where there is none; gives its id."""
    item = _own_item(session, actor, item_id, holding=True)
    if item.state is ItemState.CLOSED:
        raise Conflict("这条需求已经关闭，不能再修改；可以以它为底稿再发一条。", code="need_closed")
    live = (NeedDraft.item_id == item_id, NeedDraft.state == DraftState.OPEN)
    found = session.exec(select(NeedDraft.id).where(*live)).first()
    if found is not None:
        return found
    body = need_forms.body(version_of(session, item, item.current_number), anonymous=item.is_anonymous)
    return _open(
        session,
        actor,
        str(item.organisation_id),
        body,
        item_id=item_id,
        base_number=item.current_number,
        now=now,
        new_id=new_id,
    )


def get(session: Session, actor: Actor, draft_id: str) -> DraftPage:
    """A draft for members of its organisation; NotFound for everybody else."""
    row = _seen(session, actor, draft_id)
    unit = organisations.get(session, row.organisation_id)
    stated = read(session, row)
    item = session.get(Item, row.item_id) if row.item_id else None
    people = {one["by"] for them in row.clashes.values() for one in them} | {row.updated_by}
    names = accounts.names(session, people)
    before = version_of(session, item, row.base_number) if item and row.base_number else None
    return DraftPage(
        id=row.id,
        organisation=unit,
        item_id=row.item_id,
        base_number=row.base_number,
        state=row.state,
        version=row.version,
        body={name: row.body.get(name, "") for name in need_forms.FIELDS},
        stated=stated.draft,
        errors=stated.errors,
        completeness=completeness.check(stated.draft),
        clashes={name: _candidates(them, names) for name, them in row.clashes.items()},
        changes=changes(before, stated.draft) if before else (),
        is_stale=row.base_number is not None and item is not None and item.current_number != row.base_number,
        may_write=acts_for(actor, row.organisation_id),
        may_hide=item is None or item.is_anonymous,
        updated_by=names.get(row.updated_by, ""),
        updated_at=row.updated_at,
    )


def of_organisation(session: Session, actor: Actor, organisation_id: str) -> list[DraftCard]:
    """The open drafts of an organisation for its members, the last one touched first."""
    if not belongs_to(actor, organisation_id):
        raise NotFound("没有这个单位，或您不是它的成员。")
    chosen = select(NeedDraft).where(NeedDraft.organisation_id == organisation_id, NeedDraft.state == DraftState.OPEN)
    rows = session.exec(chosen.order_by(col(NeedDraft.updated_at).desc(), col(NeedDraft.id)).limit(MOST_OPEN)).all()
    names = accounts.names(session, {row.updated_by for row in rows})
    return [_card(session, row, names) for row in rows]


def history(session: Session, actor: Actor, draft_id: str) -> list[DraftSave]:
    """Every save of a draft, newest first, with what lost as well."""
    row = _seen(session, actor, draft_id)
    chosen = select(NeedDraftSave).where(NeedDraftSave.draft_id == row.id)
    saves = session.exec(chosen.order_by(col(NeedDraftSave.number).desc())).all()
    names = accounts.names(session, {save.saved_by for save in saves})
    return [
        DraftSave(
            number=save.number,
            by="清单" if save.page == FROM_LIST else names.get(save.saved_by, ""),
            at=save.saved_at,
            changes=tuple((str(c["field"]), str(c["old"]), str(c["new"]), bool(c["kept"])) for c in save.changes),
        )
        for save in saves
    ]


def preview(
    session: Session, actor: Actor, draft_id: str, given: Mapping[str, str]
) -> tuple[Stated, completeness.Completeness]:
    """How a draft would be understood with the fields that somebody is typing; nothing is saved."""
    row = _seen(session, actor, draft_id)
    typed = {name: need_forms.clean(words[: need_forms.MOST_SIGNS]) for name, words in given.items()}
    found = read(session, row, {**row.body, **typed})
    return found, completeness.check(found.draft)


def discard(session: Session, actor: Actor, draft_id: str, *, now: datetime) -> None:
    """Set a draft aside; what was published stays as it is."""
    row = held(session, actor, draft_id)
    row.state, row.updated_by, row.updated_at = DraftState.DISCARDED, actor.account_id, now
    session.add(row)
    _log(session, row, "need_draft.discarded", actor, now)


def require_may_write(page: DraftPage) -> None:
    """Raise NotAllowed, with what to do, for a reader of a draft."""
    if not page.may_write:
        raise NotAllowed(READER, code="reader_only")


def _require_writer(actor: Actor, row: NeedDraft) -> None:
    if not acts_for(actor, row.organisation_id):
        raise NotAllowed(READER, code="reader_only")


def held(session: Session, actor: Actor, draft_id: str) -> NeedDraft:
    """An open draft that the actor may write, held until the transaction ends."""
    row = _seen(session, actor, draft_id, holding=True)
    _require_writer(actor, row)
    if row.state is DraftState.PUBLISHED:
        raise Conflict("这份草稿已经发布，没有重复操作。", code="draft_published")
    if row.state is DraftState.DISCARDED:
        raise Conflict("这份草稿已经放弃，不能再修改。", code="draft_discarded")
    return row


def read(session: Session, row: NeedDraft, body: Mapping[str, str] | None = None) -> Stated:
    """How a draft is understood, or another body in its place."""
    unit = organisations.get(session, row.organisation_id)
    item = session.get(Item, row.item_id) if row.item_id else None
    before = version_of(session, item, row.base_number) if item and row.base_number else None
    found = need_forms.stated(
        row.body if body is None else body, Owner(unit.name, unit.kind, unit.region), before=before
    )
    if found.anonymous and item is not None and not item.is_anonymous:
        told = "这条需求已经用单位名称发布过，不能再改为匿名。"
        return Stated(found.draft, anonymous=True, errors={**found.errors, "anonymous": told})
    return found


def _open(
    session: Session,
    actor: Actor,
    organisation_id: str,
    body: Mapping[str, str],
    *,
    item_id: str | None = None,
    base_number: int | None = None,
    now: datetime,
    new_id: Callable[[], str],
) -> str:
    row = NeedDraft(
        id=new_id(),
        organisation_id=organisation_id,
        item_id=item_id,
        base_number=base_number,
        state=DraftState.OPEN,
        body=dict(body),
        clashes={},
        version=1,
        opened_by=actor.account_id,
        opened_at=now,
        updated_by=actor.account_id,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    _log(session, row, "need_draft.opened", actor, now)
    return row.id


def _log(session: Session, row: NeedDraft, action: str, actor: Actor, now: datetime) -> None:
    payload = {"organisation_id": row.organisation_id, "item_id": row.item_id, "version": row.version}
    audit.write(
        session,
        aggregate="need_draft",
        aggregate_id=row.id,
        action=action,
        actor_id=actor.account_id,
        payload=payload,
        now=now,
    )


def _require_desk(session: Session, actor: Actor, organisation_id: str) -> OrganisationView:
    if not belongs_to(actor, organisation_id):
        raise NotFound("没有这个单位，或您不是它的成员。")
    if not acts_for(actor, organisation_id):
        raise NotAllowed("您在本单位只能查看，不能发布需求。请让负责人把您改为经办人。", code="reader_only")
    unit = organisations.get(session, organisation_id)
    if not unit.posts_needs:
        raise NotAllowed("本单位还没有开通发布需求，请在单位页面开通后再来。", code="posts_no_needs")
    return unit


def _own_item(session: Session, actor: Actor, item_id: str, *, holding: bool = False) -> Item:
    chosen = select(Item).where(Item.id == item_id)
    item = session.exec(chosen.with_for_update() if holding else chosen).first()
    if item is None or item.organisation_id is None or not belongs_to(actor, item.organisation_id):
        raise NotFound("没有这条需求，或它不属于您的单位。", code="item_missing")
    _require_desk(session, actor, item.organisation_id)
    return item


def _seen(session: Session, actor: Actor, draft_id: str, *, holding: bool = False) -> NeedDraft:
    chosen = select(NeedDraft).where(NeedDraft.id == draft_id)
    row = session.exec(chosen.with_for_update() if holding else chosen).first()
    if row is None or not belongs_to(actor, row.organisation_id):
        raise NotFound("没有这份草稿，或它不属于您的单位。", code="draft_missing")
    return row


def version_of(session: Session, item: Item, number: int) -> Draft:
    key = (item.id, number)
    return facts.draft(session.get_one(ItemVersion, key), session.get(ItemPrivate, key))


def _candidates(them: Sequence[Mapping[str, str]], names: Mapping[str, str]) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(place, one["value"], names.get(one["by"], ""), datetime.fromisoformat(one["at"]))
        for place, one in enumerate(them)
    )


def _card(session: Session, row: NeedDraft, names: Mapping[str, str]) -> DraftCard:
    checked = completeness.check(read(session, row).draft)
    return DraftCard(
        id=row.id,
        title=row.body.get("title", "").strip()[: need_forms.MAX_TITLE],
        need_type=row.body.get("need_type", ""),
        item_id=row.item_id,
        updated_by=names.get(row.updated_by, ""),
        updated_at=row.updated_at,
        done=checked.done,
        total=checked.total,
    )

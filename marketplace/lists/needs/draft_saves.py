"""Saving drafts of needs: several people at once, field by field, nothing lost."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts.actors import Actor
from marketplace.kernel.batches import insert_all
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.lists.item_tables import Item, ItemVersion
from marketplace.lists.need_tables import NeedDraft, NeedDraftSave
from marketplace.lists.needs.draft_views import Saved
from marketplace.lists.needs.drafts import FROM_LIST, held, read, version_of
from marketplace.lists.rules import merging, need_forms
from marketplace.lists.rules.merging import Change, Save


def save(
    session: Session, actor: Actor, draft_id: str, given: Mapping[str, str], *, version: int, page: str, now: datetime
) -> Saved:
    """Save the fields that an open page sends, which shows the draft as of `version`.

    Fields that others changed meanwhile are merged; one that both changed differently keeps the draft's words, and
    both wait for a choice. Nothing that was sent is lost: the draft's history keeps it.
    Raises NotAllowed for readers, Conflict where the draft is no longer open, Invalid where a text is endless.
    """
    row = held(session, actor, draft_id)
    sent = _sent(given)
    later = _later(session, row.id, version)
    merged = merging.merge(row.body, later, sent, page=page)
    pending = {name: words for name, words in merged.taken.items() if name in row.clashes}
    clashing = {**merged.clashing, **pending}
    taken = {name: words for name, words in merged.taken.items() if name not in pending}
    apply(session, row, taken=taken, clashing=clashing, page=page, actor_id=actor.account_id, now=now)
    foreign = any(save.page != page for save in later)
    # A page that has not seen what others changed stays at the version it shows, so that it can be told so.
    return Saved(version if foreign else row.version, tuple(clashing), read(session, row).errors)


def choose(
    session: Session, actor: Actor, draft_id: str, choices: Mapping[str, int], *, page: str, now: datetime
) -> None:
    """Choose one of the values that people gave a field at the same time, by its place; the others stay in history."""
    row = held(session, actor, draft_id)
    taken: dict[str, str] = {}
    for name, place in choices.items():
        candidates = row.clashes.get(name)
        if candidates is None:
            raise Conflict("这一处已经由别人选定，请刷新页面再看。", code="clash_decided")
        if not 0 <= place < len(candidates):
            raise Invalid("请在列出的几个写法里选一个。", code="no_choice", fields={name: "请选一个写法。"})
        taken[name] = candidates[place]["value"]
    row.clashes = {name: them for name, them in row.clashes.items() if name not in taken}
    apply(session, row, taken=taken, clashing={}, page=page, actor_id=actor.account_id, now=now, decided=True)


def rebase(session: Session, actor: Actor, draft_id: str, *, now: datetime) -> None:
    """Bring into an amendment what its list has re-issued since it began; what both changed waits for a choice."""
    row = held(session, actor, draft_id)
    item = session.get(Item, row.item_id) if row.item_id else None
    if item is None or row.base_number is None or item.current_number == row.base_number:
        return
    old = need_forms.body(version_of(session, item, row.base_number))
    new = need_forms.body(version_of(session, item, item.current_number))
    moved = {name: words for name, words in new.items() if words != old[name] and name != "anonymous"}
    taken = {name: words for name, words in moved.items() if row.body.get(name, "") == old[name]}
    clashing = {name: words for name, words in moved.items() if name not in taken and row.body.get(name, "") != words}
    row.base_number = item.current_number
    writer = session.get_one(ItemVersion, (item.id, item.current_number)).written_by
    apply(session, row, taken=taken, clashing=clashing, page=FROM_LIST, actor_id=writer, now=now)


def apply(
    session: Session,
    row: NeedDraft,
    *,
    taken: Mapping[str, str],
    clashing: Mapping[str, str],
    page: str,
    actor_id: str,
    now: datetime,
    decided: bool = False,
) -> None:
    """Write a save of a draft that the caller holds; a choice counts as a change even where the words stay."""
    made = [Change(name, row.body.get(name, ""), words) for name, words in taken.items()]
    made = [change for change in made if decided or change.old != change.new]
    made += [Change(name, row.body.get(name, ""), words, kept=False) for name, words in clashing.items()]
    made = [change for change in made if change.kept or not merging.is_waiting(row.clashes, change, by=actor_id)]
    if not made:
        session.add(row)
        session.flush()
        return
    before = {"by": row.updated_by, "at": row.updated_at.isoformat()}
    row.body = {**row.body, **taken}
    lost = [change for change in made if not change.kept]
    row.clashes = merging.with_lost(row.clashes, lost, before=before, by=actor_id, at=now.isoformat())
    row.version += 1
    row.updated_by, row.updated_at = actor_id, now
    session.add(row)
    session.flush()
    _keep(session, row, made, page=page, actor_id=actor_id, now=now)


def _keep(session: Session, row: NeedDraft, made: Sequence[Change], *, page: str, actor_id: str, now: datetime) -> None:
    kept = [{"field": c.field, "old": c.old, "new": c.new, "kept": c.kept} for c in made]
    values = {"draft_id": row.id, "number": row.version, "page": page, "saved_by": actor_id, "saved_at": now}
    insert_all(session, NeedDraftSave, [{**values, "changes": kept}])


def _sent(given: Mapping[str, str]) -> dict[str, str]:
    sent = {name: need_forms.clean(words) for name, words in given.items() if name in need_forms.FIELDS}
    endless = next((name for name, words in sent.items() if len(words) > need_forms.MOST_SIGNS), None)
    if endless is not None:
        told = f"这一处超过 {need_forms.MOST_SIGNS} 个字，没有保存，请先精简。"
        raise Invalid(told, code="too_long", fields={endless: told})
    return sent


def _later(session: Session, draft_id: str, version: int) -> list[Save]:
    chosen = select(NeedDraftSave).where(NeedDraftSave.draft_id == draft_id, NeedDraftSave.number > version)
    return [
        Save(
            save.page,
            tuple(Change(str(c["field"]), str(c["old"]), str(c["new"]), kept=bool(c["kept"])) for c in save.changes),
        )
        for save in session.exec(chosen.order_by(col(NeedDraftSave.number)))
    ]

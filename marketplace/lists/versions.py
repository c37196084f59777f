"""Writing a version of an item outside an edition, and telling the index."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from ingest.fields import Draft
from marketplace.kernel.batches import insert_all
from marketplace.lists import merged
from marketplace.lists.item_tables import Item, ItemPrivate, ItemVersion
from marketplace.lists.rules import facts
from marketplace.lists.words import ItemState, SourceKind


def values(
    draft: Draft,
    *,
    item_id: str,
    number: int,
    source: SourceKind,
    actor_id: str,
    now: datetime,
    edition_id: str | None = None,
    draft_id: str | None = None,
) -> dict[str, object]:
    """The columns of a version that was written by a person; it stands in no file."""
    written: dict[str, object] = {
        **facts.columns(replace(draft, sheet=None, page=None, inherited=(), places={})),
        "item_id": item_id,
        "number": number,
        "row": None,
        "source": source,
        "file_name": None,
        "file_digest": None,
        "intake_id": None,
        "edition_id": edition_id,
        "draft_id": draft_id,
        "written_by": actor_id,
        "written_at": now,
    }
    return {**written, "digest": facts.digest(written)}


def write(
    session: Session,
    item: Item,
    draft: Draft,
    *,
    source: SourceKind,
    actor_id: str,
    now: datetime,
    draft_id: str | None = None,
    is_first: bool = False,
) -> None:
    """Write the next version of an item that the caller holds; an open one is found by its new words at once."""
    number = 1 if is_first else item.current_number + 1
    version = values(
        draft, item_id=item.id, number=number, source=source, actor_id=actor_id, now=now, draft_id=draft_id
    )
    insert_all(session, ItemVersion, [version])
    insert_all(session, ItemPrivate, [{"item_id": item.id, "number": number, **facts.private_columns(draft)}])
    item.current_number = number
    for name, value in facts.searched(version).items():
        setattr(item, name, value)
    session.add(item)
    session.flush()
    if item.state is ItemState.OPEN:
        merged.put(session, [item.id])

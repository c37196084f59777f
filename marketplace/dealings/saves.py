"""Saves (收藏): needs and profiles that a seat wants to find again; an organisation's members share theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from marketplace.accounts.actors import Actor, standing_in
from marketplace.accounts.tables import Organisation
from marketplace.accounts.words import Standing
from marketplace.dealings.attention_tables import Save
from marketplace.kernel.batches import insert_unless_there
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.kernel.words import SubjectKind
from marketplace.lists import cards
from marketplace.lists.item_tables import Item
from marketplace.lists.views import ItemCard
from marketplace.profiles.tables import Profile

MAX_NOTE = 500
MOST = 500
"""How many a seat may save: above that a list finds nothing again."""


@dataclass(frozen=True, slots=True)
class SavedItem:
    """A saved need; what it says now, whatever it said when it was saved."""

    id: str
    card: ItemCard
    note: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class SavedProfile:
    """A saved profile."""

    id: str
    profile_id: str
    name: str
    headline: str
    note: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Saved:
    """Everything a seat has saved, the newest first."""

    items: tuple[SavedItem, ...]
    profiles: tuple[SavedProfile, ...]


def add(
    session: Session,
    actor: Actor,
    *,
    kind: SubjectKind,
    subject_id: str,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Save a need or a profile; saving it twice changes nothing. NotAllowed for readers (查看)."""
    require_may_write(actor)
    table: type[Item | Profile] = Item if kind is SubjectKind.ITEM else Profile
    if session.get(table, subject_id) is None:
        raise NotFound("没有这条内容，请从清单中查找。", code="subject_missing")
    if len(session.exec(select(Save.id).where(Save.holder_id == holder(actor))).all()) >= MOST:
        raise Conflict(f"最多收藏 {MOST} 条，请先移除一些不再需要的。", code="too_many_saved")
    row = {
        "id": new_id(),
        "holder_id": holder(actor),
        "organisation_id": actor.organisation_id,
        "account_id": actor.account_id,
        "kind": kind,
        "subject_id": subject_id,
        "note": "",
        "saved_at": now,
    }
    insert_unless_there(session, Save, [row])


def remove(session: Session, actor: Actor, *, kind: SubjectKind, subject_id: str) -> None:
    """Save something no longer; what is not saved stays so. NotAllowed for readers (查看)."""
    require_may_write(actor)
    own = (col(Save.holder_id) == holder(actor), col(Save.kind) == kind, col(Save.subject_id) == subject_id)
    session.execute(delete(Save).where(*own))


def write_note(session: Session, actor: Actor, save_id: str, *, note: str) -> None:
    """Write one's own note beside something saved; NotFound for another seat's, NotAllowed for readers (查看)."""
    row = session.get(Save, save_id)
    if row is None or row.holder_id != holder(actor):
        raise NotFound("没有这条收藏，可能已被同事移除。", code="save_missing")
    require_may_write(actor)
    if len(note) > MAX_NOTE:
        message = f"备注最多 {MAX_NOTE} 个字，请缩短。"
        raise Invalid(message, code="note_long", fields={"note": message})
    row.note = note.strip()
    session.add(row)
    session.flush()


def holds(session: Session, actor: Actor, *, kind: SubjectKind, subject_id: str) -> bool:
    """Whether the seat has saved something."""
    own = (Save.holder_id == holder(actor), Save.kind == kind, Save.subject_id == subject_id)
    return session.exec(select(Save.id).where(*own)).first() is not None


def of_seat(session: Session, actor: Actor) -> Saved:
    """Everything the actor's seat has saved; what is gone meanwhile is left out."""
    query = select(Save).where(Save.holder_id == holder(actor)).order_by(col(Save.saved_at).desc(), col(Save.id))
    rows = session.exec(query).all()
    ids = [row.subject_id for row in rows if row.kind is SubjectKind.ITEM]
    items = {card.id: card for card in cards.by_ids(session, ids)}
    named = (
        select(Profile.id, Organisation.name, Profile.headline)
        .join(Organisation, col(Organisation.id) == col(Profile.organisation_id))
        .where(col(Profile.id).in_([row.subject_id for row in rows if row.kind is SubjectKind.PROFILE]))
    )
    profiles = {profile_id: (name, headline) for profile_id, name, headline in session.exec(named)}
    return Saved(
        tuple(
            SavedItem(row.id, items[row.subject_id], row.note, row.saved_at) for row in rows if row.subject_id in items
        ),
        tuple(
            SavedProfile(row.id, row.subject_id, *profiles[row.subject_id], row.note, row.saved_at)
            for row in rows
            if row.subject_id in profiles
        ),
    )


def may_write(actor: Actor) -> bool:
    """Whether an actor may change the saves of its seat: everybody but those who may only read (查看) there."""
    unit = actor.organisation_id
    return unit is None or standing_in(actor, unit) is not Standing.READER


def require_may_write(actor: Actor) -> None:
    """Raise NotAllowed where an actor may only read the saves of its seat."""
    if not may_write(actor):
        message = "您在这个单位是“查看”身份，不能改动单位的收藏和备注。请联系单位的负责人调整您的身份。"
        raise NotAllowed(message, code="reader_only")


def holder(actor: Actor) -> str:
    """Whose saves an actor sees: its organisation's, or its own where it acts for itself."""
    return actor.organisation_id or actor.account_id

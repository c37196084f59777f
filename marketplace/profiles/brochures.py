"""Brochures: files in which a supplier introduces itself, read for its own people, taken into the draft as they choose."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor, acts_for, belongs_to
from marketplace.kernel import audit
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.kernel.files import StoredFile
from marketplace.profiles import drafts, moves, notes, profiles
from marketplace.profiles.draft_tables import ProfileBrochure
from marketplace.profiles.drafts import NOT_YOURS, DraftPage
from marketplace.profiles.rules import merging, taking
from marketplace.profiles.rules.evidence import safe_name
from marketplace.profiles.rules.taking import Taken

MOST: Final = 20
MISSING: Final = "没有这份介绍文件，或您无权查看。"


@dataclass(frozen=True, slots=True)
class BrochurePage:
    """A brochure as its people see it; `reading` is the record of what was read, `taken` what went into the draft."""

    id: str
    name: str
    digest: str
    size_bytes: int
    reading: Mapping[str, Any]
    taken: Sequence[Mapping[str, str]]
    added_by: str
    added_at: datetime
    taken_at: datetime | None


def add(
    session: Session,
    actor: Actor,
    *,
    organisation_id: str,
    file: StoredFile,
    name: str,
    reading: dict[str, Any],
    now: datetime,
    new_id: Callable[[], str],
) -> BrochurePage:
    """Keep a file that was read, for the draft of an organisation's profile; the same file again takes the place of the older one.

    Raises NotAllowed for readers, Conflict where there are too many.
    """
    if not belongs_to(actor, organisation_id) or not acts_for(actor, organisation_id):
        raise NotAllowed(NOT_YOURS, code="not_your_profile")
    moves.require_here(session, organisation_id)
    profile_id = notes.ensure(session, [organisation_id], now=now, new_id=new_id)[organisation_id]
    kept = session.exec(select(ProfileBrochure).where(ProfileBrochure.profile_id == profile_id)).all()
    row = next((one for one in kept if one.digest == file.digest), None)
    if row is None and len(kept) >= MOST:
        raise Conflict(f"介绍文件最多保留 {MOST} 份，请先删去不用的。", code="too_many_brochures")
    if row is None:
        row = ProfileBrochure(
            id=new_id(),
            profile_id=profile_id,
            name="",
            digest=file.digest,
            size_bytes=file.size_bytes,
            reading={},
            taken=[],
            added_by=actor.account_id,
            added_at=now,
        )
    row.name, row.reading, row.added_by, row.added_at = safe_name(name), reading, actor.account_id, now
    session.add(row)
    session.flush()
    _log(session, row, "profile.brochure_read", {"file_digest": file.digest}, actor=actor, now=now)
    return _page(session, row)


def of_organisation(session: Session, actor: Actor, organisation_id: str) -> list[BrochurePage]:
    """The brochures of an organisation for its own people, newest first."""
    if not belongs_to(actor, organisation_id):
        raise NotFound(MISSING, code="brochure_missing")
    profile_id = profiles.find(session, organisation_id)
    rows = session.exec(
        select(ProfileBrochure)
        .where(ProfileBrochure.profile_id == profile_id)
        .order_by(col(ProfileBrochure.added_at).desc(), col(ProfileBrochure.id))
    )
    return [_page(session, row) for row in rows]


def get(session: Session, actor: Actor, organisation_id: str, brochure_id: str) -> BrochurePage:
    """One brochure, for the people of its organisation. Raises NotFound for everybody else."""
    return _page(session, _row(session, actor, organisation_id, brochure_id))


def take(
    session: Session,
    actor: Actor,
    brochure_id: str,
    *,
    organisation_id: str,
    taken: Taken,
    marks: Sequence[Mapping[str, str]],
    seen: Mapping[str, str],
    now: datetime,
    new_id: Callable[[], str],
) -> DraftPage:
    """Add what somebody ticked in a brochure to the draft; nothing is published, and only what was chosen is replaced.

    `seen` holds the digests (`merging.digests`) of the form that was shown beside, `marks` what comes from where, for the
    editor. Raises DraftMoved where a single field that is replaced was changed by others meanwhile, Invalid where nothing
    was ticked or a text is too long.
    """
    row = _row(session, actor, organisation_id, brochure_id)
    if not acts_for(actor, organisation_id):
        raise NotAllowed(NOT_YOURS, code="not_your_profile")
    before = drafts.get(session, actor, organisation_id)
    if taken.is_empty:
        message = "还没有勾选要加入画像的内容。请勾选后再按“加入草稿”。"
        raise Invalid(message, code="nothing_taken", fields={"take": message})
    # Lists only grow, whatever a colleague has added to them since.
    replaced: dict[str, str] = {name: seen[name] for name in taking.SINGLE if name in taken.singles and name in seen}
    page = drafts.save(
        session,
        actor,
        organisation_id=organisation_id,
        form=taking.added(before.form, taken),
        started_from={**merging.digests(before.form), **replaced},
        settles=False,
        now=now,
        new_id=new_id,
    )
    fresh = [dict(mark) for mark in marks]
    row.taken = [*(one for one in row.taken if one not in fresh), *fresh]
    row.taken_at = now
    session.add(row)
    session.flush()
    _log(session, row, "profile.brochure_taken", {"file_digest": row.digest, "count": len(marks)}, actor=actor, now=now)
    return page


def remove(session: Session, actor: Actor, brochure_id: str, *, organisation_id: str, now: datetime) -> str:
    """Delete a brochure with what was read in it; gives its digest, whose bytes the caller takes away once this is committed.

    What was taken into the draft stays there.
    """
    row = _row(session, actor, organisation_id, brochure_id)
    if not acts_for(actor, organisation_id):
        raise NotAllowed(NOT_YOURS, code="not_your_profile")
    digest = row.digest
    _log(session, row, "profile.brochure_removed", {"file_digest": digest}, actor=actor, now=now)
    session.delete(row)
    session.flush()
    return digest


def _row(session: Session, actor: Actor, organisation_id: str, brochure_id: str) -> ProfileBrochure:
    row = session.get(ProfileBrochure, brochure_id)
    is_own = row is not None and row.profile_id == profiles.find(session, organisation_id)
    if row is None or not is_own or not belongs_to(actor, organisation_id):
        raise NotFound(MISSING, code="brochure_missing")
    return row


def _log(
    session: Session, row: ProfileBrochure, action: str, payload: dict[str, Any], *, actor: Actor, now: datetime
) -> None:
    audit.write(
        session,
        aggregate="profile",
        aggregate_id=row.profile_id,
        action=action,
        actor_id=actor.account_id,
        payload=payload,
        now=now,
    )


def _page(session: Session, row: ProfileBrochure) -> BrochurePage:
    return BrochurePage(
        id=row.id,
        name=row.name,
        digest=row.digest,
        size_bytes=row.size_bytes,
        reading=row.reading,
        taken=row.taken,
        added_by=accounts.names(session, {row.added_by}).get(row.added_by, ""),
        added_at=row.added_at,
        taken_at=row.taken_at,
    )

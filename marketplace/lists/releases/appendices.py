"""Appendices of editions (盖章扫描件): attached after the release, by those who run the region's lists, never changed."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor, may_run_lists, require_may_run_lists
from marketplace.kernel import audit
from marketplace.kernel.batches import insert_unless_there
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.kernel.files import StoredFile
from marketplace.lists.release_tables import EditionAppendix
from marketplace.lists.releases.views import AppendixView
from marketplace.lists.rules.appendices import label
from marketplace.lists.tables import Edition


def attach(
    session: Session,
    actor: Actor,
    edition_id: str,
    *,
    file: StoredFile,
    name: str,
    media_type: str,
    now: datetime,
    new_id: Callable[[], str],
) -> AppendixView:
    """Keep a file with an edition; Conflict where the very same file is there already."""
    edition = _edition(session, edition_id)
    require_may_run_lists(actor, region=edition.region)
    row: dict[str, object] = {
        "id": new_id(),
        "edition_id": edition_id,
        "name": label(name, media_type),
        "media_type": media_type,
        "file_digest": file.digest,
        "size_bytes": file.size_bytes,
        "attached_by": actor.account_id,
        "attached_at": now,
    }
    made = insert_unless_there(session, EditionAppendix, [row])
    if not made:
        raise Conflict("这份文件已经附在这一期上了，没有重复保存。", code="appendix_there")
    audit.write(
        session,
        aggregate="edition",
        aggregate_id=edition_id,
        action="edition.appendix_attached",
        actor_id=actor.account_id,
        payload={"appendix_id": made[0], "file_digest": file.digest, "media_type": media_type},
        now=now,
    )
    return get(session, edition_id, made[0])


def of_edition(session: Session, edition_id: str) -> list[AppendixView]:
    """The files kept with an edition, oldest first."""
    rows = session.exec(
        select(EditionAppendix)
        .where(EditionAppendix.edition_id == edition_id)
        .order_by(col(EditionAppendix.attached_at), col(EditionAppendix.id))
    ).all()
    names = accounts.names(session, {row.attached_by for row in rows})
    return [_view(row, names) for row in rows]


def get(session: Session, edition_id: str, appendix_id: str) -> AppendixView:
    """One file kept with an edition, or NotFound."""
    row = session.get(EditionAppendix, appendix_id)
    if row is None or row.edition_id != edition_id:
        raise NotFound("没有这份附件。", code="appendix_missing")
    return _view(row, accounts.names(session, {row.attached_by}))


def may_attach(actor: Actor | None, region: str) -> bool:
    """Whether somebody may keep files with the editions of a region."""
    return actor is not None and may_run_lists(actor, region=region)


def file_digests(session: Session) -> list[str]:
    """The digests of every file kept with an edition, for checking the file store."""
    column = col(EditionAppendix.file_digest)
    return list(session.exec(select(column).distinct().order_by(column)))


def _edition(session: Session, edition_id: str) -> Edition:
    found = session.get(Edition, edition_id)
    if found is None:
        raise NotFound("没有这一期清单，请从清单目录进入。", code="edition_missing")
    return found


def _view(row: EditionAppendix, names: dict[str, str]) -> AppendixView:
    return AppendixView(
        id=row.id,
        name=row.name,
        media_type=row.media_type,
        file_digest=row.file_digest,
        size_bytes=row.size_bytes,
        attached_by=names.get(row.attached_by, ""),
        attached_at=row.attached_at,
    )

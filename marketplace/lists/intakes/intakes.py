"""Intakes: files on their way in, kept until somebody confirms or discards them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from ingest.fields import ListKind
from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor, covers, require_may_run_lists
from marketplace.accounts.words import Role
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.kernel.files import StoredFile
from marketplace.lists import editions, series
from marketplace.lists.edition_views import EditionPage
from marketplace.lists.intakes import correcting, holding
from marketplace.lists.intakes.pages import (
    file_digests,
    get,
    page_of,
    preview,
    reading_of,
    search,
    stored_reading,
    visible,
    visible_to,
)
from marketplace.lists.intakes.views import IntakePage
from marketplace.lists.publishing import publishing
from marketplace.lists.rules import publishing as rules
from marketplace.lists.tables import Intake, IntakeReading, Series
from marketplace.lists.words import IntakeState

__all__ = [
    "confirm",
    "discard",
    "file_digests",
    "get",
    "go_on",
    "open",
    "preview",
    "search",
    "visible_to",
]

MAX_FIRST_NUMBER = 9999


def open(  # noqa: A001 - reads as intakes.open
    session: Session,
    actor: Actor,
    *,
    file: StoredFile,
    reading: Mapping[str, object],
    name: str,
    region: str,
    kind: ListKind | None = None,
    now: datetime,
    new_id: Callable[[], str],
) -> IntakePage:
    """Take a file in that was read (`reading` is ingest's record of it) for a region; publishes nothing.

    `kind` is what the uploader said that its rows are. Raises NotAllowed where the actor does not run the region's lists.
    """
    read = reading_of(reading)
    intake = holding.begin(
        actor, file, IntakeState.OPEN, name=name, region=region, kind=kind, now=now, intake_id=new_id()
    )
    intake.publisher = rules.publisher(read)
    holding.count(intake, read)
    session.add(intake)
    session.flush()
    session.add(IntakeReading(intake_id=intake.id, reading=dict(reading)))
    session.flush()
    counts = {"sound": intake.sound, "refused": intake.refused, "problems": intake.problems}
    holding.note(
        session,
        actor,
        intake,
        "intake.opened",
        {"file_digest": file.digest, "region": intake.region, **counts},
        now=now,
    )
    return page_of(session, actor, intake, read)


def confirm(
    session: Session,
    actor: Actor,
    intake_id: str,
    *,
    version: int,
    now: datetime,
    new_id: Callable[[], str],
    series_id: str | None = None,
    series_title: str | None = None,
    publisher: str | None = None,
    title: str | None = None,
    first_number: int = 1,
    posted: Sequence[str] = (),
    publishers: str | None = None,
) -> EditionPage:
    """Publish the sound rows of an intake as the next edition of a series, or as the first one of a new series.

    Give a `series_id`, or a `series_title` (with the publisher's name; by default who the file
    says, else the unit for which the actor organises, else the region). `first_number` numbers the first
    edition of a series that came out elsewhere before; after that editions are numbered one after the other.
    `posted` are needs posted by form to be listed after the rows, `publishers` the names of all who release it.
    Raises Conflict, saying who and when, where somebody has confirmed or discarded it already.
    """
    intake = holding.held(session, actor, intake_id, version)
    holding.require_read(intake)
    reading = stored_reading(session, intake_id)
    drafts = rules.for_public(reading, rules.sort(reading).sound)
    if not drafts:
        raise Invalid("这份文件没有可以发布的条目，请按问题清单修改后重新上传。", code="nothing_to_publish")
    chosen = _series(
        session,
        actor,
        intake,
        series_id=series_id,
        series_title=series_title,
        publisher=publisher,
        now=now,
        new_id=new_id,
    )
    if not 1 <= first_number <= MAX_FIRST_NUMBER:
        message = f"期号应为 1 至 {MAX_FIRST_NUMBER} 之间的整数。"
        raise Invalid(message, code="bad_number", fields={"number": message})
    command = publishing.Command(chosen, actor, title, first_number, now, new_id, tuple(posted), publishers)
    edition = publishing.publish(session, command, intake, drafts)
    holding.close(session, actor, intake, IntakeState.CONFIRMED, now, edition_id=edition.id)
    holding.note(
        session, actor, intake, "intake.confirmed", {"edition_id": edition.id, "digest": edition.digest}, now=now
    )
    return editions.get(session, edition.id)


def go_on(session: Session, actor: Actor, intake_id: str, *, now: datetime, new_id: Callable[[], str]) -> IntakePage:
    """Open a file that was published or set aside once more, with what was put right in it, for the rows that stayed behind.

    Published as the next edition it leaves unchanged what came out already. Raises Conflict where the intake is still open.
    """
    before = visible(actor, session.get(Intake, intake_id))
    require_may_run_lists(actor, region=before.region)
    if before.state not in holding.ENDED:
        raise Conflict("这份导入还没有结束，可以直接更正。", code="intake_open")
    file = StoredFile(before.file_digest, before.size_bytes)
    intake = holding.begin(
        actor,
        file,
        IntakeState.OPEN,
        name=before.name,
        region=before.region,
        kind=before.kind,
        now=now,
        intake_id=new_id(),
    )
    intake.publisher = before.publisher
    session.add(intake)
    session.flush()
    stored = session.get(IntakeReading, before.id)
    if stored is None:
        raise Conflict(before.failure or "这份文件没有读成，请重新上传。", code="intake_failed")
    session.add(IntakeReading(intake_id=intake.id, reading=stored.reading))
    correcting.carry(session, before.id, intake.id)
    read = stored_reading(session, intake.id)
    holding.count(intake, read)
    session.add(intake)
    session.flush()
    holding.note(session, actor, intake, "intake.continued", {"intake_id": before.id}, now=now)
    return page_of(session, actor, intake, read)


def discard(session: Session, actor: Actor, intake_id: str, *, version: int, now: datetime) -> None:
    """Set an intake aside for good; nothing of it is published, the file stays. Raises Conflict like `confirm`."""
    intake = holding.held(session, actor, intake_id, version)
    holding.close(session, actor, intake, IntakeState.DISCARDED, now)
    holding.note(session, actor, intake, "intake.discarded", {}, now=now)


def _series(
    session: Session,
    actor: Actor,
    intake: Intake,
    *,
    series_id: str | None,
    series_title: str | None,
    publisher: str | None,
    now: datetime,
    new_id: Callable[[], str],
) -> Series:
    if series_id is None:
        who = publisher or intake.publisher or _own_unit(session, actor, intake.region)
        return series.find_or_open(
            session, actor, title=series_title or "", publisher=who, region=intake.region, now=now, new_id=new_id
        )
    chosen = series.locked(session, series_id)
    require_may_run_lists(actor, region=chosen.region)
    return chosen


def _own_unit(session: Session, actor: Actor, region: str) -> str:
    """The unit for which somebody organises, else the region's name: who publishes where nobody says otherwise."""
    organising = [grant for grant in actor.grants if grant.role is Role.ORGANISER and covers(grant.region, region)]
    unit = next((grant.organisation_id for grant in organising if grant.organisation_id), None)
    if unit is not None:
        return organisations.get(session, unit).name
    return region.replace("/", "") or actor.name

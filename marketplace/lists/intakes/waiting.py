"""Files that are read while nobody waits: taken in at once, read by a job, found on their page when they are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import literal
from sqlmodel import Session, col, select

from ingest.fields import ListKind
from marketplace.accounts.actors import Actor
from marketplace.kernel import jobs
from marketplace.kernel.files import StoredFile
from marketplace.kernel.tables import Job
from marketplace.lists.intakes import cards, holding, mappings
from marketplace.lists.intakes.mappings import Remembered
from marketplace.lists.intakes.pages import corrections_of, reading_of, stored_reading
from marketplace.lists.intakes.views import IntakeCard
from marketplace.lists.rules import publishing as rules
from marketplace.lists.tables import Intake, IntakeReading
from marketplace.lists.words import IntakeState

JOB = "read_file"
KEY = "read_file/"
MAX_ATTEMPTS = 2
"""A file that has brought the process down with it is not tried for ever."""
LOST = "读取中途停止，没有读完。请重新上传；再不行，请把文件拆成几个，或换成 Excel 文件。"


@dataclass(frozen=True, slots=True)
class ToRead:
    """A file that waits to be read, and what is known of the columns of its region."""

    intake_id: str
    name: str
    file_digest: str
    kind: ListKind | None
    remembered: Remembered


def take_in(
    session: Session,
    actor: Actor,
    *,
    file: StoredFile,
    name: str,
    region: str,
    kind: ListKind | None,
    now: datetime,
    new_id: Callable[[], str],
) -> IntakeCard:
    """Take a file in that is to be read while nobody waits. Raises NotAllowed like `intakes.open`."""
    intake = holding.begin(
        actor, file, IntakeState.READING, name=name, region=region, kind=kind, now=now, intake_id=new_id()
    )
    session.add(intake)
    session.flush()
    _ask(session, intake, now=now, new_id=new_id)
    holding.note(
        session, actor, intake, "intake.received", {"file_digest": file.digest, "region": intake.region}, now=now
    )
    (card,) = cards.of(session, [intake])
    return card


def read_again(
    session: Session, actor: Actor, intake_id: str, *, version: int, now: datetime, new_id: Callable[[], str]
) -> None:
    """Let a file be read anew while nobody waits, for its columns are to be read otherwise."""
    intake = holding.held(session, actor, intake_id, version)
    holding.require_read(intake)
    intake.state, intake.version, intake.pages_done, intake.pages_total = IntakeState.READING, version + 1, None, None
    session.add(intake)
    session.flush()
    _ask(session, intake, now=now, new_id=new_id)


def replace_reading(
    session: Session, actor: Actor, intake_id: str, *, version: int, reading: Mapping[str, object]
) -> None:
    """Keep a new reading of a file, whose columns were read otherwise, in place of the one before."""
    intake = holding.held(session, actor, intake_id, version)
    holding.require_read(intake)
    keep(session, intake, reading)
    intake.version += 1
    session.add(intake)
    session.flush()


def to_read(session: Session, intake_id: str) -> ToRead | None:
    """What a job needs for reading a file; None where nobody waits for it any more."""
    intake = session.get(Intake, intake_id)
    if intake is None or intake.state is not IntakeState.READING:
        return None
    remembered = mappings.of_region(session, intake.region)
    return ToRead(intake.id, intake.name, intake.file_digest, intake.kind, remembered)


def have_reached(session: Session, intake_id: str, *, done: int, of: int) -> None:
    """Note how far the reading is."""
    intake = session.get(Intake, intake_id)
    if intake is not None and intake.state is IntakeState.READING:
        intake.pages_done, intake.pages_total = done, of
        session.add(intake)
        session.flush()


def have_read(session: Session, intake_id: str, reading: Mapping[str, object], *, now: datetime) -> None:
    """Keep what was read; one that was set aside meanwhile stays so."""
    intake = _still_reading(session, intake_id)
    if intake is None:
        return
    keep(session, intake, reading)
    intake.state, intake.version = IntakeState.OPEN, intake.version + 1
    session.add(intake)
    session.flush()
    counts: dict[str, object] = {"sound": intake.sound, "refused": intake.refused, "problems": intake.problems}
    holding.note(session, None, intake, "intake.read", counts, now=now)


def could_not_read(session: Session, intake_id: str, why: str, *, now: datetime) -> None:
    """Say why a file could not be read; where it was read before, that reading holds on."""
    intake = _still_reading(session, intake_id)
    if intake is None:
        return
    was_read = session.get(IntakeReading, intake_id) is not None
    intake.state = IntakeState.OPEN if was_read else IntakeState.FAILED
    intake.failure, intake.version = why, intake.version + 1
    session.add(intake)
    session.flush()
    holding.note(session, None, intake, "intake.unreadable", {"failure": why}, now=now)


def lost(session: Session) -> list[str]:
    """The files that wait to be read although their job has ended without a word: its process died each time."""
    key = literal(KEY).concat(col(Intake.id))
    waited_for = select(Job.id).where(Job.kind == JOB, Job.unique_key == key, col(Job.ended_at).is_(None))
    return list(session.exec(select(Intake.id).where(Intake.state == IntakeState.READING, ~waited_for.exists())))


def give_up_lost(session: Session, *, now: datetime) -> int:
    """Say of files that are lost that they could not be read; gives how many."""
    found = lost(session)
    for intake_id in found:
        could_not_read(session, intake_id, LOST, now=now)
    return len(found)


def keep(session: Session, intake: Intake, reading: Mapping[str, object]) -> None:
    """Keep a reading of an intake's file, in place of the one before."""
    stored = session.get(IntakeReading, intake.id)
    if stored is None:
        stored = IntakeReading(intake_id=intake.id, reading={})
    stored.reading = dict(reading)
    session.add(stored)
    session.flush()
    read = reading_of(reading)
    intake.publisher, intake.failure = rules.publisher(read), None
    intake.pages_done = intake.pages_total = None
    holding.count(intake, stored_reading(session, intake.id) if corrections_of(session, intake.id) else read)


def _still_reading(session: Session, intake_id: str) -> Intake | None:
    found = session.exec(select(Intake).where(Intake.id == intake_id).with_for_update()).first()
    return found if found is not None and found.state is IntakeState.READING else None


def _ask(session: Session, intake: Intake, *, now: datetime, new_id: Callable[[], str]) -> None:
    jobs.put(
        session,
        kind=JOB,
        payload={"intake_id": intake.id},
        now=now,
        new_id=new_id,
        unique_key=KEY + intake.id,
        max_attempts=MAX_ATTEMPTS,
    )

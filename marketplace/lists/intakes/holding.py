"""Holding an intake while it is changed, and writing down what was done to it."""

from datetime import datetime

from sqlmodel import Session, select

from ingest.fields import ListKind, Reading
from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor, require_may_run_lists
from marketplace.accounts.rules.regions import clean_path
from marketplace.kernel import audit
from marketplace.kernel.chinese_time import spoken
from marketplace.kernel.errors import Conflict
from marketplace.kernel.files import StoredFile
from marketplace.lists.intakes.pages import visible
from marketplace.lists.rules import publishing as rules
from marketplace.lists.tables import Intake
from marketplace.lists.words import IntakeState

MAX_NAME = 255
ENDED = frozenset({IntakeState.CONFIRMED, IntakeState.DISCARDED})


def begin(
    actor: Actor,
    file: StoredFile,
    state: IntakeState,
    *,
    name: str,
    region: str,
    kind: ListKind | None,
    now: datetime,
    intake_id: str,
) -> Intake:
    """An intake of a stored file for a region, of which nothing is known yet.

    Raises NotAllowed where the actor does not run the region's lists.
    """
    place = clean_path(region)
    require_may_run_lists(actor, region=place)
    return Intake(
        id=intake_id,
        name=name.strip()[:MAX_NAME] or "未命名",
        file_digest=file.digest,
        size_bytes=file.size_bytes,
        region=place,
        publisher="",
        kind=kind,
        state=state,
        version=1,
        sound=0,
        refused=0,
        problems=0,
        opened_by=actor.account_id,
        opened_at=now,
    )


def held(session: Session, actor: Actor, intake_id: str, version: int | None = None) -> Intake:
    """An intake that the actor may change, held to the end of the transaction.

    Raises Conflict where somebody has ended it, saying who and when, or has changed it since `version` (where given).
    """
    found = session.exec(select(Intake).where(Intake.id == intake_id).with_for_update()).first()
    intake = visible(actor, found)
    require_may_run_lists(actor, region=intake.region)
    if intake.state in ENDED and intake.closed_at is not None:
        who = accounts.names(session, {str(intake.closed_by)}).get(str(intake.closed_by), "另一位用户")
        act = "确认发布" if intake.state is IntakeState.CONFIRMED else "放弃"
        code = f"intake_{intake.state.value}"
        raise Conflict(f"{who}已于{spoken(intake.closed_at)}{act}了这份导入，您的操作没有生效。", code=code)
    if version is not None and intake.version != version:
        raise Conflict("这份导入在您打开之后有了变化，请刷新页面后再操作。", code="intake_moved_on")
    return intake


def require_read(intake: Intake) -> None:
    """Raise Conflict where the file of an intake is still being read, or could not be."""
    if intake.state is IntakeState.READING:
        raise Conflict("这份文件还在读取，读完之后再操作。", code="intake_reading")
    if intake.state is IntakeState.FAILED:
        raise Conflict(intake.failure or "这份文件没有读成，请重新上传。", code="intake_failed")


def close(
    session: Session, actor: Actor, intake: Intake, state: IntakeState, now: datetime, *, edition_id: str | None = None
) -> None:
    """End an intake for good."""
    intake.state, intake.version = state, intake.version + 1
    intake.closed_by, intake.closed_at, intake.edition_id = actor.account_id, now, edition_id
    session.add(intake)
    session.flush()


def count(intake: Intake, reading: Reading) -> None:
    """Note how much of a reading can be published and how much is wrong with it."""
    rows = rules.sort(reading)
    intake.sound, intake.refused, intake.problems = len(rows.sound), rows.refused, len(reading.problems)


def note(
    session: Session, actor: Actor | None, intake: Intake, action: str, payload: dict[str, object], *, now: datetime
) -> None:
    """Write down what somebody, or (None) the platform, did to an intake."""
    audit.write(
        session,
        aggregate="intake",
        aggregate_id=intake.id,
        action=action,
        actor_id=None if actor is None else actor.account_id,
        payload=payload,
        now=now,
    )

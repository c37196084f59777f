"""Intakes: files on their way in, kept until somebody confirms or discards them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from ingest.fields import Reading
from marketplace.accounts import accounts, organisations
from marketplace.accounts.actors import Actor, covers, may, may_run_lists, require_may_run_lists
from marketplace.accounts.rules.regions import clean_path
from marketplace.accounts.words import Role
from marketplace.kernel import audit
from marketplace.kernel.chinese_time import spoken
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.kernel.files import StoredFile
from marketplace.kernel.paging import Page, bounded
from marketplace.lists import editions, intake_cards, publishing, series, standing
from marketplace.lists.edition_views import EditionPage
from marketplace.lists.intake_views import GoneItem, IntakeCard, IntakePage, Preview, PreviewRow
from marketplace.lists.rules import publishing as rules
from marketplace.lists.rules import titles
from marketplace.lists.rules.comparison import Compared, compare
from marketplace.lists.tables import Intake, IntakeReading, Series
from marketplace.lists.words import IntakeState

MAX_NAME = 255

MAX_FIRST_NUMBER = 9999


def open(  # noqa: A001 - reads as intakes.open
    session: Session,
    actor: Actor,
    *,
    file: StoredFile,
    reading: Mapping[str, object],
    name: str,
    region: str,
    now: datetime,
    new_id: Callable[[], str],
) -> IntakePage:
    """Take a file in that was read (`reading` is ingest's record of it) for a region; publishes nothing.

    Raises NotAllowed where the actor does not run the region's lists.
    """
    place = clean_path(region)
    require_may_run_lists(actor, region=place)
    read = _reading(reading)
    rows = rules.sort(read)
    intake = Intake(
        id=new_id(),
        name=name.strip()[:MAX_NAME] or "未命名",
        file_digest=file.digest,
        size_bytes=file.size_bytes,
        region=place,
        publisher=rules.publisher(read),
        state=IntakeState.OPEN,
        version=1,
        sound=len(rows.sound),
        refused=rows.refused,
        problems=len(read.problems),
        opened_by=actor.account_id,
        opened_at=now,
    )
    session.add(intake)
    session.flush()
    session.add(IntakeReading(intake_id=intake.id, reading=dict(reading)))
    session.flush()
    counts = {"sound": intake.sound, "refused": intake.refused, "problems": intake.problems}
    _note(session, actor, intake, "intake.opened", {"file_digest": file.digest, "region": place, **counts}, now=now)
    return _page(session, actor, intake, read)


def get(session: Session, actor: Actor, intake_id: str) -> IntakePage:
    """An intake with everything that was read; NotFound for those who may not know of it."""
    intake = _visible(session, actor, session.get(Intake, intake_id))
    return _page(session, actor, intake, _stored_reading(session, intake_id))


def search(
    session: Session, actor: Actor, *, state: IntakeState | None = None, page: int = 1, size: int = 30
) -> Page[IntakeCard]:
    """One page of the intakes that an actor may see, of one state where one is given; newest first."""
    number, limit = bounded(page, size)
    every = select(Intake).order_by(col(Intake.opened_at).desc(), col(Intake.id))
    rows = session.exec(every if state is None else every.where(Intake.state == state))
    seen = [intake for intake in rows if _may_see(actor, intake)]
    shown = seen[(number - 1) * limit : number * limit]
    return Page(intake_cards.of(session, shown), len(seen), number, limit)


def visible_to(session: Session, actor: Actor, *, limit: int = 100) -> list[IntakeCard]:
    """The newest intakes that an actor may see: those of its regions, read-only for supervisors, and its own."""
    found: list[Intake] = []
    # Regions are few and grants overlap: filtering while reading keeps one rule for one intake and for many.
    for intake in session.exec(select(Intake).order_by(col(Intake.opened_at).desc(), col(Intake.id))):
        if _may_see(actor, intake):
            found.append(intake)
        if len(found) == limit:
            break
    return intake_cards.of(session, found)


def preview(session: Session, actor: Actor, intake_id: str, *, series_id: str | None = None) -> Preview:
    """What confirming would do, row by row, as the next edition of a series or (None) of a new one. Writes nothing."""
    intake = _visible(session, actor, session.get(Intake, intake_id))
    old = standing.of_series(session, series_id) if series_id else {}
    card = series.get(session, series_id) if series_id else None
    found = rules.sort(_stored_reading(session, intake.id))
    rows = found.rows
    compared = compare(
        {item_id: one.draft for item_id, one in old.items()}, [draft for draft, refusal in rows if refusal is None]
    )
    following = iter(compared.rows)
    shown = tuple(
        _preview_row(next(following)) if refusal is None else PreviewRow(draft, None, None, None, (), refusal)
        for draft, refusal in rows
    )
    gone = tuple(GoneItem(item_id, old[item_id].draft.title, old[item_id].draft.issuer) for item_id in compared.gone)
    return Preview(card, shown, gone, found.left)


def _preview_row(row: Compared) -> PreviewRow:
    return PreviewRow(row.draft, row.outcome, row.item_id, row.old_title, row.changes, None)


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
    intake = _held(session, actor, intake_id, version)
    drafts = rules.sort(_stored_reading(session, intake_id)).sound
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
    command = publishing.Command(intake, chosen, actor, title, first_number, now, new_id, tuple(posted), publishers)
    edition = publishing.publish(session, command, drafts)
    _close(session, actor, intake, IntakeState.CONFIRMED, now, edition_id=edition.id)
    _note(session, actor, intake, "intake.confirmed", {"edition_id": edition.id, "digest": edition.digest}, now=now)
    return editions.get(session, edition.id)


def discard(session: Session, actor: Actor, intake_id: str, *, version: int, now: datetime) -> None:
    """Set an intake aside for good; nothing of it is published, the file stays. Raises Conflict like `confirm`."""
    intake = _held(session, actor, intake_id, version)
    _close(session, actor, intake, IntakeState.DISCARDED, now)
    _note(session, actor, intake, "intake.discarded", {}, now=now)


def file_digests(session: Session) -> list[str]:
    """The digests of every file that was taken in, for checking the file store."""
    return list(session.exec(select(Intake.file_digest).distinct().order_by(col(Intake.file_digest))))


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


def _held(session: Session, actor: Actor, intake_id: str, version: int) -> Intake:
    found = session.exec(select(Intake).where(Intake.id == intake_id).with_for_update()).first()
    intake = _visible(session, actor, found)
    require_may_run_lists(actor, region=intake.region)
    if intake.state is not IntakeState.OPEN and intake.closed_at is not None:
        who = accounts.names(session, {str(intake.closed_by)}).get(str(intake.closed_by), "另一位用户")
        act = "确认发布" if intake.state is IntakeState.CONFIRMED else "放弃"
        code = f"intake_{intake.state.value}"
        raise Conflict(f"{who}已于{spoken(intake.closed_at)}{act}了这份导入，您的操作没有生效。", code=code)
    if intake.version != version:
        raise Conflict("这份导入在您打开之后有了变化，请刷新页面后再操作。", code="intake_moved_on")
    return intake


def _close(
    session: Session, actor: Actor, intake: Intake, state: IntakeState, now: datetime, *, edition_id: str | None = None
) -> None:
    intake.state, intake.version = state, intake.version + 1
    intake.closed_by, intake.closed_at, intake.edition_id = actor.account_id, now, edition_id
    session.add(intake)
    session.flush()


def _may_see(actor: Actor, intake: Intake) -> bool:
    own = intake.opened_by == actor.account_id
    return own or may_run_lists(actor, region=intake.region) or may(actor, Role.SUPERVISOR, region=intake.region)


def _visible(session: Session, actor: Actor, intake: Intake | None) -> Intake:  # noqa: ARG001 - reads like its callers
    if intake is None or not _may_see(actor, intake):
        raise NotFound("没有这份导入，或您无权查看。", code="intake_missing")
    return intake


def _stored_reading(session: Session, intake_id: str) -> Reading:
    stored = session.get(IntakeReading, intake_id)
    if stored is None:
        raise NotFound("这份导入的读取结果不见了，请重新上传文件。", code="reading_missing")
    return _reading(stored.reading)


def _reading(record: Mapping[str, object]) -> Reading:
    from ingest.records import reading_from_record

    return reading_from_record(dict(record))


def _page(session: Session, actor: Actor, intake: Intake, reading: Reading) -> IntakePage:
    sound = rules.sort(reading).sound
    likely = series.suggestions(session, sound, publisher=intake.publisher, region=intake.region)
    twin = _twin(session, actor, intake)
    card, *others = intake_cards.of(session, [intake, twin] if twin else [intake])
    return IntakePage(
        card=card,
        version=intake.version,
        file_digest=intake.file_digest,
        size_bytes=intake.size_bytes,
        reading=reading,
        suggestions=likely,
        suggested_title=titles.suggested(reading),
        publisher=intake.publisher,
        twin=next(iter(others), None),
    )


def _twin(session: Session, actor: Actor, intake: Intake) -> Intake | None:
    """The newest other intake of the same file that an actor may see."""
    same = (Intake.file_digest == intake.file_digest, col(Intake.id) != intake.id)
    newest_first = (col(Intake.opened_at).desc(), col(Intake.id).desc())
    rows = session.exec(select(Intake).where(*same).order_by(*newest_first))
    return next((one for one in rows if _may_see(actor, one)), None)


def _note(
    session: Session, actor: Actor, intake: Intake, action: str, payload: dict[str, object], *, now: datetime
) -> None:
    audit.write(
        session,
        aggregate="intake",
        aggregate_id=intake.id,
        action=action,
        actor_id=actor.account_id,
        payload=payload,
        now=now,
    )

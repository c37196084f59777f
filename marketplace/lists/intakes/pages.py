"""What organisers see of intakes: in lists, one by one, and what confirming one would do."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, col, select

from ingest.fields import Draft, Reading, Where
from marketplace.accounts.actors import Actor, may, may_run_lists
from marketplace.accounts.words import Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.paging import Page, bounded
from marketplace.lists import series, standing
from marketplace.lists.intakes import cards as intake_cards
from marketplace.lists.intakes.views import GoneItem, IntakeCard, IntakePage, Preview, PreviewRow
from marketplace.lists.publishing import barring, gathered, returning
from marketplace.lists.publishing.barring import Barred, Sifted
from marketplace.lists.reach import within_reach
from marketplace.lists.rules import intake_masks, titles
from marketplace.lists.rules import publishing as rules
from marketplace.lists.rules.comparison import Compared, compare
from marketplace.lists.rules.masks import mask_text
from marketplace.lists.rules.publishing import LeftRow
from marketplace.lists.standing import Standing
from marketplace.lists.tables import Intake, IntakeCorrection, IntakeReading
from marketplace.lists.words import IntakeState, Outcome

if TYPE_CHECKING:
    from ingest.corrections import Correction

CLOSED = "这一条已由发布单位关闭并登记结果。发布后它仍然是关闭的，不会重新公开征集。"
BARED = "联系方式已应单位申请删除，这一期也不收录（理由：{reason}）。"
HELD = "已应单位申请撤下，不再列入（理由：{reason}）。"


def get(session: Session, actor: Actor, intake_id: str) -> IntakePage:
    """An intake with everything that was read; NotFound for those who may not know of it.

    Contacts are masked for whoever does not run the lists of its region.
    """
    intake = visible(actor, session.get(Intake, intake_id))
    page = page_of(session, actor, intake, stored_reading(session, intake_id))
    if may_run_lists(actor, region=intake.region):
        return page
    reading = intake_masks.of_reading(page.reading)
    return replace(page, reading=reading, suggested_title=titles.suggested(reading), is_masked=True)


def search(
    session: Session, actor: Actor, *, state: IntakeState | None = None, page: int = 1, size: int = 30
) -> Page[IntakeCard]:
    """One page of the intakes that an actor may see, of one state where one is given; newest first."""
    number, limit = bounded(page, size)
    query = select(Intake).where(_seen_by(actor))
    if state is not None:
        query = query.where(Intake.state == state)
    total = session.exec(select(func.count()).select_from(query.subquery())).one()
    ordered = query.order_by(col(Intake.opened_at).desc(), col(Intake.id))
    rows = session.exec(ordered.offset((number - 1) * limit).limit(limit)).all()
    return Page(intake_cards.of(session, rows), total, number, limit)


def visible_to(session: Session, actor: Actor, *, limit: int = 100) -> list[IntakeCard]:
    """The newest intakes that an actor may see: those of its regions, read-only for supervisors, and its own."""
    return list(search(session, actor, size=limit).rows)


def preview(session: Session, actor: Actor, intake_id: str, *, series_id: str | None = None) -> Preview:
    """What confirming would do, row by row, as the next edition of a series or (None) of a new one. Writes nothing."""
    intake = visible(actor, session.get(Intake, intake_id))
    old = standing.of_series(session, series_id) if series_id else {}
    reading = stored_reading(session, intake.id)
    found = rules.sort(reading)
    bars = barring.of_series(session, series_id)
    sifted = bars.sift(returning.with_erased(session, series_id, old, bars), found.sound)
    compared = compare({item_id: one.draft for item_id, one in old.items()}, sifted.rows)
    compared, back = returning.recognise(session, series_id, compared, bars)
    old |= back
    shown = _preview_rows(found.rows, sifted, compared.rows, old)
    if not may_run_lists(actor, region=intake.region):
        shown = _masked(shown, reading)
    left = (LeftRow(row.draft.where, row.refusal) for row in shown if row.refusal is not None)
    carried = gathered.carried(session, series_id, posted_only=True)
    return Preview(
        series=series.get(session, series_id) if series_id else None,
        rows=shown,
        gone=tuple(GoneItem(one.item.id, one.draft.title, one.draft.issuer) for one in standing.gone(old, compared)),
        left=(*left, *found.blank),
        carried=sum(line.outcome is not Outcome.GONE for line in carried),
    )


def _masked(rows: tuple[PreviewRow, ...], reading: Reading) -> tuple[PreviewRow, ...]:
    columns = intake_masks.columns_of(reading)
    return tuple(
        replace(
            row,
            draft=intake_masks.of_draft(row.draft, columns.get(row.draft.sheet, frozenset())),
            old_title=None if row.old_title is None else mask_text(row.old_title),
            changes=tuple(map(intake_masks.of_change, row.changes)),
        )
        for row in rows
    )


def _preview_rows(
    rows: tuple[tuple[Draft, str | None], ...],
    sifted: Sifted,
    compared: tuple[Compared, ...],
    old: Mapping[str, Standing],
) -> tuple[PreviewRow, ...]:
    following, shown, place = iter(compared), [], -1
    for draft, refusal in rows:
        why = refusal
        if refusal is None:
            place += 1
            held = sifted.held.get(place)
            why = None if held is None else HELD.format(reason=held.reason)
        if why is None:
            shown.append(_preview_row(next(following), old, sifted.bared.get(place)))
        else:
            shown.append(PreviewRow(draft, None, None, None, (), why))
    return tuple(shown)


def _preview_row(row: Compared, old: Mapping[str, Standing], bared: Barred | None) -> PreviewRow:
    before = old.get(row.item_id or "")
    # What left the list is closed as well, but by the list: a file that names it again opens it.
    is_ended = before is not None and before.is_closed and row.outcome is not Outcome.RETURNED
    remark = CLOSED if is_ended else None
    if bared is not None:
        remark = BARED.format(reason=bared.reason)
    return PreviewRow(row.draft, row.outcome, row.item_id, row.old_title, row.changes, None, remark)


def file_digests(session: Session) -> list[str]:
    """The digests of every file that was taken in, for checking the file store."""
    return list(session.exec(select(Intake.file_digest).distinct().order_by(col(Intake.file_digest))))


def may_see(actor: Actor, intake: Intake) -> bool:
    """Whether an actor may see an intake: who opened it, who runs its region's lists, who supervises it."""
    own = intake.opened_by == actor.account_id
    return own or may_run_lists(actor, region=intake.region) or may(actor, Role.SUPERVISOR, region=intake.region)


def visible(actor: Actor, intake: Intake | None) -> Intake:
    """An intake that an actor may see, or NotFound."""
    if intake is None or not may_see(actor, intake):
        raise NotFound("没有这份导入，或您无权查看。", code="intake_missing")
    return intake


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    return or_(col(Intake.opened_by) == actor.account_id, within_reach(actor, col(Intake.region)))


def stored_reading(session: Session, intake_id: str) -> Reading:
    """Everything that was read of an intake's file, with what people put right since."""
    from ingest import corrections

    return corrections.apply(as_read(session, intake_id), corrections_of(session, intake_id))


def as_read(session: Session, intake_id: str) -> Reading:
    """What was read of an intake's file before anybody put anything right; of one that was not read yet, nothing."""
    stored = session.get(IntakeReading, intake_id)
    if stored is not None:
        return reading_of(stored.reading)
    intake = session.get(Intake, intake_id)
    if intake is None or intake.state in {IntakeState.OPEN, IntakeState.CONFIRMED}:
        raise NotFound("这份导入的读取结果不见了，请重新上传文件。", code="reading_missing")
    return Reading(intake.name, intake.file_digest, "", ())


def corrections_of(session: Session, intake_id: str) -> "list[Correction]":
    """What people put right in an intake and let stand: of each part of a row the newest words."""
    from ingest.corrections import Correction, Part

    newest: dict[tuple[Where, str], IntakeCorrection] = {}
    chosen = select(IntakeCorrection).where(IntakeCorrection.intake_id == intake_id)
    for row in session.exec(chosen.order_by(col(IntakeCorrection.number))):
        newest[((row.sheet, row.in_table, row.page, row.row), row.part)] = row
    return [Correction(where, Part(part), row.words) for (where, part), row in newest.items() if row.words is not None]


def reading_of(record: Mapping[str, object]) -> Reading:
    """A reading as it was before it was kept."""
    from ingest.records import reading_from_record

    return reading_from_record(dict(record))


def page_of(session: Session, actor: Actor, intake: Intake, reading: Reading) -> IntakePage:
    """The page of an intake."""
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
        kind=intake.kind,
        twin=next(iter(others), None),
    )


def _twin(session: Session, actor: Actor, intake: Intake) -> Intake | None:
    """The newest other intake of the same file that an actor may see."""
    same = (Intake.file_digest == intake.file_digest, col(Intake.id) != intake.id)
    newest_first = (col(Intake.opened_at).desc(), col(Intake.id).desc())
    rows = session.exec(select(Intake).where(*same).order_by(*newest_first))
    return next((one for one in rows if may_see(actor, one)), None)

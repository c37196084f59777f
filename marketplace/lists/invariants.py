"""What must hold in the lists."""

from collections.abc import Iterator

from sqlalchemy import func
from sqlmodel import Session, col, select

from ingest.fields import ListKind
from marketplace.kernel.faults import Fault
from marketplace.lists.item_tables import CURRENT_VERSION, Item, ItemVersion
from marketplace.lists.release_tables import Release
from marketplace.lists.repeat_tables import RepeatDecision
from marketplace.lists.rules import facts, freezing, repeats
from marketplace.lists.tables import Edition, EditionEntry, Intake, Series
from marketplace.lists.words import IntakeState, ItemState, Outcome, Relation
from marketplace.profiles.tables import ProfileNote

BATCH = 500


COUNTED = (Outcome.UNCHANGED, Outcome.CHANGED, Outcome.ADDED, Outcome.RETURNED, Outcome.GONE)


def check(session: Session) -> Iterator[Fault]:
    """Every broken invariant of the lists: nothing published was altered, copies agree, both ends of a link exist."""
    yield from _versions(session)
    yield from _items(session)
    yield from _editions(session)
    yield from _intakes(session)
    yield from _notes(session)
    yield from _repeats(session)


def _versions(session: Session) -> Iterator[Fault]:
    rows = select(ItemVersion).order_by(col(ItemVersion.item_id), col(ItemVersion.number))
    for version in session.exec(rows.execution_options(yield_per=BATCH)):
        if facts.digest(version.model_dump()) != version.digest:
            message = f"第 {version.number} 版的内容在发布之后被改动。"
            yield Fault("version_altered", message, f"item/{version.item_id}")
        session.expunge(version)


def _items(session: Session) -> Iterator[Fault]:
    rows = (
        select(Item, ItemVersion)
        .join(
            ItemVersion,
            CURRENT_VERSION,
            isouter=True,
        )
        .order_by(col(Item.id))
    )
    for item, version in session.exec(rows.execution_options(yield_per=BATCH)):
        subject = f"item/{item.id}"
        if version is None:
            yield Fault("item_version_missing", "条目的当前版本不见了。", subject)
            continue
        searched = facts.searched(version.model_dump())
        if any(getattr(item, name) != value for name, value in searched.items()):
            yield Fault("item_copy_stale", "条目的检索内容与当前版本不一致。", subject)
    counted = select(ItemVersion.item_id, func.count(), func.max(ItemVersion.number)).group_by(col(ItemVersion.item_id))
    for item_id, number, newest in session.exec(counted.order_by(col(ItemVersion.item_id))):
        if number != newest:
            yield Fault("item_versions_missing", f"条目应有 {newest} 个版本，实有 {number} 个。", f"item/{item_id}")


def _editions(session: Session) -> Iterator[Fault]:
    for edition in session.exec(select(Edition).order_by(col(Edition.published_at), col(Edition.id))).all():
        subject = f"edition/{edition.id}"
        if _digest(session, edition.id) != edition.digest:
            yield Fault("edition_altered", "这一期的条目在发布之后被增、删、改。", subject)
        if _counts(session, edition.id) != (
            edition.unchanged,
            edition.changed,
            edition.added,
            edition.returned,
            edition.gone,
        ):
            yield Fault("edition_counts_wrong", "这一期的变化统计与条目不符。", subject)
    numbers = (
        select(Series.id, Series.first_number, func.count(), func.max(Edition.number))
        .join(Edition, col(Edition.series_id) == col(Series.id))
        .group_by(col(Series.id), col(Series.first_number))
        .order_by(col(Series.id))
    )
    for series_id, first, number, newest in session.exec(numbers):
        if number != newest - first + 1:
            message = f"清单从第 {first} 期到第 {newest} 期，实有 {number} 期。"
            yield Fault("edition_missing", message, f"series/{series_id}")


def _digest(session: Session, edition_id: str) -> str:
    rows = session.exec(
        select(EditionEntry, ItemVersion.digest)
        .join(
            ItemVersion,
            (col(ItemVersion.item_id) == col(EditionEntry.item_id))
            & (col(ItemVersion.number) == col(EditionEntry.item_number)),
            isouter=True,
        )
        .where(EditionEntry.edition_id == edition_id),
    )
    return freezing.edition_digest((e.number, e.outcome, e.item_id, e.item_number, digest) for e, digest in rows)


def _counts(session: Session, edition_id: str) -> tuple[int, ...]:
    counted = select(EditionEntry.outcome, func.count()).where(EditionEntry.edition_id == edition_id)
    found = dict(session.exec(counted.group_by(col(EditionEntry.outcome))).all())
    return tuple(found.get(outcome, 0) for outcome in COUNTED)


def _intakes(session: Session) -> Iterator[Fault]:
    rows = select(Intake, Edition).join(Edition, col(Edition.intake_id) == col(Intake.id), isouter=True)
    for intake, edition in session.exec(rows.order_by(col(Intake.id))):
        published = intake.state is IntakeState.CONFIRMED
        if published != (edition is not None) or (edition is not None and edition.id != intake.edition_id):
            yield Fault("intake_edition_mismatch", "导入的状态与它发布的那一期不符。", f"intake/{intake.id}")
    from_file = (col(Edition.intake_id).is_not(None), col(Edition.intake_id).not_in(select(Intake.id)))
    ids = select(Edition.id).where(*from_file).order_by(col(Edition.id))
    for edition_id in session.exec(ids):
        yield Fault("edition_without_intake", "这一期清单的导入记录不见了。", f"edition/{edition_id}")
    released = select(Release.edition_id).where(col(Release.edition_id).is_not(None))
    compiled = (
        col(Edition.intake_id).is_(None),
        col(Edition.restores_id).is_(None),
        col(Edition.id).not_in(released),
    )
    for edition_id in session.exec(select(Edition.id).where(*compiled).order_by(col(Edition.id))):
        yield Fault("edition_without_release", "这一期汇编清单的发布记录不见了。", f"edition/{edition_id}")


def _notes(session: Session) -> Iterator[Fault]:
    live = select(ProfileNote).where(col(ProfileNote.gone_at).is_(None))
    noted = {note.item_id: note for note in session.exec(live)}
    offered = select(Item).where(Item.kind == ListKind.CAPABILITY, Item.state == ItemState.OPEN)
    items = {item.id: item for item in session.exec(offered)}
    for item_id in sorted({*noted, *items}):
        note, item = noted.get(item_id), items.get(item_id)
        if note is None or item is None:
            yield Fault("note_mismatch", "能力清单条目与画像中的条目没有一一对应。", f"item/{item_id}")
        elif (note.profile_id, note.item_number) != (item.profile_id, item.current_number):
            yield Fault("note_stale", "画像中的能力条目不是当前版本。", f"item/{item_id}")


def _repeats(session: Session) -> Iterator[Fault]:
    standing = select(RepeatDecision).where(col(RepeatDecision.ended_at).is_(None)).order_by(col(RepeatDecision.id))
    rows = list(session.exec(standing))
    compared = select(Item.id).where(col(Item.kind) != ListKind.CAPABILITY, col(Item.is_anonymous).is_(False))
    ids = set(session.exec(compared)) if rows else set()
    for row in rows:
        if not {row.low_id, row.high_id} <= ids:
            yield Fault("repeat_of_unnamed", "能力条目或匿名需求被列为重复。", f"item/{row.low_id}")
    yield from _merges([row for row in rows if row.relation is Relation.MERGED])
    counted = select(RepeatDecision.low_id, RepeatDecision.high_id, func.count(), func.max(RepeatDecision.number))
    pair = (col(RepeatDecision.low_id), col(RepeatDecision.high_id))
    for low_id, high_id, number, newest in session.exec(counted.group_by(*pair).order_by(*pair)):
        if number != newest:
            message = f"与条目 {high_id} 的关系应有 {newest} 次决定，实有 {number} 次。"
            yield Fault("repeat_decisions_missing", message, f"item/{low_id}")


def _merges(rows: list[RepeatDecision]) -> Iterator[Fault]:
    into = {str(row.merged_id): row.high_id if row.merged_id == row.low_id else row.low_id for row in rows}
    try:
        leads = repeats.lead(into)
    except ValueError:
        yield Fault("repeat_circle", "互相并入的条目绕成一圈，都不再列示。", f"item/{min(into)}")
        return
    for row in rows:
        if row.main_id in into:
            yield Fault("repeat_chain", "条目并入的那一条自己又并入了别的条目。", f"item/{row.merged_id}")
        elif row.main_id != leads[str(row.merged_id)]:
            yield Fault("repeat_lead_stale", "条目并入的去处与决定不符。", f"item/{row.merged_id}")

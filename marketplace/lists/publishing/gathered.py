"""Posted needs on editions: which can be gathered, which go along into the next one, and the edition made of them.

An item that was posted by form belongs to no series. It is listed as it stands; its owner and its identity stay.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from ingest.fields import ListKind
from marketplace.accounts.actors import Actor
from marketplace.accounts.tables import Organisation
from marketplace.kernel import audit
from marketplace.kernel.batches import batches, insert_all
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.kernel.places import inside
from marketplace.lists import merged
from marketplace.lists.item_tables import CURRENT_VERSION, Item, ItemVersion
from marketplace.lists.publishing.views import GatherableNeed, ReleaseLine
from marketplace.lists.rules import facts
from marketplace.lists.rules.diffs import changes
from marketplace.lists.rules.freezing import Frozen, edition_digest
from marketplace.lists.series import newest_number
from marketplace.lists.tables import Edition, EditionEntry, Series
from marketplace.lists.views import FieldChange
from marketplace.lists.words import ItemState, Outcome, SourceKind


@dataclass(frozen=True, slots=True)
class Compilation:
    """Who releases which lines as the next edition of a series, and when."""

    series: Series
    actor: Actor
    publisher: str
    lines: Sequence[ReleaseLine]
    now: datetime
    new_id: Callable[[], str]


def gatherable(session: Session, region: str, *, series_id: str | None) -> list[GatherableNeed]:
    """The open needs that were posted by form in a region and are not on the series' newest edition, newest first."""
    listed = {entry.item_id for entry in _newest_entries(session, series_id) if entry.number is not None}
    rows = session.exec(
        select(Item, Organisation.region)
        .join(
            ItemVersion,
            CURRENT_VERSION,
        )
        .join(Organisation, col(Organisation.id) == col(Item.organisation_id))
        .where(
            Item.state == ItemState.OPEN,
            col(Item.kind) != ListKind.CAPABILITY,
            ItemVersion.source == SourceKind.FORM,
            col(Item.series_id).is_(None),
            merged.is_shown_itself(),
        )
        .order_by(col(Item.published_at).desc(), col(Item.id))
    )
    return [
        GatherableNeed(item.id, item.title, item.kind.value, item.issuer, item.region, item.published_at)
        for item, home in rows
        if inside(home, region) and item.id not in listed
    ]


def carried(session: Session, series_id: str | None, *, posted_only: bool) -> list[ReleaseLine]:
    """What of a series' newest edition stands on the next one, and what is gone; with `posted_only`, of posted needs."""
    found: list[ReleaseLine] = []
    entries = [entry for entry in _newest_entries(session, series_id) if entry.number is not None]
    items = _items(session, [entry.item_id for entry in entries])
    for entry in entries:
        item = items[entry.item_id]
        in_series = item.series_id == series_id
        if not (posted_only and in_series):
            found.append(_again(session, entry, item, in_series=in_series))
    return found


def added(session: Session, item_ids: Iterable[str], *, region: str) -> list[ReleaseLine]:
    """The lines of posted needs that are gathered now; Conflict where one is no longer open, Invalid for a wrong one."""
    wanted = list(dict.fromkeys(item_ids))
    items = _items(session, wanted)
    if len(items) < len(wanted):
        raise Invalid("有的需求已经不在了，请重新选择。", code="need_missing", fields={"items": "请重新选择需求。"})
    lines: list[ReleaseLine] = []
    for item_id in wanted:
        item = items[item_id]
        version = _version(session, item.id, item.current_number)
        owner = session.get(Organisation, item.organisation_id) if item.organisation_id else None
        home = owner.region if owner else ""
        if item.kind is ListKind.CAPABILITY or version.source is not SourceKind.FORM or not inside(home, region):
            message = f"“{item.title}”不是本地区单位自行发布的需求，不能汇编。"
            raise Invalid(message, code="not_gatherable", fields={"items": message})
        if item.state is not ItemState.OPEN:
            raise Conflict(f"“{item.title}”已经关闭或暂停，请从名单里去掉。", code="need_not_open")
        lines.append(_line(item, version, Outcome.ADDED, (), in_series=False))
    return lines


def publish(session: Session, compilation: Compilation) -> Edition:
    """Release the lines as the next edition of a series that the caller holds."""
    series = compilation.series
    newest = newest_number(session, series.id)
    edition = _edition(compilation, newest + 1 if newest else 1)
    session.add(edition)
    session.flush()
    insert_all(session, EditionEntry, entries(edition.id, compilation.lines, first=1))
    listed = [line for line in compilation.lines if line.outcome is not Outcome.GONE]
    placed: list[dict[str, object]] = [
        {"id": line.item_id, "edition_id": edition.id, "edition_entry": number}
        for number, line in enumerate(listed, start=1)
        if line.in_series
    ]
    if placed:
        session.execute(update(Item), placed)
    session.expire_all()
    counts = {name: getattr(edition, name) for name in ("total", "unchanged", "changed", "added", "returned", "gone")}
    audit.write(
        session,
        aggregate="edition",
        aggregate_id=edition.id,
        action="edition.published",
        actor_id=compilation.actor.account_id,
        payload={"series_id": series.id, "number": edition.number, "digest": edition.digest, **counts},
        now=compilation.now,
    )
    return edition


def entries(edition_id: str, lines: Sequence[ReleaseLine], *, first: int) -> list[dict[str, object]]:
    """The rows of an edition's entries for lines, numbered from `first` on; gone ones have no number."""
    rows: list[dict[str, object]] = []
    number = first
    for line in lines:
        is_gone = line.outcome is Outcome.GONE
        rows.append(
            {
                "edition_id": edition_id,
                "item_id": line.item_id,
                "item_number": line.item_number,
                "number": None if is_gone else number,
                "outcome": line.outcome,
                "changes": [asdict(change) for change in line.changes],
            }
        )
        number += 0 if is_gone else 1
    return rows


def frozen(lines: Sequence[ReleaseLine], *, first: int) -> list[Frozen]:
    """What an edition's digest covers of lines, numbered like `entries`."""
    found: list[Frozen] = []
    number = first
    for line in lines:
        is_gone = line.outcome is Outcome.GONE
        found.append((None if is_gone else number, line.outcome, line.item_id, line.item_number, line.digest))
        number += 0 if is_gone else 1
    return found


def _edition(compilation: Compilation, number: int) -> Edition:
    series, lines = compilation.series, compilation.lines
    counted = Counter(line.outcome for line in lines)
    return Edition(
        id=compilation.new_id(),
        series_id=series.id,
        number=number,
        title=f"{series.title}（第{number}期）",
        publisher=compilation.publisher,
        region=series.region,
        published_by=compilation.actor.account_id,
        published_at=compilation.now,
        total=len(lines) - counted[Outcome.GONE],
        unchanged=counted[Outcome.UNCHANGED],
        changed=counted[Outcome.CHANGED],
        added=counted[Outcome.ADDED],
        returned=counted[Outcome.RETURNED],
        gone=counted[Outcome.GONE],
        digest=edition_digest(frozen(lines, first=1)),
    )


def _again(session: Session, entry: EditionEntry, item: Item, *, in_series: bool) -> ReleaseLine:
    before = _version(session, item.id, entry.item_number)
    if item.state is not ItemState.OPEN:
        return _line(item, before, Outcome.GONE, (), in_series=in_series)
    if item.current_number == entry.item_number:
        return _line(item, before, Outcome.UNCHANGED, (), in_series=in_series)
    now = _version(session, item.id, item.current_number)
    return _line(
        item, now, Outcome.CHANGED, changes(facts.draft(before, None), facts.draft(now, None)), in_series=in_series
    )


def _line(
    item: Item, version: ItemVersion, outcome: Outcome, changed: Sequence[FieldChange], *, in_series: bool
) -> ReleaseLine:
    return ReleaseLine(
        item_id=item.id,
        item_number=version.number,
        title=version.title,
        issuer=version.issuer,
        outcome=outcome,
        changes=tuple(changed),
        digest=version.digest,
        in_series=in_series,
    )


def _newest_entries(session: Session, series_id: str | None) -> list[EditionEntry]:
    if series_id is None:
        return []
    number = newest_number(session, series_id)
    rows = session.exec(
        select(EditionEntry)
        .join(Edition, col(Edition.id) == col(EditionEntry.edition_id))
        .where(Edition.series_id == series_id, Edition.number == number)
        .order_by(col(EditionEntry.number), col(EditionEntry.item_id))
    )
    return list(rows.all())


def _items(session: Session, item_ids: Sequence[str]) -> dict[str, Item]:
    found: dict[str, Item] = {}
    for some in batches(item_ids):
        found |= {item.id: item for item in session.exec(select(Item).where(col(Item.id).in_(some)))}
    return found


def _version(session: Session, item_id: str, number: int) -> ItemVersion:
    return session.get_one(ItemVersion, (item_id, number))

"""Undoing an edition: what the one before it said is published again, as the next edition; nothing is taken back."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from ingest.fields import Draft
from marketplace.accounts.actors import Actor, require_may_run_lists
from marketplace.kernel import audit
from marketplace.kernel.batches import batches
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.lists import series, standing
from marketplace.lists.item_tables import ItemPrivate, ItemVersion
from marketplace.lists.publishing import barring, gathered, publishing
from marketplace.lists.publishing.lines import FileSource
from marketplace.lists.publishing.publishing import Again, Command, Matter
from marketplace.lists.publishing.views import ReleaseLine
from marketplace.lists.rules import facts
from marketplace.lists.rules.comparison import Compared, Comparison, compared_with
from marketplace.lists.rules.diffs import changes
from marketplace.lists.rules.masks import mask_text
from marketplace.lists.standing import Standing
from marketplace.lists.tables import Edition, EditionEntry
from marketplace.lists.words import Outcome, SourceKind

MAX_REASON = 200
FIRST = "这是第一期，前面没有可以恢复的内容。个别条目不该公开的，请单位申请撤下。"
OVERTAKEN = "这份清单已经有更新的一期，只能恢复最新一期之前的内容。请到最新一期操作。"


@dataclass(frozen=True, slots=True)
class Undoing:
    """What undoing an edition would do: which edition is published again, and how many lines of each outcome."""

    edition_id: str
    number: int
    before_id: str
    before_number: int
    counts: Mapping[Outcome, int]


@dataclass(frozen=True, slots=True)
class _Said:
    """What the list said of an item in an edition: the version that came from a file, and that as a draft."""

    version: ItemVersion
    draft: Draft


def foresee(session: Session, actor: Actor, edition_id: str) -> Undoing:
    """What undoing the newest edition of a series would do. Raises NotFound, NotAllowed, Conflict like `undo`."""
    edition, before = _pair(session, actor, edition_id)
    matter = _matter(session, edition, before, reason="")
    ended = len(standing.gone(matter.old, matter.compared))
    counts = Counter([*(row.outcome for row in matter.compared.rows), *(line.outcome for line in matter.posted)])
    counts[Outcome.GONE] += ended
    return Undoing(edition.id, edition.number, before.id, before.number, counts)


def undo(
    session: Session, actor: Actor, edition_id: str, *, reason: str, now: datetime, new_id: Callable[[], str]
) -> Edition:
    """Undo the newest edition of a series by publishing the one before it again, as the next edition.

    What the undone edition added closes, what it dropped returns, what it changed says again what it said. Owners' own
    words stand as after any other edition, and so does what was taken down meanwhile. Raises NotFound, NotAllowed where
    the actor does not run the list, Conflict where the edition is the first or no longer the newest, Invalid without a
    reason.
    """
    why = _stated(reason)
    edition, before = _pair(session, actor, edition_id, holding=True)
    matter = _matter(session, edition, before, reason=why)
    if not matter.compared.rows and not any(line.outcome is not Outcome.GONE for line in matter.posted):
        raise Conflict("上一期的条目都已撤下或关闭，没有可以恢复的内容。", code="nothing_to_restore")
    command = Command(series.locked(session, edition.series_id), actor, None, 1, now, new_id)
    made = publishing.issue(session, command, matter)
    audit.write(
        session,
        aggregate="edition",
        aggregate_id=edition.id,
        action="edition.undone",
        actor_id=actor.account_id,
        payload={"edition_id": made.id, "reason": why},
        now=now,
    )
    return made


def _stated(reason: str) -> str:
    # It is published with the edition: whom to ask is not.
    why = mask_text(" ".join(reason.split()))
    if not why:
        message = "请写明为什么恢复上一期，这句话会公开。"
        raise Invalid(message, code="no_reason", fields={"reason": message})
    if len(why) > MAX_REASON:
        message = f"理由太长，请不要超过 {MAX_REASON} 个字。"
        raise Invalid(message, code="too_long", fields={"reason": message})
    return why


def _pair(session: Session, actor: Actor, edition_id: str, *, holding: bool = False) -> tuple[Edition, Edition]:
    """An edition and the one before it, where the actor may undo it."""
    edition = session.get(Edition, edition_id)
    if edition is None:
        raise NotFound("没有这一期清单，请从清单目录进入。", code="edition_missing")
    require_may_run_lists(actor, region=edition.region)
    if holding:
        series.locked(session, edition.series_id)
    same = (Edition.series_id == edition.series_id, Edition.number == edition.number - 1)
    before = session.exec(select(Edition).where(*same)).first()
    if before is None:
        raise Conflict(FIRST, code="first_edition")
    if series.newest_number(session, edition.series_id) != edition.number:
        raise Conflict(OVERTAKEN, code="edition_overtaken")
    return edition, before


def _matter(session: Session, edition: Edition, before: Edition, *, reason: str) -> Matter:
    series_id = edition.series_id
    listed = _listed(session, before.id)
    bars = barring.of_series(session, series_id)
    old = standing.of_series(session, series_id)
    former = standing.former(session, series_id, barred=bars.lines.keys())
    said = {
        item_id: one
        for item_id, one in _said(session, listed).items()
        if item_id not in bars.lines and (item_id in old or item_id in former)
    }
    rows: list[Compared] = []
    for item_id, one in said.items():
        draft = barring.without_contact(one.draft) if item_id in bars.contacts else one.draft
        rows.append(_row(item_id, draft, old, former))
    stays = {row.item_id for row in rows}
    return Matter(
        compared=Comparison(tuple(rows), tuple(item_id for item_id in old if item_id not in stays)),
        old={**old, **{item_id: former[item_id] for item_id in said if item_id not in old}},
        source=lambda item_id: _source(said[item_id or ""].version),
        posted=_posted(session, series_id, frozenset(listed)),
        again=Again(before.id, reason),
    )


def _row(item_id: str, draft: Draft, old: Mapping[str, Standing], former: Mapping[str, Standing]) -> Compared:
    if item_id in old:
        return compared_with(old[item_id].draft, draft, item_id)
    return Compared(draft, Outcome.RETURNED, item_id, None, changes(former[item_id].draft, draft))


def _source(version: ItemVersion) -> FileSource:
    return FileSource(version.file_name or "", version.file_digest or "", version.intake_id or "")


def _listed(session: Session, edition_id: str) -> dict[str, int]:
    """The items on an edition with the version that it froze, in the order of their lines."""
    rows = session.exec(
        select(EditionEntry.item_id, EditionEntry.item_number)
        .where(EditionEntry.edition_id == edition_id, col(EditionEntry.number).is_not(None))
        .order_by(col(EditionEntry.number))
    )
    return dict(rows.all())


def _said(session: Session, listed: Mapping[str, int]) -> dict[str, _Said]:
    """What the list itself last said of items by then: an edition may have frozen the words of an owner."""
    newest: dict[str, _Said] = {}
    for some in batches(list(listed)):
        rows = session.exec(
            select(ItemVersion, ItemPrivate)
            .join(
                ItemPrivate,
                (col(ItemPrivate.item_id) == col(ItemVersion.item_id))
                & (col(ItemPrivate.number) == col(ItemVersion.number)),
                isouter=True,
            )
            .where(col(ItemVersion.item_id).in_(some), ItemVersion.source == SourceKind.FILE)
            .order_by(col(ItemVersion.number))
        )
        for version, private in rows:
            if version.number <= listed[version.item_id]:
                newest[version.item_id] = _Said(version, facts.draft(version, private))
    return {item_id: newest[item_id] for item_id in listed if item_id in newest}


def _posted(session: Session, series_id: str, listed: frozenset[str]) -> Sequence[ReleaseLine]:
    """The posted needs of the newest edition; those that the one before did not have are gone."""
    return [
        line if line.item_id in listed else replace(line, outcome=Outcome.GONE, changes=())
        for line in gathered.carried(session, series_id, posted_only=True)
    ]

"""Publishing an edition: rows become items and versions, the edition freezes them with its difference."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session

from ingest.fields import Draft
from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor
from marketplace.kernel import audit
from marketplace.kernel.batches import insert_all
from marketplace.kernel.errors import Invalid
from marketplace.lists import merged, standing
from marketplace.lists.item_tables import Item, ItemPrivate, ItemVersion
from marketplace.lists.publishing import barring, disputes, gathered, returning
from marketplace.lists.publishing.lines import FileSource, Line, Publication, Values, lines_of
from marketplace.lists.publishing.views import ReleaseLine
from marketplace.lists.repeats import findings
from marketplace.lists.rules import suppliers
from marketplace.lists.rules.comparison import Comparison, compare
from marketplace.lists.rules.freezing import Frozen, edition_digest
from marketplace.lists.series import newest_number
from marketplace.lists.standing import Standing
from marketplace.lists.tables import Edition, EditionEntry, Intake, Series
from marketplace.lists.words import ItemState, Outcome
from marketplace.profiles import notes


@dataclass(frozen=True, slots=True)
class Command:
    """Who publishes in which series, and when; a title of None is made from the series'.

    `first_number` counts for the first edition of a series alone. `posted` are needs posted by form that are
    listed after the rows, `publishers` the names of all who release it together (None: the series' own publisher).
    """

    series: Series
    actor: Actor
    title: str | None
    first_number: int
    now: datetime
    new_id: Callable[[], str]
    posted: tuple[str, ...] = ()
    publishers: str | None = None


@dataclass(frozen=True, slots=True)
class Again:
    """The edition that another publishes again, and why."""

    edition_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Matter:
    """What an edition is made of: rows as they compare with what stands, and what becomes of the rest.

    `old` holds how every item stood that a row is; `source` tells the file of a row; `posted` are the lines of posted
    needs. Either `intake` brought it, or it publishes another edition `again`.
    """

    compared: Comparison
    old: Mapping[str, Standing]
    source: Callable[[str | None], FileSource]
    posted: Sequence[ReleaseLine]
    intake: Intake | None = None
    again: Again | None = None


@dataclass(frozen=True, slots=True)
class _Plan:
    """Everything that is about to be written."""

    command: Command
    edition: Edition
    lines: Sequence[Line]
    ended: Sequence[Standing]
    posted: Sequence[ReleaseLine]


def publish(session: Session, command: Command, intake: Intake, drafts: Sequence[Draft]) -> Edition:
    """Publish the rows of a file as the next edition of a series that the caller holds.

    Rows that were taken down stay out. Invalid where nothing is left.
    """
    series_id = command.series.id
    old = standing.of_series(session, series_id)
    bars = barring.of_series(session, series_id)
    sifted = bars.sift(returning.with_erased(session, series_id, old, bars), drafts)
    if not sifted.rows:
        raise Invalid("这份文件的条目都已应单位申请撤下，没有可以发布的内容。", code="nothing_to_publish")
    compared = compare({item_id: one.draft for item_id, one in old.items()}, sifted.rows)
    compared, back = returning.recognise(session, series_id, compared, bars)
    file = FileSource(intake.name, intake.file_digest, intake.id)
    posted = _posted(session, command)
    edition = issue(session, command, Matter(compared, {**old, **back}, lambda _: file, posted, intake))
    barring.record(session, edition.id, sifted, drafts)
    return edition


def issue(session: Session, command: Command, matter: Matter) -> Edition:
    """Publish the next edition of a series that the caller holds, in few statements for any number of rows."""
    edition_id = command.new_id()
    account_id = command.actor.account_id
    shared = Publication(edition_id, command.series.id, matter.source, account_id, command.now, command.new_id)
    owners = _owners(session, command, [row.draft for row in matter.compared.rows])
    lines = lines_of(shared, matter.compared, matter.old, owners)
    ended = standing.gone(matter.old, matter.compared)
    newest = newest_number(session, command.series.id)
    if not newest:
        command.series.first_number = command.first_number
    number = newest + 1 if newest else command.first_number
    edition = _edition(command, matter, (edition_id, number), lines, ended)
    plan = _Plan(command, edition, lines, ended, matter.posted)
    session.add(plan.edition)
    session.flush()
    _note(session, plan)
    _write(session, plan)
    _tell(session, plan)
    return plan.edition


def _posted(session: Session, command: Command) -> list[ReleaseLine]:
    # What was gathered for the edition before goes along into this one until its owner closes it.
    before = gathered.carried(session, command.series.id, posted_only=True)
    known = {line.item_id for line in before}
    fresh = [item_id for item_id in command.posted if item_id not in known]
    return [*before, *gathered.added(session, fresh, region=command.series.region)]


def _owners(session: Session, command: Command, drafts: Sequence[Draft]) -> list[str | None]:
    named = [suppliers.named(draft, region=command.series.region) for draft in drafts]
    wanted = [one for one in named if one is not None]
    found = iter(organisations.resolve(session, wanted, now=command.now, new_id=command.new_id))
    return [None if one is None else next(found) for one in named]


def _edition(
    command: Command, matter: Matter, named: tuple[str, int], lines: Sequence[Line], ended: Sequence[Standing]
) -> Edition:
    edition_id, number = named
    posted, intake, again = matter.posted, matter.intake, matter.again
    counted = Counter([*(line.outcome for line in lines), *(line.outcome for line in posted)])
    gone = len(ended) + counted[Outcome.GONE]
    entries: list[Frozen] = [(line.number, line.outcome, line.item_id, line.item_number, line.digest) for line in lines]
    entries += [(None, Outcome.GONE, one.item.id, one.version.number, one.version.digest) for one in ended]
    entries += gathered.frozen(posted, first=len(lines) + 1)
    return Edition(
        id=edition_id,
        series_id=command.series.id,
        number=number,
        title=command.title or f"{command.series.title}（第{number}期）",
        publisher=command.publishers or command.series.publisher,
        region=command.series.region,
        intake_id=None if intake is None else intake.id,
        file_name=None if intake is None else intake.name,
        file_digest=None if intake is None else intake.file_digest,
        published_by=command.actor.account_id,
        published_at=command.now,
        total=len(lines) + len(posted) - counted[Outcome.GONE],
        unchanged=counted[Outcome.UNCHANGED],
        changed=counted[Outcome.CHANGED],
        added=counted[Outcome.ADDED],
        returned=counted[Outcome.RETURNED],
        gone=gone,
        digest=edition_digest(entries),
        restores_id=None if again is None else again.edition_id,
        restored_because=None if again is None else again.reason,
    )


def _note(session: Session, plan: _Plan) -> None:
    command = plan.command
    noted = [line.note for line in plan.lines if line.note is not None]
    profiles = notes.attach(session, noted, now=command.now, new_id=command.new_id)
    notes.detach(session, [one.item.id for one in plan.ended if one.item.profile_id], now=command.now)
    for line in plan.lines:
        if line.note is not None:
            line.item["profile_id"] = profiles[line.note.organisation_id]


def _write(session: Session, plan: _Plan) -> None:
    lines, edition = plan.lines, plan.edition
    insert_all(session, Item, [line.item for line in lines if line.outcome is Outcome.ADDED])
    for outcome in (Outcome.CHANGED, Outcome.UNCHANGED, Outcome.RETURNED):
        _update_items(session, [line.item for line in lines if line.outcome is outcome])
    closed = {"state": ItemState.CLOSED, "closed_at": edition.published_at}
    _update_items(session, [{"id": one.item.id, **closed} for one in plan.ended if not one.is_closed])
    insert_all(session, ItemVersion, [line.version for line in lines if line.version])
    insert_all(session, ItemPrivate, [line.private for line in lines if line.private])
    owned = [line.owned for line in lines if line.owned]
    insert_all(session, ItemVersion, [one.version for one in owned if one.version])
    insert_all(session, ItemPrivate, [one.private for one in owned if one.private])
    insert_all(session, EditionEntry, [line.entry for line in lines])
    insert_all(session, EditionEntry, [_ended(edition.id, one.version) for one in plan.ended])
    insert_all(session, EditionEntry, gathered.entries(edition.id, plan.posted, first=len(lines) + 1))
    session.expire_all()
    _dispute(session, plan)


def _dispute(session: Session, plan: _Plan) -> None:
    for line in plan.lines:
        if line.owned is not None:
            found = disputes.Reissue(
                item_id=line.item_id,
                edition_id=plan.edition.id,
                changed=line.owned.changed,
                disputed=line.owned.disputed,
                listed_number=line.item_number,
                owned_number=line.owned.number,
            )
            disputes.record(session, found, now=plan.command.now, new_id=plan.command.new_id)


def _update_items(session: Session, rows: list[Values]) -> None:
    if rows:
        session.execute(update(Item), rows)


def _ended(edition_id: str, version: ItemVersion) -> Values:
    last = {"item_id": version.item_id, "item_number": version.number}
    return {"edition_id": edition_id, **last, "number": None, "outcome": Outcome.GONE, "changes": []}


def _tell(session: Session, plan: _Plan) -> None:
    edition = plan.edition
    moved = [line.item_id for line in plan.lines if line.outcome is not Outcome.UNCHANGED and line.note is None]
    merged.put(session, moved)
    merged.gone(session, [one.item.id for one in plan.ended if one.item.profile_id is None])
    findings.ask(session, now=plan.command.now, new_id=plan.command.new_id)
    counts = {name: getattr(edition, name) for name in ("total", "unchanged", "changed", "added", "returned", "gone")}
    audit.write(
        session,
        aggregate="edition",
        aggregate_id=edition.id,
        action="edition.published",
        actor_id=plan.command.actor.account_id,
        payload={
            "series_id": edition.series_id,
            "number": edition.number,
            "intake_id": edition.intake_id,
            "file_digest": edition.file_digest,
            "restores_id": edition.restores_id,
            "digest": edition.digest,
            **counts,
        },
        now=plan.command.now,
    )

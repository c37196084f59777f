"""Publishing an edition: rows become items and versions, the edition freezes them with its difference."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ingest.fields import Draft
from sqlalchemy import update
from sqlmodel import Session

from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor
from marketplace.kernel import audit, canonical, changes
from marketplace.kernel.batches import insert_all
from marketplace.kernel.words import SubjectKind
from marketplace.lists import standing
from marketplace.lists.item_tables import Item, ItemPrivate, ItemVersion
from marketplace.lists.lines import Line, Publication, lines_of
from marketplace.lists.rules import suppliers
from marketplace.lists.rules.comparison import Comparison, compare
from marketplace.lists.series import newest_number
from marketplace.lists.standing import Standing
from marketplace.lists.tables import Edition, EditionEntry, Intake, Series
from marketplace.lists.words import ItemState, Outcome
from marketplace.profiles import notes


@dataclass(frozen=True, slots=True)
class Command:
    """Who publishes which file in which series, and when; a title of None is made from the series'."""

    intake: Intake
    series: Series
    actor: Actor
    title: str | None
    now: datetime
    new_id: Callable[[], str]


def publish(session: Session, command: Command, drafts: Sequence[Draft]) -> Edition:
    """Publish rows as the next edition of a series that the caller holds, in few statements for any number of rows."""
    old = standing.of_series(session, command.series.id)
    compared = compare({item_id: one.draft for item_id, one in old.items()}, drafts)
    number = newest_number(session, command.series.id) + 1
    publication = Publication(
        command.new_id(), command.series.id, command.intake, command.actor.account_id, command.now, command.new_id)
    owners = _owners(session, command, drafts)
    lines = lines_of(publication, compared, old, owners)
    edition = _edition(command, publication, compared, lines, number=number, old=old)
    session.add(edition)
    session.flush()
    profiles = _note(session, command, lines, old, compared.gone)
    _write(session, lines, profiles, old, compared.gone, edition)
    _tell(session, command, edition, lines, old, compared.gone)
    return edition


def _owners(session: Session, command: Command, drafts: Sequence[Draft]) -> list[str | None]:
    named = [suppliers.named(draft, region=command.intake.region) for draft in drafts]
    wanted = [one for one in named if one is not None]
    found = iter(organisations.resolve(session, wanted, now=command.now, new_id=command.new_id))
    return [None if one is None else next(found) for one in named]


def _edition(
    command: Command,
    publication: Publication,
    compared: Comparison,
    lines: Sequence[Line],
    *,
    number: int,
    old: dict[str, Standing],
) -> Edition:
    frozen = [[line.number, line.outcome.value, line.item_id, line.item_number, line.digest] for line in lines]
    ended = [[None, "gone", i, old[i].version.number, old[i].version.digest] for i in compared.gone]
    return Edition(
        id=publication.edition_id,
        series_id=command.series.id,
        number=number,
        title=command.title or f"{command.series.title}（第{number}期）",
        publisher=command.series.publisher,
        region=command.series.region,
        intake_id=command.intake.id,
        file_name=command.intake.name,
        file_digest=command.intake.file_digest,
        published_by=command.actor.account_id,
        published_at=command.now,
        total=len(lines),
        unchanged=compared.count(Outcome.UNCHANGED),
        changed=compared.count(Outcome.CHANGED),
        added=compared.count(Outcome.ADDED),
        gone=len(compared.gone),
        digest=canonical.digest({"entries": [*frozen, *ended]}),
    )


def _note(
    session: Session,
    command: Command,
    lines: Sequence[Line],
    old: dict[str, Standing],
    gone: Sequence[str],
) -> dict[str, str]:
    noted = [line.note for line in lines if line.note is not None]
    profiles = notes.attach(session, noted, now=command.now, new_id=command.new_id)
    notes.detach(session, [item_id for item_id in gone if old[item_id].item.profile_id], now=command.now)
    return profiles


def _write(
    session: Session,
    lines: Sequence[Line],
    profiles: dict[str, str],
    old: dict[str, Standing],
    gone: Sequence[str],
    edition: Edition,
) -> None:
    for line in lines:
        if line.note is not None:
            line.item["profile_id"] = profiles[line.note.organisation_id]
    insert_all(session, Item, [line.item for line in lines if line.outcome is Outcome.ADDED])
    for outcome in (Outcome.CHANGED, Outcome.UNCHANGED):
        updated = [line.item for line in lines if line.outcome is outcome]
        if updated:
            session.execute(update(Item), updated)
    closed = [{"id": i, "state": ItemState.CLOSED, "closed_at": edition.published_at} for i in gone]
    if closed:
        session.execute(update(Item), closed)
    insert_all(session, ItemVersion, [line.version for line in lines if line.version])
    insert_all(session, ItemPrivate, [line.private for line in lines if line.private])
    insert_all(session, EditionEntry, [line.entry for line in lines])
    insert_all(session, EditionEntry, [_ended(edition.id, old[item_id].version) for item_id in gone])
    session.expire_all()


def _ended(edition_id: str, version: ItemVersion) -> dict[str, object]:
    last = {"item_id": version.item_id, "item_number": version.number}
    return {"edition_id": edition_id, **last, "number": None, "outcome": Outcome.GONE, "changes": []}


def _tell(
    session: Session,
    command: Command,
    edition: Edition,
    lines: Sequence[Line],
    old: dict[str, Standing],
    gone: Sequence[str],
) -> None:
    moved = [line.item_id for line in lines if line.outcome is not Outcome.UNCHANGED and line.note is None]
    changes.put(session, SubjectKind.ITEM, moved)
    changes.gone(session, SubjectKind.ITEM, [item_id for item_id in gone if old[item_id].item.profile_id is None])
    counts = {name: getattr(edition, name) for name in ("total", "unchanged", "changed", "added", "gone")}
    payload = {
        "series_id": edition.series_id,
        "number": edition.number,
        "intake_id": edition.intake_id,
        "file_digest": edition.file_digest,
        "digest": edition.digest,
        **counts,
    }
    audit.write(
        session,
        aggregate="edition",
        aggregate_id=edition.id,
        action="edition.published",
        actor_id=command.actor.account_id,
        payload=payload,
        now=command.now,
    )

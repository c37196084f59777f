"""The lines of an edition in the making: every row as the values of the rows it becomes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from ingest.fields import Draft, ListKind
from marketplace.lists import versions
from marketplace.lists.rules import facts, suppliers
from marketplace.lists.rules.comparison import Compared, Comparison
from marketplace.lists.rules.diffs import changes
from marketplace.lists.rules.ordering import order_key
from marketplace.lists.rules.reissues import Reissued, three_way
from marketplace.lists.standing import Standing
from marketplace.lists.words import ItemState, Outcome, SourceKind
from marketplace.profiles.notes import Noted
from marketplace.profiles.rules.summary import head_count

Values = dict[str, object]


@dataclass(frozen=True, slots=True)
class FileSource:
    """The file that a row stands in, and the intake that brought it."""

    name: str
    digest: str
    intake_id: str


@dataclass(frozen=True, slots=True)
class Publication:
    """What all lines of an edition share; `source` tells the file of a row by the item that it is (None: a new one)."""

    edition_id: str
    series_id: str
    source: Callable[[str | None], FileSource]
    account_id: str
    now: datetime
    new_id: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it is written: `version` and `private` are None where nothing changed.

    `owned` is what stands after it where the item's owner has words of its own: the rows of that version, and the
    fields that both changed differently.
    """

    item_id: str
    item_number: int
    number: int
    outcome: Outcome
    digest: str
    item: Values
    entry: Values
    version: Values | None
    private: Values | None
    note: Noted | None
    owned: "OwnedLine | None" = None


@dataclass(frozen=True, slots=True)
class OwnedLine:
    """An owner's words after a re-issue: the version that keeps them (None: the list now says them all)."""

    version: Values | None
    private: Values | None
    changed: tuple[str, ...]
    disputed: tuple[str, ...]
    number: int


def lines_of(
    publication: Publication,
    compared: Comparison,
    old: Mapping[str, Standing],
    owners: Sequence[str | None],
) -> list[Line]:
    """The lines of an edition, numbered from 1 in reading order; `owners` are the organisations of the rows."""
    return [
        _line(publication, row, old.get(row.item_id or ""), owner, number)
        for number, (row, owner) in enumerate(zip(compared.rows, owners, strict=True), start=1)
    ]


def _line(publication: Publication, row: Compared, before: Standing | None, owner: str | None, number: int) -> Line:
    if before is not None and row.outcome is Outcome.UNCHANGED:
        return _kept(publication, before, number)
    item_id = before.item.id if before else publication.new_id()
    item_number = before.item.current_number + 1 if before else 1
    source = publication.source(row.item_id)
    version = _version(publication, source, row.draft, item_id, item_number)
    owned = _owned(publication, row, before, item_number) if before and before.owned else None
    item: Values = {
        "id": item_id,
        "organisation_id": before.item.organisation_id if before and before.owned else owner,
        "profile_id": None,
        "current_number": owned.number if owned else item_number,
        "published_at": publication.now,
        "order_key": order_key(publication.now, number),
        **_placed(publication, number),
        **facts.searched(owned.version if owned and owned.version else version),
    }
    if before is None:
        item |= {"series_id": publication.series_id, "state": ItemState.OPEN, "closed_at": None}
    elif row.outcome is Outcome.RETURNED:
        item |= {"state": ItemState.OPEN, "closed_at": None}
    return Line(
        item_id=item_id,
        item_number=item_number,
        number=number,
        outcome=row.outcome,
        digest=str(version["digest"]),
        item=item,
        entry=_entry(publication, item_id, item_number, number, row),
        version=version,
        private={"item_id": item_id, "number": item_number, **facts.private_columns(row.draft)},
        note=_note(source, row.draft, item_id, item_number, owner),
        owned=owned,
    )


def _owned(publication: Publication, row: Compared, before: Standing, listed_number: int) -> OwnedLine:
    assert before.owned is not None
    merged: Reissued = three_way(before.draft, row.draft, before.owned.draft)
    changed = tuple(change.field for change in row.changes)
    if not changes(row.draft, merged.draft):
        return OwnedLine(None, None, changed, merged.disputed, listed_number)
    number = listed_number + 1
    version = versions.values(
        merged.draft,
        item_id=before.item.id,
        number=number,
        source=SourceKind.FORM,
        # They are still the words of who wrote them; the edition says when they were merged.
        actor_id=before.owned.version.written_by,
        now=publication.now,
        edition_id=publication.edition_id,
    )
    private = {"item_id": before.item.id, "number": number, **facts.private_columns(merged.draft)}
    return OwnedLine(version, private, changed, merged.disputed, number)


def _kept(publication: Publication, before: Standing, number: int) -> Line:
    row = Compared(before.draft, Outcome.UNCHANGED, before.item.id, None, ())
    return Line(
        item_id=before.item.id,
        item_number=before.version.number,
        number=number,
        outcome=Outcome.UNCHANGED,
        digest=before.version.digest,
        item={"id": before.item.id, **_placed(publication, number)},
        entry=_entry(publication, before.item.id, before.version.number, number, row),
        version=None,
        private=None,
        note=None,
    )


def _placed(publication: Publication, number: int) -> Values:
    return {"edition_id": publication.edition_id, "edition_entry": number}


def _entry(publication: Publication, item_id: str, item_number: int, number: int, row: Compared) -> Values:
    return {
        "edition_id": publication.edition_id,
        "item_id": item_id,
        "item_number": item_number,
        "number": number,
        "outcome": row.outcome,
        "changes": [asdict(change) for change in row.changes],
    }


def _version(publication: Publication, source: FileSource, draft: Draft, item_id: str, item_number: int) -> Values:
    values: Values = {
        "item_id": item_id,
        "number": item_number,
        "source": SourceKind.FILE,
        "file_name": source.name,
        "file_digest": source.digest,
        "intake_id": source.intake_id,
        "edition_id": publication.edition_id,
        "draft_id": None,
        "written_by": publication.account_id,
        "written_at": publication.now,
        **facts.columns(draft),
    }
    return {**values, "digest": facts.digest(values)}


def _note(source: FileSource, draft: Draft, item_id: str, item_number: int, owner: str | None) -> Noted | None:
    if draft.list_kind is not ListKind.CAPABILITY or owner is None:
        return None
    return Noted(
        organisation_id=owner,
        item_id=item_id,
        item_number=item_number,
        headline=draft.title,
        text=suppliers.note_text(draft),
        sector=draft.sector,
        region=draft.region,
        team_size=head_count(draft.extras.get("team_size")),
        price_text=suppliers.price_text(draft),
        file_name=source.name,
        file_digest=source.digest,
        sheet=draft.sheet,
        row=draft.row,
    )

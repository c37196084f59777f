"""What readers see of items and of the lines of an edition."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from ingest.fields import IssuerType, ListKind, NeedType
from marketplace.lists.edition_views import EditionCard
from marketplace.lists.words import ItemState, Outcome, SourceKind


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of an item before and after, as text (amounts in yuan, dates in ISO); None is not stated.

    `field` is a field of `ingest.fields.Draft`, or "extras.<name>"; contacts are masked.
    """

    field: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a version came from: a row of a file, or a form or the API with who and when.

    `places` maps a field to the cells it was read from ("C5"); `raw` each header to the cell as it stood, with
    phone numbers and addresses masked unless revealed.
    """

    kind: SourceKind
    file_name: str | None
    file_digest: str | None
    sheet: str | None
    page: int | None
    row: int | None
    intake_id: str | None
    written_by: str
    written_at: datetime
    places: Mapping[str, str]
    raw: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask; `masked` says that phone and e-mail are shortened (139****1234, z***@example.com).

    `organisation` is who stands behind the need, told together with the whole contact alone.
    """

    name: str | None
    phone: str | None
    email: str | None
    masked: bool
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class MainItem:
    """The item that another one is shown through."""

    id: str
    title: str
    issuer: str | None


@dataclass(frozen=True, slots=True)
class ItemCard:
    """An item in a list of many; money in yuan; `number` is its 编号 within its newest edition.

    One posted by form stands on no edition. Where `is_anonymous`, `issuer` says no name and `organisation_id` is None.
    """

    id: str
    kind: ListKind
    need_type: NeedType | None
    title: str
    summary: str
    issuer: str | None
    issuer_type: IssuerType | None
    organisation_id: str | None
    profile_id: str | None
    sector: str | None
    region: str | None
    budget_min: Decimal | None
    budget_max: Decimal | None
    budget_negotiable: bool
    period_start: date | None
    period_end: date | None
    duration_months: int | None
    state: ItemState
    edition_id: str | None
    edition_number: int | None
    number: int | None
    published_at: datetime
    is_anonymous: bool = False


@dataclass(frozen=True, slots=True)
class VersionSummary:
    """One version of an item and what it changed: the edition that brought it, or who wrote it by form.

    A version of source form that names an edition is what stood of its owner's words after that edition.
    """

    number: int
    title: str
    edition_id: str | None
    edition_title: str | None
    edition_number: int | None
    written_at: datetime
    changes: tuple[FieldChange, ...]
    source: SourceKind = SourceKind.FILE
    written_by: str = ""


@dataclass(frozen=True, slots=True)
class ItemPage:
    """All facts of an item's current version with their source, its editions and its older versions."""

    card: ItemCard
    version: int
    description: str | None
    requirements: tuple[str, ...]
    extras: Mapping[str, str]
    inherited: tuple[str, ...]
    contact: Contact
    source: Source
    edition: EditionCard | None
    versions: tuple[VersionSummary, ...]
    closed_at: datetime | None
    document: "ItemRecord | None" = None
    """What matching reads of it; None where nothing is to be matched: it is not open or merged, or no need."""
    main: MainItem | None = None
    """What it is shown through where it was merged into another."""


@dataclass(frozen=True, slots=True)
class EditionEntryView:
    """One line of an edition as it was published; `number` is its 编号, None where it is gone."""

    number: int | None
    outcome: Outcome
    card: ItemCard
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """Which items to show; money in yuan; a budget range asks for overlap.

    `sector` and `region` match where the text contains them. `ids` is an ordered list (best first) that bounds
    and orders the answer; without it the newest come first. `state` None shows those of every state.
    `organisation_id` finds what a unit has posted under its own name.
    """

    kind: ListKind | None = None
    sector: str | None = None
    region: str | None = None
    issuer_type: IssuerType | None = None
    budget_from: Decimal | None = None
    budget_to: Decimal | None = None
    state: ItemState | None = ItemState.OPEN
    ids: tuple[str, ...] | None = None
    organisation_id: str | None = None


@dataclass(frozen=True, slots=True)
class Facets:
    """How many items stand behind each value that a filter offers, most frequent first.

    Each group counts under all other filters, so that its own values stay choosable.
    """

    sectors: tuple[tuple[str, int], ...]
    regions: tuple[tuple[str, int], ...]
    issuer_types: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """A published, open need as matching reads it."""

    id: str
    title: str
    description: str
    requirements: tuple[str, ...]
    list_kind: str
    sector: str | None
    region: str | None
    budget_min: Decimal | None
    budget_max: Decimal | None
    period_start: date | None
    period_end: date | None
    duration_months: int | None
    issuer: str | None
    issuer_type: str | None

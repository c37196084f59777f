"""What readers see of profiles."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from marketplace.accounts.views import OrganisationView
from marketplace.accounts.words import OrganisationKind
from marketplace.profiles.entries import Case, Filing, Offer
from marketplace.profiles.words import Visibility


@dataclass(frozen=True, slots=True)
class ProfileForm:
    """What a supplier says of itself in the form; `not_offered` lists what it does not do (不做的事).

    `visibility` names the fields that are not as visible as they are by default (`rules.visibility`).
    """

    headline: str = ""
    description: str = ""
    offers: tuple[Offer, ...] = ()
    skills: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    cases: tuple[Case, ...] = ()
    not_offered: tuple[str, ...] = ()
    team_size: int | None = None
    region: str | None = None
    price_text: str | None = None
    founded_year: int | None = None
    filings: tuple[Filing, ...] = ()
    visibility: Mapping[str, Visibility] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FormVersion:
    """One version of the form as its reader may see it: who wrote it, and when.

    `withheld` names the fields that a reader would see after signing in.
    """

    number: int
    form: ProfileForm
    written_by: str
    written_at: datetime
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoteView:
    """A capability row of a published list that speaks of this supplier, with the row it came from."""

    id: str
    item_id: str
    headline: str
    text: str
    file_name: str
    file_digest: str
    sheet: str | None
    row: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class ProfileCard:
    """A profile in a list of many; what the form does not say to everybody is filled from its notes."""

    id: str
    organisation_id: str
    name: str
    headline: str
    summary: str
    sectors: tuple[str, ...]
    region: str | None
    team_size: int | None
    claimed: bool
    updated_at: datetime
    verified: bool = False
    kind: OrganisationKind = OrganisationKind.OTHER


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """A profile as its reader may see it: its organisation, the current form (or none yet), the notes, older versions."""

    id: str
    organisation: OrganisationView
    card: ProfileCard
    current: FormVersion | None
    notes: tuple[NoteView, ...]
    versions: tuple[FormVersion, ...]
    document: "ProfileRecord | None" = None
    """What matching reads of it; None where it says nothing yet."""


@dataclass(frozen=True, slots=True)
class ProfileFilter:
    """Which profiles to show; `ids` is an ordered list (best first) that bounds and orders the answer."""

    sector: str | None = None
    region: str | None = None
    team_size_from: int | None = None
    team_size_to: int | None = None
    ids: tuple[str, ...] | None = None
    name: str | None = None
    """Part of the supplier's name, spelled as somebody would."""


@dataclass(frozen=True, slots=True)
class ProfileFacets:
    """How many profiles stand behind each value that a filter offers, most frequent first."""

    sectors: tuple[tuple[str, int], ...]
    regions: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ProfileRecord:
    """A profile as matching reads it: what the form says to everybody, the notes' texts, and what is not offered."""

    id: str
    name: str
    headline: str
    description: str
    skills: tuple[str, ...]
    sectors: tuple[str, ...]
    cases: tuple[str, ...]
    notes: tuple[str, ...]
    not_offered: tuple[str, ...]
    team_size: int | None
    region: str | None
    price_text: str | None
    filings: tuple[str, ...]
    offers: tuple[str, ...] = ()

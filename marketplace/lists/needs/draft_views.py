"""What members of an organisation see of its drafts of needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ingest.fields import Draft
from marketplace.accounts.views import OrganisationView
from marketplace.lists.rules.completeness import Completeness
from marketplace.lists.views import FieldChange
from marketplace.lists.words import DraftState


@dataclass(frozen=True, slots=True)
class DraftCard:
    """A draft in a list of many; `item_id` where it amends a need."""

    id: str
    title: str
    need_type: str
    item_id: str | None
    updated_by: str
    updated_at: datetime
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the values that people gave a field at the same time; `place` is how it is chosen."""

    place: int
    value: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DraftSave:
    """One save in a draft's history: the fields, what they said before and after, and whether it was kept."""

    number: int
    by: str
    at: datetime
    changes: tuple[tuple[str, str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A draft with everything its page shows.

    `body` is as typed, `stated` how it is understood, `errors` what keeps it from being published, `clashes` the
    fields that wait for a choice, `changes` what an amendment changes. `is_stale` says that the need was re-issued
    since the amendment began. `may_write` is False for readers.
    """

    id: str
    organisation: OrganisationView
    item_id: str | None
    base_number: int | None
    state: DraftState
    version: int
    body: Mapping[str, str]
    stated: Draft
    errors: Mapping[str, str]
    completeness: Completeness
    clashes: Mapping[str, tuple[Candidate, ...]]
    changes: tuple[FieldChange, ...]
    is_stale: bool
    may_write: bool
    may_hide: bool
    updated_by: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save did: the version to go on with, when, who changed other fields meanwhile, and what clashes."""

    version: int
    clashing: tuple[str, ...]
    errors: Mapping[str, str]

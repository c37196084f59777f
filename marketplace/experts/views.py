"""What readers see of the pool of experts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from marketplace.experts.rules.entry_forms import Appointment, EntryForm
from marketplace.experts.rules.facts import Relation, Tie
from marketplace.experts.rules.standing import Party
from marketplace.experts.words import ExpertField, ExpertState


@dataclass(frozen=True, slots=True)
class Kept:
    """How a tie or a relation came into an entry, and how it was struck out."""

    id: str
    by_office: bool
    added_by: str
    added_at: datetime
    removed_by: str
    removed_at: datetime | None
    remove_reason: str


@dataclass(frozen=True, slots=True)
class TieView:
    """A tie with its history."""

    kept: Kept
    tie: Tie


@dataclass(frozen=True, slots=True)
class RelationView:
    """A relation with its history."""

    kept: Kept
    relation: Relation


@dataclass(frozen=True, slots=True)
class PastView:
    """How an entry read until a change; `content` is empty once its person was erased."""

    version: int
    content: Mapping[str, object]
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry of the pool as its expert, the office and supervisors see it; `party` is which of them looks, None a supervisor."""

    id: str
    account_id: str
    name: str
    email: str
    region: str
    state: ExpertState
    reason: str
    form: EntryForm
    appointment: Appointment
    version: int
    created_at: datetime
    listed_at: datetime | None
    party: Party | None
    ties: tuple[TieView, ...] = ()
    relations: tuple[RelationView, ...] = ()
    past: tuple[PastView, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """An expert in the list of the office; no contact and nothing of its ties."""

    id: str
    name: str
    region: str
    title: str
    fields: tuple[ExpertField, ...]
    terms: tuple[str, ...]
    state: ExpertState
    ends_on: date | None
    ends_soon: bool
    is_over: bool
    updated_at: datetime

"""What readers see of members, and of what people ask for."""

from dataclasses import dataclass
from datetime import datetime

from marketplace.accounts.views import OrganisationView
from marketplace.accounts.words import (
    EvidenceKind,
    OrganisationKind,
    RequestKind,
    RequestState,
    Standing,
    TakedownScope,
)


@dataclass(frozen=True, slots=True)
class MemberView:
    """A live member as the other members see it."""

    id: str
    account_id: str
    name: str
    email: str
    email_confirmed: bool
    standing: Standing
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation as the inviting members and its addressee see it."""

    id: str
    organisation: OrganisationView
    email: str
    standing: Standing
    invited_by: str
    invited_at: datetime
    expires_at: datetime
    by_mail: bool


@dataclass(frozen=True, slots=True)
class JoinRequestView:
    """Somebody who asks to be invited into an organisation."""

    id: str
    name: str
    email: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """One piece of evidence: its label and what it is; its content is in the file store under `digest`."""

    id: str
    name: str
    kind: EvidenceKind
    digest: str
    size_bytes: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One decision about a request; `decided_by` "" where it followed from the decision about another."""

    outcome: RequestState
    reason: str
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class RequestCard:
    """A request to be verified, or a claim, in a list of many."""

    id: str
    kind: RequestKind
    organisation: OrganisationView
    name: str
    region: str
    state: RequestState
    asked_by: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class RequestPage:
    """A whole request: what is stated, the evidence, every decision, and who else asks for the same organisation."""

    card: RequestCard
    uscc: str | None
    statement: str
    evidence: tuple[EvidenceView, ...]
    decisions: tuple[DecisionView, ...]
    rivals: tuple[RequestCard, ...]
    version: int
    may_decide: bool
    is_own: bool
    unit_kind: OrganisationKind | None = None


@dataclass(frozen=True, slots=True)
class TakedownView:
    """A request that a line of a list, or its contact, be taken down."""

    id: str
    organisation: OrganisationView
    item_id: str
    item_title: str
    region: str
    scope: TakedownScope
    reason: str
    state: RequestState
    asked_by: str
    asked_at: datetime
    decision: str
    decided_by: str
    decided_at: datetime | None
    may_decide: bool
    is_own: bool

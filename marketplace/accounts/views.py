"""What readers see of accounts and organisations."""

from dataclasses import dataclass
from datetime import datetime

from marketplace.accounts.actors import Actor, HeldGrant
from marketplace.accounts.words import (
    EvidenceKind,
    OrganisationKind,
    RequestKind,
    RequestState,
    Standing,
    TakedownScope,
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live sign-in: who acts, the token that forms must carry, and when it ends at the latest.

    `touch_due` asks the caller to run `sessions.touch` in a writing transaction, so that idleness is measured.
    `organisation` is for whom it acts now (None: itself), `seats` everything it could act for; `confirmed_at` is
    when it last proved who it is. `is_staff` says whether any of its seats is a staff one. `needs_second_factor`
    says that staff grants are withheld until a second factor is set up, `owes_second_factor` that there is one which
    was not given yet: then nothing at all is granted.
    """

    session_id: str
    actor: Actor
    csrf_token: str
    opened_at: datetime
    ends_at: datetime
    touch_due: bool
    organisation: "OrganisationView | None" = None
    seats: "tuple[Seat, ...]" = ()
    confirmed_at: datetime | None = None
    second_factor_at: datetime | None = None
    is_staff: bool = False
    needs_second_factor: bool = False
    owes_second_factor: bool = False


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """An organisation, claimed by somebody or known from lists alone."""

    id: str
    name: str
    uscc: str | None
    kind: OrganisationKind
    region: str
    claimed: bool
    posts_needs: bool = False
    offers_work: bool = False
    verified: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True)
class Seat:
    """One thing a person may act for: an organisation (or itself, None), and what it is there."""

    organisation: OrganisationView | None
    grants: tuple[HeldGrant, ...]


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

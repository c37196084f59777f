"""What readers see of dealings."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from marketplace.dealings.words import Ending, Event, Ground, Party, Refusal, RequestState, Stage


@dataclass(frozen=True, slots=True)
class GivenContact:
    """Whom to ask on one side of a dealing."""

    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request for contact; its message hides numbers and addresses until it is granted."""

    id: str
    asked_by: Party
    state: RequestState
    message: str
    asked_at: datetime
    answered_at: datetime | None
    reason: Refusal | None
    answer: str


@dataclass(frozen=True, slots=True)
class NoteView:
    """One thing that happened; `who` is a person's name with its organisation for readers who may know it."""

    number: int
    at: datetime
    who: str
    party: Party
    event: Event
    stage: Stage
    text: str
    amount: Decimal | None
    shared: bool


@dataclass(frozen=True, slots=True)
class DealingCard:
    """A dealing in a list of many, as one reader sees it; money in yuan.

    `party` is as what the reader sees it. `need_name` is what that reader may know of the need's unit.
    `waits_for` says who must do something next, `waiting_since` from when and `due_on` until when; where a contact
    was granted and the dealing lives on, `contact_known` holds.
    """

    id: str
    item_id: str
    item_title: str
    need_name: str
    profile_id: str
    opc_name: str
    region: str
    party: Party
    stage: Stage
    version: int
    opened_by: Party
    opened_at: datetime
    moved_by: Party
    moved_at: datetime
    request: RequestView | None
    contact_known: bool
    waits_for: frozenset[Party]
    waiting_since: datetime | None
    due_on: date | None
    is_overdue: bool
    intent: Decimal | None
    signed: Decimal | None
    signed_on: date | None
    claimed_by: Party | None
    ending: Ending | None
    team_id: str | None
    team_name: str
    confirmation: str = ""
    """How a signing was confirmed; "" before it is."""
    ground: Ground | None = None
    """On what the last introduction rests."""

    @property
    def waits_for_reader(self) -> bool:
        """Whether the reader's own side is the one to act."""
        return self.party in self.waits_for

    @property
    def is_over(self) -> bool:
        """Whether nothing more is expected."""
        return self.stage in {Stage.SIGNED, Stage.ENDED}


@dataclass(frozen=True, slots=True)
class DealingPage:
    """A whole dealing: its card, what happened (newest first), what the reader may do now, and what is public."""

    card: DealingCard
    notes: tuple[NoteView, ...]
    requests: tuple[RequestView, ...]
    possible: tuple[Event, ...]
    may_answer: bool
    need_publishes: bool
    opc_publishes: bool
    listed_contact: bool
    """Whether the need states a contact of its own, so that a grant needs no other."""
    is_partner: bool = False
    """Whether the reader stands in the supplier's team and does not lead it."""
    may_close: bool = False
    """Whether the reader may now close the need, because this signing answers it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits for an actor: requests to answer, signings to confirm, teams to join; and how much is overdue."""

    contact_requests: int = 0
    confirmations: int = 0
    team_invitations: int = 0
    overdue: int = 0

    @property
    def total(self) -> int:
        """Everything that waits."""
        return self.contact_requests + self.confirmations + self.team_invitations


@dataclass(frozen=True, slots=True)
class SignedDeal:
    """A confirmed signing, for figures; money in yuan. `is_public`: both sides agreed to show the amount.

    `confirmation` says who stated it and who confirmed it.
    """

    dealing_id: str
    item_id: str
    item_title: str
    profile_id: str
    opc_name: str
    region: str
    amount: Decimal
    signed_on: date
    confirmed_at: datetime
    confirmation: str
    is_public: bool

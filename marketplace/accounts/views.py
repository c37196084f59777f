"""What readers see of accounts and organisations."""

from dataclasses import dataclass
from datetime import datetime

from marketplace.accounts.actors import Actor, HeldGrant
from marketplace.accounts.words import OrganisationKind


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
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Seat:
    """One thing a person may act for: an organisation (or itself, None), and what it is there."""

    organisation: OrganisationView | None
    grants: tuple[HeldGrant, ...]

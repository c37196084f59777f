"""What readers see of accounts and organisations."""

from dataclasses import dataclass
from datetime import datetime

from marketplace.accounts.actors import Actor
from marketplace.accounts.words import OrganisationKind


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live sign-in: who acts, the token that forms must carry, and when it ends at the latest.

    `touch_due` asks the caller to run `sessions.touch` in a writing transaction, so that idleness is measured.
    """

    actor: Actor
    csrf_token: str
    opened_at: datetime
    ends_at: datetime
    touch_due: bool


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """An organisation, claimed by somebody or known from lists alone."""

    id: str
    name: str
    uscc: str | None
    kind: OrganisationKind
    region: str
    claimed: bool

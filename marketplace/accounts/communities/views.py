"""What readers see of communities and of the OPCs that belong to them."""

from dataclasses import dataclass
from datetime import datetime

from marketplace.accounts.communities.words import AffiliationState, AskedBy, CommunityKind


@dataclass(frozen=True, slots=True)
class CommunityForm:
    """What is said of a community or an agency; `capacity` is how many work places it has."""

    kind: CommunityKind
    region: str
    address: str
    capacity: int | None
    services: str
    contact: str


@dataclass(frozen=True, slots=True)
class CommunityView:
    """A community or an agency with how many OPCs belong to it."""

    id: str
    organisation_id: str
    name: str
    form: CommunityForm
    version: int
    registered_at: datetime
    confirmed_at: datetime | None
    closed_at: datetime | None
    opcs: int

    @property
    def is_public(self) -> bool:
        """Whether an organiser has confirmed it and it is still open."""
        return self.confirmed_at is not None and self.closed_at is None


@dataclass(frozen=True, slots=True)
class AffiliationView:
    """One OPC and one community: who asked, and how far it is."""

    id: str
    community_id: str
    community_name: str
    organisation_id: str
    organisation_name: str
    organisation_region: str
    state: AffiliationState
    asked_by: AskedBy
    asked_at: datetime
    decided_at: datetime | None
    ended_at: datetime | None

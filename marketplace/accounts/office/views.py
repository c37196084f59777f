"""What administrators see of accounts; never a password, a code or another secret."""

from dataclasses import dataclass
from datetime import datetime

from marketplace.accounts.words import Role, Standing


@dataclass(frozen=True, slots=True)
class AccountCard:
    """An account in a list of many; `roles` are its live staff roles with their regions."""

    id: str
    name: str
    email: str
    created_at: datetime
    disabled_at: datetime | None
    last_sign_in: datetime | None
    has_second_factor: bool
    roles: tuple[tuple[Role, str], ...]


@dataclass(frozen=True, slots=True)
class GrantView:
    """One grant, live or withdrawn; `office` is the name of the organisation it was given at."""

    id: str
    role: Role
    region: str
    office: str
    given_by: str
    given_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class MembershipView:
    """One organisation that the account belongs to."""

    organisation_id: str
    name: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Everything that an administrator sees of one account; `open_sessions` counts its live sign-ins."""

    card: AccountCard
    grants: tuple[GrantView, ...]
    memberships: tuple[MembershipView, ...]
    open_sessions: int
    is_self: bool

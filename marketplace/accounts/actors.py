"""Who acts, and the pure rules of what an actor may."""

from dataclasses import dataclass

from marketplace.accounts.words import STAFF, Role
from marketplace.kernel.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class HeldGrant:
    """One grant of an actor: a role, for an organisation or for none, within a region ("" is everywhere)."""

    role: Role
    organisation_id: str | None = None
    region: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person with everything that was granted to it."""

    account_id: str
    name: str
    email: str
    grants: tuple[HeldGrant, ...] = ()

    @property
    def roles(self) -> frozenset[Role]:
        """Every role held anywhere."""
        return frozenset(grant.role for grant in self.grants)

    @property
    def is_staff(self) -> bool:
        """Whether any role held is one of the staff roles."""
        return bool(self.roles & STAFF)


def covers(granted: str, region: str) -> bool:
    """Whether a granted region path contains a region ("福建省/临川市" contains "福建省/临川市/澄江区")."""
    return granted in ("", region) or region.startswith(granted + "/")


def may(actor: Actor, role: Role, *, region: str) -> bool:
    """Whether the actor holds a role for a region."""
    return any(grant.role == role and covers(grant.region, region) for grant in actor.grants)


def acts_for(actor: Actor, organisation_id: str) -> bool:
    """Whether the actor was granted to act for an organisation as its enterprise or its OPC."""
    own = (Role.ENTERPRISE, Role.OPC)
    return any(grant.organisation_id == organisation_id and grant.role in own for grant in actor.grants)


def may_run_lists(actor: Actor, *, region: str) -> bool:
    """Whether the actor may take lists in and publish them for a region: its organisers, and administrators."""
    return may(actor, Role.ORGANISER, region=region) or may(actor, Role.ADMINISTRATOR, region=region)


def require_may_run_lists(actor: Actor, *, region: str) -> None:
    """Raise NotAllowed where the actor may not take lists in for a region."""
    if not may_run_lists(actor, region=region):
        where = region.replace("/", "") or "全部地区"
        raise NotAllowed(f"您没有{where}的主办方权限。请联系管理员为您的账号授权。", code="not_an_organiser")

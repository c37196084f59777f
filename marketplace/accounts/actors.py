"""Who acts, and the pure rules of what an actor may."""

from dataclasses import dataclass

from marketplace.accounts.words import MEMBER, STAFF, Role, Standing
from marketplace.kernel.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class HeldGrant:
    """One thing an actor may be: a role, for an organisation or for none, within a region ("" is everywhere).

    `standing` is set where the role comes from belonging to the organisation.
    """

    role: Role
    organisation_id: str | None = None
    region: str = ""
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """A person who acts for one organisation at a time, with what it may there and nothing of its other seats.

    `organisation_id` None: it acts for itself, with the grants that name no organisation.
    """

    account_id: str
    name: str
    email: str
    grants: tuple[HeldGrant, ...] = ()
    organisation_id: str | None = None

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
    """Whether the actor acts for an organisation now, as one who may write for it (负责人 or 经办人)."""
    return standing_in(actor, organisation_id) in {Standing.OWNER, Standing.EDITOR}


def owns(actor: Actor, organisation_id: str) -> bool:
    """Whether the actor acts for an organisation now as one who decides over it (负责人)."""
    return standing_in(actor, organisation_id) is Standing.OWNER


def belongs_to(actor: Actor, organisation_id: str) -> bool:
    """Whether the actor acts for an organisation now in any standing, so that it may read what is its own."""
    return standing_in(actor, organisation_id) is not None


def standing_in(actor: Actor, organisation_id: str) -> Standing | None:
    """The actor's standing in an organisation that it acts for now, or None."""
    held = (grant for grant in actor.grants if grant.role in MEMBER and grant.organisation_id == organisation_id)
    return next((grant.standing for grant in held if grant.standing is not None), None)


def may_run_lists(actor: Actor, *, region: str) -> bool:
    """Whether the actor may take lists in, publish them and decide requests for a region: its organisers alone.

    Administrators look after accounts and settings; who is both holds both roles.
    """
    return may(actor, Role.ORGANISER, region=region)


def require_may_run_lists(actor: Actor, *, region: str) -> None:
    """Raise NotAllowed where the actor may not take lists in for a region."""
    if not may_run_lists(actor, region=region):
        where = region.replace("/", "") or "全部地区"
        raise NotAllowed(f"您没有{where}的主办方权限。请联系管理员为您的账号授权。", code="not_an_organiser")

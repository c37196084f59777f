"""Who may read the log, and how much of it: pure rules.

A supervisor without a region sees every event; one of a region sees the events of things that lie in it, others are
withheld and counted. An administrator sees the technical events, of accounts never what they say.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from marketplace.accounts.actors import Actor, covers
from marketplace.accounts.words import Role
from marketplace.kernel import places

TECHNICAL = (
    "account",
    "sign_in",
    "platform_setting",
    "workdays",
    "announcement",
    "policy",
    "lexicon",
    "mail",
    "api_token",
    "matcher",
)
"""What administrators see the events of."""
OPEN_PAYLOADS = frozenset({"platform_setting", "workdays", "announcement", "policy", "lexicon", "matcher"})
"""What concerns nobody's person, so that administrators see what it says too."""


@dataclass(frozen=True, slots=True)
class Oversight:
    """How much of the log somebody sees; `regions` limits a supervisor, `technical` is an administrator's view."""

    everything: bool = False
    regions: tuple[str, ...] = ()
    technical: bool = False

    @property
    def is_regional(self) -> bool:
        """Whether what is seen depends on where things lie."""
        return not self.everything and bool(self.regions)

    def sees(self, kind: str, region: str | None) -> bool:
        """Whether an event of a kind of thing is seen that lies in a region (None: nobody knows where)."""
        return self.everything or (self.technical and kind in TECHNICAL) or self._lies_within(region)

    def sees_payload(self, kind: str, region: str | None) -> bool:
        """Whether what the event says is seen as well."""
        return self.everything or kind in OPEN_PAYLOADS or self._lies_within(region)

    def _lies_within(self, region: str | None) -> bool:
        if not region:
            return False
        return any(covers(one, region) or places.inside(region, one) for one in self.regions)


def of_actor(actor: Actor) -> Oversight | None:
    """What an actor sees of the log in the seat it has now; None where it sees nothing."""
    regions = tuple(_regions(actor))
    technical = any(grant.role is Role.ADMINISTRATOR and not grant.region for grant in actor.grants)
    if "" in regions:
        return Oversight(everything=True)
    return Oversight(regions=regions, technical=technical) if regions or technical else None


def _regions(actor: Actor) -> Iterable[str]:
    return (grant.region for grant in actor.grants if grant.role is Role.SUPERVISOR)

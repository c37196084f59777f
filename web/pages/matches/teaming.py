"""What the reader of a need's teams may do: a supplier asks the others into a team of its own, the need's unit asks them all."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from sqlmodel import Session

from marketplace.accounts.actors import acts_for
from marketplace.dealings import openings
from marketplace.dealings.teams import teams
from marketplace.dealings.teams.views import TeamCard
from marketplace.lists import items
from marketplace.rounds import joint
from marketplace.rounds.joint import JointRound
from web.pages.matches.together import Together

if TYPE_CHECKING:
    from web.dependencies import Desk


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the teams of a need: `own` is its listed profile where it may answer the need; `led` its team for it."""

    item_id: str
    own: str | None = None
    may_found: bool = False
    led: TeamCard | None = None
    may_ask_all: bool = False
    rounds: tuple[JointRound, ...] = ()

    def founding(self, team: Together) -> str:
        """The address of the form that founds a team with the others of this one asked into it."""
        others = [("with", member.id) for member in team.others]
        return f"/teams/new?{urlencode([('item', self.item_id), *others])}"

    def asking(self, team: Together) -> str:
        """The address of the form by which the need's unit asks all of a team."""
        return f"/items/{self.item_id}/teams/ask?{urlencode([('opc', member.id) for member in team.members])}"


def reader(session: Session, desk: "Desk", item_id: str) -> Reader:
    """Who reads, and what it may do."""
    if desk.signed_in is None:
        return Reader(item_id)
    actor = desk.signed_in.actor
    if openings.belongs_to_need(session, actor, item_id):
        owner = items.owner(session, item_id)
        return Reader(item_id, may_ask_all=owner is not None and acts_for(actor, owner.id))
    own = openings.own_profile(session, actor)
    if own is None or actor.organisation_id is None:
        return Reader(item_id)
    led = next((team for team in teams.led_for(session, own, item_id) if team.item_id == item_id), None)
    may_found = teams.may_found(session, actor)
    rounds = joint.of_item(session, item_id, actor.organisation_id, now=desk.now) if may_found else []
    return Reader(item_id, own, may_found=may_found and led is None, led=led, rounds=tuple(rounds))

"""What readers see of teams."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts.tables import Organisation
from marketplace.dealings.team_tables import Team, TeamMember
from marketplace.dealings.words import SEATED, Place
from marketplace.lists import cards
from marketplace.profiles.tables import Profile


@dataclass(frozen=True, slots=True)
class TeamCard:
    """A team in a list of many; `place` is where the reader's own supplier stands in it."""

    id: str
    name: str
    lead_id: str
    lead_name: str
    item_id: str | None
    item_title: str
    joined: int
    invited: int
    founded_at: datetime
    dissolved_at: datetime | None
    place: Place | None


@dataclass(frozen=True, slots=True)
class MemberView:
    """One supplier's place in a team, and what it does."""

    profile_id: str
    name: str
    headline: str
    place: Place
    work: str
    invited_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class TeamPage:
    """A whole team, and what its reader may do with it."""

    card: TeamCard
    purpose: str
    version: int
    members: tuple[MemberView, ...]
    own_profile_id: str | None
    may_lead: bool
    may_answer: bool
    most_partners: int

    @property
    def own(self) -> MemberView | None:
        """The reader's own place."""
        return next((member for member in self.members if member.profile_id == self.own_profile_id), None)

    @property
    def is_full(self) -> bool:
        """Whether nobody more can be invited."""
        return sum(member.place in SEATED for member in self.members) > self.most_partners


def card(session: Session, team: Team, place: Place | None = None) -> TeamCard:
    """The card of a team's row."""
    members = session.exec(select(TeamMember.place).where(TeamMember.team_id == team.id)).all()
    lead = session.get_one(Profile, team.lead_id)
    (item,) = cards.by_ids(session, [team.item_id]) if team.item_id else (None,)
    return TeamCard(
        id=team.id,
        name=team.name,
        lead_id=team.lead_id,
        lead_name=session.get_one(Organisation, lead.organisation_id).name,
        item_id=team.item_id,
        item_title=item.title if item else "",
        joined=sum(one in {Place.LEAD, Place.JOINED} for one in members),
        invited=sum(one is Place.INVITED for one in members),
        founded_at=team.founded_at,
        dissolved_at=team.dissolved_at,
        place=place,
    )


def member_views(session: Session, team_id: str) -> tuple[MemberView, ...]:
    """The places of a team: the lead, then by invitation."""
    query = (
        select(TeamMember, Organisation.name, Profile.headline)
        .join(Profile, col(Profile.id) == col(TeamMember.profile_id))
        .join(Organisation, col(Organisation.id) == col(Profile.organisation_id))
        .where(TeamMember.team_id == team_id)
    )
    rows = sorted(session.exec(query), key=lambda row: (row[0].place is not Place.LEAD, row[0].invited_at, row[1]))
    return tuple(
        MemberView(row.profile_id, name, headline, row.place, row.work, row.invited_at, row.answered_at)
        for row, name, headline in rows
    )

"""Teams as those in them read them, and what every act on one needs to know."""

from sqlmodel import Session, col, select

from marketplace.accounts.actors import Actor, acts_for, belongs_to
from marketplace.accounts.tables import Organisation
from marketplace.dealings import limits
from marketplace.dealings.team_tables import Team, TeamMember
from marketplace.dealings.teams.views import TeamCard, TeamPage, card, member_views
from marketplace.dealings.words import SEATED, Place
from marketplace.kernel.errors import NotFound
from marketplace.profiles.tables import Profile

MISSING = "没有这个联合体，或者您的单位不在其中。"


def get(session: Session, actor: Actor, team_id: str) -> TeamPage:
    """A team for those in it or invited into it; NotFound for everybody else."""
    team = session.get(Team, team_id)
    if team is None:
        raise NotFound(MISSING, code="team_missing")
    require_reader(session, actor, team)
    lead = session.get_one(Profile, team.lead_id)
    own = None if actor.organisation_id is None else profile_of(session, actor.organisation_id)
    most = limits.of(session, home(session, lead)).team_partners
    return TeamPage(
        card=card(session, team),
        purpose=team.purpose,
        version=team.version,
        members=member_views(session, team_id),
        own_profile_id=None if own is None else own.id,
        may_lead=acts_for(actor, lead.organisation_id) and team.dissolved_at is None,
        may_answer=actor.organisation_id is not None and acts_for(actor, actor.organisation_id),
        most_partners=most,
    )


def of_actor(session: Session, actor: Actor) -> list[TeamCard]:
    """The teams that the actor's organisation leads, stands in or is invited into; live ones and newest first."""
    if actor.organisation_id is None or not belongs_to(actor, actor.organisation_id):
        return []
    query = (
        select(Team, TeamMember.place)
        .join(TeamMember, col(TeamMember.team_id) == col(Team.id))
        .join(Profile, col(Profile.id) == col(TeamMember.profile_id))
        .where(Profile.organisation_id == actor.organisation_id, col(TeamMember.place).in_(SEATED))
        .order_by(col(Team.dissolved_at).is_not(None), col(Team.founded_at).desc(), col(Team.id))
    )
    return [card(session, team, Place(place)) for team, place in session.exec(query)]


def led_for(session: Session, profile_id: str, item_id: str) -> list[TeamCard]:
    """The live teams that a supplier leads and may answer a need with: those for it, and the general one."""
    query = select(Team).where(Team.lead_id == profile_id, col(Team.dissolved_at).is_(None)).order_by(col(Team.id))
    return [card(session, team) for team in session.exec(query) if team.item_id in {None, item_id}]


def profile_of(session: Session, organisation_id: str) -> Profile | None:
    """The profile of an organisation, where it has one."""
    return session.exec(select(Profile).where(Profile.organisation_id == organisation_id)).first()


def require_reader(session: Session, actor: Actor, team: Team) -> None:
    """Refuse those who stand in no place of a team: to them there is none."""
    query = (
        select(Profile.organisation_id)
        .join(TeamMember, col(TeamMember.profile_id) == col(Profile.id))
        .where(TeamMember.team_id == team.id, col(TeamMember.place).in_(SEATED))
    )
    if not any(belongs_to(actor, unit) for unit in session.exec(query)):
        raise NotFound(MISSING, code="team_missing")


def home(session: Session, lead: Profile) -> str:
    """Where the lead of a team is at home, whose limits hold."""
    return lead.region or session.get_one(Organisation, lead.organisation_id).region


def name_of(session: Session, profile: Profile) -> str:
    """The name of a supplier's organisation."""
    return session.get_one(Organisation, profile.organisation_id).name

"""A natural person's profile goes to the company that it founded, with the dealings, teams and saves that hang on it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from marketplace.accounts import messages, organisations
from marketplace.accounts.actors import Actor
from marketplace.accounts.joining import memberships
from marketplace.accounts.tables import Membership, Organisation
from marketplace.accounts.views import OrganisationView
from marketplace.accounts.words import OrganisationKind, Standing
from marketplace.dealings import handing_over, moving, pairs
from marketplace.dealings.attention_tables import Save
from marketplace.dealings.handing_over import UNDER_WAY
from marketplace.dealings.moving import Step
from marketplace.dealings.tables import Dealing
from marketplace.dealings.team_tables import Team, TeamMember
from marketplace.dealings.words import SEATED, Event, Party
from marketplace.kernel.errors import Conflict, NotAllowed
from marketplace.lists.item_tables import Item
from marketplace.profiles import moves, notes, profiles
from marketplace.profiles.draft_tables import ProfileDraft, ProfileEvidence
from marketplace.profiles.rules import moves as rules
from marketplace.profiles.rules.moves import Giver, Taker
from marketplace.profiles.tables import Profile, ProfileNote, ProfileVersion


@dataclass(frozen=True, slots=True)
class Contents:
    """What a profile takes along, counted."""

    versions: int
    offers: int
    cases: int
    filings: int
    files: int
    listed: int
    under_way: int
    over: int
    teams: int
    saves: int


@dataclass(frozen=True, slots=True)
class Target:
    """One organisation that a profile might go to, and why not ("" where it may)."""

    organisation: OrganisationView
    refusal: str


@dataclass(frozen=True, slots=True)
class Way:
    """What may go from a natural person, and where to."""

    giver: OrganisationView
    contents: Contents | None
    targets: tuple[Target, ...]


def ways(session: Session, actor: Actor) -> list[Way]:
    """Each natural person that the actor owns and whose profile is still its own, with the organisations to go to."""
    owned = _owned(session, actor)
    persons = [one for one in owned if one.kind is OrganisationKind.NATURAL_PERSON and not one.closed]
    others = [one for one in owned if one.kind is not OrganisationKind.NATURAL_PERSON and not one.closed]
    found: list[Way] = []
    for person in persons:
        profile = _of(session, person.id)
        if moves.away(session, person.id) is not None or profile is None or not profile.current_number:
            continue
        targets = (Target(one, _refusal(session, actor, person, one)) for one in others)
        found.append(Way(person, _contents(session, profile), tuple(targets)))
    return found


def is_offered(session: Session, actor: Actor, own: OrganisationView) -> bool:
    """Whether a profile's own desk should speak of moving: a person's with something to give, a company's without."""
    if own.kind is OrganisationKind.NATURAL_PERSON:
        return any(way.giver.id == own.id for way in ways(session, actor))
    return may_take(session, actor, own)


def may_take(session: Session, actor: Actor, company: OrganisationView) -> bool:
    """Whether a company of the actor could take a natural person's profile of its own now."""
    return any(
        target.organisation.id == company.id and not target.refusal
        for way in ways(session, actor)
        for target in way.targets
    )


def move(session: Session, actor: Actor, *, from_id: str, to_id: str, now: datetime, new_id: Callable[[], str]) -> str:
    """Give a natural person's profile to a company of the same owner, for good; gives the profile's id.

    What hangs on the profile goes along: its versions, evidence, dealings, teams, and what the person had saved.
    Raises NotAllowed for everybody but the owner of both, Conflict with what stands in the way.
    """
    organisations.held(session, min(from_id, to_id))
    organisations.held(session, max(from_id, to_id))
    person, company = organisations.get(session, from_id), organisations.get(session, to_id)
    found = rules.refusal(_giver(session, actor, person), _taker(session, actor, person, company))
    if found is not None:
        code, message = found
        raise (NotAllowed if code == "not_the_owner" else Conflict)(message, code=code)
    profile_id = profiles.find(session, from_id)
    assert profile_id is not None
    profile = _held(session, profile_id)
    replaced = _of(session, to_id)
    _tell(session, actor, profile, person, company, now=now, new_id=new_id)
    if replaced is not None:
        handing_over.take_in(session, profile_id, replaced.id)
    moves.hand_over(session, profile, to_id=to_id, replaced=replaced, actor_id=actor.account_id, now=now)
    notes.refresh(session, [profile_id], now=now)
    handing_over.settle_regions(session, profile_id)
    handing_over.take_saves(session, from_id, to_id)
    return profile_id


def _owned(session: Session, actor: Actor) -> list[OrganisationView]:
    mine = select(Membership.organisation_id).where(
        Membership.account_id == actor.account_id,
        Membership.standing == Standing.OWNER,
        col(Membership.left_at).is_(None),
    )
    rows = session.exec(select(Organisation).where(col(Organisation.id).in_(mine)).order_by(col(Organisation.name)))
    return [organisations.view(row) for row in rows]


def _refusal(session: Session, actor: Actor, person: OrganisationView, company: OrganisationView) -> str:
    found = rules.refusal(_giver(session, actor, person), _taker(session, actor, person, company))
    return "" if found is None else found[1]


def _giver(session: Session, actor: Actor, person: OrganisationView) -> Giver:
    profile = _of(session, person.id)
    return Giver(
        kind=person.kind,
        is_owned=_owns(session, actor, person.id),
        is_moved=moves.away(session, person.id) is not None,
        versions=0 if profile is None else profile.current_number,
    )


def _taker(session: Session, actor: Actor, person: OrganisationView, company: OrganisationView) -> Taker:
    own = _of(session, company.id)
    given = _of(session, person.id)
    return Taker(
        kind=company.kind,
        is_owned=_owns(session, actor, company.id),
        is_closed=company.closed,
        offers_work=company.offers_work,
        versions=0 if own is None else own.current_number,
        has_draft=own is not None and session.get(ProfileDraft, own.id) is not None,
        dealings=0 if own is None else _count(session, select(Dealing.id).where(Dealing.profile_id == own.id)),
        teams=0 if own is None else _count(session, select(TeamMember.team_id).where(TeamMember.profile_id == own.id)),
        shared_dealings=0 if given is None else _count(session, _shared(given.id, company.id)),
    )


def _owns(session: Session, actor: Actor, organisation_id: str) -> bool:
    return memberships.standing_of(session, organisation_id, actor.account_id) is Standing.OWNER


def _of(session: Session, organisation_id: str) -> Profile | None:
    return session.exec(select(Profile).where(Profile.organisation_id == organisation_id)).first()


def _held(session: Session, profile_id: str) -> Profile:
    query = select(Profile).where(Profile.id == profile_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).one()


def _shared(profile_id: str, organisation_id: str) -> SelectOfScalar[str]:
    return (
        select(Dealing.id)
        .join(Item, col(Item.id) == col(Dealing.item_id))
        .where(
            Dealing.profile_id == profile_id,
            Item.organisation_id == organisation_id,
            col(Dealing.stage).in_(UNDER_WAY),
        )
    )


def _count(session: Session, query: SelectOfScalar[str]) -> int:
    return session.exec(select(func.count()).select_from(query.subquery())).one()


def _contents(session: Session, profile: Profile) -> Contents:
    form = session.get_one(ProfileVersion, (profile.id, profile.current_number))
    of_it = Dealing.profile_id == profile.id
    return Contents(
        versions=profile.current_number,
        offers=len(form.offers),
        cases=len(form.cases),
        filings=len(form.filings),
        files=_count(session, select(ProfileEvidence.id).where(ProfileEvidence.profile_id == profile.id)),
        listed=_count(
            session,
            select(ProfileNote.id).where(ProfileNote.profile_id == profile.id, col(ProfileNote.gone_at).is_(None)),
        ),
        under_way=_count(session, select(Dealing.id).where(of_it, col(Dealing.stage).in_(UNDER_WAY))),
        over=_count(session, select(Dealing.id).where(of_it, col(Dealing.stage).not_in(UNDER_WAY))),
        teams=len(_teams(session, profile.id)),
        saves=_count(session, select(Save.id).where(Save.holder_id == profile.organisation_id)),
    )


def _teams(session: Session, profile_id: str) -> Sequence[Team]:
    query = (
        select(Team)
        .join(TeamMember, col(TeamMember.team_id) == col(Team.id))
        .where(TeamMember.profile_id == profile_id, col(TeamMember.place).in_(SEATED))
        .where(col(Team.dissolved_at).is_(None))
    )
    return session.exec(query.order_by(col(Team.id))).all()


def _tell(
    session: Session,
    actor: Actor,
    profile: Profile,
    person: OrganisationView,
    company: OrganisationView,
    *,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Write the change into every dealing under way, which tells its other side; tell teams and one's own people."""
    said = f"供应方由“{person.name}”（个人）变更为“{company.name}”：画像已转到该单位，这项对接由它继续办理。"
    query = select(Dealing.id).where(Dealing.profile_id == profile.id, col(Dealing.stage).in_(UNDER_WAY))
    for dealing_id in session.exec(query.order_by(col(Dealing.id))).all():
        dealing = moving.held(session, dealing_id)
        pair = pairs.of(session, dealing)
        moving.take(session, actor, pair, dealing, Step(Event.NOTE, Party.OPC, said), now=now, new_id=new_id)
    for team in _teams(session, profile.id):
        _tell_team(session, team, profile, said=(person.name, company.name), now=now, new_id=new_id)
    members = (
        select(Membership.account_id)
        .where(col(Membership.organisation_id).in_([person.id, company.id]), col(Membership.left_at).is_(None))
        .order_by(col(Membership.id))
    )
    messages.tell(
        session,
        account_ids=session.exec(members).all(),
        subject=f"能力画像已转到“{company.name}”",
        text=f"“{person.name}”的能力画像已转到“{company.name}”，以后请用该单位的身份维护和办理。",
        link=f"/opcs/{profile.id}",
        now=now,
        new_id=new_id,
    )


def _tell_team(
    session: Session, team: Team, profile: Profile, *, said: tuple[str, str], now: datetime, new_id: Callable[[], str]
) -> None:
    old, new = said
    partners = (
        select(Profile.organisation_id)
        .join(TeamMember, col(TeamMember.profile_id) == col(Profile.id))
        .where(TeamMember.team_id == team.id, col(TeamMember.place).in_(SEATED), Profile.id != profile.id)
    )
    for unit in session.exec(partners.order_by(col(Profile.id))).all():
        messages.tell_organisation(
            session,
            unit,
            subject=f"联合体“{team.name}”的一位成员改由单位参加",
            text=f"“{old}”（个人）的画像已转到“{new}”，它在联合体中的位置和分工不变。",
            link=f"/teams/{team.id}",
            now=now,
            new_id=new_id,
        )

"""Looks: who viewed a profile or a need, one row for each viewer and day; a page never waits for a second one.

Staff look by duty, so their looks are not noted; nor are an owner's own. Nobody is told of a visitor without a
sign-in: such visits are a number a day.

By default an organisation that posts needs is unnamed to those it looks at, because its interest would give away
what it is about to buy; one that only offers work is named, because it looks at needs in order to be found. Each
organisation may choose otherwise, and those who have each other's contact see names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from marketplace.accounts.actors import Actor, acts_for, belongs_to
from marketplace.accounts.tables import Organisation
from marketplace.accounts.words import STAFF, OrganisationKind
from marketplace.dealings.attention_tables import Look, LookNaming, Visit
from marketplace.dealings.tables import ContactRequest, Dealing
from marketplace.dealings.words import RequestState, Stage
from marketplace.kernel.batches import insert_unless_there
from marketplace.kernel.chinese_time import BEIJING
from marketplace.kernel.db import is_postgresql
from marketplace.kernel.errors import NotAllowed, NotFound
from marketplace.kernel.words import SubjectKind
from marketplace.lists.item_tables import Item
from marketplace.profiles.tables import Profile

KINDS: Mapping[OrganisationKind, str] = {
    OrganisationKind.COMPANY: "某企业",
    OrganisationKind.GOVERNMENT: "某政府部门",
    OrganisationKind.SOE: "某国有企业",
    OrganisationKind.INSTITUTION: "某事业单位",
    OrganisationKind.NATURAL_PERSON: "某个人",
    OrganisationKind.OTHER: "某单位",
}
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Viewer:
    """One viewer of one's own page: `name` says only the kind and region where it chose to be unnamed."""

    name: str
    is_named: bool
    kind: OrganisationKind | None
    region: str
    last_day: date
    days: int
    profile_id: str | None
    """The viewer's own profile, where it is named and has one."""


@dataclass(frozen=True, slots=True)
class Looked:
    """Who looked since a day, the latest first, and how often others came without signing in."""

    viewers: tuple[Viewer, ...]
    visits: int

    @property
    def total(self) -> int:
        """How many known viewers there were."""
        return len(self.viewers)


def is_due(session: Session, actor: Actor, *, kind: SubjectKind, subject_id: str, now: datetime) -> bool:
    """Whether this actor's look at a subject is still to be noted today."""
    if any(grant.role in STAFF for grant in actor.grants):
        return False
    key = (kind, subject_id, _today(now), _viewer(actor))
    return session.get(Look, key) is None and not _is_own(session, actor, kind, subject_id)


def note(session: Session, actor: Actor | None, *, kind: SubjectKind, subject_id: str, now: datetime) -> None:
    """Note a look: once a day for each viewer; without an actor, one more visit of the day."""
    if actor is None:
        add_visits(session, {(kind, subject_id): 1}, now=now)
        return
    if not is_due(session, actor, kind=kind, subject_id=subject_id, now=now):
        return
    row = {"kind": kind, "subject_id": subject_id, "day": _today(now), "viewer_id": _viewer(actor)}
    insert_unless_there(session, Look, [{**row, "organisation_id": actor.organisation_id}])


def add_visits(session: Session, counted: Mapping[tuple[SubjectKind, str], int], *, now: datetime) -> None:
    """Add a day's visits by nobody in particular, many subjects in one statement."""
    dialect = postgresql if is_postgresql(session) else sqlite
    rows = [
        {"kind": kind, "subject_id": subject_id, "day": _today(now), "times": times}
        for (kind, subject_id), times in sorted(counted.items())
        if times > 0
    ]
    if not rows:
        return
    statement = dialect.insert(Visit)
    keys = ["kind", "subject_id", "day"]
    more = {"times": col(Visit.times) + statement.excluded.times}
    session.execute(statement.on_conflict_do_update(index_elements=keys, set_=more), rows)


def of_profile(session: Session, actor: Actor, profile_id: str, *, since: date) -> Looked:
    """Who looked at a profile since a day, for those who belong to it; NotFound for everybody else."""
    profile = session.get(Profile, profile_id)
    if profile is None or not belongs_to(actor, profile.organisation_id):
        raise NotFound("没有这份能力画像，或者它不属于您的单位。", code="profile_missing")
    return _looked(session, SubjectKind.PROFILE, profile_id, since)


def of_item(session: Session, actor: Actor, item_id: str, *, since: date) -> Looked:
    """Who looked at a need since a day, for those who belong to its unit; NotFound for everybody else."""
    item = session.get(Item, item_id)
    if item is None or item.organisation_id is None or not belongs_to(actor, item.organisation_id):
        raise NotFound("没有这条需求，或者它不属于您的单位。", code="item_missing")
    return _looked(session, SubjectKind.ITEM, item_id, since)


def is_named(session: Session, organisation_id: str) -> bool:
    """Whether an organisation is named to those it looks at."""
    stated = session.get(LookNaming, organisation_id)
    return stated.named if stated else not session.get_one(Organisation, organisation_id).posts_needs


def set_named(session: Session, actor: Actor, *, named: bool, now: datetime) -> None:
    """Choose whether the organisation that the actor acts for is named to those it looks at."""
    unit = actor.organisation_id
    if unit is None or not acts_for(actor, unit):
        raise NotAllowed("请以单位负责人或经办人的身份修改这项设置。", code="reader_only")
    session.merge(LookNaming(organisation_id=unit, named=named, set_by=actor.account_id, set_at=now))
    session.flush()


def _looked(session: Session, kind: SubjectKind, subject_id: str, since: date) -> Looked:
    here = (Look.kind == kind, Look.subject_id == subject_id, col(Look.day) >= since)
    query = (
        select(Look.viewer_id, Look.organisation_id, func.max(Look.day), func.count())
        .where(*here)
        .group_by(col(Look.viewer_id), col(Look.organisation_id))
        .order_by(func.max(Look.day).desc(), col(Look.viewer_id))
        .limit(SHOWN)
    )
    rows = session.exec(query).all()
    known = _acquainted(session, kind, subject_id)
    viewers = [_viewer_of(session, unit, day, days, known) for _viewer_id, unit, day, days in rows]
    counted = (Visit.kind == kind, Visit.subject_id == subject_id, col(Visit.day) >= since)
    visits = session.exec(select(func.coalesce(func.sum(Visit.times), 0)).where(*counted)).one()
    return Looked(tuple(viewers), int(visits))


def _viewer_of(session: Session, unit_id: str | None, day: date, days: int, known: set[str]) -> Viewer:
    if unit_id is None:
        return Viewer("一位个人用户", False, None, "", day, days, None)
    unit = session.get_one(Organisation, unit_id)
    region = "/".join(unit.region.split("/")[:2])
    if unit_id in known or is_named(session, unit_id):
        profile_id = session.exec(select(Profile.id).where(Profile.organisation_id == unit_id, Profile.listed)).first()
        return Viewer(unit.name, True, unit.kind, unit.region, day, days, profile_id)
    where = f"（{region.rsplit('/', 1)[-1]}）" if region else ""
    return Viewer(f"{KINDS[unit.kind]}{where}", False, unit.kind, region, day, days, None)


def _acquainted(session: Session, kind: SubjectKind, subject_id: str) -> set[str]:
    """The organisations across the table with whom contact was exchanged and lives on."""
    here = Dealing.item_id if kind is SubjectKind.ITEM else Dealing.profile_id
    query = (
        select(Item.organisation_id, Profile.organisation_id)
        .select_from(Dealing)
        .join(ContactRequest, col(ContactRequest.dealing_id) == col(Dealing.id))
        .join(Item, col(Item.id) == col(Dealing.item_id))
        .join(Profile, col(Profile.id) == col(Dealing.profile_id))
        .where(here == subject_id, ContactRequest.state == RequestState.GRANTED, Dealing.stage != Stage.ENDED)
    )
    return {unit for pair in session.exec(query) for unit in pair if unit is not None}


def _is_own(session: Session, actor: Actor, kind: SubjectKind, subject_id: str) -> bool:
    if kind is SubjectKind.ITEM:
        item = session.get(Item, subject_id)
        return item is None or (item.organisation_id is not None and belongs_to(actor, item.organisation_id))
    profile = session.get(Profile, subject_id)
    return profile is None or belongs_to(actor, profile.organisation_id)


def _viewer(actor: Actor) -> str:
    return actor.organisation_id or actor.account_id


def _today(now: datetime) -> date:
    return now.astimezone(BEIJING).date()

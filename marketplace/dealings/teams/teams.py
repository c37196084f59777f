"""Teams (联合体): founded by a lead, joined by invitation, dissolved by the lead; one live one for a lead and need."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlmodel import Session, select

from ingest.fields import ListKind
from marketplace.accounts import messages
from marketplace.accounts.actors import Actor, acts_for, belongs_to
from marketplace.dealings import limits
from marketplace.dealings.rules import places
from marketplace.dealings.team_tables import Team, TeamMember
from marketplace.dealings.teams.pages import MISSING, get, home, led_for, name_of, of_actor, profile_of, require_reader
from marketplace.dealings.words import SEATED, Place
from marketplace.kernel import audit
from marketplace.kernel.batches import insert_unless_there
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.lists import merged
from marketplace.lists.item_tables import Item
from marketplace.lists.words import ItemState
from marketplace.profiles.tables import Profile

__all__ = [
    "assign",
    "change_place",
    "dissolve",
    "found",
    "get",
    "invite",
    "led_for",
    "may_found",
    "of_actor",
    "require_may_found",
]


def may_found(session: Session, actor: Actor) -> bool:
    """Whether an actor may found a team in the seat that it has now."""
    try:
        _own_profile(session, actor)
    except NotAllowed:
        return False
    return True


def require_may_found(session: Session, actor: Actor) -> None:
    """Raise NotAllowed, with what to do, where an actor may found no team."""
    _own_profile(session, actor)


def found(
    session: Session,
    actor: Actor,
    *,
    name: str,
    purpose: str,
    work: str = "",
    item_id: str | None = None,
    now: datetime,
    new_id: Callable[[], str],
) -> str:
    """Found a team with the actor's own supplier as its lead, for one open need or in general; gives its id."""
    wrong = places.faults(name, purpose) | _work_fault(work)
    if wrong:
        raise Invalid("还有内容需要改正。", code="team_incomplete", fields=wrong)
    lead = _own_profile(session, actor)
    if item_id is not None:
        _require_open_need(session, item_id, lead)
    row = {
        "id": new_id(),
        "lead_id": lead.id,
        "item_id": item_id,
        "name": name.strip(),
        "purpose": purpose.strip(),
        "version": 1,
        "founded_by": actor.account_id,
        "founded_at": now,
    }
    if not insert_unless_there(session, Team, [row]):
        message = "您已经为这条需求牵头了一个联合体。" if item_id else "您已经牵头了一个不限需求的联合体。"
        raise Conflict(f"{message}请在“联合体”页面继续。", code="team_there")
    team_id = str(row["id"])
    session.add(
        TeamMember(
            team_id=team_id,
            profile_id=lead.id,
            place=Place.LEAD,
            work=work.strip(),
            invited_at=now,
            answered_at=now,
            answered_by=actor.account_id,
        )
    )
    session.flush()
    _note(session, team_id, "team.founded", actor, {}, now=now)
    return team_id


def invite(
    session: Session,
    actor: Actor,
    team_id: str,
    *,
    profile_id: str,
    work: str = "",
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Invite a supplier into a team that the actor leads; who declined or left may be invited again.

    Conflict where it stands in the team already or the team is full (a limit of the lead's region).
    """
    team = _held(session, team_id)
    lead = _require_lead(session, actor, team)
    wrong = _work_fault(work)
    if wrong:
        raise Invalid("还有内容需要改正。", code="team_incomplete", fields=wrong)
    profile = session.get(Profile, profile_id)
    if profile is None:
        raise NotFound("没有这份能力画像，请从能力清单中查找。", code="profile_missing")
    members = _members(session, team_id)
    there = next((member for member in members if member.profile_id == profile_id), None)
    if there is not None and there.place in SEATED:
        raise Conflict("这家 OPC 已在联合体中，或邀请还在等待答复。", code="member_there")
    most = limits.of(session, home(session, lead)).team_partners
    if sum(member.place in SEATED for member in members) > most:
        raise Conflict(f"一个联合体除牵头方外最多 {most} 家伙伴，不能再邀请。", code="team_full")
    member = there or TeamMember(team_id=team_id, profile_id=profile_id, place=Place.INVITED, work="", invited_at=now)
    member.place, member.work, member.invited_at = Place.INVITED, work.strip(), now
    member.answered_at, member.answered_by = None, None
    session.add(member)
    _touch(session, team)
    _note(session, team_id, "team.invited", actor, {"profile_id": profile_id}, now=now)
    # Who does what is for those in the team: messages also lie in the outbox, which the office reads.
    text = f"“{name_of(session, lead)}”邀请您的单位加入联合体“{team.name}”。请查看分工和邀请的依据后决定是否加入。"
    messages.tell_organisation(
        session,
        profile.organisation_id,
        subject=f"收到加入联合体的邀请：“{team.name}”",
        text=text,
        link=f"/teams/{team_id}",
        now=now,
        new_id=new_id,
    )


def change_place(
    session: Session,
    actor: Actor,
    team_id: str,
    *,
    profile_id: str,
    to: Place,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Join, decline, leave (a member's own side), or remove somebody (the lead). Conflict where it stands otherwise."""
    team = _held(session, team_id)
    member = session.get(TeamMember, (team_id, profile_id))
    if member is None or to is Place.INVITED:
        raise NotFound(MISSING, code="team_missing")
    lead, profile = session.get_one(Profile, team.lead_id), session.get_one(Profile, profile_id)
    is_lead, is_member = acts_for(actor, lead.organisation_id), acts_for(actor, profile.organisation_id)
    if not is_lead and not is_member:
        require_reader(session, actor, team)
        raise NotAllowed("请由这家单位的负责人或经办人办理。", code="reader_only")
    if not places.may(member.place, to, is_lead=is_lead, is_member=is_member):
        raise Conflict("这项邀请已有变化（已答复、已撤回或已退出），请查看最新情况。", code="place_moved_on")
    member.place, member.answered_at, member.answered_by = to, now, actor.account_id
    session.add(member)
    _touch(session, team)
    _note(session, team_id, f"team.{to.value}", actor, {"profile_id": profile_id}, now=now)
    told, said = {
        Place.JOINED: (lead, "加入了"),
        Place.DECLINED: (lead, "谢绝了邀请，没有加入"),
        Place.LEFT: (lead, "退出了"),
        Place.REMOVED: (profile, "不再列入"),
    }[to]
    messages.tell_organisation(
        session,
        told.organisation_id,
        subject=f"联合体“{team.name}”有变化",
        text=f"“{name_of(session, profile)}”{said}联合体“{team.name}”。",
        link=f"/teams/{team_id}",
        now=now,
        new_id=new_id,
    )


def assign(session: Session, actor: Actor, team_id: str, *, works: dict[str, str], version: int, now: datetime) -> None:
    """Say who does what, by profile, as the lead; Conflict where the team changed since `version`."""
    team = _held(session, team_id)
    _require_lead(session, actor, team)
    if version != team.version:
        raise Conflict("联合体在您编辑期间已有变化，请对照最新内容后再保存。", code="team_moved_on")
    if wrong := next((fault for text in works.values() if (fault := _work_fault(text))), None):
        raise Invalid("分工写得太长。", code="team_incomplete", fields=wrong)
    for member in _members(session, team_id):
        if member.profile_id in works and member.place in SEATED:
            member.work = works[member.profile_id].strip()
            session.add(member)
    _touch(session, team)
    _note(session, team_id, "team.assigned", actor, {}, now=now)


def dissolve(session: Session, actor: Actor, team_id: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    """End a team, as its lead; its members are told, and what it did stays on record."""
    team = _held(session, team_id)
    _require_lead(session, actor, team)
    team.dissolved_at = now
    _touch(session, team)
    _note(session, team_id, "team.dissolved", actor, {}, now=now)
    for member in _members(session, team_id):
        if member.place in {Place.JOINED, Place.INVITED}:
            unit = session.get_one(Profile, member.profile_id).organisation_id
            messages.tell_organisation(
                session,
                unit,
                subject=f"联合体“{team.name}”已解散",
                text="牵头方解散了这个联合体；您仍可以单独参与对接。",
                link=f"/teams/{team_id}",
                now=now,
                new_id=new_id,
            )


def _require_open_need(session: Session, item_id: str, lead: Profile) -> None:
    item = session.get(Item, item_id)
    if item is None or item.kind is ListKind.CAPABILITY:
        raise NotFound("没有这条需求，请从清单中查找。", code="item_missing")
    if item.state is not ItemState.OPEN:
        raise Conflict("这条需求目前不接受新的对接，不能为它组队。", code="need_not_open")
    merged.require_shown_itself(session, item_id)
    if item.organisation_id == lead.organisation_id:
        raise NotAllowed("这条需求是您单位自己发布的，不能为它组队。", code="own_need")


def _own_profile(session: Session, actor: Actor) -> Profile:
    unit = actor.organisation_id
    if unit is None or not belongs_to(actor, unit):
        raise NotAllowed("请先切换到一家 OPC 的身份，再组建联合体。", code="foreign_seat")
    if not acts_for(actor, unit):
        raise NotAllowed("您在这个单位是“查看”身份，请由负责人或经办人组建。", code="reader_only")
    profile = profile_of(session, unit)
    if profile is None or not profile.listed:
        raise NotAllowed("请先填写并发布能力画像，再组建联合体。", code="profile_needed")
    return profile


def _held(session: Session, team_id: str) -> Team:
    query = select(Team).where(Team.id == team_id).with_for_update().execution_options(populate_existing=True)
    team = session.exec(query).first()
    if team is None:
        raise NotFound(MISSING, code="team_missing")
    return team


def _require_lead(session: Session, actor: Actor, team: Team) -> Profile:
    lead = session.get_one(Profile, team.lead_id)
    if not acts_for(actor, lead.organisation_id):
        require_reader(session, actor, team)
        raise NotAllowed("只有牵头方的负责人或经办人可以这样办理。", code="not_the_lead")
    if team.dissolved_at is not None:
        raise Conflict("这个联合体已经解散。", code="team_dissolved")
    return lead


def _members(session: Session, team_id: str) -> Sequence[TeamMember]:
    return session.exec(select(TeamMember).where(TeamMember.team_id == team_id)).all()


def _work_fault(work: str) -> dict[str, str]:
    return {"work": f"分工最多 {places.MAX_WORK} 个字，请缩短。"} if len(work) > places.MAX_WORK else {}


def _touch(session: Session, team: Team) -> None:
    team.version += 1
    session.add(team)
    session.flush()


def _note(
    session: Session, team_id: str, action: str, actor: Actor, payload: dict[str, object], *, now: datetime
) -> None:
    audit.write(
        session,
        aggregate="team",
        aggregate_id=team_id,
        action=action,
        actor_id=actor.account_id,
        payload=payload,
        now=now,
    )

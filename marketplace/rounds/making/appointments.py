"""Appointments of a round: who approves, who holds the passphrases, who checks, who takes objections."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from marketplace.accounts import accounts, messages
from marketplace.accounts.actors import Actor, covers
from marketplace.accounts.tables import Account, Grant, Membership, Organisation
from marketplace.accounts.words import Role, Standing
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed
from marketplace.rounds import held, parts
from marketplace.rounds.making import texts
from marketplace.rounds.parts import HOLDERS
from marketplace.rounds.round_tables import Round, RoundAppointment
from marketplace.rounds.seal_tables import RoundHolder, RoundSeal
from marketplace.rounds.words import Part, Post, RoundState

NAMES: Final[Mapping[Post, str]] = {
    Post.APPROVER: "审批人",
    Post.OPENER_A: "开启人甲",
    Post.OPENER_B: "开启人乙",
    Post.KEEPER: "监督保管人",
    Post.CHECKER: "资格审查人",
    Post.DECIDER: "决定人",
    Post.OBJECTIONS: "异议受理人",
}
LEAST: Final[Mapping[Post, int]] = {
    Post.APPROVER: 2,
    Post.OPENER_A: 1,
    Post.OPENER_B: 1,
    Post.KEEPER: 1,
    Post.CHECKER: 2,
    Post.DECIDER: 0,
    Post.OBJECTIONS: 1,
}
"""How many people each post needs before a notice may be handed in; who decides may be appointed until the decision."""
MOST: Final = 5
MIN_REASON: Final = 2
_STAFF: Final = (Role.ORGANISER, Role.SUPERVISOR)
_JUDGED: Final = (RoundState.REVIEW, RoundState.CONSENSUS, RoundState.DECISION, RoundState.PUBLICITY)
_LATE: Final[Mapping[Post, tuple[RoundState, ...]]] = {
    **dict.fromkeys(Post, (*_JUDGED, RoundState.AWARDED, RoundState.FAILED, RoundState.CANCELLED)),
    Post.APPROVER: (RoundState.AWARDED, RoundState.FAILED, RoundState.CANCELLED),
    Post.DECIDER: (RoundState.FAILED, RoundState.CANCELLED),
    Post.OBJECTIONS: (RoundState.FAILED, RoundState.CANCELLED),
}
"""When nobody is appointed to a post any more, nor taken from it: its work is done."""
_BEFORE_KEY: Final = (RoundState.DRAFT, RoundState.INTERNAL_REVIEW)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be appointed; `office` says where that person stands ("临川市数据局 · 主办方")."""

    account_id: str
    name: str
    office: str


@dataclass(frozen=True, slots=True)
class Appointed:
    """An appointment as it stands or stood."""

    id: str
    post: Post
    account_id: str
    name: str
    appointed_at: datetime
    ended_at: datetime | None
    end_reason: str


def candidates(session: Session, row: Round) -> list[Candidate]:
    """Everybody who may be appointed: the issuer's deciding people, organisers and supervisors of the region."""
    found: dict[str, Candidate] = {}
    writers = (col(Membership.left_at).is_(None), Membership.standing != Standing.READER)
    members = session.exec(
        select(Account.id, Account.name, Organisation.name)
        .join(Membership, col(Membership.account_id) == col(Account.id))
        .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
        .where(Membership.organisation_id == row.organisation_id, *writers, col(Account.disabled_at).is_(None))
    )
    for account_id, name, unit in members:
        found[account_id] = Candidate(account_id, name, unit)
    granted = session.exec(
        select(Account.id, Account.name, Grant.role, Grant.region)
        .join(Grant, col(Grant.account_id) == col(Account.id))
        .where(col(Grant.role).in_(_STAFF), col(Grant.withdrawn_at).is_(None), col(Account.disabled_at).is_(None))
    )
    said: Mapping[str, str] = {Role.ORGANISER: "主办方", Role.SUPERVISOR: "监督"}
    for account_id, name, role, region in granted:
        if covers(region, row.region):
            found.setdefault(account_id, Candidate(account_id, name, said[role]))
    return sorted(found.values(), key=lambda one: (one.office, one.name, one.account_id))


def of(session: Session, round_id: str, *, past: bool = False) -> list[Appointed]:
    """The appointments of a round, by post and then by time; with those that ended where `past`."""
    query = select(RoundAppointment).where(RoundAppointment.round_id == round_id)
    if not past:
        query = query.where(col(RoundAppointment.ended_at).is_(None))
    rows = session.exec(query.order_by(col(RoundAppointment.appointed_at), col(RoundAppointment.id))).all()
    names = accounts.names(session, {row.account_id for row in rows})
    places = list(NAMES)
    views = [
        Appointed(
            row.id,
            row.post,
            row.account_id,
            names.get(row.account_id, "已注销用户"),
            row.appointed_at,
            row.ended_at,
            row.end_reason,
        )
        for row in rows
    ]
    return sorted(views, key=lambda one: places.index(one.post))


def appoint(
    session: Session,
    actor: Actor,
    round_id: str,
    post: Post,
    account_id: str,
    *,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Appoint somebody to a post; the same again changes nothing. The issuer's people and organisers appoint.

    Who holds a passphrase is fixed once the notice is approved. Raises Conflict where the person already holds a post
    that must lie in other hands, or the post is filled.
    """
    row = _held(session, actor, round_id, post)
    if account_id not in {one.account_id for one in candidates(session, row)}:
        raise Invalid("请从名单中选择。", code="not_a_candidate", fields={post.value: "请从名单中选择。"})
    standing = of(session, round_id)
    if any(one.post is post and one.account_id == account_id for one in standing):
        return
    _require_free(session, row, post, account_id, standing)
    appointment = RoundAppointment(
        id=new_id(),
        round_id=round_id,
        post=post,
        account_id=account_id,
        appointed_by=actor.account_id,
        appointed_at=now,
    )
    session.add(appointment)
    session.flush()
    held.log(session, row, "appointed", actor=actor, now=now, post=post.value, account_id=account_id)
    messages.tell(
        session,
        account_ids=[account_id],
        subject=f"您被指定为“{row.title}”的{NAMES[post]}",
        text=f"您被指定为活动“{row.title}”的{NAMES[post]}。需要您办理的事项列在活动页面。",
        link=f"/rounds/{round_id}",
        # Until a round is announced the administrator does not read of it, in the outbox neither.
        private=not held.is_announced(row),
        now=now,
        new_id=new_id,
    )


def end(session: Session, actor: Actor, round_id: str, appointment_id: str, *, reason: str, now: datetime) -> None:
    """End an appointment with a reason. A holder's own key parts go with it, and the round's key while none is sealed."""
    found = session.get(RoundAppointment, appointment_id)
    row = _held(session, actor, round_id, Post.OPENER_A if found is None else found.post)
    if found is None or found.round_id != round_id or found.ended_at is not None:
        raise Conflict("这项指定已经结束，请刷新页面。", code="appointment_ended")
    if len(reason.strip()) < MIN_REASON:
        raise Invalid("请写明原因。", code="no_reason", fields={"reason": "请写明为什么更换，会记入留痕。"})
    if found.post in HOLDERS and row.state not in _BEFORE_KEY:
        message = "申报已用现有口令加密，不能再更换保管人。三人中任意两人即可开启；如有人不能到场，由另外两人开启。"
        raise Conflict(message, code="holders_fixed")
    found.ended_at, found.end_reason = now, reason.strip()
    session.add(found)
    if found.post in HOLDERS:
        forget_key(session, round_id, found.post)
    session.flush()
    held.log(
        session,
        row,
        "dismissed",
        actor=actor,
        now=now,
        post=found.post.value,
        account_id=found.account_id,
        reason=reason.strip(),
    )


def forget_key(session: Session, round_id: str, post: Post) -> None:
    """Delete what a holder has set up, and the round's key with it: no bid was sealed to it yet."""
    for table, key in ((RoundHolder, (round_id, post)), (RoundSeal, round_id)):
        standing = session.get(table, key)
        if standing is not None:
            session.delete(standing)


def is_over(post: Post, state: RoundState) -> bool:
    """Whether the work of a post is done, so that nobody is appointed to it or taken from it any more."""
    return state in _LATE[post]


def missing(session: Session, row: Round) -> list[str]:
    """What of the appointments is still missing before the notice may be handed in, in words."""
    standing = of(session, row.id)
    wrote = set(texts.authors(session, row))
    counted = {post: sum(one.post is post for one in standing) for post in Post}
    counted[Post.APPROVER] = sum(one.post is Post.APPROVER and one.account_id not in wrote for one in standing)
    found = [
        f"还差 {LEAST[post] - counted[post]} 名{NAMES[post]}" + ("（起草人不能审批）" if post is Post.APPROVER else "")
        for post in Post
        if counted[post] < LEAST[post]
    ]
    own = _members(session, row)
    if _is_of_enterprise(session, row) and all(one.account_id in own for one in standing if one.post is Post.APPROVER):
        found.append("企业发布的活动，审批人中至少有一名所在地区的主办方人员")
    return found


def _members(session: Session, row: Round) -> set[str]:
    live = (Membership.organisation_id == row.organisation_id, col(Membership.left_at).is_(None))
    return set(session.exec(select(Membership.account_id).where(*live)))


def _is_of_enterprise(session: Session, row: Round) -> bool:
    # The issuing unit is none at which organisers of the region work.
    offices = session.exec(
        select(Grant.region).where(
            Grant.role == Role.ORGANISER,
            Grant.organisation_id == row.organisation_id,
            col(Grant.withdrawn_at).is_(None),
        )
    )
    return not any(covers(region, row.region) for region in offices)


def _require_free(session: Session, row: Round, post: Post, account_id: str, standing: list[Appointed]) -> None:
    if post in HOLDERS:
        if row.state not in _BEFORE_KEY:
            raise Conflict("公告已经批准，不能再更换口令保管人。", code="holders_fixed")
        if any(one.post is post for one in standing):
            raise Conflict(f"已有{NAMES[post]}，请先结束原来的指定。", code="post_filled")
        if any(one.post in HOLDERS and one.account_id == account_id for one in standing):
            raise Conflict("三份口令必须由三个人分别保管。", code="holds_another")
    if sum(one.post is post for one in standing) >= MOST:
        raise Conflict(f"{NAMES[post]}最多 {MOST} 名。", code="post_filled")
    held_by = {one.post for one in standing if one.account_id == account_id}
    if {post, *held_by} >= {Post.DECIDER, Post.OBJECTIONS}:
        raise Conflict("受理异议的人不能参加决定，请指定不同的人。", code="decides_and_hears")
    if post is Post.APPROVER and account_id in texts.authors(session, row):
        raise Conflict("这位同志参与了起草，不能审批。请指定没有参与起草的人。", code="author_cannot_approve")


def _held(session: Session, actor: Actor, round_id: str, post: Post) -> Round:
    row = held.hold(session, round_id)
    parts.require_inside(session, actor, row)
    mine = parts.of(session, actor, row)
    if not mine & {Part.ISSUER, Part.ORGANISER}:
        raise NotAllowed("只有起草单位或所在地区的主办方可以指定人员。", code="not_the_issuer")
    if is_over(post, row.state):
        raise Conflict(f"这个岗位的工作已经结束，不能再指定或更换{NAMES[post]}。", code="too_late_to_appoint")
    return row

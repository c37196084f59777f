"""Invitations: an organiser asks somebody into its pool; the person completes its entry and accepts, or declines."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, select

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor, require_may_run_lists
from marketplace.accounts.communities import known_regions
from marketplace.accounts.tables import Account
from marketplace.experts import applications, entries, held, telling
from marketplace.experts.rules.entry_forms import require_sound
from marketplace.experts.rules.standing import LIVE, NAMES, Party
from marketplace.experts.tables import PoolExpert
from marketplace.experts.words import ExpertEvent, ExpertState
from marketplace.kernel import outbox
from marketplace.kernel.batches import insert_unless_there
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed


def invite(
    session: Session,
    actor: Actor,
    *,
    email: str,
    name: str,
    region: str,
    password_hash: str,
    now: datetime,
    new_id: Callable[[], str],
) -> str:
    """Ask somebody into the pool of a region that the actor organises; gives the entry's id.

    Whoever has an account is told there. For an unknown address an account is opened that may nothing: `password_hash`
    is of a word that nobody knows, and the mail leads to the page on which the person sets its own.
    """
    place = known_regions.resolve(session, actor, region)
    if not place:
        message = "请填写是哪个地区的专家库，例如 福建省临川市。"
        raise Invalid(message, code="no_pool", fields={"region": message})
    require_may_run_lists(actor, region=place)
    known = accounts.find_by_email(session, email)
    account_id = known or accounts.create(
        session,
        email=email,
        name=name,
        password_hash=password_hash,
        now=now,
        new_id=new_id,
        actor_id=actor.account_id,
    )
    row = _row(session, actor, account_id, place, now=now, new_id=new_id)
    payload: dict[str, object] = {"region": place, "is_new": known is None}
    held.note(session, row, "invited", payload, actor_id=actor.account_id, now=now)
    _tell(session, actor, row, is_new=known is None, now=now, new_id=new_id)
    return row.id


def accept(
    session: Session,
    actor: Actor,
    expert_id: str,
    *,
    has_no_employer: bool = False,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Accept an invitation: the entry must be complete. The role of an expert comes with it."""
    row, capacity = held.hold(session, actor, expert_id)
    if row.state is ExpertState.INVITED and capacity is Party.EXPERT:
        _require_complete(session, row, has_no_employer=has_no_employer)
    held.move(session, row, ExpertEvent.ACCEPT, capacity, actor_id=actor.account_id, now=now, new_id=new_id)
    held.note(session, row, "accepted", {}, actor_id=actor.account_id, now=now)
    subject = f"{actor.name}接受了专家邀请"
    text = f"{actor.name}已加入{telling.place(row.region)}。请核对信息并设定聘期。"
    telling.office(session, row, subject, text, now=now, new_id=new_id)


def waiting(session: Session, account_id: str) -> list[PoolExpert]:
    """The entries of somebody who is asked and has not answered."""
    asked = (PoolExpert.account_id == account_id, PoolExpert.state == ExpertState.INVITED)
    return list(session.exec(select(PoolExpert).where(*asked)))


def _tell(
    session: Session, actor: Actor, row: PoolExpert, *, is_new: bool, now: datetime, new_id: Callable[[], str]
) -> None:
    where = telling.place(row.region)
    subject = f"邀请您加入{where}"
    text = f"{actor.name}{subject}，参与揭榜活动的评审。请登录后填写专家信息，再接受或谢绝。"
    if is_new:
        account = session.get_one(Account, row.account_id)
        first = f"{account.name}，您好：{text}平台已为您开通账号，请先打开下面的页面，用这个邮箱设置密码。"
        outbox.put(session, to=account.email, subject=subject, text=first, link="/reset", now=now, new_id=new_id)
    telling.expert(session, row, subject, text, now=now, new_id=new_id)


def _row(
    session: Session, actor: Actor, account_id: str, region: str, *, now: datetime, new_id: Callable[[], str]
) -> PoolExpert:
    if account_id == actor.account_id:
        message = "不能邀请自己。请在“专家”页申请加入，由其他主办方人员决定。"
        raise NotAllowed(message, code="must_recuse")
    if session.get_one(Account, account_id).disabled_at is not None:
        raise Conflict("这个账号已停用，请先请管理员恢复使用再邀请。", code="account_disabled")
    fresh: dict[str, object] = {
        **applications.DEFAULTS,
        "id": new_id(),
        "account_id": account_id,
        "region": region,
        "state": ExpertState.INVITED,
        "created_by": actor.account_id,
        "created_at": now,
        "updated_at": now,
    }
    made = insert_unless_there(session, PoolExpert, [fresh])
    if not made:
        mine = (PoolExpert.account_id == account_id, PoolExpert.region == region)
        state = ExpertState(session.exec(select(PoolExpert.state).where(*mine)).one())
        way = "请在专家库里查看。" if state in LIVE else "请本人在“专家”页重新申请。"
        raise Conflict(f"这个人在本专家库里的状态是“{NAMES[state]}”。{way}", code="expert_there")
    return session.get_one(PoolExpert, made[0])


def _require_complete(session: Session, row: PoolExpert, *, has_no_employer: bool) -> None:
    try:
        require_sound(entries.form_of(row))
    except Invalid as lacking:
        message = "专家信息还没有填完整，请先点“填写专家信息”，再接受邀请。"
        raise Conflict(message, code="expert_incomplete") from lacking
    applications.require_employer(session, row, has_no_employer=has_no_employer)

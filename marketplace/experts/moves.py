"""An entry paused, taken up again, ended: by the expert itself or by the office."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts.actors import Actor, covers
from marketplace.accounts.tables import Grant
from marketplace.accounts.words import Role
from marketplace.experts import held, telling
from marketplace.experts.rules import standing
from marketplace.experts.rules.standing import Party
from marketplace.experts.tables import PoolExpert
from marketplace.experts.words import ExpertEvent, ExpertState

UNGRANTED = "管理员撤销了专家权限"
NewId = Callable[[], str]


def pause(session: Session, actor: Actor, expert_id: str, *, reason: str = "", now: datetime, new_id: NewId) -> None:
    """Let an expert not be drawn for now; the office says why."""
    row, capacity = held.hold(session, actor, expert_id)
    held.move(
        session,
        row,
        ExpertEvent.PAUSE,
        capacity,
        actor_id=actor.account_id,
        reason=reason,
        now=now,
        new_id=new_id,
    )
    held.note(session, row, "paused", {}, actor_id=actor.account_id, now=now)
    told = f"暂停期间不会抽到您评审。理由：{telling.because(row)}" if row.reason else ""
    _tell(session, row, by=(actor, capacity), did="暂停了评审", text=told, now=now, new_id=new_id)


def resume(session: Session, actor: Actor, expert_id: str, *, now: datetime, new_id: NewId) -> None:
    """Let an expert be drawn again; what the office paused, the office takes up."""
    row, capacity = held.hold(session, actor, expert_id)
    if row.state is ExpertState.PAUSED:
        standing.require_may_resume(capacity, row.reason)
    held.move(session, row, ExpertEvent.RESUME, capacity, actor_id=actor.account_id, now=now, new_id=new_id)
    held.note(session, row, "resumed", {}, actor_id=actor.account_id, now=now)
    told = "以后可以再抽到您评审。"
    _tell(session, row, by=(actor, capacity), did="恢复了评审", text=told, now=now, new_id=new_id)


def leave(session: Session, actor: Actor, expert_id: str, *, reason: str, now: datetime, new_id: NewId) -> None:
    """End an entry, a pending invitation or an application; what was judged stands, and the entry stays readable."""
    row, capacity = held.hold(session, actor, expert_id)
    was = row.state
    held.move(
        session,
        row,
        ExpertEvent.LEAVE,
        capacity,
        actor_id=actor.account_id,
        reason=reason,
        now=now,
        new_id=new_id,
    )
    held.note(session, row, "left", {}, actor_id=actor.account_id, now=now)
    did = {ExpertState.INVITED: "谢绝了邀请", ExpertState.APPLIED: "撤回了申请"}.get(was, "退出了专家库")
    by_office = {ExpertState.INVITED: "撤回了邀请", ExpertState.APPLIED: "终止了申请"}.get(was, "终止了聘任")
    said = by_office if capacity is Party.OFFICE else did
    told = f"理由：{telling.because(row)}"
    _tell(session, row, by=(actor, capacity), did=said, text=told, now=now, new_id=new_id)


def pause_ungranted(session: Session, actor: Actor, account_id: str, *, now: datetime, new_id: NewId) -> None:
    """Pause the entries of somebody whose role an administrator withdrew, until the office takes them up.

    Nobody is drawn who may not judge, and nobody gets the role back by resuming what it paused itself.
    """
    live = select(Grant.region).where(
        Grant.account_id == account_id, Grant.role == Role.EXPERT, col(Grant.withdrawn_at).is_(None)
    )
    regions = session.exec(live).all()
    granted = (PoolExpert.account_id == account_id, col(PoolExpert.state).in_(standing.GRANTED))
    for row in session.exec(select(PoolExpert).where(*granted).with_for_update()).all():
        if row.reason or any(covers(region, row.region) for region in regions):
            continue
        held.keep_past(session, row, changed_by=actor.account_id, now=now)
        row.state, row.reason = ExpertState.PAUSED, UNGRANTED
        session.flush()
        held.note(session, row, "paused", {}, actor_id=actor.account_id, now=now)
        text = f"{UNGRANTED}，您在{telling.place(row.region)}暂停评审。有疑问请联系主办方。"
        telling.expert(session, row, "您的专家评审已暂停", text, now=now, new_id=new_id)
        about = f"{UNGRANTED}，有一位专家暂停评审。核实后可以恢复，或终止聘任。"
        telling.office(session, row, "一位专家已暂停评审", about, now=now, new_id=new_id)


def _tell(
    session: Session,
    row: PoolExpert,
    *,
    by: tuple[Actor, Party],
    did: str,
    text: str,
    now: datetime,
    new_id: NewId,
) -> None:
    where, (actor, capacity) = telling.place(row.region), by
    if capacity is Party.OFFICE:
        telling.expert(session, row, f"主办方{did}", f"主办方{did}（{where}）。{text}", now=now, new_id=new_id)
    else:
        why = f"理由：{telling.because(row)}" if row.reason else ""
        telling.office(
            session, row, f"{actor.name}{did}", f"{actor.name}{did}（{where}）。{why}", now=now, new_id=new_id
        )

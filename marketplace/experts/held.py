"""An entry of the pool in hand: locked, asked for by somebody who may, its earlier words kept before it changes."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, select

from marketplace.accounts.actors import Actor, may, may_run_lists
from marketplace.accounts.rules.statements import require_reason
from marketplace.accounts.words import Role
from marketplace.experts import granting, pool
from marketplace.experts.rules import standing
from marketplace.experts.rules.standing import Party
from marketplace.experts.tables import ExpertPast, PoolExpert
from marketplace.experts.words import ExpertEvent, ExpertState
from marketplace.kernel import audit
from marketplace.kernel.errors import Conflict, NotAllowed, NotFound

WORDS = ("reason", "title", "fields", "specialities", "terms", "phone", "bank_account", "most_at_once")


def party(actor: Actor, row: PoolExpert) -> Party | None:
    """In what capacity somebody deals with an entry; nobody is the office of its own."""
    if row.account_id == actor.account_id:
        return Party.EXPERT
    return Party.OFFICE if may_run_lists(actor, region=row.region) else None


def may_read(actor: Actor, row: PoolExpert) -> bool:
    """Whether somebody may read an entry: its expert, the office of its region, whoever supervises that."""
    return party(actor, row) is not None or may(actor, Role.SUPERVISOR, region=row.region)


def readable(session: Session, actor: Actor, expert_id: str) -> PoolExpert:
    """An entry that the actor may read; to everybody else there is none."""
    row = session.get(PoolExpert, expert_id)
    if row is None or not may_read(actor, row):
        raise NotFound(pool.UNKNOWN, code="expert_missing")
    return row


def hold(session: Session, actor: Actor, expert_id: str) -> tuple[PoolExpert, Party]:
    """An entry, locked, and in what capacity the actor works on it. NotAllowed for who may read only."""
    locked = select(PoolExpert).where(PoolExpert.id == expert_id).with_for_update()
    row = session.exec(locked.execution_options(populate_existing=True)).first()
    if row is None or not may_read(actor, row):
        raise NotFound(pool.UNKNOWN, code="expert_missing")
    capacity = party(actor, row)
    if capacity is None:
        raise NotAllowed("监督只能查看专家库，由本地区主办方办理。", code="reads_only")
    return row, capacity


def require_version(row: PoolExpert, version: int) -> None:
    """Raise Conflict where an entry has changed since somebody looked at it."""
    if row.version != version:
        message = "您打开页面之后，这位专家的信息有变化。您填的还在，请核对最新内容后再保存。"
        raise Conflict(message, code="expert_changed_meanwhile")


def require_live(row: PoolExpert) -> None:
    """Raise Conflict where an entry is over."""
    if row.state not in standing.LIVE:
        message = f"这位专家的状态是“{standing.NAMES[row.state]}”，不能再修改。重新申请以后才能修改。"
        raise Conflict(message, code="expert_not_live")


def keep_past(session: Session, row: PoolExpert, *, changed_by: str, now: datetime) -> None:
    """Keep how an entry reads now and raise its version; what changes is changed afterwards."""
    content: dict[str, object] = {name: getattr(row, name) for name in WORDS}
    days = {name: getattr(row, name) for name in ("term_starts_on", "term_ends_on")}
    said = {name: day.isoformat() if day else None for name, day in days.items()}
    session.add(
        ExpertPast(
            expert_id=row.id,
            version=row.version,
            content={"state": row.state.value, **content, **said},
            changed_by=changed_by,
            changed_at=now,
        )
    )
    row.version += 1
    row.updated_at = now
    session.add(row)


def move(
    session: Session,
    row: PoolExpert,
    event: ExpertEvent,
    capacity: Party,
    *,
    actor_id: str,
    reason: str = "",
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Let something happen to an entry: its state, its reason, and the role that goes with them."""
    following = standing.after(row.state, event, capacity)
    said = require_reason(reason) if standing.needs_reason(event, capacity) else ""
    keep_past(session, row, changed_by=actor_id, now=now)
    row.state, row.reason = following, said
    if event in {ExpertEvent.ACCEPT, ExpertEvent.LIST}:
        row.listed_at, row.listed_by = now, row.created_by if event is ExpertEvent.ACCEPT else actor_id
    session.flush()
    if following is ExpertState.LISTED:
        granting.give(session, row, actor_id=actor_id, now=now, new_id=new_id)
    elif following not in standing.GRANTED:
        granting.withdraw(session, row, actor_id=actor_id, now=now)


def note(
    session: Session, row: PoolExpert, action: str, payload: dict[str, object], *, actor_id: str | None, now: datetime
) -> None:
    """Write to the chain of an entry; no payload names a phone, an account or whom an expert knows."""
    audit.write(
        session,
        aggregate="expert",
        aggregate_id=row.id,
        action=f"expert.{action}",
        actor_id=actor_id,
        payload=payload,
        now=now,
    )

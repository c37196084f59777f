"""Ties of experts to units: added, ended with a day, struck out with a reason; nothing ever disappears."""

from collections.abc import Callable
from datetime import date, datetime

from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.accounts.rules.statements import require_reason
from marketplace.experts import held
from marketplace.experts.rules import links
from marketplace.experts.rules.facts import Tie
from marketplace.experts.rules.standing import Party
from marketplace.experts.tables import ExpertRelation, ExpertTie, PoolExpert
from marketplace.kernel.chinese_time import BEIJING
from marketplace.kernel.errors import NotAllowed, NotFound


def add(session: Session, actor: Actor, expert_id: str, tie: Tie, *, now: datetime, new_id: Callable[[], str]) -> str:
    """Add a tie to an entry, by its expert or by the office; gives its id."""
    row, _ = held.hold(session, actor, expert_id)
    held.require_live(row)
    made = put(session, row, tie, actor_id=actor.account_id, now=now, new_id=new_id)
    held.note(session, row, "tie_added", {"tie": tie.kind.value}, actor_id=actor.account_id, now=now)
    return made


def put(session: Session, row: PoolExpert, tie: Tie, *, actor_id: str, now: datetime, new_id: Callable[[], str]) -> str:
    """Put a tie into an entry that is held."""
    sound = links.require_tie(tie, today=now.astimezone(BEIJING).date())
    made = ExpertTie(
        id=new_id(),
        expert_id=row.id,
        kind=sound.kind,
        unit_name=sound.unit.name,
        uscc=sound.unit.uscc,
        since=sound.since,
        until=sound.until,
        added_by=actor_id,
        added_at=now,
    )
    session.add(made)
    session.flush()
    return made.id


def end(session: Session, actor: Actor, expert_id: str, tie_id: str, *, until: date | None, now: datetime) -> None:
    """Say on which day a tie ended."""
    row, tie = _held(session, actor, expert_id, tie_id)
    links.require_standing(is_removed=tie.removed_at is not None)
    tie.until = links.require_end(until, since=tie.since, today=now.astimezone(BEIJING).date())
    session.add(tie)
    session.flush()
    held.note(session, row, "tie_ended", {"tie": tie.kind.value}, actor_id=actor.account_id, now=now)


def strike_out(session: Session, actor: Actor, expert_id: str, tie_id: str, *, reason: str, now: datetime) -> None:
    """Strike out a tie that was put down by mistake; it stays for those who look back."""
    row, tie = _held(session, actor, expert_id, tie_id)
    links.require_standing(is_removed=tie.removed_at is not None)
    tie.removed_at, tie.removed_by, tie.remove_reason = now, actor.account_id, require_reason(reason)
    session.add(tie)
    session.flush()
    held.note(session, row, "tie_removed", {"tie": tie.kind.value}, actor_id=actor.account_id, now=now)


def require_may_change(capacity: Party, row: PoolExpert, link: ExpertTie | ExpertRelation) -> None:
    """Raise NotAllowed where an expert would change what the office put down about it."""
    if capacity is Party.EXPERT and link.added_by != row.account_id:
        raise NotAllowed("这一条由主办方登记，有误的请联系主办方更正。", code="put_down_by_office")


def _held(session: Session, actor: Actor, expert_id: str, tie_id: str) -> tuple[PoolExpert, ExpertTie]:
    row, capacity = held.hold(session, actor, expert_id)
    tie = session.get(ExpertTie, tie_id)
    if tie is None or tie.expert_id != row.id:
        raise NotFound("没有这一条单位关系。", code="tie_missing")
    held.require_live(row)
    require_may_change(capacity, row, tie)
    return row, tie

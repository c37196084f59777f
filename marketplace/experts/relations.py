"""Relations of experts to people and units: declared, ended with a day, struck out with a reason; all are kept."""

from collections.abc import Callable
from datetime import date, datetime

from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.accounts.rules.statements import require_reason
from marketplace.experts import held, ties
from marketplace.experts.rules import links
from marketplace.experts.rules.facts import Relation
from marketplace.experts.tables import ExpertRelation, PoolExpert
from marketplace.kernel.chinese_time import BEIJING
from marketplace.kernel.errors import NotFound


def add(
    session: Session, actor: Actor, expert_id: str, relation: Relation, *, now: datetime, new_id: Callable[[], str]
) -> str:
    """Add a relation to an entry, by its expert or by the office; gives its id."""
    row, _ = held.hold(session, actor, expert_id)
    held.require_live(row)
    made = put(session, row, relation, actor_id=actor.account_id, now=now, new_id=new_id)
    held.note(session, row, "relation_added", {}, actor_id=actor.account_id, now=now)
    return made


def put(
    session: Session, row: PoolExpert, relation: Relation, *, actor_id: str, now: datetime, new_id: Callable[[], str]
) -> str:
    """Put a relation into an entry that is held."""
    sound = links.require_relation(relation, today=now.astimezone(BEIJING).date())
    made = ExpertRelation(
        id=new_id(),
        expert_id=row.id,
        kind=sound.kind,
        person=sound.person,
        unit=sound.unit,
        until=sound.until,
        added_by=actor_id,
        added_at=now,
    )
    session.add(made)
    session.flush()
    return made.id


def end(session: Session, actor: Actor, expert_id: str, relation_id: str, *, until: date | None, now: datetime) -> None:
    """Say when a relation last was."""
    row, relation = _held(session, actor, expert_id, relation_id)
    links.require_standing(is_removed=relation.removed_at is not None)
    relation.until = links.require_end(until, since=None, today=now.astimezone(BEIJING).date())
    session.add(relation)
    session.flush()
    held.note(session, row, "relation_ended", {}, actor_id=actor.account_id, now=now)


def strike_out(session: Session, actor: Actor, expert_id: str, relation_id: str, *, reason: str, now: datetime) -> None:
    """Strike out a relation that was declared by mistake; it stays for those who look back."""
    row, relation = _held(session, actor, expert_id, relation_id)
    links.require_standing(is_removed=relation.removed_at is not None)
    relation.removed_at, relation.removed_by = now, actor.account_id
    relation.remove_reason = require_reason(reason)
    session.add(relation)
    session.flush()
    held.note(session, row, "relation_removed", {}, actor_id=actor.account_id, now=now)


def _held(session: Session, actor: Actor, expert_id: str, relation_id: str) -> tuple[PoolExpert, ExpertRelation]:
    row, capacity = held.hold(session, actor, expert_id)
    relation = session.get(ExpertRelation, relation_id)
    if relation is None or relation.expert_id != row.id:
        raise NotFound("没有这一条关系。", code="relation_missing")
    held.require_live(row)
    ties.require_may_change(capacity, row, relation)
    return row, relation

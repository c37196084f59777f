"""What the pool holds of a person: a copy for its owner, and its erasure. That somebody was an expert, and when, stays."""

from datetime import datetime
from typing import Final

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from marketplace.experts import held, pool
from marketplace.experts.rules import standing
from marketplace.experts.tables import ExpertPast, ExpertRelation, ExpertTie, PoolExpert
from marketplace.experts.words import ExpertState

LEFT: Final = "账号注销"


def own_data(session: Session, account_id: str) -> dict[str, object]:
    """Somebody's entries with their ties and relations, as plain values."""
    return {"expert_entries": [_entry(session, row) for row in pool.of_account(session, account_id)]}


def forget_person(session: Session, account_id: str, *, actor_id: str, now: datetime) -> None:
    """End somebody's entries and erase what they say of it: contacts, ties, relations, earlier words."""
    for row in pool.of_account(session, account_id):
        was_live = row.state in standing.LIVE
        if was_live:
            held.keep_past(session, row, changed_by=actor_id, now=now)
            row.state, row.reason = ExpertState.LEFT, LEFT
        row.title = row.specialities = row.phone = row.bank_account = ""
        row.reason = LEFT if row.reason else ""
        session.add(row)
        session.flush()
        session.execute(delete(ExpertTie).where(col(ExpertTie.expert_id) == row.id))
        session.execute(delete(ExpertRelation).where(col(ExpertRelation.expert_id) == row.id))
        session.execute(update(ExpertPast).where(col(ExpertPast.expert_id) == row.id).values(content={}))
        held.note(session, row, "erased", {}, actor_id=actor_id, now=now)
    session.expire_all()


def _entry(session: Session, row: PoolExpert) -> dict[str, object]:
    ties = select(ExpertTie).where(ExpertTie.expert_id == row.id).order_by(col(ExpertTie.id))
    relations = select(ExpertRelation).where(ExpertRelation.expert_id == row.id).order_by(col(ExpertRelation.id))
    past = select(ExpertPast).where(ExpertPast.expert_id == row.id).order_by(col(ExpertPast.version))
    return {
        "region": row.region,
        "state": row.state.value,
        "reason": row.reason,
        "title": row.title,
        "fields": row.fields,
        "specialities": row.specialities,
        "terms": row.terms,
        "phone": row.phone,
        "bank_account": row.bank_account,
        "term": [str(row.term_starts_on or ""), str(row.term_ends_on or "")],
        "ties": [
            {"kind": one.kind.value, "unit": one.unit_name, "uscc": one.uscc, "added_at": one.added_at.isoformat()}
            | {"since": str(one.since or ""), "until": str(one.until or ""), "remove_reason": one.remove_reason}
            for one in session.exec(ties)
        ],
        "relations": [
            {"kind": one.kind.value, "person": one.person, "unit": one.unit, "added_at": one.added_at.isoformat()}
            | {"until": str(one.until or ""), "remove_reason": one.remove_reason}
            for one in session.exec(relations)
        ],
        "earlier": [
            {"version": one.version, "content": one.content, "changed_at": one.changed_at.isoformat()}
            for one in session.exec(past)
        ],
    }

"""What the pool holds of a person: a copy for its owner, and its erasure. That somebody was an expert, and when, stays.

What a unit states about who stands behind it is the unit's: it stays when its writer leaves, and goes when the unit does.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Final

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from marketplace.accounts.tables import Membership, Organisation
from marketplace.experts import backgrounds, held, pool
from marketplace.experts.rules import standing
from marketplace.experts.tables import ExpertPast, ExpertRelation, ExpertTie, PoolExpert
from marketplace.experts.unit_tables import UnitBackground
from marketplace.experts.words import ExpertState
from marketplace.kernel import audit

LEFT: Final = "账号注销"


def own_data(session: Session, account_id: str) -> dict[str, object]:
    """Somebody's entries with their ties and relations, and what it stated for units, as plain values."""
    return {
        "expert_entries": [_entry(session, row) for row in pool.of_account(session, account_id)],
        "unit_backgrounds_stated": _stated(session, account_id),
    }


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


def forget_unit(session: Session, organisation_id: str, *, actor_id: str, now: datetime) -> None:
    """Erase what a unit that is closed stated about who stands behind it."""
    mine = col(UnitBackground.organisation_id) == organisation_id
    numbers = session.exec(select(UnitBackground.version).where(mine)).all()
    if not numbers:
        return
    session.execute(delete(UnitBackground).where(mine))
    session.expire_all()
    audit.write(
        session,
        aggregate="organisation",
        aggregate_id=organisation_id,
        action="organisation.background_erased",
        actor_id=actor_id,
        payload={"version": max(numbers)},
        now=now,
    )


def _stated(session: Session, account_id: str) -> list[dict[str, object]]:
    """What somebody stated for units and when; the words only of units that it still belongs to, for they are theirs."""
    live = (Membership.account_id == account_id, col(Membership.left_at).is_(None))
    own = set(session.exec(select(Membership.organisation_id).where(*live)))
    query = (
        select(UnitBackground, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(UnitBackground.organisation_id))
        .where(UnitBackground.stated_by == account_id)
        .order_by(col(UnitBackground.stated_at), col(UnitBackground.organisation_id))
    )
    return [
        {"organisation": name, "version": row.version, "stated_at": row.stated_at.isoformat()}
        | ({"content": asdict(backgrounds.content(row))} if row.organisation_id in own else {})
        for row, name in session.exec(query)
    ]


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

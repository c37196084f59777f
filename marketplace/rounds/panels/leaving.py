"""Experts whose account is erased while they are in a panel: what they handed in stands, what they did not falls."""

from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.experts import pool
from marketplace.rounds import held
from marketplace.rounds.panel_tables import PanelMember
from marketplace.rounds.panel_words import MemberEvent, SheetEvent, SheetState
from marketplace.rounds.panels import rows
from marketplace.rounds.words import Part, RoundState


def memberships(session: Session, account_id: str) -> list[dict[str, object]]:
    """In which panels somebody is or was, and what it handed in, as plain values for its owner."""
    found: list[dict[str, object]] = []
    for member in _of(session, account_id):
        sheets = rows.sheets(session, member_ids=[member.id])
        found.append(
            {
                "round": member.round_id,
                "track": member.track,
                "state": member.state.value,
                "declared_at": None if member.declared_at is None else member.declared_at.isoformat(),
                "sheets": [
                    {"bid": one.bid_id, "state": one.state.value, "marks": one.marks, "comments": one.comments}
                    for one in sheets
                ],
            }
        )
    return found


def leave(session: Session, account_id: str, *, reason: str, now: datetime) -> None:
    """Take somebody out of the panels of rounds in their review; sheets that were handed in stand."""
    for member in _of(session, account_id):
        if member.ended_at is not None:
            continue
        row = held.hold(session, member.round_id)
        if row.state is not RoundState.REVIEW or row.suspended_at is not None:
            continue
        known = rows.facts(row, has_reason=True)
        if member.state not in rows.JUDGING:
            rows.drop(session, member, MemberEvent.RECUSE, part=Part.ROUND, facts=known, reason=reason, now=now)
        else:
            own = rows.sheets(session, member_ids=[member.id], counting=True)
            unfinished = [one for one in own if one.state in {SheetState.ASSIGNED, SheetState.DRAFT}]
            rows.end_sheets(session, unfinished, SheetEvent.VOID, row=row, reason=reason, now=now)
            if len(unfinished) == len(own):
                rows.drop(
                    session, member, MemberEvent.RECUSE_LATE, part=Part.ROUND, facts=known, reason=reason, now=now
                )
        row.next_check = now
        session.add(row)
        session.flush()
        held.log(session, row, "expert_left", actor=None, now=now, member=member.id, reason=reason)


def _of(session: Session, account_id: str) -> list[PanelMember]:
    entries = [one.id for one in pool.of_account(session, account_id)]
    query = select(PanelMember).where(col(PanelMember.expert_id).in_(entries)).order_by(col(PanelMember.id))
    return list(session.exec(query).all())

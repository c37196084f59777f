"""What falls with a judgement that should not have been: its sheet, its remarks, what was confirmed and frozen on it.

All in the transaction of whoever brings it about, so that nobody ever reads a score that counts a void sheet.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from marketplace.rounds import facts, held
from marketplace.rounds.bidding import moving
from marketplace.rounds.deciding import withdrawals
from marketplace.rounds.panel_tables import PanelMember
from marketplace.rounds.panel_words import SheetEvent
from marketplace.rounds.panels import rows
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules.bid_moves import BidFacts
from marketplace.rounds.sheet_tables import Confirmation, PanelRemark, ScoreTable, Sheet
from marketplace.rounds.words import BidEvent, BidState, Part, RoundEvent, RoundState

FELL: Final = "有评审专家应当回避，相关得分作废，重新评审后另行公示。"
"""What others are told of why scores fell: whose conflict it was, and which, stays with the office."""
FROZEN_ON = (RoundState.CONSENSUS, RoundState.DECISION, RoundState.PUBLICITY)


def void(
    session: Session,
    row: Round,
    member: PanelMember,
    bid_ids: Collection[str],
    *,
    reason: str,
    now: datetime,
    new_id: Callable[[], str],
) -> list[Sheet]:
    """Void what a member judged of some bids, and all that rests on it; gives the sheets that fell.

    Where the sheets were closed already, the round goes back to the review of the stage that is touched.
    """
    fallen = rows.sheets(session, member_ids=[member.id], bid_ids=bid_ids, counting=True)
    rows.end_sheets(session, fallen, SheetEvent.VOID, row=row, reason=reason, now=now)
    of_member = (PanelRemark.member_id == member.id, col(PanelRemark.bid_id).in_(bid_ids))
    for remark in session.exec(select(PanelRemark).where(*of_member, col(PanelRemark.void_at).is_(None))).all():
        remark.void_at = now
        session.add(remark)
    given = col(Confirmation.bid_id).in_(bid_ids) | (col(Confirmation.member_id) == member.id)
    _void_confirmations(session, row, given, now)
    if fallen:
        unconfirm(session, row, member.track, now=now)
        _go_back(session, row, {one.stage for one in fallen}, member.track, reason=reason, now=now, new_id=new_id)
    session.flush()
    return fallen


def unconfirm(session: Session, row: Round, track: str, *, bid_id: str | None = None, now: datetime) -> None:
    """Take back what was confirmed in the stage of now, of a track or of one bid: other marks will stand there."""
    ids = [one.id for one in rows.bids(session, row.id, track=track)] if bid_id is None else [bid_id]
    _void_confirmations(session, row, col(Confirmation.bid_id).in_(ids) & (col(Confirmation.stage) == row.stage), now)


def void_bids(session: Session, row: Round, bid_ids: Collection[str], *, reason: str, now: datetime) -> None:
    """Void everything that was judged of some bids, by whomever: they are judged anew."""
    fallen = rows.sheets(session, bid_ids=bid_ids, counting=True)
    rows.end_sheets(session, fallen, SheetEvent.VOID, row=row, reason=reason, now=now)
    for remark in session.exec(
        select(PanelRemark).where(col(PanelRemark.bid_id).in_(bid_ids), col(PanelRemark.void_at).is_(None))
    ).all():
        remark.void_at = now
        session.add(remark)
    _void_confirmations(session, row, col(Confirmation.bid_id).in_(bid_ids), now)
    session.flush()


def void_tables(session: Session, row: Round, *, reason: str, now: datetime, stages: Collection[str] = ()) -> None:
    """Void the frozen scores of a round, of some stages or of all; the rows stay, with the reason."""
    query = select(ScoreTable).where(ScoreTable.round_id == row.id, col(ScoreTable.void_at).is_(None))
    for table in session.exec(query).all():
        if not stages or table.stage in stages:
            table.void_at, table.void_reason = now, reason.strip()
            session.add(table)
    session.flush()


def void_after(
    session: Session, row: Round, stage: str, tracks: Collection[str], *, reason: str, now: datetime
) -> None:
    """Void what was judged in some tracks after a stage: it rests on who came through, and is judged anew by whoever does now."""
    order = [one.key for one in facts.procedure_of(row).judged]
    later = order[order.index(stage) + 1 :]
    ids = [one.id for one in rows.bids(session, row.id) if one.track in tracks]
    found = [one for one in rows.sheets(session, bid_ids=ids, counting=True) if one.stage in later]
    rows.end_sheets(session, found, SheetEvent.VOID, row=row, reason=reason, now=now)
    _void_confirmations(session, row, col(Confirmation.bid_id).in_(ids) & col(Confirmation.stage).in_(later), now)
    said = (col(PanelRemark.bid_id).in_(ids), col(PanelRemark.stage).in_(later), col(PanelRemark.void_at).is_(None))
    for remark in session.exec(select(PanelRemark).where(*said)).all():
        remark.void_at = now
        session.add(remark)


def judge_again(session: Session, row: Round, *, now: datetime) -> None:
    """Put the bids of a round back to where experts judge them."""
    known = BidFacts(round_state=row.state, suspended=row.suspended_at is not None)
    for bid in rows.bids(session, row.id):
        if bid.state is not BidState.IN_REVIEW:
            moving.move(session, bid, BidEvent.REVIEW_AGAIN, part=Part.ROUND, facts=known, now=now)


def _void_confirmations(session: Session, row: Round, which: ColumnElement[bool], now: datetime) -> None:
    of_round = select(PanelMember.id).where(PanelMember.round_id == row.id)
    live = (col(Confirmation.member_id).in_(of_round), col(Confirmation.void_at).is_(None))
    query = select(Confirmation).where(which, *live)
    for one in session.exec(query).all():
        one.void_at = now
        session.add(one)


def _go_back(
    session: Session,
    row: Round,
    stages: Collection[str],
    track: str,
    *,
    reason: str,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    order = [one.key for one in facts.procedure_of(row).judged]
    first = min(stages, key=order.index)
    later = order[order.index(first) :]
    was_frozen = session.exec(
        select(ScoreTable.number).where(
            ScoreTable.round_id == row.id, col(ScoreTable.stage).in_(later), col(ScoreTable.void_at).is_(None)
        )
    ).first()
    if row.state is RoundState.REVIEW and (first == row.stage or was_frozen is None):
        return
    void_tables(session, row, reason=FELL, now=now, stages=later)
    void_after(session, row, first, [track], reason=reason, now=now)
    withdrawals.void_decisions(session, row, reason=reason, now=now)
    withdrawals.withdraw(session, row, reason=FELL, now=now, new_id=new_id)
    row.stage = first
    if row.state in FROZEN_ON:
        known = replace(facts.of(session, row), has_reason=bool(reason.strip()))
        held.move(session, row, RoundEvent.VOID_SCORES, part=Part.ROUND, facts=known, now=now)
    row.publicity_starts, row.publicity_ends = None, None
    row.next_check = now
    session.add(row)
    judge_again(session, row, now=now)
    held.log(session, row, "scores_voided", actor=None, now=now, reason=FELL, stage=first)

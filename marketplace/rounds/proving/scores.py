"""What must hold of frozen scores: as they were frozen, following from their own inputs, confirmed, of the sheets that count."""

from collections.abc import Iterator
from decimal import Decimal

from sqlmodel import Session, col, select

from marketplace.kernel.faults import Fault
from marketplace.rounds.panel_words import SheetState
from marketplace.rounds.panels import rows
from marketplace.rounds.reviewing import progress, tables
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules import score_tables
from marketplace.rounds.rules.scores import UnscorableError
from marketplace.rounds.sheet_tables import ScoreTable
from marketplace.rounds.words import RoundState

FROZEN = (RoundState.DECISION, RoundState.PUBLICITY, RoundState.AWARDED)


def check(session: Session) -> Iterator[Fault]:
    """Every broken invariant of score tables."""
    for table in session.exec(select(ScoreTable).order_by(col(ScoreTable.round_id), col(ScoreTable.number))):
        yield from _record(table)
        if table.void_at is None:
            yield from _sheets(session, table)
    for row in session.exec(select(Round).where(col(Round.state).in_(FROZEN)).order_by(col(Round.id))):
        if tables.standing(session, row) is None:
            yield Fault("scores_missing", "评审已经结束，却没有固定的得分表。", f"round/{row.id}")


def _record(table: ScoreTable) -> Iterator[Fault]:
    subject = f"round/{table.round_id}/scores/{table.number}"
    if score_tables.digest(table.record) != table.digest:
        yield Fault("scores_altered", "固定的得分表与校验值不符，可能被改动。", subject)
    try:
        wrong = score_tables.differences(table.record)
    except (KeyError, ValueError, UnscorableError):
        yield Fault("scores_unreadable", "固定的得分表无法读取或无法重新计算。", subject)
        return
    if wrong:
        yield Fault("scores_wrong", "按评分表重新计算，结果与得分表不同：" + "；".join(wrong[:3]), subject)


def _sheets(session: Session, table: ScoreTable) -> Iterator[Fault]:
    """What a table that stands was computed from is what counts now, and each of its bids was confirmed."""
    subject = f"round/{table.round_id}/scores/{table.number}"
    bids = [one["bid"] for one in table.record["bids"]]
    aliases = tables.names(session, table.round_id)
    counted = {
        (aliases[one.member_id], one.bid_id): {key: Decimal(mark) for key, mark in one.marks.items()}
        for one in rows.sheets(session, bid_ids=bids, stage=table.stage)
        if one.state is SheetState.LOCKED
    }
    stated = {
        (one["expert"], one["bid"]): {key: Decimal(mark) for key, mark in one["marks"].items()}
        for one in table.record["sheets"]
    }
    if counted != stated:
        yield Fault("scores_not_as_sheets", "得分表与现在有效的评分表不同。", subject)
    if set(bids) - progress.confirmed(session, bids, table.stage):
        yield Fault("scores_unconfirmed", "有申报的得分没有经评审组长（或代组长）确认。", subject)

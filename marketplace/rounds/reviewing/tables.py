"""Score tables of a round: what stands to be computed now, what was frozen, and what a reader may see of either."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, func, select

from marketplace.kernel.errors import NotFound
from marketplace.rounds import facts
from marketplace.rounds.making import notices
from marketplace.rounds.panel_tables import PanelMember
from marketplace.rounds.panel_words import SheetState
from marketplace.rounds.panels import rows
from marketplace.rounds.reviewing import sheets
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules import score_tables as rules
from marketplace.rounds.rules.score_tables import Inputs, Judged, Ranked
from marketplace.rounds.rules.scores import Sheet as Marked
from marketplace.rounds.rules.scores import UnscorableError
from marketplace.rounds.sheet_tables import ReviewedBid, ScoreTable, Sheet, SheetCorrection


def inputs(session: Session, row: Round, *, without: Collection[str] = ()) -> Inputs:
    """What the ranking of the stage of now follows from: sheets that are handed in, of bids that are judged in it."""
    procedure, notice = facts.procedure_of(row), notices.current(session, row)
    asked = sheets.criteria(session, row)
    bids = [one for one in rows.in_stage(session, row) if one.id not in set(without)]
    found = _counted(session, [one.id for one in bids], row.stage)
    aliases = names(session, row.id)
    return Inputs(
        round_id=row.id,
        title=row.title,
        stage=row.stage,
        notice_digest=notice.digest,
        method=procedure.judging.method,
        line=procedure.limits["line"].value,
        least=procedure.limits["least_sheets"].value,
        finalists=None if is_last_stage(row) else procedure.limits["finalists"].value,
        criteria=tuple(one.weighed for one in asked),
        titles={one.key: one.title for one in asked},
        bids=tuple(Judged(one.id, session.get_one(ReviewedBid, one.id).code, one.track) for one in bids),
        sheets=tuple(
            Marked(aliases[one.member_id], one.bid_id, {key: Decimal(mark) for key, mark in one.marks.items()})
            for one in found
        ),
        corrections=_corrections(session, found, aliases),
    )


def names(session: Session, round_id: str) -> dict[str, str]:
    """What each member of a round's panels is called in tables: 专家 1, 专家 2 in the order in which they came."""
    query = select(PanelMember.id).where(PanelMember.round_id == round_id)
    ordered = query.order_by(col(PanelMember.added_at), col(PanelMember.track), col(PanelMember.id))
    return {member_id: f"专家 {number}" for number, member_id in enumerate(session.exec(ordered), start=1)}


def is_last_stage(row: Round) -> bool:
    """Whether no further stage of judging follows the one that a round is in."""
    return next_stage(row) is None


def next_stage(row: Round) -> str | None:
    """The stage of judging that follows the one of now, or None."""
    keys = [one.key for one in facts.procedure_of(row).judged]
    later = keys[keys.index(row.stage) + 1 :] if row.stage in keys else []
    return later[0] if later else None


def fault(given: Inputs) -> str:
    """Why a ranking cannot be computed, as a sentence; "" where it can."""
    try:
        rules.ranking(given)
    except UnscorableError as refusal:
        return str(refusal)
    return ""


def freeze(session: Session, row: Round, *, now: datetime) -> ScoreTable:
    """Freeze the scores of the stage of now; whatever is asked of them later is answered from this record."""
    given = inputs(session, row)
    record = rules.as_record(given, rules.ranking(given))
    number = session.exec(select(func.coalesce(func.max(ScoreTable.number), 0)).where(ScoreTable.round_id == row.id))
    table = ScoreTable(
        round_id=row.id,
        number=number.one() + 1,
        stage=row.stage,
        record=record,
        digest=rules.digest(record),
        frozen_at=now,
    )
    session.add(table)
    session.flush()
    return table


def standing(session: Session, row: Round, *, stage: str = "") -> ScoreTable | None:
    """The frozen table of a stage (of now, where none is named) that is not void, or None."""
    query = select(ScoreTable).where(
        ScoreTable.round_id == row.id, ScoreTable.stage == (stage or row.stage), col(ScoreTable.void_at).is_(None)
    )
    return session.exec(query).first()


def all_of(session: Session, round_id: str) -> list[ScoreTable]:
    """Every table that was ever frozen, oldest first, the void ones with them."""
    query = select(ScoreTable).where(ScoreTable.round_id == round_id).order_by(col(ScoreTable.number))
    return list(session.exec(query))


def record_for(table: ScoreTable, *, without: Collection[str] = ()) -> Mapping[str, Any]:
    """A table's record, computed anew where a reader must not know of some bids; NotFound where nothing is left."""
    if not set(without) & {one["bid"] for one in table.record["bids"]}:
        return table.record
    given = rules.without(rules.of_record(table.record), without)
    if not given.bids:
        raise NotFound("没有可以查看的得分。", code="no_scores")
    return rules.as_record(given, rules.ranking(given))


def ranked(given: Inputs) -> tuple[Ranked, ...]:
    """The ranking of some inputs, empty where there is none to be had."""
    return () if fault(given) else rules.ranking(given)


def _counted(session: Session, bid_ids: Collection[str], stage: str) -> list[Sheet]:
    handed_in = {SheetState.SUBMITTED, SheetState.LOCKED}
    return [one for one in rows.sheets(session, bid_ids=bid_ids, stage=stage) if one.state in handed_in]


def _corrections(
    session: Session, found: Collection[Sheet], aliases: Mapping[str, str]
) -> tuple[Mapping[str, str], ...]:
    of = {one.id: one for one in found}
    query = select(SheetCorrection).where(col(SheetCorrection.sheet_id).in_(of))
    return tuple(
        {
            "expert": aliases[of[one.sheet_id].member_id],
            "bid": of[one.sheet_id].bid_id,
            "criterion": one.criterion,
            "before": one.before,
            "after": one.after,
            "reason": one.reason,
        }
        for one in session.exec(query.order_by(col(SheetCorrection.corrected_at), col(SheetCorrection.id)))
    )

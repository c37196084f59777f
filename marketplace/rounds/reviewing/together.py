"""What a panel sees together once its sheets are closed, each member without what is closed to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor
from marketplace.experts import pool
from marketplace.kernel.errors import NotAllowed
from marketplace.rounds import facts, held
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.making import notices
from marketplace.rounds.panel_tables import PanelMember
from marketplace.rounds.panel_words import SheetState
from marketplace.rounds.panels import members, rows
from marketplace.rounds.reviewing import opinions, progress, sheets, sights, tables
from marketplace.rounds.reviewing.opinions import Remark
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules.score_tables import Ranked
from marketplace.rounds.rules.sheets import Asked
from marketplace.rounds.sheet_tables import ReviewedBid, Sheet, SheetCorrection
from marketplace.rounds.words import RoundState


@dataclass(frozen=True, slots=True)
class PanelSheet:
    """A sheet as the panel sees it in the consensus; `is_own`: it is the reader's."""

    sheet_id: str
    member_id: str
    expert: str
    is_own: bool
    marks: Mapping[str, str]
    comments: Mapping[str, str]
    total: str


@dataclass(frozen=True, slots=True)
class Correction:
    """A mark that was corrected."""

    expert: str
    criterion: str
    before: str
    after: str
    reason: str
    corrected_at: datetime


@dataclass(frozen=True, slots=True)
class BidOnTable:
    """A bid with everything that the panel gave it. `diverges`: the panel differs too much; `may_confirm`: the reader leads."""

    bid_id: str
    code: str
    name: str
    sheets: tuple[PanelSheet, ...]
    remarks: tuple[Remark, ...]
    corrections: tuple[Correction, ...]
    ranked: Ranked | None
    diverges: bool
    is_confirmed: bool
    may_confirm: bool


@dataclass(frozen=True, slots=True)
class Table:
    """The consensus of one track, as one of its members sees it."""

    round_id: str
    round_title: str
    track: str
    state: RoundState
    asked: tuple[Asked, ...]
    bids: tuple[BidOnTable, ...]
    threshold: int
    method: str
    is_chair: bool
    is_deputy: bool
    fault: str


def get(session: Session, actor: Actor, round_id: str) -> Table:
    """The consensus of one's own track; NotFound for others, NotAllowed before the sheets are closed."""
    row = held.get(session, round_id)
    member = judging(session, actor, row)
    closed = sights.closed_to(session, actor.account_id, round_id)
    given = tables.inputs(session, row, without=closed)
    procedure = facts.procedure_of(row)
    ranked = {one.bid: one for one in tables.ranked(given) if one.track == member.track}
    bids = [one for one in rows.in_stage(session, row, track=member.track) if one.id not in closed]
    notice = notices.current(session, row)
    return Table(
        round_id=row.id,
        round_title=row.title,
        track=next((one.title for one in notice.tracks if one.key == member.track), ""),
        state=row.state,
        asked=sheets.criteria(session, row),
        bids=tuple(sorted((_on_table(session, row, member, one, ranked) for one in bids), key=lambda one: one.code)),
        threshold=procedure.limits["divergence"].value,
        method=procedure.judging.method.value,
        is_chair=member.is_chair,
        is_deputy=member.is_deputy,
        fault=tables.fault(given),
    )


def judging(session: Session, actor: Actor, row: Round) -> PanelMember:
    """Somebody's own place in a panel whose sheets are closed; NotFound for others, NotAllowed before."""
    member = members.own(session, actor, row.id)
    if member.state not in rows.JUDGING:
        raise NotAllowed("您不在这个活动的评审组，或已经退出。", code="not_judging")
    if row.state is RoundState.REVIEW:
        raise NotAllowed("评审结束之前，各专家的评分表互不可见。", code="not_closed")
    return member


def _on_table(session: Session, row: Round, member: PanelMember, bid: Bid, ranked: Mapping[str, Ranked]) -> BidOnTable:
    procedure = facts.procedure_of(row)
    code = session.get_one(ReviewedBid, bid.id).code
    found = [one for one in rows.sheets(session, bid_ids=[bid.id], stage=row.stage) if one.state is SheetState.LOCKED]
    called = expert_names(session, row.id)
    asked = sheets.criteria(session, row)
    one = ranked.get(bid.id)
    return BidOnTable(
        bid_id=bid.id,
        code=code,
        name=f"{code} 号申报"
        if procedure.judging.hides_bidders
        else organisations.get(session, bid.organisation_id).name,
        sheets=tuple(
            PanelSheet(
                sheet_id=sheet.id,
                member_id=sheet.member_id,
                expert=called[sheet.member_id],
                is_own=sheet.member_id == member.id,
                marks=sheet.marks,
                comments=sheet.comments,
                total=sheets.shown_total(sheet, asked),
            )
            for sheet in found
        ),
        remarks=opinions.remarks_on(session, bid.id, stage=row.stage, called=called),
        corrections=_corrections(session, found, called),
        ranked=one,
        diverges=one is not None and one.place.score.spread > procedure.limits["divergence"].value,
        is_confirmed=bool(progress.confirmed(session, [bid.id], row.stage)),
        may_confirm=bid.id in progress.led_by(session, row, member),
    )


def expert_names(session: Session, round_id: str) -> dict[str, str]:
    """What each member is called among the panel: by name, or by number where the procedure hides who judges."""
    row = held.get(session, round_id)
    aliases = tables.names(session, round_id)
    if facts.procedure_of(row).judging.hides_experts and row.state is RoundState.REVIEW:
        return aliases
    known = {one.id: one.expert_id for one in rows.members(session, round_id, live=False)}
    listed = pool.many(session, set(known.values()))
    return {member_id: listed[expert_id].name for member_id, expert_id in known.items()}


def _corrections(session: Session, found: list[Sheet], called: Mapping[str, str]) -> tuple[Correction, ...]:
    of = {one.id: called[one.member_id] for one in found}
    query = select(SheetCorrection).where(col(SheetCorrection.sheet_id).in_(of))
    ordered = query.order_by(col(SheetCorrection.corrected_at), col(SheetCorrection.id))
    return tuple(
        Correction(of[one.sheet_id], one.criterion, one.before, one.after, one.reason, one.corrected_at)
        for one in session.exec(ordered)
    )

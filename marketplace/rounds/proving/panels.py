"""What must hold of panels: draws as they are replayed, sheets of those alone who declared and are in no conflict."""

import hashlib
from collections.abc import Iterator

from sqlmodel import Session, col, select

from marketplace.experts import pool
from marketplace.experts.rules import drawing
from marketplace.kernel.faults import Fault
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.panel_tables import PanelConflict, PanelDraw, PanelMember
from marketplace.rounds.panel_words import SheetState
from marketplace.rounds.panels import draws, rows
from marketplace.rounds.reviewing import sights
from marketplace.rounds.round_tables import Round
from marketplace.rounds.sheet_tables import ReviewedBid, Sheet, SheetCorrection
from marketplace.rounds.words import BidState, RoundState

_UNDER_WAY = (RoundState.REVIEW, RoundState.CONSENSUS, RoundState.DECISION, RoundState.PUBLICITY)


def check(session: Session) -> Iterator[Fault]:
    """Every broken invariant of draws, members and sheets."""
    for found in session.exec(select(PanelDraw).order_by(col(PanelDraw.id))):
        yield from _draw(session, found)
    yield from _members(session)
    yield from _sheets(session)
    yield from _corrections(session)
    yield from _codes(session)


def _draw(session: Session, found: PanelDraw) -> Iterator[Fault]:
    subject = f"round/{found.round_id}/draw/{found.number}"
    if hashlib.sha256(bytes.fromhex(found.seed)).hexdigest() != found.commitment:
        yield Fault("draw_seed_altered", "抽取所用的种子与事先公布的校验值不符。", subject)
    if drawing.list_digest(found.eligible) != found.list_digest:
        yield Fault("draw_list_altered", "抽取名单与固定时的校验值不符，可能被改动。", subject)
    if found.drawn_at is None:
        return
    stated = [(one["field"], tuple(one["experts"]), tuple(one["reserves"])) for one in found.drawn or ()]
    if [(one.speciality, one.experts, one.reserves) for one in draws.replayed(found)] != stated:
        yield Fault("draw_not_replayed", "按种子和名单重新抽取，结果与记录不同。", subject)
    drawn = {expert for _, experts, reserves in stated for expert in (*experts, *reserves)}
    seated = set(session.exec(select(PanelMember.expert_id).where(PanelMember.draw_id == found.id)))
    if drawn != seated:
        yield Fault("draw_not_seated", "评审组的专家与抽取结果不同。", subject)
    if found.drawn_by == found.fixed_by:
        yield Fault("draw_by_one", "固定名单和抽取由同一人办理。", subject)


def _members(session: Session) -> Iterator[Fault]:
    query = select(PanelMember).where(col(PanelMember.state).in_(rows.JUDGING), col(PanelMember.declared_at).is_(None))
    for one in session.exec(query.order_by(col(PanelMember.id))):
        yield Fault("judges_undeclared", "有专家没有承诺就开始评审。", f"round/{one.round_id}/member/{one.id}")


def _sheets(session: Session) -> Iterator[Fault]:
    query = (
        select(Sheet, PanelMember, Bid, Round)
        .join(PanelMember, col(PanelMember.id) == col(Sheet.member_id))
        .join(Bid, col(Bid.id) == col(Sheet.bid_id))
        .join(Round, col(Round.id) == col(PanelMember.round_id))
        .where(col(Sheet.state).not_in(rows.GONE))
        .order_by(col(Sheet.id))
    )
    against = {
        (one.member_id, one.bid_id)
        for one in session.exec(select(PanelConflict).where(col(PanelConflict.excludes).is_(True)))
    }
    for sheet, member, bid, row in session.exec(query).all():
        subject = f"round/{row.id}/sheet/{sheet.id}"
        if (member.id, bid.id) in against:
            yield Fault("judged_in_conflict", "应当回避的专家的评分表仍然有效。", subject)
        if member.state in rows.OUT:
            yield Fault("judged_and_gone", "已退出的专家的评分表仍然有效。", subject)
        if (bid.round_id, bid.track) != (row.id, member.track):
            yield Fault("judged_elsewhere", "专家评了别的赛道或别的活动的申报。", subject)
        if row.state in _UNDER_WAY and bid.id in _own(session, member, row):
            yield Fault("judged_own_bid", "专家属于它所评的申报单位。", subject)


def _own(session: Session, member: PanelMember, row: Round) -> frozenset[str]:
    return sights.of_own_units(session, pool.row(session, member.expert_id).account_id, row.id)


def _corrections(session: Session) -> Iterator[Fault]:
    query = select(SheetCorrection).order_by(col(SheetCorrection.corrected_at), col(SheetCorrection.id))
    last = {(one.sheet_id, one.criterion): one.after for one in session.exec(query)}
    for (sheet_id, criterion), after in sorted(last.items()):
        sheet = session.get_one(Sheet, sheet_id)
        if sheet.state is SheetState.LOCKED and sheet.marks.get(criterion) != after:
            yield Fault("mark_changed_silently", "评分表的分数与更正记录不同，有改动没有留痕。", f"sheet/{sheet_id}")


def _codes(session: Session) -> Iterator[Fault]:
    judged = (*rows.JUDGED, BidState.AWARDED, BidState.NOT_AWARDED, BidState.DECLINED, BidState.REVOKED)
    coded = select(ReviewedBid.bid_id)
    query = select(Bid.id).where(col(Bid.state).in_(judged), col(Bid.id).not_in(coded)).order_by(col(Bid.id))
    for bid_id in session.exec(query):
        yield Fault("judged_without_code", "申报已转入评审，却没有编号。", f"bid/{bid_id}")

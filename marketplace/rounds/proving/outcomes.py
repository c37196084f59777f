"""What must hold of outcomes: two decided, the publicity lasted, nothing was open when it was awarded, everybody has an answer."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from marketplace.experts import pool
from marketplace.kernel.errors import Conflict
from marketplace.kernel.faults import Fault
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.deciding import objections, publishing
from marketplace.rounds.outcome_tables import Award, BidResult, RoundDecision, RoundPublicity
from marketplace.rounds.outcome_words import Outcome
from marketplace.rounds.panel_tables import PanelMember
from marketplace.rounds.panels import rows
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules import publicities
from marketplace.rounds.rules.judging_moves import DECIDERS
from marketplace.rounds.rules.objection_moves import OPEN, UNFULFILLED
from marketplace.rounds.words import BidState, RoundState

PUBLIC = (RoundState.PUBLICITY, RoundState.AWARDED)
_ANSWERED = (BidState.AWARDED, BidState.NOT_AWARDED, BidState.DECLINED, BidState.REVOKED)


def check(session: Session) -> Iterator[Fault]:
    """Every broken invariant of decisions, publicities, objections and awards."""
    for row in session.exec(select(Round).where(col(Round.stage) != "").order_by(col(Round.id))).all():
        if row.state in PUBLIC:
            yield from _decided(session, row)
        yield from _publicities(session, row)
        yield from _objections(session, row)
        if row.state is RoundState.AWARDED:
            yield from _awarded(session, row)
            yield from _answered(session, row)


def _decided(session: Session, row: Round) -> Iterator[Fault]:
    query = select(RoundDecision).where(RoundDecision.round_id == row.id, col(RoundDecision.void_at).is_(None))
    alike: dict[tuple[str, str], set[str]] = {}
    for one in session.exec(query):
        alike.setdefault((one.digest, one.scores_digest), set()).add(one.account_id)
    if max((len(who) for who in alike.values()), default=0) < DECIDERS:
        yield Fault("decided_by_one", "结果已公示，却没有两名决定人的一致决定。", f"round/{row.id}")
    scored = _judges(session, row)
    if any(who & scored for who in alike.values()):
        yield Fault("decided_and_scored", "决定人参加了评审打分。", f"round/{row.id}")
    if publishing.standing(session, row.id) is None:
        yield Fault("publicity_missing", "活动在公示或已定榜，却没有公示记录。", f"round/{row.id}")


def _publicities(session: Session, row: Round) -> Iterator[Fault]:
    query = select(RoundPublicity).where(RoundPublicity.round_id == row.id).order_by(col(RoundPublicity.number))
    found = session.exec(query).all()
    for one in found:
        subject = f"round/{row.id}/publicity/{one.number}"
        if publicities.digest(one.record) != one.digest:
            yield Fault("publicity_altered", "公示内容与校验值不符，可能被改动。", subject)
        try:
            due = publishing.end_for(session, row, one.starts_at)
        except Conflict:
            continue
        if one.ends_at < due:
            yield Fault("publicity_short", "公示期短于程序规定的天数。", subject)
    if [one.number for one in found] != list(range(1, len(found) + 1)):
        yield Fault("publicities_missing", "公示的编号不连续，有公示记录缺失。", f"round/{row.id}")


def _objections(session: Session, row: Round) -> Iterator[Fault]:
    decided = set(session.exec(select(RoundDecision.account_id).where(RoundDecision.round_id == row.id)))
    took_part = decided | _judges(session, row)
    ends = {one.number: one.ends_at for one in publishing.every(session, row.id)}
    for one in objections.of_round(session, row.id):
        subject = f"objection/{one.id}"
        if {one.handler_id, one.decided_by} & took_part:
            yield Fault("objection_by_party", "异议由参加过评审或决定的人员办理。", subject)
        if row.state is RoundState.AWARDED and one.state in (*OPEN, *UNFULFILLED):
            yield Fault("awarded_over_objection", "异议没有办结或没有落实，活动却已定榜。", subject)
        # A publicity that stood still meanwhile ends later than it said.
        last = max(filter(None, (ends.get(one.publicity), row.publicity_ends)), default=None)
        if last is None or one.filed_at >= last:
            yield Fault("objection_after_end", "异议不在公示期内提出，却已收下。", subject)


def _awarded(session: Session, row: Round) -> Iterator[Fault]:
    public = publishing.standing(session, row.id)
    if public is None:
        return
    if row.awarded_at is not None and row.publicity_ends is not None and row.awarded_at < row.publicity_ends:
        yield Fault("awarded_early", "公示期没有满，活动却已定榜。", f"round/{row.id}")
    proposed = {one.bid for one in publishing.entries_of(public) if one.outcome is Outcome.PROPOSE}
    query = select(Bid).where(Bid.round_id == row.id, Bid.state == BidState.AWARDED).order_by(col(Bid.id))
    for bid in session.exec(query):
        if bid.id not in proposed:
            yield Fault("awarded_unpublished", "中选的申报没有公示过。", f"bid/{bid.id}")
        if session.get(Award, bid.id) is None:
            yield Fault("award_missing", "中选的申报没有定榜记录。", f"bid/{bid.id}")


def _answered(session: Session, row: Round) -> Iterator[Fault]:
    told = select(BidResult.bid_id)
    query = select(Bid.id).where(Bid.round_id == row.id, col(Bid.state).in_(_ANSWERED), col(Bid.id).not_in(told))
    for bid_id in session.exec(query.order_by(col(Bid.id))):
        yield Fault("bid_unanswered", "活动已定榜，有申报没有得到结果和理由。", f"bid/{bid_id}")


def _judges(session: Session, row: Round) -> set[str]:
    """The accounts of those who judge or judged in a round."""
    query = select(PanelMember.expert_id).where(
        PanelMember.round_id == row.id, col(PanelMember.state).in_((*rows.JUDGING, "recused_late"))
    )
    return {one.account_id for one in pool.many(session, set(session.exec(query))).values()}

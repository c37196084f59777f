"""Who may be drawn for a track: everybody in the pools of the region, each with what stands against it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, func, select

from marketplace.accounts.tables import Membership
from marketplace.experts import pool
from marketplace.experts.pool import Listed
from marketplace.experts.rules.facts import Expert
from marketplace.experts.rules.identities import person_key
from marketplace.kernel.chinese_time import BEIJING
from marketplace.rounds.bid_tables import Bid, BidMember
from marketplace.rounds.panel_tables import PanelMember, RecusalRequest
from marketplace.rounds.panel_words import MemberState
from marketplace.rounds.panels import conflicts, rows
from marketplace.rounds.panels.conflicts import Bidders
from marketplace.rounds.round_tables import Round, RoundAppointment
from marketplace.rounds.words import RoundState

BUSY_IN: Final = (RoundState.REVIEW, RoundState.CONSENSUS)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An expert of the pool for one track; `against` says why it is not drawn from, "" where it is."""

    expert: Listed
    busy: int
    soft: tuple[str, ...]
    against: str


def of(session: Session, row: Round, track: str, *, now: datetime) -> list[Candidate]:
    """Everybody in the pools of a round's region, each with what stands against drawing it for a track."""
    found = pool.drawable(session, row.region, on=now.astimezone(BEIJING).date())
    bids = rows.bids(session, row.id, track=track)
    known = conflicts.bidders(session, row, bids, now=now)
    experts = pool.facts(session, [one.id for one in found])
    busy = _busy(session, [one.id for one in found])
    taken = {one.expert_id for one in rows.members(session, row.id, live=False)}
    posts = _posts(session, row.id)
    bidding = _bidding(session, row.id)
    kept_away = _kept_away(session, row.id, track)
    return [
        Candidate(
            expert=one,
            busy=busy.get(one.id, 0),
            soft=_soft(known, experts[one.id], track),
            against=_against(
                one,
                hard=_hard(known, experts[one.id], track),
                busy=busy.get(one.id, 0),
                is_taken=one.id in taken,
                has_post=one.account_id in posts,
                bids=one.account_id in bidding,
                is_kept_away=person_key(one.name) in kept_away,
            ),
        )
        for one in found
    ]


def _busy(session: Session, expert_ids: Sequence[str]) -> dict[str, int]:
    query = (
        select(PanelMember.expert_id, func.count(func.distinct(PanelMember.round_id)))
        .join(Round, col(Round.id) == col(PanelMember.round_id))
        .where(
            col(PanelMember.expert_id).in_(expert_ids),
            col(PanelMember.state).not_in((*rows.OUT, MemberState.DRAWN)),
            col(Round.state).in_(BUSY_IN),
        )
        .group_by(col(PanelMember.expert_id))
    )
    return dict(session.exec(query).all())


def _posts(session: Session, round_id: str) -> set[str]:
    live = (RoundAppointment.round_id == round_id, col(RoundAppointment.ended_at).is_(None))
    return set(session.exec(select(RoundAppointment.account_id).where(*live)))


def _bidding(session: Session, round_id: str) -> set[str]:
    bids = select(Bid.id).where(Bid.round_id == round_id, col(Bid.state).in_(rows.JUDGED))
    leads = select(Bid.organisation_id).where(col(Bid.id).in_(bids))
    partners = select(BidMember.organisation_id).where(
        col(BidMember.bid_id).in_(bids), col(BidMember.confirmed_at).is_not(None)
    )
    unit = col(Membership.organisation_id)
    live = select(Membership.account_id).where(col(Membership.left_at).is_(None), unit.in_(leads) | unit.in_(partners))
    return set(session.exec(live))


def _hard(known: Bidders, expert: Expert, track: str) -> str:
    hits = [one for some in known.against(expert, track).values() for one in some if conflicts.is_hard((one,))]
    return "；".join(dict.fromkeys(one.evidence for one in hits))


def _soft(known: Bidders, expert: Expert, track: str) -> tuple[str, ...]:
    hits = [one for some in known.against(expert, track).values() for one in some if not conflicts.is_hard((one,))]
    return tuple(dict.fromkeys(one.evidence for one in hits))


def _kept_away(session: Session, round_id: str, track: str) -> frozenset[str]:
    """The people whose recusal a bidder of the track asked for, and the office agreed to."""
    query = (
        select(RecusalRequest.person)
        .join(Bid, col(Bid.id) == col(RecusalRequest.bid_id))
        .where(Bid.round_id == round_id, Bid.track == track, col(RecusalRequest.is_upheld).is_(True))
    )
    return frozenset(key for one in session.exec(query) if (key := person_key(one)))


def _against(
    one: Listed, *, hard: str, busy: int, is_taken: bool, has_post: bool, bids: bool, is_kept_away: bool
) -> str:
    reasons = (
        (is_taken, "已在本活动的评审组，或已退出。"),
        (has_post, "在本活动另有职务（审批、开启、审查、决定或异议受理）。"),
        (bids, "属于本活动的申报单位。"),
        (is_kept_away, "申报单位申请其回避，已获同意。"),
        (bool(hard), f"应当回避：{hard}"),
        (busy >= one.most_at_once, f"同时参加的评审已有 {busy} 个，达到上限。"),
    )
    return next((said for holds, said in reasons if holds), "")

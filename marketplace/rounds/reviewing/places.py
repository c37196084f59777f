"""An expert's own place in rounds: what it is asked to judge, who bids there, which bids are closed to it.

Before it has declared it learns names, and nothing of what a bid says; what is closed to it is told from its own record,
never from sheets.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor
from marketplace.experts import pool
from marketplace.rounds import facts, held
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.bidding import members as partners
from marketplace.rounds.making import notices
from marketplace.rounds.panel_tables import PanelConflict, PanelMember
from marketplace.rounds.panel_words import MemberState, SheetState, Source
from marketplace.rounds.panels import conflicts, members, rows
from marketplace.rounds.reviewing import sights
from marketplace.rounds.rules.notices import Notice, Track
from marketplace.rounds.rules.procedures import Judging
from marketplace.rounds.sheet_tables import ReviewedBid
from marketplace.rounds.words import RoundState

HANDED_IN = (SheetState.SUBMITTED, SheetState.LOCKED)


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's place in the panel of a round. `sheets` counts those that are its to fill in, in the stage of now."""

    round_id: str
    title: str
    issuer: str
    track: str
    state: MemberState
    round_state: RoundState
    is_suspended: bool
    is_chair: bool
    is_deputy: bool
    sheets: int
    handed_in: int
    invited_at: datetime | None
    ended_at: datetime | None
    end_reason: str


@dataclass(frozen=True, slots=True)
class Bidder:
    """Who hands in a bid: by name only."""

    bid_id: str
    lead: str
    partners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Excepted:
    """A bid that is closed to an expert, as it may be named to it. `is_decided`: it will not be opened again."""

    name: str
    why: str
    is_decided: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What an expert is asked to judge: the notice, its track, how it is judged; no bid."""

    place: Place
    notice: Notice
    track: Track | None
    judging: Judging
    panel: int


def of_account(session: Session, actor: Actor) -> list[Place]:
    """Somebody's places in all rounds, the youngest invitation first; who only stands by has none."""
    entries = [one.id for one in pool.of_account(session, actor.account_id)]
    if not entries:
        return []
    query = select(PanelMember.round_id).where(
        col(PanelMember.expert_id).in_(entries), PanelMember.state != MemberState.DRAWN
    )
    found = [of_round(session, actor, one) for one in sorted(set(session.exec(query)))]
    return sorted(found, key=lambda one: (one.invited_at is None, one.invited_at, one.round_id), reverse=True)


def of_round(session: Session, actor: Actor, round_id: str) -> Place:
    """Somebody's own place in one round; NotFound for everybody else."""
    row, member = held.get(session, round_id), members.own(session, actor, round_id)
    closed = sights.closed_to(session, actor.account_id, round_id)
    own = rows.sheets(session, member_ids=[member.id], stage=row.stage, counting=True)
    # A bid that waits for a decision is nothing to fill in meanwhile.
    mine = [one for one in own if one.bid_id not in closed] if member.state in rows.JUDGING else []
    return Place(
        round_id=row.id,
        title=row.title,
        issuer=organisations.get(session, row.organisation_id).name,
        track=_track_title(notices.current(session, row), member.track),
        state=member.state,
        round_state=row.state,
        is_suspended=row.suspended_at is not None,
        is_chair=member.is_chair,
        is_deputy=member.is_deputy,
        sheets=len(mine),
        handed_in=sum(one.state in HANDED_IN for one in mine),
        invited_at=member.invited_at,
        ended_at=member.ended_at,
        end_reason=member.end_reason,
    )


def asked(session: Session, actor: Actor, round_id: str) -> Asked:
    """What somebody is asked to judge in a round; NotFound for everybody who was not asked."""
    row, member = held.get(session, round_id), members.own(session, actor, round_id)
    notice, procedure = notices.current(session, row), facts.procedure_of(row)
    return Asked(
        place=of_round(session, actor, round_id),
        notice=notice,
        track=next((one for one in notice.tracks if one.key == member.track), None),
        judging=procedure.judging,
        panel=procedure.limits["panel"].value,
    )


def bidders(session: Session, actor: Actor, round_id: str) -> list[Bidder]:
    """Who bids on one's track, by name, for who is to declare; in the order of names, which tells no code."""
    row, member = held.get(session, round_id), members.own(session, actor, round_id)
    if member.state is not MemberState.INVITED:
        return []
    found = [_bidder(session, one) for one in rows.in_stage(session, row, track=member.track)]
    return sorted(found, key=lambda one: (one.lead, one.bid_id))


def excepted(session: Session, actor: Actor, round_id: str) -> list[Excepted]:
    """The bids that are closed to somebody by a conflict, each once, as its own record says."""
    row, member = held.get(session, round_id), members.own(session, actor, round_id)
    hides = facts.procedure_of(row).judging.hides_bidders
    standing = conflicts.standing(session, [member.id])
    found = {one.bid_id: one for one in reversed(standing) if one.excludes is None}
    found |= conflicts.excluded(session, member.id)
    told = [_excepted(session, member, one, hides=hides) for one in found.values()]
    return sorted(told, key=lambda one: one.name)


def _excepted(session: Session, member: PanelMember, one: PanelConflict, *, hides: bool) -> Excepted:
    """A closed bid: by name where names were all the expert knew, by code where it judged by codes when it was closed.

    Next to a code stands nothing but what the expert said itself: what others put down names the bidder.
    """
    is_late = member.declared_at is not None and one.found_at > member.declared_at
    is_decided = one.excludes is not None
    if not (is_late and hides):
        unit = session.get_one(Bid, one.bid_id).organisation_id
        return Excepted(organisations.get(session, unit).name, conflicts.why(one), is_decided)
    why = one.note if one.source is Source.DECLARED else conflicts.BY_RULE if is_decided else ""
    return Excepted(f"{session.get_one(ReviewedBid, one.bid_id).code} 号申报", why, is_decided)


def _bidder(session: Session, bid: Bid) -> Bidder:
    lead = organisations.get(session, bid.organisation_id).name
    confirmed = [one.name for one in partners.of(session, bid.id) if one.confirmed_at is not None]
    return Bidder(bid.id, lead, tuple(confirmed))


def _track_title(notice: Notice, key: str) -> str:
    return next((one.title for one in notice.tracks if one.key == key), "")

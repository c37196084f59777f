"""What a unit reads of its own bids: the list of them, and how one of them stands that is handed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor, acts_for, belongs_to
from marketplace.kernel.errors import NotFound
from marketplace.rounds import facts, held
from marketplace.rounds.bid_tables import Bid, BidDraft, BidOpening, BidVersion
from marketplace.rounds.bidding import members, moving
from marketplace.rounds.check_tables import BidCorrection
from marketplace.rounds.checking import bids as checked
from marketplace.rounds.checking.bids import Correction, Objection
from marketplace.rounds.deciding import outcomes
from marketplace.rounds.deciding.outcomes import OwnOutcome
from marketplace.rounds.making import notices
from marketplace.rounds.outcome_tables import Award
from marketplace.rounds.round_tables import Round, RoundNotice
from marketplace.rounds.rules.bid_moves import MACHINE, BidFacts
from marketplace.rounds.rules.machines import Reason
from marketplace.rounds.rules.notice_changes import Change, changes
from marketplace.rounds.rules.notices import Notice
from marketplace.rounds.words import BidEvent, BidState, RoundState


@dataclass(frozen=True, slots=True)
class BidCard:
    """A bid in the list of a unit that leads it, or takes part (`member` is set then, and nothing of it is told)."""

    bid_id: str
    round_id: str
    round_title: str
    track: str
    lead: str
    state: BidState
    round_state: RoundState
    deadline: datetime | None
    is_suspended: bool
    version: int
    has_draft: bool
    window_ends: datetime | None
    partners: int
    member: members.Member | None = None
    confirm_due: datetime | None = None
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Handed:
    """A version that was handed in, as its receipt says it."""

    number: int
    received_at: datetime
    sha256: str
    size_bytes: int
    has_own_copy: bool


@dataclass(frozen=True, slots=True)
class Addition:
    """An addendum that came after the bid: its number, when, why, and what it changed."""

    number: int
    written_at: datetime
    reason: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a checker found a bid not eligible: the condition, and the reason as it is told to the bidder."""

    condition: str
    reason: str


@dataclass(frozen=True, slots=True)
class BidPage:
    """A bid as its own unit sees it beside its draft. `may` maps what it could do to the reason against it or None."""

    card: BidCard
    issuer: str
    item_id: str | None
    notice: Notice
    notice_number: int
    bid_notice_number: int
    versions: tuple[Handed, ...]
    additions: tuple[Addition, ...]
    team: tuple[members.Member, ...]
    most_partners: int
    incident: str
    grounds: tuple[Ground, ...]
    corrections: tuple[Correction, ...]
    objections: tuple[Objection, ...]
    may: Mapping[BidEvent, Reason | None]
    may_write: bool
    outcome: OwnOutcome | None = None

    @property
    def correction(self) -> Correction | None:
        """What is to be put right now, or None."""
        return next((one for one in self.corrections if one.closed_at is None), None)

    def condition(self, key: str) -> str:
        """What a condition of the notice says; "" where the notice has it no more."""
        return next((one.text for one in self.notice.conditions if one.key == key), "")

    @property
    def may_object(self) -> bool:
        """Whether an objection may be filed now."""
        is_open = any(one.decided_at is None for one in self.objections)
        in_check = self.card.round_state is RoundState.ELIGIBILITY
        return self.may_write and self.card.state is BidState.INELIGIBLE and in_check and not is_open


def listed(session: Session, actor: Actor) -> list[BidCard]:
    """Every bid of the unit for which somebody acts, and every joint one it is asked for or takes part in."""
    unit = actor.organisation_id
    if unit is None or not belongs_to(actor, unit):
        return []
    own = session.exec(
        select(Bid, Round).join(Round, col(Round.id) == col(Bid.round_id)).where(Bid.organisation_id == unit)
    ).all()
    found = [card(session, bid, row) for bid, row in own]
    for one in members.asked_of(session, unit):
        bid = session.get_one(Bid, one.bid_id)
        found.append(card(session, bid, held.get(session, bid.round_id), member=one.member))
    first = (BidState.NEEDS_RECONFIRM, BidState.CORRECTION_REQUESTED, BidState.DRAFT)
    order = {state: at for at, state in enumerate(first)}
    return sorted(found, key=lambda one: (order.get(one.state, len(order)), one.deadline is None, _late(one)))


def get(session: Session, actor: Actor, bid_id: str, *, now: datetime) -> BidPage:
    """A bid of one's own unit; NotFound for everybody else."""
    bid = moving.own(session, actor, bid_id)
    row = held.get(session, bid.round_id)
    notice = notices.current(session, row)
    opening = session.get(BidOpening, bid_id)
    named = {one.key: one.text for one in notice.conditions}
    return BidPage(
        card=card(session, bid, row),
        issuer=organisations.get(session, row.organisation_id).name,
        item_id=row.item_id,
        notice=notice,
        notice_number=row.notice_number,
        bid_notice_number=bid.notice_number,
        versions=_versions(session, bid_id),
        additions=_additions(session, row, since=bid.notice_number),
        team=members.of(session, bid_id),
        most_partners=facts.procedure_of(row).limits["most_partners"].value,
        incident="" if opening is None else opening.failure,
        grounds=tuple(
            dict.fromkeys(
                Ground(named.get(one.condition, ""), one.reason)
                for one in checked.live_verdicts(session, bid_id)
                if bid.state is BidState.INELIGIBLE and not one.is_eligible
            )
        ),
        corrections=checked.corrections_of(session, bid_id),
        objections=checked.objections_of(session, bid_id),
        may=MACHINE.possible(bid.state, moving.part_of(actor, bid), now, _facts(row)),
        may_write=acts_for(actor, bid.organisation_id),
        outcome=outcomes.of_bid(session, actor, bid, row),
    )


def receipt(session: Session, actor: Actor, bid_id: str, number: int) -> str:
    """The receipt of a version exactly as it was stored, for the bid's own unit; NotFound for everybody else."""
    moving.own(session, actor, bid_id)
    version = session.get(BidVersion, (bid_id, number))
    if version is None:
        raise NotFound("没有这一版申报。", code="version_missing")
    return version.receipt


def card(session: Session, bid: Bid, row: Round, *, member: members.Member | None = None) -> BidCard:
    """The card of a bid; to a partner it tells no more than that the bid is there and how it stands."""
    notice = notices.current(session, row)
    window = select(BidCorrection.window_ends).where(
        BidCorrection.bid_id == bid.id, col(BidCorrection.closed_at).is_(None)
    )
    award = session.get(Award, bid.id)
    return BidCard(
        bid_id=bid.id,
        round_id=row.id,
        round_title=row.title,
        track=next((one.title for one in notice.tracks if one.key == bid.track), ""),
        lead=organisations.get(session, bid.organisation_id).name,
        state=bid.state,
        round_state=row.state,
        deadline=row.deadline,
        is_suspended=row.suspended_at is not None,
        version=bid.version,
        has_draft=member is None and session.get(BidDraft, bid.id) is not None,
        window_ends=session.exec(window).first() if member is None else None,
        partners=sum(one.declined_at is None for one in members.of(session, bid.id)),
        member=member,
        confirm_due=None if award is None else award.confirm_due,
        confirmed_at=None if award is None else award.confirmed_at,
    )


def _versions(session: Session, bid_id: str) -> tuple[Handed, ...]:
    rows = session.exec(select(BidVersion).where(BidVersion.bid_id == bid_id).order_by(col(BidVersion.number).desc()))
    return tuple(
        Handed(one.number, one.received_at, one.sealed_digest, one.size_bytes, one.has_own_copy) for one in rows
    )


def _additions(session: Session, row: Round, *, since: int) -> tuple[Addition, ...]:
    found = []
    for number in range(since + 1, row.notice_number + 1):
        written = session.get_one(RoundNotice, (row.id, number))
        old, new = notices.version(session, row, number - 1), notices.version(session, row, number)
        found.append(Addition(number, written.written_at, written.reason, changes(old, new)))
    return tuple(found)


def _facts(row: Round) -> BidFacts:
    # What a move needs beside the hour (a reason, a whole draft) is asked when it is made.
    return BidFacts(round_state=row.state, suspended=row.suspended_at is not None, deadline=row.deadline)


def _late(one: BidCard) -> float:
    return 0.0 if one.deadline is None else -one.deadline.timestamp()

"""What came of pairs, read where it was written: looks, dealings, closed needs, and rounds as far as they are open.

A bid counts from the opening of its round on and never before: until then not even a number may tell that there is one.
"""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from marketplace.dealings.attention_tables import Look
from marketplace.dealings.match_tables import ShownMatch
from marketplace.dealings.shown import Pair, day_of
from marketplace.dealings.tables import ContactRequest, Dealing, DealingNote
from marketplace.dealings.words import Event, Stage
from marketplace.kernel.words import SubjectKind
from marketplace.lists.item_tables import Item
from marketplace.lists.need_tables import NeedOutcome
from marketplace.lists.words import Deal
from marketplace.profiles.tables import Profile
from marketplace.rounds.bid_tables import Bid, BidMember
from marketplace.rounds.outcome_tables import Award
from marketplace.rounds.round_tables import Round
from marketplace.rounds.words import BidState
from marketplace.signals.rules.tallies import Happened
from marketplace.signals.words import Signal

NOT_OPENED = (BidState.DRAFT, BidState.WITHDRAWN, BidState.LAPSED, BidState.RETURNED)
"""What became of bids that nobody has opened."""


def of_market(session: Session, *, published: bool = False) -> Iterator[Happened]:
    """Everything that came of any pair, the first of each kind; `published`: of bids only what a publicity has told."""
    yield from _dealt(session)
    yield from _told(session)
    yield from _bids(session, published=published)
    yield from _awards(session)


def looks(session: Session, start: date, end: date) -> Iterator[Happened]:
    """When one side first opened the other's page, of the pairs shown from `start` on and before `end`.

    On the day of a showing counts: looks are noted by the day.
    """
    of_supplier = and_(
        col(Look.kind) == SubjectKind.PROFILE,
        col(Look.subject_id) == col(ShownMatch.profile_id),
        col(Look.organisation_id) == col(Item.organisation_id),
    )
    of_need = and_(
        col(Look.kind) == SubjectKind.ITEM,
        col(Look.subject_id) == col(ShownMatch.item_id),
        col(Look.organisation_id) == col(Profile.organisation_id),
    )
    for side in (of_supplier, of_need):
        query = (
            select(ShownMatch.item_id, ShownMatch.profile_id, func.min(Look.day))
            .join(Item, col(Item.id) == col(ShownMatch.item_id))
            .join(Profile, col(Profile.id) == col(ShownMatch.profile_id))
            .join(Look, side)
            .where(*shown_in(start, end), col(Look.day) >= col(ShownMatch.first_day))
            .group_by(col(ShownMatch.item_id), col(ShownMatch.profile_id))
        )
        for item_id, profile_id, on in session.exec(query):
            yield Happened(item_id, profile_id, Signal.LOOKED, on)


def shown_in(start: date, end: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """What keeps to showings of some whole months."""
    return col(ShownMatch.month) >= start, col(ShownMatch.month) < end


def by_pair(found: Iterator[Happened]) -> dict[Pair, list[Happened]]:
    """What happened, pair by pair."""
    gathered: dict[Pair, list[Happened]] = {}
    for one in found:
        gathered.setdefault((one.item_id, one.profile_id), []).append(one)
    return gathered


def _dealt(session: Session) -> Iterator[Happened]:
    asked = (
        select(Dealing.item_id, Dealing.profile_id, func.min(ContactRequest.asked_at))
        .join(ContactRequest, col(ContactRequest.dealing_id) == col(Dealing.id))
        .group_by(col(Dealing.item_id), col(Dealing.profile_id))
    )
    met = select(Dealing.item_id, Dealing.profile_id, col(Dealing.introduced_at)).where(
        col(Dealing.introduced_at).is_not(None)
    )
    meant = (
        select(Dealing.item_id, Dealing.profile_id, func.min(DealingNote.at))
        .join(DealingNote, col(DealingNote.dealing_id) == col(Dealing.id))
        .where(DealingNote.event == Event.INTEND)
        .group_by(col(Dealing.item_id), col(Dealing.profile_id))
    )
    for signal, query in ((Signal.CONTACT, asked), (Signal.INTRODUCED, met), (Signal.INTENT, meant)):
        for item_id, profile_id, at in session.exec(query):
            assert at is not None
            yield Happened(item_id, profile_id, signal, day_of(at))
    signed = select(Dealing.item_id, Dealing.profile_id, col(Dealing.signed_on)).where(Dealing.stage == Stage.SIGNED)
    for item_id, profile_id, on in session.exec(signed):
        assert on is not None
        yield Happened(item_id, profile_id, Signal.SIGNED, on)


def _told(session: Session) -> Iterator[Happened]:
    query = select(NeedOutcome.item_id, col(NeedOutcome.profile_id), col(NeedOutcome.signed_on))
    for item_id, profile_id, on in session.exec(query.where(NeedOutcome.deal == Deal.PROFILE)):
        if profile_id is not None and on is not None:
            yield Happened(item_id, profile_id, Signal.SIGNED, on)


def _bids(session: Session, *, published: bool) -> Iterator[Happened]:
    is_open = col(Round.publicity_starts if published else Round.opened_at).is_not(None)
    query = (
        select(col(Round.item_id), Profile.id, func.min(Bid.submitted_at))
        .join(Bid, col(Bid.round_id) == col(Round.id))
        .join(Profile, _takes_part(col(Bid.id), col(Bid.organisation_id)))
        .where(is_open, col(Round.opened_at).is_not(None), col(Round.item_id).is_not(None))
        .where(col(Bid.state).not_in(NOT_OPENED), col(Bid.submitted_at).is_not(None))
        .group_by(col(Round.item_id), col(Profile.id))
    )
    for item_id, profile_id, at in session.exec(query):
        assert item_id is not None
        assert at is not None
        yield Happened(item_id, profile_id, Signal.BID, day_of(at))


def _awards(session: Session) -> Iterator[Happened]:
    query = (
        select(col(Round.item_id), Award, Profile)
        .join(Award, col(Award.round_id) == col(Round.id))
        .join(Profile, _takes_part(col(Award.bid_id), col(Award.organisation_id)))
        .where(col(Round.item_id).is_not(None), col(Award.ended_at).is_(None))
    )
    for item_id, award, profile in session.exec(query):
        assert item_id is not None
        led = profile.organisation_id == award.organisation_id
        yield Happened(item_id, profile.id, Signal.AWARD, day_of(award.awarded_at), led=led)


def _takes_part(bid_id: Mapped[str], lead: Mapped[str]) -> ColumnElement[bool]:
    """The profiles of a bid: its lead's and those of the partners that confirmed."""
    partner = select(BidMember.bid_id).where(
        col(BidMember.bid_id) == bid_id,
        col(BidMember.organisation_id) == col(Profile.organisation_id),
        col(BidMember.confirmed_at).is_not(None),
    )
    return or_(col(Profile.organisation_id) == lead, partner.exists())

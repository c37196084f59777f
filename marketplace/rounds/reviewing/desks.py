"""An expert's desk: what it is asked to judge, how far its sheets are, one bid beside its sheet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlmodel import Session

from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor
from marketplace.rounds import facts, held
from marketplace.rounds.bid_tables import Bid, BidOpening
from marketplace.rounds.bidding import members as partners
from marketplace.rounds.checking import bids
from marketplace.rounds.making import notices
from marketplace.rounds.panel_words import SheetEvent, SheetState
from marketplace.rounds.panels import members, rows
from marketplace.rounds.reviewing import files, sheets, sights
from marketplace.rounds.reviewing.files import Attachment
from marketplace.rounds.rules import sheet_moves
from marketplace.rounds.rules import sheets as rules
from marketplace.rounds.rules.machines import Reason
from marketplace.rounds.rules.notices import Notice
from marketplace.rounds.rules.sheets import Asked
from marketplace.rounds.sheet_tables import ReviewedBid
from marketplace.rounds.words import Part


@dataclass(frozen=True, slots=True)
class Line:
    """A sheet in the list of an expert's own; `name` is the code where names are hidden, `total` None while unfinished."""

    sheet_id: str
    bid_id: str
    code: str
    name: str
    track: str
    state: SheetState
    filled: int
    asked: int
    total: Fraction | None
    updated_at: datetime | None
    is_closed: bool
    why_closed: str


@dataclass(frozen=True, slots=True)
class PutRight:
    """What the formal check asked a bidder to put right, and what it said; its files are among the attachments."""

    condition: str
    reason: str
    answer: str


@dataclass(frozen=True, slots=True)
class SheetPage:
    """A bid beside its sheet, for the expert who fills it in. `attachments` are named by what they are where names are hidden."""

    sheet_id: str
    round_id: str
    round_title: str
    bid_id: str
    code: str
    name: str
    partners: tuple[str, ...]
    track: str
    notice: Notice
    answers: Mapping[str, Any]
    price: Mapping[str, Any]
    corrections: tuple[PutRight, ...]
    attachments: tuple[Attachment, ...]
    hides_bidders: bool
    state: SheetState
    version: int
    asked: tuple[Asked, ...]
    marks: Mapping[str, str]
    comments: Mapping[str, str]
    faults: Mapping[str, str]
    total: Fraction | None
    updated_at: datetime | None
    may: Mapping[SheetEvent, Reason | None]
    following: str


def lines(session: Session, actor: Actor, round_id: str) -> list[Line]:
    """Somebody's own sheets in the stage of now, by code; those closed by a conflict without what they said."""
    row = held.get(session, round_id)
    member = members.own(session, actor, round_id)
    asked = sheets.criteria(session, row)
    tracks = {one.key: one.title for one in notices.current(session, row).tracks}
    closed = sights.closed_to(session, actor.account_id, round_id)
    hides = facts.procedure_of(row).judging.hides_bidders
    found = []
    for sheet in rows.sheets(session, member_ids=[member.id], stage=row.stage):
        bid = session.get_one(Bid, sheet.bid_id)
        code = session.get_one(ReviewedBid, sheet.bid_id).code
        is_closed = sheet.state in rows.GONE or sheet.bid_id in closed
        found.append(
            Line(
                sheet_id=sheet.id,
                bid_id=bid.id,
                code=code,
                name=f"{code} 号申报" if hides else organisations.get(session, bid.organisation_id).name,
                track=tracks.get(bid.track, ""),
                state=sheet.state,
                filled=0 if is_closed else sum(bool(sheet.marks.get(one.key)) for one in asked),
                asked=len(asked),
                total=None if is_closed else sheets.total(sheet, asked),
                updated_at=sheet.updated_at,
                is_closed=is_closed,
                why_closed=sheet.end_reason,
            )
        )
    return sorted(found, key=lambda one: one.code)


def get(session: Session, actor: Actor, sheet_id: str, *, now: datetime) -> SheetPage:
    """A sheet with its bid, for the expert whose it is; NotFound for everybody else, and once it is closed to it."""
    sheet, member, row = sheets.own(session, actor, sheet_id)
    bid, opening = session.get_one(Bid, sheet.bid_id), session.get_one(BidOpening, sheet.bid_id)
    notice, asked = notices.current(session, row), sheets.criteria(session, row)
    hides = facts.procedure_of(row).judging.hides_bidders
    code = session.get_one(ReviewedBid, bid.id).code
    own = lines(session, actor, row.id)
    following = [one.sheet_id for one in own if not one.is_closed and one.code > code]
    return SheetPage(
        sheet_id=sheet.id,
        round_id=row.id,
        round_title=row.title,
        bid_id=bid.id,
        code=code,
        name=f"{code} 号申报" if hides else organisations.get(session, bid.organisation_id).name,
        partners=()
        if hides
        else tuple(one.name for one in partners.of(session, bid.id) if one.confirmed_at is not None),
        track=next((one.title for one in notice.tracks if one.key == bid.track), ""),
        notice=notice,
        answers=_judged(opening.answers or {}),
        price=opening.price or {},
        corrections=_put_right(session, bid.id, notice),
        attachments=files.listed(files.labels_of(session, bid.id), hides=hides),
        hides_bidders=hides,
        state=sheet.state,
        version=sheet.version,
        asked=asked,
        marks=sheet.marks,
        comments=sheet.comments,
        faults=rules.faults(sheet.marks, sheet.comments, asked),
        total=sheets.total(sheet, asked),
        updated_at=sheet.updated_at,
        may=sheet_moves.MACHINE.possible(sheet.state, Part.EXPERT, now, sheets.known(row, member, has_reason=True)),
        following=following[0] if following else "",
    )


def _put_right(session: Session, bid_id: str, notice: Notice) -> tuple[PutRight, ...]:
    said = {one.key: one.text for one in notice.conditions}
    answered = [one for one in bids.corrections_of(session, bid_id) if one.answered_at is not None]
    return tuple(PutRight(said.get(one.condition, ""), one.reason, one.answer) for one in answered)


def _judged(answers: Mapping[str, Any]) -> dict[str, Any]:
    # Who hands in, with whom, and whom to ask is nothing that is judged; the sealed answers name them all.
    return {name: answers[name] for name in ("track", "texts", "indicators", "conditions") if name in answers}

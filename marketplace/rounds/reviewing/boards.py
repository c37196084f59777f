"""Reading what the office sees of a round's panels: who sits in them, how many sheets are in, what waits for a decision.

Counts alone are told of sheets, never a mark. Whatever is closed to the reader is missing from every list and count.
"""

from collections.abc import Collection, Mapping, Sequence

from sqlmodel import Session

from marketplace.accounts import accounts, organisations
from marketplace.accounts.actors import Actor
from marketplace.experts import pool
from marketplace.rounds import facts, parts
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.making import notices
from marketplace.rounds.panel_tables import PanelConflict, PanelMember
from marketplace.rounds.panel_words import MemberState, SheetState
from marketplace.rounds.panels import conflicts, draws, inviting, offices, requests, rows
from marketplace.rounds.panels.draws import Draw
from marketplace.rounds.reviewing import sights
from marketplace.rounds.reviewing.board_views import Board, Finding, Judged, Seat, TrackBoard
from marketplace.rounds.round_tables import Round
from marketplace.rounds.sheet_tables import ReviewedBid, Sheet
from marketplace.rounds.words import Part

HANDED_IN = (SheetState.SUBMITTED, SheetState.LOCKED)
WATCHERS = frozenset({*offices.OFFICE, Part.SUPERVISOR, Part.APPROVER})
"""Who may do the second half of what needs two."""


def get(session: Session, actor: Actor, round_id: str) -> Board:
    """The panels of a round; NotFound for those who may not see them, and before there is a review."""
    row = offices.require_look(session, actor, round_id)
    closed = sights.closed_to(session, actor.account_id, round_id)
    limits = facts.procedure_of(row).limits
    judged = [one for one in rows.in_stage(session, row) if one.id not in closed]
    named = _named(session, rows.bids(session, round_id), closed)
    found, everyone = draws.of_round(session, round_id), rows.members(session, round_id, live=False)
    there = {one.track for one in judged} | {one.track for one in everyone}
    tracks = [one for one in notices.current(session, row).tracks if one.key in there]
    mine = parts.of(session, actor, row)
    return Board(
        round_id=row.id,
        title=row.title,
        state=row.state,
        stage=row.stage,
        is_suspended=row.suspended_at is not None,
        panel=limits["panel"].value,
        reserves=limits["panel_reserves"].value,
        least_sheets=limits["least_sheets"].value,
        tracks=tuple(
            _track(
                session,
                row,
                one.key,
                one.title,
                members=[each for each in everyone if each.track == one.key],
                bids=[each for each in judged if each.track == one.key],
                drawn=[each for each in found if each.track == one.key],
                named=named,
                closed=closed,
            )
            for one in tracks
        ),
        requests=tuple(one for one in requests.of_round(session, round_id) if one.bid_id not in closed),
        bid_names={bid_id: f"{code} 号 {name}" for bid_id, (code, name) in named.items()},
        may_act=offices.part(session, actor, row) is not None,
        may_watch=bool(mine & WATCHERS),
    )


def _named(session: Session, bids: Sequence[Bid], closed: Collection[str]) -> dict[str, tuple[str, str]]:
    found = {}
    for one in bids:
        reviewed = session.get(ReviewedBid, one.id)
        if reviewed is not None and one.id not in closed:
            found[one.id] = reviewed.code, organisations.get(session, one.organisation_id).name
    return found


def _track(
    session: Session,
    row: Round,
    key: str,
    title: str,
    *,
    members: Sequence[PanelMember],
    bids: Sequence[Bid],
    drawn: Sequence[Draw],
    named: Mapping[str, tuple[str, str]],
    closed: Collection[str],
) -> TrackBoard:
    sheets = [
        one
        for one in rows.sheets(session, member_ids=[one.id for one in members], stage=row.stage, counting=True)
        if one.bid_id in named
    ]
    listed = pool.many(session, {one.expert_id for one in members})
    names = {one.id: listed[one.expert_id].name for one in members}
    return TrackBoard(
        key=key,
        title=title,
        seats=tuple(_seat(one, listed, sheets, is_next=_is_next(one, members), is_whole=not closed) for one in members),
        findings=_findings(session, names, named),
        bids=_judged(session, row, bids, sheets, named),
        draws=tuple(drawn),
        lacking=inviting.lacking(session, row, key),
        wants_more=inviting.needs_another(session, row, key, without=closed),
    )


def _is_next(one: PanelMember, members: Sequence[PanelMember]) -> bool:
    """Whether a reserve is the first of its own draw and field that still stands by."""
    if one.state is not MemberState.DRAWN:
        return False
    same = [
        each.place
        for each in members
        if each.state is MemberState.DRAWN and (each.draw_id, each.field) == (one.draw_id, one.field)
    ]
    return one.place == min(same)


def _seat(
    one: PanelMember, listed: Mapping[str, pool.Listed], sheets: Sequence[Sheet], *, is_next: bool, is_whole: bool
) -> Seat:
    own = [each for each in sheets if each.member_id == one.id]
    expert = listed[one.expert_id]
    return Seat(
        member_id=one.id,
        expert_id=one.expert_id,
        name=expert.name,
        title=expert.title,
        specialities=expert.specialities,
        field=one.field,
        place=one.place,
        state=one.state if is_whole else _stands(one, own),
        is_chair=one.is_chair,
        is_deputy=one.is_deputy,
        named_because=one.named_because,
        draw_id=one.draw_id or "",
        added_at=one.added_at,
        invited_at=one.invited_at,
        declared_at=one.declared_at,
        ended_at=one.ended_at,
        end_reason=one.end_reason,
        sheets=len(own),
        sheets_in=sum(each.state in HANDED_IN for each in own),
        is_next=is_next,
    )


def _stands(one: PanelMember, own: Sequence[Sheet]) -> MemberState:
    """Where a member stands by the sheets that the reader may know of: with the others it may have gone on or not."""
    if one.state not in rows.JUDGING or one.state is MemberState.LOCKED:
        return one.state
    if own and all(each.state in HANDED_IN for each in own):
        return MemberState.SUBMITTED
    begun = any(each.state is not SheetState.ASSIGNED for each in own)
    return MemberState.IN_PROGRESS if begun else MemberState.ACCEPTED


def _judged(
    session: Session, row: Round, bids: Sequence[Bid], sheets: Sequence[Sheet], named: Mapping[str, tuple[str, str]]
) -> tuple[Judged, ...]:
    panel = facts.procedure_of(row).limits["panel"].value
    found = [
        Judged(
            bid_id=one.id,
            code=named[one.id][0],
            name=named[one.id][1],
            sheets_in=sum(each.bid_id == one.id and each.state in HANDED_IN for each in sheets),
            wanted=panel + session.get_one(ReviewedBid, one.id).extra,
        )
        for one in bids
    ]
    return tuple(sorted(found, key=lambda one: one.code))


def _findings(
    session: Session,
    names: Mapping[str, str],
    named: Mapping[str, tuple[str, str]],
) -> tuple[Finding, ...]:
    found = [one for one in conflicts.standing(session, list(names)) if one.bid_id in named]
    people = accounts.names(session, {one.decided_by for one in found if one.decided_by})
    return tuple(_finding(one, names[one.member_id], named[one.bid_id], people) for one in found)


def _finding(one: PanelConflict, expert: str, bid: tuple[str, str], people: Mapping[str, str]) -> Finding:
    return Finding(
        id=one.id,
        member_id=one.member_id,
        expert=expert,
        bid_id=one.bid_id,
        bid=f"{bid[0]} 号 {bid[1]}",
        source=one.source,
        is_hard=one.is_hard,
        hits=tuple(one.hits),
        found_at=one.found_at,
        excludes=one.excludes,
        note=one.note,
        decided_by=people.get(one.decided_by, "已注销用户") if one.decided_by else "",
        decided_at=one.decided_at,
    )

"""What the guards of a round ask of its review: panels, sheets, what is confirmed, whether scores can be computed."""

from dataclasses import replace

from sqlmodel import Session, col, select

from marketplace.rounds import facts
from marketplace.rounds.making import notices
from marketplace.rounds.panel_tables import PanelMember
from marketplace.rounds.panel_words import MemberState, SheetState
from marketplace.rounds.panels import conflicts, inviting, rows
from marketplace.rounds.reviewing import tables
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules import scores
from marketplace.rounds.rules.round_facts import RoundFacts
from marketplace.rounds.sheet_tables import Confirmation, PanelRemark
from marketplace.rounds.words import RoundState

ANSWERING = (MemberState.INVITED, MemberState.DECLARED)


def of(session: Session, row: Round) -> RoundFacts:
    """The facts of a round, with those of its review where it is in one."""
    known = replace(facts.of(session, row), open_conflicts=conflicts.open_in(session, row.id))
    if row.state not in {RoundState.REVIEW, RoundState.CONSENSUS}:
        return known
    limits = facts.procedure_of(row).limits
    bids = [one.id for one in rows.in_stage(session, row)]
    handed_in, left = dict.fromkeys(bids, 0), 0
    live = {one.id for one in rows.members(session, row.id)}
    for sheet in rows.sheets(session, bid_ids=bids, stage=row.stage, counting=True):
        if sheet.member_id in live and sheet.state in {SheetState.ASSIGNED, SheetState.DRAFT}:
            left += 1
        else:
            handed_in[sheet.bid_id] += 1
    given = tables.inputs(session, row)
    fault = tables.fault(given)
    return replace(
        known,
        short_tracks=short_tracks(session, row),
        sheets_left=left,
        short_bids=sum(len(inviting.gaps(session, row, track)) for track in {one.track for one in given.bids}),
        thin_bids=sum(number < limits["least_sheets"].value for number in handed_in.values()),
        chairless_tracks=chairless(session, row),
        uncommented=0 if fault else len(uncommented(session, row)),
        unconfirmed=len(set(bids) - confirmed(session, bids, row.stage)),
        unscorable=fault,
        is_last_stage=tables.is_last_stage(row),
    )


def short_tracks(session: Session, row: Round) -> tuple[str, ...]:
    """The titles of the tracks in which an expert is asked and has not answered, or somebody is lacking."""
    found = []
    for track, title in _tracks(session, row).items():
        members = rows.members(session, row.id, track=track)
        if inviting.lacking(session, row, track) or any(one.state in ANSWERING for one in members):
            found.append(title)
    return tuple(found)


def chairless(session: Session, row: Round) -> tuple[str, ...]:
    """The tracks in which nobody can confirm some bid: no chair, or no deputy where the chair must not judge it."""
    found = []
    for track, title in _tracks(session, row).items():
        members = rows.members(session, row.id, track=track)
        ids = [one.id for one in rows.in_stage(session, row, track=track)]
        leaders = [one for one in (_leader(members, "is_chair"), _leader(members, "is_deputy")) if one is not None]
        open_to = [set(ids) - closed_bids(session, one) for one in leaders]
        if not any(one.is_chair for one in leaders) or set(ids) - set().union(*open_to):
            found.append(title)
    return tuple(found)


def closed_bids(session: Session, member: PanelMember) -> set[str]:
    """The bids that a member must know nothing of: excepted, or waiting for a decision."""
    return {one.bid_id for one in conflicts.standing(session, [member.id]) if one.excludes is not False}


def led_by(session: Session, row: Round, member: PanelMember) -> set[str]:
    """The bids that a member confirms: the chair those that it may judge, the deputy those that the chair may not."""
    if not (member.is_chair or member.is_deputy):
        return set()
    ids = {one.id for one in rows.in_stage(session, row, track=member.track)}
    mine = ids - closed_bids(session, member)
    if member.is_chair:
        return mine
    chair = next((one for one in rows.members(session, row.id, track=member.track) if one.is_chair), None)
    return mine if chair is None else mine & closed_bids(session, chair)


def uncommented(session: Session, row: Round) -> tuple[str, ...]:
    """The bids of the stage about which the panel differs by more than the procedure allows and nobody has said why."""
    diverging = sorted(diverge(session, row))
    said = select(PanelRemark.bid_id).where(
        col(PanelRemark.bid_id).in_(diverging), PanelRemark.stage == row.stage, col(PanelRemark.void_at).is_(None)
    )
    commented = set(session.exec(said))
    return tuple(one for one in diverging if one not in commented)


def diverge(session: Session, row: Round) -> set[str]:
    """The bids of the stage about which the panel differs by more than the procedure allows."""
    threshold = facts.procedure_of(row).limits["divergence"].value
    found = tables.ranked(tables.inputs(session, row))
    return set(scores.diverging((one.place.score for one in found), threshold))


def confirmed(session: Session, bid_ids: list[str], stage: str) -> set[str]:
    """The bids whose result in a stage is confirmed by a chair or deputy."""
    live = (
        col(Confirmation.bid_id).in_(bid_ids),
        Confirmation.stage == stage,
        col(Confirmation.void_at).is_(None),
    )
    return set(session.exec(select(Confirmation.bid_id).where(*live)))


def _tracks(session: Session, row: Round) -> dict[str, str]:
    present = {one.track for one in rows.in_stage(session, row)}
    notice = notices.current(session, row)
    return {one.key: one.title or "评审组" for one in notice.tracks if one.key in present}


def _leader(members: list[PanelMember], post: str) -> PanelMember | None:
    return next((one for one in members if getattr(one, post)), None)

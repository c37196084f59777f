"""What panels wait for: found by a few queries for any number of rounds, each with since when the oldest waits."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts.actors import Actor, may, may_run_lists
from marketplace.accounts.words import Role
from marketplace.rounds import facts, parts
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.panel_tables import PanelConflict, PanelDraw, PanelMember, RecusalRequest
from marketplace.rounds.panel_words import MemberState, PanelWait
from marketplace.rounds.panels import inviting, requests, rows
from marketplace.rounds.panels.recusals import LATE_IN
from marketplace.rounds.round_tables import Round
from marketplace.rounds.words import Post, RoundState

Waits = dict[PanelWait, datetime]
"""What waits, and since when."""


def of(
    session: Session, actor: Actor, found: Sequence[Round], posts: Mapping[str, Sequence[Post] | set[Post]]
) -> dict[str, Waits]:
    """What waits for somebody in the panels of some rounds, by round; the office does everything, who oversees draws too.

    `posts` are those that it holds, by round. Rounds whose clocks stand still wait for nobody.
    """
    running = [one for one in found if one.suspended_at is None and one.stage]
    mine = [one for one in running if parts.is_issuer(actor, one) or may_run_lists(actor, region=one.region)]
    watched = [
        one
        for one in running
        if one not in mine
        and (Post.APPROVER in posts.get(one.id, ()) or may(actor, Role.SUPERVISOR, region=one.region))
    ]
    waits: defaultdict[str, Waits] = defaultdict(dict)
    for draw in _open_draws(session, [*mine, *watched]):
        if draw.fixed_by != actor.account_id:
            waits[draw.round_id][PanelWait.DRAW] = draw.fixed_at
    for kind, each in ((PanelWait.CONFLICT, _conflicts(session, mine)), (PanelWait.REQUEST, _requests(session, mine))):
        for round_id, since in each.items():
            waits[round_id][kind] = since
    reviewed = [one for one in mine if one.state is RoundState.REVIEW]
    for round_id, kinds in _seats(session, reviewed).items():
        waits[round_id] |= kinds
    return dict(waits)


def _open_draws(session: Session, found: Sequence[Round]) -> list[PanelDraw]:
    reviewed = [one.id for one in found if one.state is RoundState.REVIEW]
    live = (col(PanelDraw.drawn_at).is_(None), col(PanelDraw.dropped_at).is_(None))
    return list(session.exec(select(PanelDraw).where(col(PanelDraw.round_id).in_(reviewed), *live)))


def _conflicts(session: Session, found: Sequence[Round]) -> dict[str, datetime]:
    query = (
        select(PanelMember.round_id, PanelConflict.found_at)
        .join(PanelConflict, col(PanelConflict.member_id) == col(PanelMember.id))
        .where(
            col(PanelMember.round_id).in_([one.id for one in found if one.state in LATE_IN]),
            col(PanelMember.state).not_in(rows.OUT),
            col(PanelConflict.excludes).is_(None),
        )
    )
    return _oldest(session.exec(query).all())


def _requests(session: Session, found: Sequence[Round]) -> dict[str, datetime]:
    query = (
        select(Bid.round_id, RecusalRequest.filed_at)
        .join(RecusalRequest, col(RecusalRequest.bid_id) == col(Bid.id))
        .where(
            col(Bid.round_id).in_([one.id for one in found if one.state in requests.OPEN_IN]),
            col(RecusalRequest.decided_at).is_(None),
        )
    )
    return _oldest(session.exec(query).all())


def _oldest(found: Sequence[tuple[str, datetime]]) -> dict[str, datetime]:
    oldest: dict[str, datetime] = {}
    for round_id, since in found:
        oldest[round_id] = min(since, oldest.get(round_id, since))
    return oldest


def _seats(session: Session, found: Sequence[Round]) -> dict[str, Waits]:
    """Where panels lack somebody or a chair, by round."""
    ids = [one.id for one in found]
    members: defaultdict[tuple[str, str], list[PanelMember]] = defaultdict(list)
    for one in session.exec(select(PanelMember).where(col(PanelMember.round_id).in_(ids))):
        members[one.round_id, one.track].append(one)
    judged = select(Bid.round_id, Bid.track).where(col(Bid.round_id).in_(ids), col(Bid.state).in_(rows.JUDGED))
    tracks: defaultdict[str, set[str]] = defaultdict(set)
    for round_id, track in session.exec(judged.distinct()):
        tracks[round_id].add(track)
    fixed = {(one.round_id, one.track) for one in _open_draws(session, found)}
    excepted = _excepted(session, ids)
    waits: defaultdict[str, Waits] = defaultdict(dict)
    for row in found:
        for track in sorted(tracks[row.id]):
            own, is_fixed = members[row.id, track], (row.id, track) in fixed
            kind = _lacks(row, own, excepted, is_fixed=is_fixed)
            if kind is None and not is_fixed:
                kind = _wants_more(session, row, track, own)
            if kind is not None:
                since = max((one.ended_at for one in own if one.ended_at), default=row.opened_at)
                waits[row.id][kind] = since or row.created_at
    return waits


def _excepted(session: Session, round_ids: Sequence[str]) -> set[str]:
    """The members to whom some bid is closed."""
    against = col(PanelConflict.excludes).is_(None) | col(PanelConflict.excludes)
    of_rounds = select(PanelMember.id).where(col(PanelMember.round_id).in_(round_ids))
    return set(
        session.exec(
            select(PanelConflict.member_id).where(col(PanelConflict.member_id).in_(of_rounds), against).distinct()
        )
    )


def _lacks(row: Round, members: Sequence[PanelMember], excepted: set[str], *, is_fixed: bool) -> PanelWait | None:
    counted = Counter(one.state for one in members)
    asked = sum(counted[state] for state in inviting.ASKED)
    if asked < facts.procedure_of(row).limits["panel"].value:
        if counted[MemberState.DRAWN]:
            return PanelWait.RESERVE
        return None if is_fixed else PanelWait.LIST
    judging = [one for one in members if one.state in rows.JUDGING]
    leads = any(one.is_chair and one.id not in excepted for one in judging)
    shared = any(one.is_chair for one in judging) and any(one.is_deputy for one in judging)
    return PanelWait.LEAD if judging and not (leads or shared) else None


def _wants_more(session: Session, row: Round, track: str, members: Sequence[PanelMember]) -> PanelWait | None:
    """Where a full panel leaves a bid with too few sheets: one more is asked, from the reserve or otherwise."""
    if not inviting.needs_another(session, row, track):
        return None
    return PanelWait.RESERVE if any(one.state is MemberState.DRAWN for one in members) else PanelWait.LIST

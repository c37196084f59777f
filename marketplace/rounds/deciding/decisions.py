"""The decision of two: each decides by itself, on the same frozen scores; alike, the result is made public."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor
from marketplace.kernel import canonical
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.rounds import held, parts
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.bidding import moving
from marketplace.rounds.deciding import publishing, rankings, results
from marketplace.rounds.deciding.rankings import Ranking
from marketplace.rounds.making import notices
from marketplace.rounds.outcome_tables import RoundDecision
from marketplace.rounds.panels import members, recusals, rows
from marketplace.rounds.reviewing import progress as review
from marketplace.rounds.reviewing import sights, tables
from marketplace.rounds.round_tables import Round, RoundAppointment
from marketplace.rounds.rules import deciding as rules
from marketplace.rounds.rules.bid_moves import BidFacts
from marketplace.rounds.rules.deciding import Pick
from marketplace.rounds.rules.machines import Reason
from marketplace.rounds.rules.round_facts import RoundFacts
from marketplace.rounds.rules.round_moves import MACHINE
from marketplace.rounds.words import BidEvent, Part, Post, RoundEvent, RoundState

NOBODY: Final[Mapping[str, Any]] = {}
"""The record of a decision that nobody wins."""
MAX_NOTE: Final = 2_000
READERS: Final = frozenset({Part.DECIDER, Part.SUPERVISOR, Part.ORGANISER, Part.ISSUER})


@dataclass(frozen=True, slots=True)
class Made:
    """A decision as the deciders see it; `is_own`: the reader's.

    `counts`: made on the scores that stand, by somebody who is a decider still. `is_hidden`: what was decided is not
    told to a decider who has not decided yet, so that each decides by itself; nothing is said of it then.
    """

    name: str
    is_own: bool
    counts: bool
    is_hidden: bool
    picks: Mapping[str, Pick]
    is_failure: bool
    note: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Deciding:
    """What a decider finds: the ranking, what follows from it alone, what was decided so far.

    `names` are the units of each bid, `tracks` the titles of the tracks that were judged. `deciders` are the
    names of those who decide now.
    """

    round_id: str
    round_title: str
    state: RoundState
    ranking: Ranking
    names: Mapping[str, tuple[str, ...]]
    tracks: Mapping[str, str]
    proposed: Mapping[str, Pick]
    made: tuple[Made, ...]
    deciders: tuple[str, ...]
    may_decide: bool
    why_not: str


def get(session: Session, actor: Actor, round_id: str) -> Deciding:
    """The decision of a round, for its deciders, the office and who oversees it; NotFound for others and before it."""
    row = held.get(session, round_id)
    mine = parts.of(session, actor, row)
    is_decided = row.state in {RoundState.DECISION, RoundState.PUBLICITY, RoundState.AWARDED} or (
        row.state is RoundState.FAILED and tables.standing(session, row) is not None
    )
    if not is_decided or not mine & READERS:
        raise NotFound("评审得分还没有固定，或您不是本活动的决定人。", code="no_decision")
    if sights.closed_to(session, actor.account_id, round_id):
        raise NotAllowed("您属于本活动的申报单位，应当回避，不能查看决定。", code="own_bid")
    ranking = rankings.of(session, row)
    why_not = _why_not(session, actor, row)
    return Deciding(
        round_id=row.id,
        round_title=row.title,
        state=row.state,
        ranking=ranking,
        names={one.bid: results.names(session, session.get_one(Bid, one.bid)) for one in ranking.standings},
        tracks=_tracks(session, row, ranking),
        proposed=rules.proposed(ranking.standings, ranking.limits),
        made=_made(session, actor, row, ranking, hides=not why_not and row.state is RoundState.DECISION),
        deciders=tuple(sorted(accounts.names(session, _deciders(session, round_id)).values())),
        may_decide=not why_not and row.state is RoundState.DECISION,
        why_not=why_not,
    )


def _tracks(session: Session, row: Round, ranking: Ranking) -> dict[str, str]:
    judged = {one.track for one in ranking.standings}
    return {one.key: one.title for one in notices.current(session, row).tracks if one.key in judged}


def _made(session: Session, actor: Actor, row: Round, ranking: Ranking, *, hides: bool) -> tuple[Made, ...]:
    query = select(RoundDecision).where(RoundDecision.round_id == row.id, col(RoundDecision.void_at).is_(None))
    found = session.exec(query.order_by(col(RoundDecision.made_at))).all()
    names, deciders = accounts.names(session, {one.account_id for one in found}), _deciders(session, row.id)
    hides = hides and all(one.account_id != actor.account_id for one in found)
    return tuple(
        Made(
            name=names.get(one.account_id, "已注销用户"),
            is_own=one.account_id == actor.account_id,
            counts=one.scores_digest == ranking.digest and one.account_id in deciders,
            is_hidden=hides,
            picks={} if hides else rules.of_record(one.record),
            is_failure=not hides and not one.record,
            note="" if hides else one.note,
            made_at=one.made_at,
        )
        for one in found
    )


def decide(
    session: Session,
    actor: Actor,
    round_id: str,
    picks: Mapping[str, Pick],
    *,
    note: str,
    scores_digest: str,
    now: datetime,
    new_id: Callable[[], str],
) -> RoundState:
    """Decide, in place of one's earlier decision; with the second alike the result is made public. Gives the state after it.

    `scores_digest` names the scores that the decider had before it. Invalid by field, Conflict where they changed since.
    """
    row = _held(session, actor, round_id, now=now, new_id=new_id)
    ranking = rankings.of(session, row)
    require_sound(ranking, picks, note=note, scores_digest=scores_digest)
    record = rules.as_record(picks)
    alike = _put(
        session, row, actor, record, digest=rules.digest(record), ranking=ranking, note=note, now=now, new_id=new_id
    )
    known = replace(review.of(session, row), deciders=len(alike))
    answer = MACHINE.allowed(row.state, RoundEvent.ANNOUNCE, Part.DECIDER, now, known)
    if isinstance(answer, Reason) and answer.code == "deciders_missing":
        return row.state
    held.require(answer)
    publishing.announce(session, row, picks, ranking, part=Part.DECIDER, facts=known, now=now, new_id=new_id)
    return row.state


def decide_on_nobody(
    session: Session, actor: Actor, round_id: str, *, note: str, now: datetime, new_id: Callable[[], str]
) -> RoundState:
    """Decide that nobody wins (流榜), with the reasons; with the second alike the round has failed."""
    row = _held(session, actor, round_id, now=now, new_id=new_id)
    ranking = rankings.of(session, row)
    require_reasons(note)
    digest = canonical.digest(dict(NOBODY))
    alike = _put(session, row, actor, dict(NOBODY), digest=digest, ranking=ranking, note=note, now=now, new_id=new_id)
    known = replace(review.of(session, row), deciders=len(alike), has_reason=True)
    answer = MACHINE.allowed(row.state, RoundEvent.FAIL, Part.DECIDER, now, known)
    if isinstance(answer, Reason) and answer.code == "deciders_missing":
        return row.state
    held.require(answer)
    _fail(session, row, known, reason=note.strip(), now=now, new_id=new_id)
    return row.state


def require_sound(ranking: Ranking, picks: Mapping[str, Pick], *, note: str, scores_digest: str) -> None:
    """Raise what stands against a decision: Conflict where the scores changed since, Invalid by field."""
    if ranking.digest != scores_digest:
        raise Conflict("得分有变化，请刷新页面，按现在的排名重新决定。", code="scores_changed")
    wrong = rules.faults(picks, ranking.standings, ranking.limits)
    if not note.strip() or len(note) > MAX_NOTE:
        wrong["note"] = f"请写明集体研究的情况（时间、参加人、结论），不超过 {MAX_NOTE} 个字。"
    if wrong:
        raise Invalid("决定没有提交，请改正标出的地方。", code="decision_wrong", fields=wrong)


def require_reasons(note: str) -> None:
    """Invalid where nobody is to win and nothing says why."""
    if not note.strip() or len(note) > MAX_NOTE:
        told = f"请写明为什么没有申报可以入选，不超过 {MAX_NOTE} 个字；会公布并告知各申报单位。"
        raise Invalid(told, code="decision_wrong", fields={"nobody": told})


def _put(
    session: Session,
    row: Round,
    actor: Actor,
    record: dict[str, Any],
    *,
    digest: str,
    ranking: Ranking,
    note: str,
    now: datetime,
    new_id: Callable[[], str],
) -> set[str]:
    """Put a decision down; gives who of the deciders of now decides like it, on the same scores."""
    query = select(RoundDecision).where(RoundDecision.round_id == row.id, col(RoundDecision.void_at).is_(None))
    for one in session.exec(query).all():
        if one.account_id == actor.account_id:
            one.void_at, one.void_reason = now, "另作决定。"
            session.add(one)
    session.flush()
    session.add(
        RoundDecision(
            id=new_id(),
            round_id=row.id,
            account_id=actor.account_id,
            record=record,
            digest=digest,
            scores_digest=ranking.digest,
            note=note.strip(),
            made_at=now,
        )
    )
    session.flush()
    held.log(session, row, "decided", actor=actor, now=now, decision=digest, scores=ranking.digest)
    deciders = _deciders(session, row.id)
    return {
        one.account_id
        for one in session.exec(query).all()
        if (one.digest, one.scores_digest) == (digest, ranking.digest) and one.account_id in deciders
    }


def _held(session: Session, actor: Actor, round_id: str, *, now: datetime, new_id: Callable[[], str]) -> Round:
    row = held.hold(session, round_id)
    parts.require_inside(session, actor, row)
    if why_not := _why_not(session, actor, row):
        raise NotAllowed(why_not, code="not_a_decider")
    recusals.look_again(session, row, now=now, new_id=new_id)
    if row.state is not RoundState.DECISION:
        raise Conflict("活动不在集体研究阶段，请刷新页面查看最新状态。", code="not_in_decision")
    return row


def _why_not(session: Session, actor: Actor, row: Round) -> str:
    if Part.DECIDER not in parts.of(session, actor, row):
        return "只有指定的决定人可以决定。"
    if sights.closed_to(session, actor.account_id, row.id):
        return "您属于本活动的申报单位，应当回避，不能决定。"
    member = members.find_own(session, actor, row.id)
    if member is not None and member.state in rows.JUDGING:
        return "您参加了评审打分，不能再决定。"
    return ""


def _deciders(session: Session, round_id: str) -> set[str]:
    live = (
        RoundAppointment.round_id == round_id,
        RoundAppointment.post == Post.DECIDER,
        col(RoundAppointment.ended_at).is_(None),
    )
    return set(session.exec(select(RoundAppointment.account_id).where(*live)))


def _fail(
    session: Session, row: Round, known: RoundFacts, *, reason: str, now: datetime, new_id: Callable[[], str]
) -> None:
    held.move(session, row, RoundEvent.FAIL, part=Part.DECIDER, facts=known, now=now)
    row.ended_at, row.end_reason, row.next_check = now, reason, None
    about = BidFacts(round_state=row.state, suspended=row.suspended_at is not None)
    for bid in rows.bids(session, row.id):
        moving.move(session, bid, BidEvent.DENY, part=Part.ROUND, facts=about, now=now)
    session.flush()
    held.log(session, row, "failed", actor=None, now=now, reason=reason)
    publishing.tell_failed(session, row, reason, now=now, new_id=new_id)

"""Making a result public: the publicity is fixed with its end, every bidder gets its own result with the reasons."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, func, select

from marketplace.experts import pool
from marketplace.kernel import calendar, workdays
from marketplace.kernel.calendar import add_workdays, end_of
from marketplace.kernel.chinese_time import BEIJING, ending
from marketplace.rounds import facts, held, telling
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.bidding import moving
from marketplace.rounds.deciding import results
from marketplace.rounds.deciding.rankings import Ranking
from marketplace.rounds.making import notices
from marketplace.rounds.outcome_tables import RoundPublicity
from marketplace.rounds.outcome_words import Outcome
from marketplace.rounds.panels import rows
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules import publicities as rules
from marketplace.rounds.rules.bid_moves import BidFacts
from marketplace.rounds.rules.deciding import Pick
from marketplace.rounds.rules.procedures import UNITS, Stage, Unit
from marketplace.rounds.rules.publicities import Dropped, Entry, Published
from marketplace.rounds.rules.round_facts import RoundFacts
from marketplace.rounds.words import BidEvent, BidState, Part, RoundEvent

EVENTS: Final[Mapping[Outcome, BidEvent]] = {
    Outcome.PROPOSE: BidEvent.PROPOSE,
    Outcome.RESERVE: BidEvent.KEEP_IN_RESERVE,
    Outcome.LEAVE_OUT: BidEvent.LEAVE_OUT,
}


@dataclass(frozen=True, slots=True)
class Publicity:
    """A publicity as everybody reads it."""

    number: int
    record: Mapping[str, Any]
    digest: str
    starts_at: datetime
    ends_at: datetime
    withdrawn_at: datetime | None
    withdraw_reason: str


def announce(
    session: Session,
    row: Round,
    picks: Mapping[str, Pick],
    ranking: Ranking,
    *,
    part: Part,
    facts: RoundFacts,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Make a decision public, for as long as the procedure says; each bidder is told its own result."""
    row.publicity_starts, row.publicity_ends = now, end_for(session, row, now)
    held.move(session, row, RoundEvent.ANNOUNCE, part=part, facts=facts, now=now)
    row.next_check = row.publicity_ends
    session.add(row)
    about = BidFacts(round_state=row.state, suspended=row.suspended_at is not None)
    bids = {one.id: one for one in rows.bids(session, row.id)}
    for bid_id, pick in sorted(picks.items()):
        moving.move(session, bids[bid_id], EVENTS[pick.outcome], part=Part.ROUND, facts=about, now=now)
    entries = tuple(results.entry(session, bids[one.bid], one, picks, ranking) for one in ranking.standings)
    judged = {track: sum(one.track == track for one in entries) for track in {one.track for one in entries}}
    number = _put(session, row, entries, ranking.digest, judged=judged, now=now)
    for entry in entries:
        results.tell(session, row, bids[entry.bid], entry, number, now=now, new_id=new_id)
    tell_published(session, row, number, now=now, new_id=new_id)


def publish_again(
    session: Session,
    row: Round,
    entries: tuple[Entry, ...],
    *,
    dropped: tuple[Dropped, ...],
    note: str,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Make a result public in full once more: a reserve takes a winner's place, or something is corrected.

    The caller has moved the round and its bids.
    """
    before = standing(session, row.id)
    assert before is not None
    judged = {track["key"]: track["judged"] for track in before.record["tracks"]}
    gone = (*(Dropped(one["track"], tuple(one["names"]), one["reason"]) for one in before.record["dropped"]), *dropped)
    number = _put(session, row, entries, before.record["scores"], judged=judged, dropped=gone, note=note, now=now)
    for entry in entries:
        bid = session.get_one(Bid, entry.bid)
        if bid.state in {BidState.PROPOSED, BidState.RESERVE, BidState.NOT_SELECTED}:
            results.tell(session, row, bid, entry, number, now=now, new_id=new_id)
    tell_published(session, row, number, now=now, new_id=new_id)


def end_for(session: Session, row: Round, now: datetime) -> datetime:
    """When a publicity that begins now ends. Conflict where a year's working days are not confirmed.

    Those in which winners confirm have to be known as well: nothing is made public that could not be awarded in time.
    """
    ends = _end(session, _stage(row), now)
    confirming = facts.procedure_of(row).limits["confirm_workdays"].value
    calendar.deadline(ends, confirming, workdays.calendar(session))
    return ends


def standing(session: Session, round_id: str) -> Publicity | None:
    """The publicity that stands, or None."""
    found = [one for one in every(session, round_id) if one.withdrawn_at is None]
    return found[-1] if found else None


def every(session: Session, round_id: str) -> list[Publicity]:
    """Every publicity of a round, oldest first, those withdrawn with the reason."""
    query = select(RoundPublicity).where(RoundPublicity.round_id == round_id).order_by(col(RoundPublicity.number))
    return [
        Publicity(one.number, one.record, one.digest, one.starts_at, one.ends_at, one.withdrawn_at, one.withdraw_reason)
        for one in session.exec(query)
    ]


def entries_of(publicity: Publicity) -> tuple[Entry, ...]:
    """The entries that a publicity shows."""
    return tuple(
        Entry(
            bid=one["bid"],
            code=one["code"],
            track=track["key"],
            names=tuple(one["names"]),
            place=one["place"],
            score=one["score"],
            outcome=Outcome(one["outcome"]),
            order=one["order"],
            reason=one["reason"],
        )
        for track in publicity.record["tracks"]
        for one in track["entries"]
    )


def tell_published(session: Session, row: Round, number: int, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Tell those who follow a round that its result is public."""
    assert row.publicity_ends is not None
    telling.tell(
        session,
        row,
        occasion=f"publicity-{number}",
        account_ids=telling.followers(session, row),
        subject=f"“{row.title}”结果公示",
        text=f"活动“{row.title}”的结果正在公示，到 {ending(row.publicity_ends)} 止。有异议的，请在公示期内实名提出。",
        link=f"/rounds/{row.id}/result",
        now=now,
        new_id=new_id,
    )


def tell_failed(session: Session, row: Round, reason: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Tell bidders and followers that nobody wins."""
    states = (BidState.NOT_AWARDED,)
    telling.tell(
        session,
        row,
        occasion="failed",
        account_ids=telling.followers(session, row) | telling.bidders(session, row.id, states=states),
        subject=f"活动“{row.title}”流榜",
        text=f"活动“{row.title}”经评审没有申报入选，流榜。理由：{reason}",
        now=now,
        new_id=new_id,
    )


def _stage(row: Round) -> Stage:
    return facts.procedure_of(row).stages[-1]


def _end(session: Session, stage: Stage, now: datetime) -> datetime:
    day = now.astimezone(BEIJING).date()
    if stage.unit is Unit.WORKDAYS:
        return end_of(add_workdays(day, stage.length, workdays.calendar(session)))
    return end_of(day.fromordinal(day.toordinal() + stage.length))


def _put(
    session: Session,
    row: Round,
    entries: tuple[Entry, ...],
    scores: str,
    *,
    judged: Mapping[str, int],
    dropped: tuple[Dropped, ...] = (),
    note: str = "",
    now: datetime,
) -> int:
    assert row.publicity_ends is not None
    query = select(func.coalesce(func.max(RoundPublicity.number), 0)).where(RoundPublicity.round_id == row.id)
    number = session.exec(query).one() + 1
    notice, judging = notices.current(session, row), facts.procedure_of(row).judging
    stage, person = _stage(row), notice.objections
    record = rules.as_record(
        Published(
            round_id=row.id,
            title=row.title,
            number=number,
            starts_at=now,
            ends_at=row.publicity_ends,
            length=f"{stage.length} 个{UNITS[stage.unit]}",
            method=judging.method.value,
            entries=entries,
            tracks={one.key: one.title for one in notice.tracks if one.key in judged},
            experts=_experts(session, row) if judging.shows_experts else None,
            shows_scores=judging.shows_scores,
            contact={"name": person.name, "phone": person.phone, "email": person.email},
            note=note,
            scores_digest=scores,
            judged=judged,
            dropped=dropped,
        )
    )
    session.add(
        RoundPublicity(
            round_id=row.id,
            number=number,
            record=record,
            digest=rules.digest(record),
            starts_at=now,
            ends_at=row.publicity_ends,
        )
    )
    session.flush()
    held.log(session, row, "result_published", actor=None, now=now, number=number, digest=rules.digest(record))
    return number


def _experts(session: Session, row: Round) -> tuple[str, ...]:
    judging = [one for one in rows.members(session, row.id) if one.state in rows.JUDGING]
    known = pool.many(session, {one.expert_id for one in judging})
    return tuple(sorted(known[one.expert_id].name for one in judging))

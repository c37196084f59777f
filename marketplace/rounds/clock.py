"""What the clock does to rounds: publishing, sealing, reminding. Each move is found by `next_check` and is one transaction.

A second tick changes nothing, and a missed one changes only the hour: whether a submission came in time is decided by
the hour of its last byte, never by the tick.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from marketplace.kernel import jobs
from marketplace.rounds import facts, held, manifests, schedule, telling
from marketplace.rounds.bidding import endings
from marketplace.rounds.checking import corrections
from marketplace.rounds.deciding import awards
from marketplace.rounds.making import stopping, texts
from marketplace.rounds.panels import recusals
from marketplace.rounds.reviewing import stages
from marketplace.rounds.round_tables import Round, RoundNotice
from marketplace.rounds.rules.machines import Reason
from marketplace.rounds.rules.round_moves import MACHINE
from marketplace.rounds.words import Part, RoundEvent, RoundState


def tick(
    session: Session,
    round_id: str,
    *,
    now: datetime,
    new_id: Callable[[], str],
    under_way: Callable[[datetime], int] = lambda _moment: 0,
) -> RoundState:
    """Do what is due for one round; gives its state after it.

    `under_way` says how many submissions that began before a moment are not written down yet: the round is not sealed
    before they are.
    """
    row = held.hold(session, round_id)
    being_admitted = 0
    if row.state is RoundState.OPEN and row.deadline is not None and now >= row.deadline:
        being_admitted = under_way(row.deadline)
    if row.state is RoundState.SCHEDULED:
        _publish(session, row, now=now, new_id=new_id)
    if row.state is RoundState.OPEN:
        _remind(session, row, now=now, new_id=new_id)
        _seal(session, row, now=now, new_id=new_id, being_admitted=being_admitted)
    if row.state is RoundState.ELIGIBILITY:
        corrections.close_due(session, row, now=now, under_way=under_way)
    if row.state is RoundState.REVIEW and row.suspended_at is None:
        stages.close_when_done(session, row, now=now, new_id=new_id)
    if row.state in {RoundState.CONSENSUS, RoundState.DECISION, RoundState.PUBLICITY}:
        recusals.look_again(session, row, now=now, new_id=new_id)
    if row.state is RoundState.PUBLICITY and row.suspended_at is None:
        awards.award_when_due(session, row, now=now, new_id=new_id)
    if row.state in {RoundState.PUBLICITY, RoundState.AWARDED} and row.suspended_at is None:
        awards.look_after(session, row, now=now, new_id=new_id)
    row.next_check = schedule.next_check(session, row, now=now)
    session.add(row)
    session.flush()
    return row.state


def _publish(session: Session, row: Round, *, now: datetime, new_id: Callable[[], str]) -> None:
    known = facts.of(session, row)
    if isinstance(MACHINE.allowed(row.state, RoundEvent.PUBLISH, Part.CLOCK, now, known), Reason):
        return
    row.published_at, row.published_number = now, row.notice_number
    held.move(session, row, RoundEvent.PUBLISH, part=Part.CLOCK, facts=known, now=now)
    digest = session.get_one(RoundNotice, (row.id, row.notice_number)).digest
    held.log(session, row, "published", actor=None, now=now, number=row.notice_number, digest=digest)
    payload = {"round_id": row.id, "occasion": "published"}
    jobs.put(session, kind=telling.JOB, payload=payload, now=now, new_id=new_id, unique_key=f"round-{row.id}-published")


def _remind(session: Session, row: Round, *, now: datetime, new_id: Callable[[], str]) -> None:
    if row.deadline is None or row.suspended_at is not None or now >= row.deadline:
        return
    passed = [name for name, before in schedule.REMINDERS if now >= row.deadline - before]
    if not passed:
        return
    # Of several that are due at once (the clock stood still meanwhile), the last one alone is said.
    endings.remind(session, row, occasion=f"reminder-{passed[-1]}-{row.notice_number}", now=now, new_id=new_id)


def _seal(session: Session, row: Round, *, now: datetime, new_id: Callable[[], str], being_admitted: int) -> None:
    known = replace(facts.of(session, row), being_admitted=being_admitted)
    if isinstance(MACHINE.allowed(row.state, RoundEvent.SEAL, Part.CLOCK, now, known), Reason):
        return
    drafts = endings.lapse_all(session, row, now=now, new_id=new_id)
    texts.outdate(session, row, part=Part.CLOCK, now=now)
    row.sealed_at = now
    held.move(session, row, RoundEvent.SEAL, part=Part.CLOCK, facts=known, now=now)
    manifest = manifests.freeze(session, row, drafts=drafts, now=now)
    held.log(session, row, "sealed", actor=None, now=now, manifest=manifest.digest, bids=manifest.live)
    if isinstance(MACHINE.allowed(row.state, RoundEvent.FAIL, Part.CLOCK, now, facts.of(session, row)), Reason):
        endings.tell_sealed(session, row, live=manifest.live, now=now, new_id=new_id)
    else:
        stopping.fail(session, row, part=Part.CLOCK, actor=None, now=now, new_id=new_id)

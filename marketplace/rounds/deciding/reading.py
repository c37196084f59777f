"""Reading objections: who files one reads its own, its handlers, supervisors and the office read those of the round.

Nobody else reads an objection, whoever it is about; the public reads numbers alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from marketplace.accounts import accounts, organisations
from marketplace.accounts.actors import Actor
from marketplace.kernel import workdays
from marketplace.kernel.calendar import workdays_between
from marketplace.kernel.chinese_time import BEIJING
from marketplace.kernel.errors import Conflict, NotAllowed, NotFound
from marketplace.rounds import held, parts
from marketplace.rounds.deciding import objections, publishing, results
from marketplace.rounds.outcome_tables import Objection
from marketplace.rounds.outcome_words import ObjectionEvent, ObjectionState
from marketplace.rounds.panels import rows
from marketplace.rounds.reviewing import sights
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules.machines import Reason
from marketplace.rounds.rules.objection_moves import MACHINE, OPEN, UNFULFILLED, ObjectionFacts
from marketplace.rounds.words import Part, RoundState

READERS: Final = (Part.OBJECTIONS, Part.SUPERVISOR, Part.ORGANISER)
ACTING: Final = (Part.OBJECTIONS, Part.SUPERVISOR)
UPHELD: Final = (*UNFULFILLED, ObjectionState.IMPLEMENTED)
_ELSEWHERE: Final = ObjectionEvent.IMPLEMENT
"""What is upheld is brought about for the whole round at once, on a page of its own."""


@dataclass(frozen=True, slots=True)
class Concerned:
    """A bid that an objection may be about, by the names of its units."""

    id: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ObjectionPage:
    """An objection as somebody may read it. `may` maps what the reader could do now to the reason against it or None.

    `choices` are the bids that may be judged again, for those who decide; `people` are the names of who handled it.
    """

    row: Objection
    round_title: str
    issuer: str
    organisation: str
    is_own: bool
    has_papers: bool
    people: Mapping[str, str]
    concerned: tuple[Concerned, ...]
    choices: tuple[Concerned, ...]
    appeal_until: datetime | None
    may: Mapping[ObjectionEvent, Reason | None]

    def name(self, account_id: str | None) -> str:
        """Who did something, by name; "" where nobody did."""
        return "" if account_id is None else self.people.get(account_id, "已注销用户")


@dataclass(frozen=True, slots=True)
class Line:
    """An objection in a list; `due` is until when its handler has to act, None where nothing waits for the handler."""

    id: str
    number: int
    name: str
    organisation: str
    what: str
    state: ObjectionState
    filed_at: datetime
    due: datetime | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """The objections of a round as those who handle or oversee them find them."""

    round_id: str
    round_title: str
    lines: tuple[Line, ...]
    statistics: "Statistics"
    may_handle: bool
    why_not: str
    may_bring_about: bool


@dataclass(frozen=True, slots=True)
class Statistics:
    """What everybody may know of the objections of a round: numbers; days are working days from filing to the answer."""

    filed: int
    refused: int
    upheld: int
    dismissed: int
    withdrawn: int
    is_open: int
    appealed: int
    days: tuple[int, ...]

    @property
    def taken(self) -> int:
        """How many were taken, whatever came of them; one that was withdrawn before is none of them."""
        return self.upheld + self.dismissed


def get(session: Session, actor: Actor, round_id: str, objection_id: str, *, now: datetime) -> ObjectionPage:
    """An objection, for who filed it, the handlers, supervisors and the office; NotFound for everybody else."""
    row = session.get(Objection, objection_id)
    if row is None or row.round_id != round_id:
        raise NotFound(objections.UNKNOWN, code="objection_missing")
    round_row, is_own = held.get(session, round_id), row.filed_by == actor.account_id
    mine = parts.of(session, actor, round_row)
    if not is_own:
        if not mine & set(READERS):
            raise NotFound(objections.UNKNOWN, code="objection_missing")
        _require_apart(session, actor, round_row)
    may = _may(session, actor, round_row, row, mine=mine, now=now)
    decides = any(one in may for one in (ObjectionEvent.UPHOLD, ObjectionEvent.OVERTURN))
    judged = rows.bids(session, round_id) if decides else []
    issuer = organisations.get(session, round_row.organisation_id)
    unit = None if row.organisation_id is None else organisations.get(session, row.organisation_id)
    people = {one for one in (row.handler_id, row.decided_by, row.appeal_decided_by) if one}
    return ObjectionPage(
        row=row,
        round_title=round_row.title,
        issuer=issuer.name,
        organisation="" if unit is None else unit.name,
        is_own=is_own,
        has_papers=is_own or bool(mine & set(ACTING)),
        people=accounts.names(session, people),
        concerned=tuple(Concerned(one.id, results.names(session, one)) for one in objections.bids_of(session, row)),
        choices=tuple(Concerned(one.id, results.names(session, one)) for one in judged),
        appeal_until=_appeal_until(session, row),
        may=may,
    )


def evidence(
    session: Session, actor: Actor, round_id: str, objection_id: str, number: int, *, now: datetime
) -> Mapping[str, str]:
    """A file that an objection brought, by its number from 1, for those who may read it; NotFound where there is none."""
    found = get(session, actor, round_id, objection_id, now=now).row.files
    if not 1 <= number <= len(found):
        raise NotFound("这项异议没有这个附件。", code="file_missing")
    return found[number - 1]


def listed(session: Session, actor: Actor, round_id: str, *, now: datetime) -> Desk:
    """The objections of a round, what is due first; NotFound for all but handlers, supervisors and the office."""
    row = held.get(session, round_id)
    mine = parts.of(session, actor, row)
    found = objections.of_round(session, round_id)
    if not mine & set(READERS) or not publishing.every(session, round_id):
        raise NotFound("结果还没有公示，或您不是本活动的异议受理人。", code="no_objections_here")
    _require_apart(session, actor, row)
    handles = Part.OBJECTIONS in mine
    why_not = "" if handles and not objections.took_part(session, actor, row) else _WHY_NOT[handles]
    units = {one.organisation_id for one in found if one.organisation_id}
    named = {one.id: one.name for one in organisations.many(session, sorted(units))}
    lines = [_line(one, named.get(one.organisation_id or "", ""), now) for one in found]
    return Desk(
        round_id=row.id,
        round_title=row.title,
        lines=tuple(sorted(lines, key=lambda one: (one.due is None, one.due or one.filed_at, one.number))),
        statistics=statistics(session, round_id),
        may_handle=not why_not,
        why_not=why_not,
        may_bring_about=Part.SUPERVISOR in mine and any(one.state in UNFULFILLED for one in found),
    )


def own(session: Session, actor: Actor | None, round_id: str) -> tuple[Objection, ...]:
    """The objections that somebody filed in a round, oldest first."""
    if actor is None:
        return ()
    return tuple(one for one in objections.of_round(session, round_id) if one.filed_by == actor.account_id)


def due_of(row: Objection) -> datetime | None:
    """Until when the handler of an objection has to act, or None."""
    if row.state is ObjectionState.SUBMITTED:
        return row.accept_due
    return row.decide_due if row.state in {ObjectionState.ACCEPTED, ObjectionState.INVESTIGATING} else None


def statistics(session: Session, round_id: str) -> Statistics:
    """The numbers of a round's objections, which everybody may know."""
    found = objections.of_round(session, round_id)
    states = [one.state for one in found]
    # An appeal that is open or changed nothing leaves what was answered first as it is.
    turned_down = [
        one
        for one in found
        if one.state
        in {ObjectionState.REJECTED, ObjectionState.DISMISSED, ObjectionState.ESCALATED, ObjectionState.FINAL}
    ]
    return Statistics(
        filed=len(found),
        refused=sum(one.ground is not None for one in turned_down),
        upheld=sum(one in UPHELD for one in states),
        dismissed=sum(one.ground is None for one in turned_down),
        withdrawn=states.count(ObjectionState.WITHDRAWN),
        is_open=sum(one in OPEN for one in states),
        appealed=sum(one.appealed_at is not None for one in found),
        days=_days(session, found),
    )


_WHY_NOT: Final[Mapping[bool, str]] = {
    True: "您参加过评审、决定或属于申报单位，不能办理异议，请由另一名异议受理人办理。",
    False: "异议由指定的异议受理人办理，您可以查看。",
}
"""Why somebody only looks, by whether it is appointed to handle."""


def _line(row: Objection, organisation: str, now: datetime) -> Line:
    due = due_of(row)
    return Line(
        id=row.id,
        number=row.number,
        name=row.name,
        organisation=organisation,
        what=row.what,
        state=row.state,
        filed_at=row.filed_at,
        due=due,
        is_late=due is not None and now >= due,
    )


def _may(
    session: Session, actor: Actor, round_row: Round, row: Objection, *, mine: frozenset[Part], now: datetime
) -> dict[ObjectionEvent, Reason | None]:
    # What is typed with a move (reasons, a ground, a remedy) is asked for when it is made.
    known = ObjectionFacts(
        has_reason=True,
        has_ground=True,
        has_remedy=True,
        took_part=objections.must_keep_out(session, actor, round_row, row),
        extended=row.extended_at is not None,
        appeal_until=_appeal_until(session, row),
    )
    acting = [one for one in ACTING if one in mine] + ([Part.BIDDER] if row.filed_by == actor.account_id else [])
    found: dict[ObjectionEvent, Reason | None] = {}
    for part in acting:
        found |= MACHINE.possible(row.state, part, now, known)
    if ObjectionEvent.ESCALATE in found and round_row.state is not RoundState.PUBLICITY:
        found[ObjectionEvent.ESCALATE] = Reason("past_publicity", objections.PAST)
    return {event: against for event, against in found.items() if event is not _ELSEWHERE}


def _require_apart(session: Session, actor: Actor, row: Round) -> None:
    if sights.closed_to(session, actor.account_id, row.id):
        message = "您与本活动的申报有利害关系，应当回避，不能查看异议。"
        raise NotAllowed(message, code="own_bid")


def _appeal_until(session: Session, row: Objection) -> datetime | None:
    if row.decided_at is None:
        return None
    try:
        return objections.appeal_until(session, row.decided_at)
    except Conflict:  # the working days of a year are not confirmed: the page is read all the same
        return None


def _days(session: Session, found: Iterable[Objection]) -> tuple[int, ...]:
    calendar = workdays.calendar(session)
    try:
        return tuple(
            workdays_between(
                one.filed_at.astimezone(BEIJING).date(), one.decided_at.astimezone(BEIJING).date(), calendar
            )
            for one in found
            if one.decided_at is not None
        )
    except Conflict:
        return ()

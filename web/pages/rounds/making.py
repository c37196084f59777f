"""What the pages of making a round show: the round as an insider sees it, its draft, what it still lacks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.kernel import workdays
from marketplace.rounds import held, keys, parts, rounds
from marketplace.rounds.keys import KeyState
from marketplace.rounds.making import appointments, notices, texts
from marketplace.rounds.making.texts import TextPage
from marketplace.rounds.round_tables import RoundReview
from marketplace.rounds.rounds import RoundPage
from marketplace.rounds.rules import notice_forms
from marketplace.rounds.rules.notices import Notice
from marketplace.rounds.rules.procedures import UNITS, Procedure
from marketplace.rounds.rules.timetable import Step, as_far_as_known
from marketplace.rounds.words import Part


@dataclass(frozen=True, slots=True)
class Lacks:
    """What a text still lacks: faults by field, in the order of the form; the timetable that it gives."""

    faults: Mapping[str, str]
    computed_deadline: str
    steps: tuple[Step, ...]
    lacking: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A round's text that is being written, with what stands against handing it in."""

    page: RoundPage
    text: TextPage
    may_write: bool
    lacks: Lacks
    people: tuple[str, ...]
    review: RoundReview | None
    key: KeyState

    @property
    def is_addendum(self) -> bool:
        """Whether the text is an addendum to a published notice."""
        return self.text.base_number > 0

    @property
    def open_period(self) -> str:
        """How long bids may come in at the least: 15 个自然日."""
        stage = self.page.procedure.stages[0]
        return f"{stage.length} 个{UNITS[stage.unit]}"


def inside(session: Session, actor: Actor, round_id: str, *, now: datetime) -> RoundPage:
    """A round for those who make or oversee it. Raises NotFound, or NotAllowed where the round itself is public."""
    parts.require_inside(session, actor, held.get(session, round_id))
    return rounds.get(session, actor, round_id, now=now)


def draft(session: Session, actor: Actor, round_id: str, *, now: datetime) -> Draft | None:
    """The text of a round that is being written, or None where none is."""
    page = inside(session, actor, round_id, now=now)
    if texts.find(session, round_id) is None:
        return None
    text = texts.get(session, actor, round_id)
    row = held.get(session, round_id)
    return Draft(
        page=page,
        text=text,
        may_write=Part.ISSUER in page.mine,
        lacks=_lacks(session, page.procedure, text.body, text.faults, text.computed_deadline),
        people=() if text.base_number else tuple(appointments.missing(session, row)),
        review=rounds.approval(session, actor, round_id, now=now).review,
        key=keys.state(session, actor, round_id),
    )


def lacks(session: Session, actor: Actor, round_id: str, given: Mapping[str, str], *, now: datetime) -> Lacks:
    """What a text would lack if the words that are being typed were saved."""
    page = inside(session, actor, round_id, now=now)
    text = texts.get(session, actor, round_id)
    body = {**text.body, **given}
    row = held.get(session, round_id)
    read = notices.read(session, row, body, keeps_publication=text.base_number > 0)
    computed = notices.computed_deadline(session, page.procedure, body)
    return _lacks(session, page.procedure, body, read.faults, computed)


def shown(session: Session, page: RoundPage, text: TextPage | None) -> tuple[Notice | None, tuple[Step, ...]]:
    """The notice that a preview shows with its timetable: the text that is being written, else the one that stands."""
    if text is None:
        return (None if page.notice is None else page.notice.notice), page.steps
    if text.notice is None:
        return None, ()
    steps, _lacking = _steps(session, page.procedure, text.notice.publish_at, text.notice.deadline)
    return text.notice, steps


def _lacks(
    session: Session, procedure: Procedure, body: Mapping[str, str], faults: Mapping[str, str], computed: str
) -> Lacks:
    publish_at = notice_forms.moment(body.get("publish_at", ""))
    deadline = notice_forms.moment(body.get("deadline", "").strip() or computed)
    if publish_at is None:
        return Lacks(faults, computed, (), "")
    steps, lacking = _steps(session, procedure, publish_at, deadline)
    return Lacks(faults, computed, steps, lacking)


def _steps(
    session: Session, procedure: Procedure, publish_at: datetime, deadline: datetime | None
) -> tuple[tuple[Step, ...], str]:
    fixed = deadline if deadline is not None and deadline > publish_at else None
    return as_far_as_known(procedure.stages, publish_at, workdays.calendar(session), deadline=fixed)

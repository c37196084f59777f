"""The public page of a round with everything that it says besides the notice, for whoever asks."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from marketplace.accounts.actors import Actor, acts_for
from marketplace.kernel.errors import NotFound
from marketplace.lists import items
from marketplace.rounds import held, questions, rounds
from marketplace.rounds.deciding import outcomes
from marketplace.rounds.questions import QuestionView
from marketplace.rounds.rounds import RoundPage
from marketplace.rounds.words import RoundState
from web.dependencies import Desk
from web.pages import render
from web.pages.rounds import words


@dataclass(frozen=True, slots=True)
class Pointer:
    """Something that a round points to: the need that it came from, the round before or after it."""

    href: str
    title: str


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A round as its page shows it. `may_bid` is whether the reader's unit can begin a bid in its present seat."""

    page: RoundPage
    questions: tuple[QuestionView, ...]
    may_answer: bool
    need: Pointer | None
    before: Pointer | None
    after: Pointer | None
    may_bid: bool
    has_result: bool
    publicity_ends: datetime | None

    @property
    def takes_bids(self) -> bool:
        """Whether bids can be handed in now, the hour left aside."""
        return self.page.state is RoundState.OPEN and self.page.suspended_at is None

    @property
    def is_inside(self) -> bool:
        """Whether the reader makes or oversees the round."""
        return bool(self.page.mine or self.page.posts)


def gather(session: Session, actor: Actor | None, round_id: str, *, now: datetime) -> PublicPage:
    """A round with what its page needs besides; NotFound as `rounds.get` says."""
    page = rounds.get(session, actor, round_id, now=now)
    is_published = page.card.published_at is not None
    row = held.get(session, round_id)
    return PublicPage(
        page=page,
        questions=tuple(questions.of(session, actor, row)) if is_published else (),
        may_answer=actor is not None and questions.may_answer(actor, row),
        need=_need(session, page.item_id),
        before=_round(session, actor, page.rerun_of, now),
        after=_round(session, actor, page.rerun_as, now),
        may_bid=_may_bid(actor, page),
        has_result=outcomes.exists(session, round_id),
        publicity_ends=row.publicity_ends,
    )


async def shown(
    request: Request, desk: Desk, round_id: str, *, status: int = 200, typed: str = "", at: str = "", wrong: str = ""
) -> HTMLResponse:
    """Show the page. `typed` and `wrong` come back in the form `at`: "question", or "answer-" with a question's id."""
    actor = None if desk.signed_in is None else desk.signed_in.actor
    found = await desk.read(lambda session: gather(session, actor, round_id, now=desk.now))
    return render.page(
        request,
        desk,
        "rounds/show.html",
        status=status,
        found=found,
        page=found.page,
        typed={at: typed},
        errors={at: wrong} if wrong else {},
        states=words.STATES,
        looks=words.LOOKS,
        limits=questions,
    )


def _need(session: Session, item_id: str | None) -> Pointer | None:
    if item_id is None:
        return None
    try:
        return Pointer(f"/items/{item_id}", items.get(session, item_id).card.title)
    except NotFound:
        return None


def _round(session: Session, actor: Actor | None, round_id: str | None, now: datetime) -> Pointer | None:
    if round_id is None:
        return None
    try:
        return Pointer(f"/rounds/{round_id}", rounds.get(session, actor, round_id, now=now).card.title)
    except NotFound:
        return None


def _may_bid(actor: Actor | None, page: RoundPage) -> bool:
    unit_id = None if actor is None else actor.organisation_id
    if actor is None or unit_id is None or unit_id == page.card.organisation_id:
        return False
    return acts_for(actor, unit_id)

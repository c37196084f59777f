"""Noting which matches a page showed, without the page waiting for it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from starlette.background import BackgroundTask, BackgroundTasks

from marketplace.dealings import shown
from marketplace.dealings.shown import Pair, Showing, Unanswered
from marketplace.dealings.words import ShownOn, ShownVerdict
from web.pages.matches.answers import Answer

if TYPE_CHECKING:
    from web.dependencies import Desk

ITEMS: Final = "/items/"
OPCS: Final = "/opcs/"

Placed = tuple[int, Answer]
"""An answer and its place in its ranking, from 1."""


def of_need(desk: "Desk", item_id: str, answers: Sequence[Answer]) -> BackgroundTask:
    """What notes that a need's page showed its suppliers, or that nobody fits, once the page has been sent."""
    found = [
        _showing(desk, (item_id, answer.href.removeprefix(OPCS)), ShownOn.ITEM, place, answer)
        for place, answer in placed(answers)
    ]
    return BackgroundTask(note, desk, found, () if found else (Unanswered(item_id, shown.day_of(desk.now)),))


def of_profile(desk: "Desk", profile_id: str, answers: Sequence[Placed], page: ShownOn) -> BackgroundTask:
    """What notes that a page showed the needs that a profile answers."""
    found = [
        _showing(desk, (answer.href.removeprefix(ITEMS), profile_id), page, place, answer) for place, answer in answers
    ]
    return BackgroundTask(note, desk, found, ())


def of_needs(desk: "Desk", best: Sequence[tuple[str, Answer | None]]) -> BackgroundTask:
    """What notes that a unit's desk showed the best supplier of each of its needs."""
    found = [
        _showing(desk, (item_id, answer.href.removeprefix(OPCS)), ShownOn.DESK, 1, answer)
        for item_id, answer in best
        if answer is not None
    ]
    return BackgroundTask(note, desk, found, ())


def together(*tasks: BackgroundTask) -> BackgroundTasks:
    """Several things to note after one page."""
    return BackgroundTasks(tasks)


def placed(answers: Sequence[Answer]) -> list[Placed]:
    """Answers with their places, where all of a ranking are shown."""
    return list(enumerate(answers, start=1))


async def note(desk: "Desk", found: Sequence[Showing], unanswered: Sequence[Unanswered]) -> None:
    """Count what was shown; staff look by duty and are not counted, as with looks."""
    actor = desk.signed_in.actor if desk.signed_in else None
    if actor is not None and actor.is_staff:
        return
    unit = None if actor is None else actor.organisation_id
    if unit is not None and found:
        pairs = [(one.item_id, one.profile_id) for one in found]
        own = await desk.read(lambda session: shown.of_sides(session, unit, pairs))
        found = [_to_side(one) if (one.item_id, one.profile_id) in own else one for one in found]
    desk.showings.add(found, unanswered)


def _to_side(one: Showing) -> Showing:
    return replace(one, side_times=one.times)


def _showing(desk: "Desk", pair: Pair, page: ShownOn, place: int, answer: Answer) -> Showing:
    return Showing(*pair, page, shown.day_of(desk.now), place, answer.score, ShownVerdict(answer.verdict))

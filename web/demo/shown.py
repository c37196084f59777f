"""Matches that the sample market's visitors have been shown, noted through the verb that pages call."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from sqlmodel import Session

from marketplace.accounts import accounts
from marketplace.dealings import shown
from marketplace.dealings.shown import Showing, Unanswered
from marketplace.dealings.words import ShownOn, ShownVerdict
from marketplace.profiles import profiles
from matching import corpus
from matching.documents import Hit, Ranking, Verdict
from web.installation import Installation

if TYPE_CHECKING:
    from matching.engine import Engine

BEFORE: Final = timedelta(days=35)
"""So long before the demo begins its visitors came: before the sample dealings, so that these can have come of it."""
ON_ITEM: Final = 10
ON_LIST: Final = 50


def write(installation: Installation, *, enterprise_id: str, opc_id: str) -> None:
    """Let everybody have looked at each open need, its unit at its own, and the OPC at what it can win."""
    installation.open_index()
    engine, now = installation.engine, installation.clock()
    day = shown.day_of(now - BEFORE)
    with installation.store.reading() as session:
        found = [*_on_items(session, engine, day, accounts.actor(session, enterprise_id).organisation_id)]
        found += _on_list(session, engine, day, accounts.actor(session, opc_id).organisation_id)
    made = shown.Made(engine.encoder.digest, engine.lexicon.digest, engine.settings.digest)
    showings = [one for one in found if isinstance(one, Showing)]
    with installation.store.writing() as session:
        shown.note(session, made, showings, [one for one in found if isinstance(one, Unanswered)], now=now)
    # The server that comes next finds the index as it stands and need not build it again.
    installation.save_index()


def _on_items(session: Session, engine: "Engine", day: date, unit_id: str | None) -> Iterator[Showing | Unanswered]:
    for need in corpus.needs(session):
        hits = _hits(engine.rank_profiles(need, top=ON_ITEM))
        if not hits:
            yield Unanswered(need.id, day)
        pairs = [(need.id, hit.id) for hit in hits]
        own = shown.of_sides(session, unit_id, pairs) if unit_id else frozenset()
        for place, hit in enumerate(hits, start=1):
            yield _showing((need.id, hit.id), ShownOn.ITEM, day, place, hit, is_own=(need.id, hit.id) in own)


def _on_list(session: Session, engine: "Engine", day: date, unit_id: str | None) -> Iterator[Showing]:
    profile_id = profiles.find(session, unit_id) if unit_id else None
    for record in profiles.documents(session, [profile_id] if profile_id else []):
        hits = _hits(engine.rank_needs(corpus.profile(record), top=ON_LIST))
        for place, hit in enumerate(hits, start=1):
            yield _showing((hit.id, record.id), ShownOn.OPPORTUNITIES, day, place, hit, is_own=True)


def _hits(ranking: Ranking) -> list[Hit]:
    kept = [hit for hit in ranking.hits if hit.verdict is not Verdict.NONE]
    return sorted(kept, key=lambda hit: bool(hit.blockers))


def _showing(pair: shown.Pair, page: ShownOn, day: date, place: int, hit: Hit, *, is_own: bool) -> Showing:
    verdict = ShownVerdict.BLOCKED if hit.blockers else ShownVerdict(hit.verdict.value)
    return Showing(*pair, page, day, place, hit.score, verdict, side_times=int(is_own))

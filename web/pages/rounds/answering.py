"""Which suppliers answer a round by what they can do: those are told when it is published."""

from typing import TYPE_CHECKING, Final

from sqlmodel import Session

from marketplace.lists.views import ItemRecord
from marketplace.profiles import profiles
from marketplace.rounds import held, telling
from marketplace.rounds.making import notices
from marketplace.rounds.rules.notices import Notice, Track
from matching import corpus
from matching.documents import Verdict

if TYPE_CHECKING:
    from matching.engine import Engine

MOST: Final = 30
"""So many suppliers of a track are told at most: who is told of everything reads nothing."""


def people(session: Session, engine: "Engine", round_id: str) -> set[str]:
    """The accounts of the suppliers that fit one of a round's tracks, and against whom no hard condition stands."""
    row = held.get(session, round_id)
    notice = notices.current(session, row)
    fitting: list[str] = []
    for track in notice.tracks:
        ranking = engine.rank_profiles(corpus.need(record(round_id, row.region, notice, track)), top=MOST)
        fitting += [hit.id for hit in ranking.hits if hit.verdict is not Verdict.NONE and not hit.blockers]
    return telling.people_of(session, profiles.owners(session, fitting))


def record(round_id: str, region: str, notice: Notice, track: Track) -> ItemRecord:
    """One track of a round as matching reads a need."""
    return ItemRecord(
        id=round_id,
        title=track.title or notice.title,
        description="\n".join((notice.summary, track.question)),
        requirements=track.indicators,
        list_kind="demand",
        sector=None,
        region=region,
        budget_min=None,
        budget_max=None,
        period_start=None,
        period_end=None,
        duration_months=None,
        issuer=None,
        issuer_type=None,
    )

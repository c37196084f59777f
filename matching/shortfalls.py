"""Why a profile does not score higher for a need, and what it would score if it answered more of it.

Everything here describes one pair; the ranking itself knows nothing of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from matching.analysis import Analysis
from matching.concepts import Kind
from matching.documents import Hit, Need, Profile, Statement
from matching.engine import Engine
from matching.measures import Measure, Outcome, held_against, measures, missed
from matching.text import concepts_of, normalise

NEAR = 0.4
"""From this cosine on a statement with a figure that falls short speaks of the same thing as the requirement."""
_TOLD = frozenset({Kind.OBJECT, Kind.TASK})


@dataclass(frozen=True, slots=True)
class Short:
    """A figure that is asked for and not reached: the statement that gives the nearest one, and both figures."""

    requirement: str
    statement: Statement
    asked: Measure
    given: Measure


@dataclass(frozen=True, slots=True)
class Shortfalls:
    """What a profile does not say of a need: things of its title, figures, and kinds of work that nobody asked for."""

    unnamed: tuple[str, ...]
    short: tuple[Short, ...]
    foreign: tuple[str, ...]


def shortfalls(engine: Engine, need: Need, profile: Profile, open_points: Iterable[str]) -> Shortfalls:
    """Tell what stands between a need and a profile; `open_points` are the requirements without a sound answer."""
    asked, offered = engine.analyser.need(need), engine.analyser.profile(profile)
    return Shortfalls(
        _unnamed(engine, need, offered),
        tuple(each for each in (_short(engine, point, offered.statements) for point in open_points) if each),
        _foreign(engine, asked, offered),
    )


def supposed(engine: Engine, profile: Profile, need_id: str, texts: Sequence[str]) -> Hit | None:
    """Rank a need of the index for a copy of a profile that says some more; None where the need is gone."""
    fuller = replace(profile, notes=(*profile.notes, *texts))
    return alone(engine, fuller, need_id)


def alone(engine: Engine, profile: Profile, need_id: str) -> Hit | None:
    """Rank one need of the index for a profile, also where it stays below the floor."""
    ranking = engine.rank_needs(profile, top=1, allowed=frozenset({need_id}))
    return ranking.hits[0] if ranking.hits else None


def _unnamed(engine: Engine, need: Need, offered: Analysis) -> tuple[str, ...]:
    """Name the objects and tasks of the title, as it words them, that no sentence of the profile names, nor a kind of it."""
    known = set(concepts_of(offered.terms.numbers))
    said = normalise(offered.whole)
    title = normalise(need.title)
    found: list[str] = []
    for mention in engine.lexicon.find(title, around=normalise("\n".join([need.title, need.description]))):
        word = title[mention.start : mention.end]
        is_told = mention.concept in known or word in said
        if not is_told and engine.lexicon.concepts[mention.concept].kind in _TOLD:
            found.append(word)
    longest = [word for word in found if not any(word != other and word in other for other in found)]
    return tuple(dict.fromkeys(longest))


def _short(engine: Engine, requirement: str, statements: Sequence[Statement]) -> Short | None:
    wanted = measures(requirement)
    missing = [each for each in statements if held_against(wanted, measures(each.text)) is Outcome.MISSED]
    if not missing:
        return None
    vectors = engine.encoder.encode([requirement, *(each.text for each in missing)])
    cosines = (vectors[1:] @ vectors[0]).tolist()
    nearest, statement = max(zip(cosines, missing, strict=True), key=lambda pair: pair[0])
    pairs = missed(wanted, measures(statement.text))
    return Short(requirement, statement, *pairs[0]) if nearest >= NEAR and pairs else None


def _foreign(engine: Engine, asked: Analysis, offered: Analysis) -> tuple[str, ...]:
    names = engine.analyser.frames.names
    return tuple(
        name for name, led, wanted in zip(names, offered.kinds, asked.kinds, strict=False) if led and not wanted
    )

"""Teams: small sets of profiles that together answer what no one of them answers alone.

Who answers a requirement is told by asking for it by itself, once bare and once under the need's title: the mean of the two
log-odds has to reach the floor of a match. A statement that merely holds the right figure is no ability to do the work.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from matching import conditions
from matching.documents import Blocker, Evidence, Hit, Need, Team, Verdict
from matching.statements import requirements

if TYPE_CHECKING:
    from matching.engine import Engine

LARGEST = 4
"""Members of a team."""
SHOWN = 5
_LOOKED_AT = 40
"""Profiles asked for the whole need."""
_HELPERS = 8
"""Profiles kept for each requirement asked by itself."""
_CANDIDATES = 24
"""Profiles that teams are made of, so that at most some ten thousand sets are looked at."""
_LIFTED = "team_size"


@dataclass(frozen=True, slots=True)
class Answer:
    """How well somebody answers one requirement, as log-odds, and with which statement."""

    odds: float
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may join: its score for the whole need, whether it may lead, its people, and what it answers, by place."""

    id: str
    score: float
    leads: bool
    people: int | None
    answers: Mapping[int, Answer]


def teams(
    engine: "Engine",
    need: Need,
    *,
    audiences: frozenset[str],
    allowed: frozenset[str] | None = None,
    including: str | None = None,
    most: int = SHOWN,
) -> tuple[Team, ...]:
    """Return the best teams for a need, those that leave least open first, then the smallest.

    Empty where one supplier answers everything alone, where the need names fewer than two requirements, and where nobody may
    lead. `including` keeps only teams with this profile.
    """
    points = requirements(need)
    if len(points) < 2:  # noqa: PLR2004 - one requirement cannot be shared out
        return ()
    asked = replace(need, requirements=points)
    ranking = engine.rank_profiles(asked, top=_LOOKED_AT, audiences=audiences, allowed=allowed)
    hits = [hit for hit in ranking.hits if all(map(_is_liftable, hit.blockers))]
    if any(hit.verdict is not Verdict.NONE and not hit.gaps and not hit.blockers for hit in hits):
        return ()
    candidates = _candidates(engine, asked, hits, audiences, allowed)
    found = _best(candidates, len(points), conditions.least_people(asked), including, most)
    return tuple(_team(points, members) for members in found)


def _is_liftable(blocker: Blocker) -> bool:
    """Tell whether partners could lift what stands against one: too few people, never too many."""
    return blocker.code == _LIFTED and "不少于" in blocker.message


def _candidates(
    engine: "Engine",
    need: Need,
    hits: Sequence[Hit],
    audiences: frozenset[str],
    allowed: frozenset[str] | None,
) -> list[Candidate]:
    """Return who answers at least one requirement, those who may lead first, then by how much they answer."""
    answers: dict[str, dict[int, Answer]] = {}
    for place, point in enumerate(need.requirements):
        for id_, answer in _answers(engine, need, point, audiences, allowed).items():
            answers.setdefault(id_, {})[place] = answer
    floor = engine.settings.calibration.floor
    scores = {hit.id: hit.score for hit in hits}
    others = frozenset(answers.keys() - scores.keys())
    joining = engine.rank_profiles(need, top=max(1, len(others)), audiences=audiences, allowed=others)
    scores |= {hit.id: hit.score for hit in joining.hits if all(map(_is_liftable, hit.blockers))}
    found = [
        Candidate(id_, scores[id_], scores[id_] >= floor, _people(engine, id_), answered)
        for id_, answered in answers.items()
        if id_ in scores
    ]
    found.sort(key=lambda each: (not each.leads, -len(each.answers), -each.score, each.id))
    return _varied(found, len(need.requirements))


def _answers(
    engine: "Engine", need: Need, point: str, audiences: frozenset[str], allowed: frozenset[str] | None
) -> dict[str, Answer]:
    """Return who would be a match for one requirement if it were all that is asked, and the statement that says so."""
    bare, under = Need(need.id, point, audience=need.audience), Need(need.id, point, need.title, audience=need.audience)
    first = [engine.rank_profiles(each, top=_HELPERS, audiences=audiences, allowed=allowed) for each in (bare, under)]
    near = frozenset(hit.id for ranking in first for hit in ranking.hits)
    if not near:
        return {}
    alone, titled = (
        {hit.id: hit for hit in engine.rank_profiles(each, top=len(near), audiences=audiences, allowed=near).hits}
        for each in (bare, under)
    )
    least = _odds(engine.settings.calibration.floor)
    found: dict[str, Answer] = {}
    for id_ in sorted(alone.keys() & titled.keys()):
        hits = (alone[id_], titled[id_])
        odds = (_odds(hits[0].score) + _odds(hits[1].score)) / 2
        proof = next((each for hit in hits for each in hit.evidence if each.requirement == point), None)
        if odds >= least and proof is not None and not any(hit.blockers for hit in hits):
            found[id_] = Answer(odds, proof)
    return found


def _odds(score: float) -> float:
    share = min(max(score, 0.01), 99.99) / 100
    return math.log(share / (1 - share))


def _people(engine: "Engine", id_: str) -> int | None:
    profile = engine.profile(id_)
    return None if profile is None else profile.team_size


def _varied(found: Sequence[Candidate], points: int) -> list[Candidate]:
    """Keep the first of all, but for each requirement at least some who answer it."""
    kept = {each.id for place in range(points) for each in [one for one in found if place in one.answers][:2]}
    rest = [each.id for each in found if each.id not in kept]
    kept.update(rest[: max(0, _CANDIDATES - len(kept))])
    return [each for each in found if each.id in kept]


def _best(
    candidates: Sequence[Candidate], points: int, least_people: int | None, including: str | None, most: int
) -> list[tuple[Candidate, ...]]:
    """Return the sets that leave least open, the smallest first; in each, everybody answers what nobody else does."""
    masks = {each.id: sum(1 << place for place in each.answers) for each in candidates}
    alone = max((mask.bit_count() for mask in masks.values()), default=0)
    found: list[tuple[tuple[int, int, float, tuple[str, ...]], tuple[Candidate, ...]]] = []
    for size in range(2, LARGEST + 1):
        for members in combinations(candidates, size):
            if not any(each.leads for each in members):
                continue
            if including is not None and all(each.id != including for each in members):
                continue
            covered = _covered([masks[each.id] for each in members])
            if covered is None or covered.bit_count() <= alone or _has_too_few(members, least_people):
                continue
            score = -max(each.score for each in members if each.leads)
            found.append(((points - covered.bit_count(), size, score, tuple(each.id for each in members)), members))
    found.sort(key=lambda each: each[0])
    return [members for _, members in found[:most]]


def _covered(masks: Sequence[int]) -> int | None:
    """Return what a set answers together; None where a member answers nothing that the others leave open."""
    every = 0
    for mask in masks:
        every |= mask
    for at in range(len(masks)):
        others = 0
        for other, mask in enumerate(masks):
            others |= mask if other != at else 0
        if others == every:
            return None
    return every


def _has_too_few(members: Sequence[Candidate], least: int | None) -> bool:
    known = [each.people for each in members]
    return least is not None and all(count is not None for count in known) and sum(filter(None, known)) < least


def _team(points: Sequence[str], members: Sequence[Candidate]) -> Team:
    """Share out the requirements: each to whoever answers it best, the leader where equal."""
    ordered = sorted(members, key=lambda each: (not each.leads, -each.score, each.id))
    covers: dict[str, tuple[str, Evidence]] = {}
    for place, point in enumerate(points):
        able = [each for each in ordered if place in each.answers]
        if able:
            best = max(able, key=lambda each: each.answers[place].odds)
            covers[point] = (best.id, best.answers[place].evidence)
    taken = {id_ for id_, _ in covers.values()}
    left = tuple(point for point in points if point not in covers)
    return Team(tuple(each.id for each in ordered if each.id in taken), covers, left)

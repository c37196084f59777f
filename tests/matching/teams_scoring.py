"""`python -m tests.matching.teams_scoring [FOLDER]`: how well teams share out what needs ask for, on judged covers.

An assignment is a requirement with the profile that the first team gives it; a need that one profile answers alone has none.
"""

import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from matching.documents import Need, Team
from matching.engine import Engine
from matching.files import read_needs, read_profiles

FOLDER = Path(__file__).parent / "teams"

Covers = Mapping[tuple[str, int], frozenset[str]]
"""Who answers a requirement of a need, by its place from 1."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How well requirements were shared out, over needs that take a team, and how many needs were told apart.

    `precision` of assignments; `recall`: requirements rightly assigned among those that somebody answers; `teamed`: needs
    that take a team and get one; `left_alone`: needs of one answerer that get none.
    """

    precision: float
    recall: float
    teamed: str
    left_alone: str


def read_covers(folder: Path) -> Covers:
    """Read who answers what."""
    found: dict[tuple[str, int], set[str]] = {}
    for line in (folder / "covers.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        need, place, profile = line.split("\t")
        found.setdefault((need, int(place)), set()).add(profile)
    return {key: frozenset(ids) for key, ids in found.items()}


def answered_alone(need: Need, covers: Covers) -> bool:
    """Whether one profile answers all that anybody answers of a need."""
    told = [covers[need.id, place] for place in range(1, len(need.requirements) + 1) if (need.id, place) in covers]
    return bool(told) and bool(frozenset.intersection(*told))


def score(needs: Sequence[Need], covers: Covers, found: Mapping[str, Sequence[Team]]) -> Figures:
    """Judge the first team of each need."""
    taking = [need for need in needs if not answered_alone(need, covers)]
    alone = [need for need in needs if answered_alone(need, covers)]
    assigned = right = answerable = 0
    for need in taking:
        answerable += sum((need.id, place) in covers for place in range(1, len(need.requirements) + 1))
        for team in found[need.id][:1]:
            assigned += len(team.covers)
            right += sum(_is_right(need, requirement, id_, covers) for requirement, (id_, _) in team.covers.items())
    return Figures(
        precision=right / assigned if assigned else 0.0,
        recall=right / answerable if answerable else 0.0,
        teamed=_of(taking, [need for need in taking if found[need.id]]),
        left_alone=_of(alone, [need for need in alone if not found[need.id]]),
    )


def _is_right(need: Need, requirement: str, id_: str, covers: Covers) -> bool:
    return id_ in covers.get((need.id, need.requirements.index(requirement) + 1), frozenset())


def _of(every: Collection[Need], some: Collection[Need]) -> str:
    return f"{len(some)}/{len(every)}"


def measure(folder: Path, engine: Engine, needs: Iterable[str] | None = None) -> Figures:
    """Put a judged folder into an engine and score the teams of its needs, or of some of them."""
    read, profiles = read_needs(folder / "demands.jsonl"), read_profiles(folder / "capabilities.jsonl")
    engine.apply([*read, *profiles])
    wanted = None if needs is None else frozenset(needs)
    chosen = [need for need in read if wanted is None or need.id in wanted]
    return score(chosen, read_covers(folder), {need.id: engine.teams(need) for need in chosen})


if __name__ == "__main__":
    print(measure(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER, Engine.open(None)))

"""A judged folder, with every need compared with every profile.

It holds `demands*.jsonl`, one or more wordings `capabilities*.jsonl`, and judgements as lines `demand, capability, grade`
with tabs between and a head line; `no_match*.txt` names needs that nobody answers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matching.baseline import bigram_bm25
from matching.calibrate import FEATURES
from matching.concepts import Lexicon
from matching.documents import Need, Profile
from matching.encoder import Encoder
from matching.engine import Engine
from matching.files import read_needs, read_profiles
from matching.frames import Frames
from matching.fusion import Floats
from matching.metrics import FITS
from matching.settings import Settings

Grades = NDArray[np.int64]
Mask = NDArray[np.bool_]


class UnreadableJudgementsError(ValueError):
    """A folder that cannot be judged; the message is for the user."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One wording: `grades` (needs, profiles), `features` (needs, profiles, features), `legs` alone, `shared` counts.

    `main` marks the needs that ranking is judged on, `hopeless` those that nobody answers.
    """

    wording: str
    profiles: tuple[str, ...]
    grades: Grades
    main: Mask
    hopeless: Mask
    features: Floats
    shared: Grades
    words: Floats
    concepts: Floats

    @property
    def fitting(self) -> Mask:
        """Which needs have a profile that fits."""
        return np.asarray((self.grades >= FITS).any(axis=1))

    def turned(self) -> "Judged":
        """Return the same comparisons asked by the profiles: who looks for work among the needs that were judged.

        Judges were asked need by need, so a need that nobody put before them for a profile counts as not fitting it.
        """
        profiles = len(self.profiles)
        return replace(
            self,
            profiles=(),
            grades=self.grades[self.main].T,
            main=np.ones(profiles, dtype=np.bool_),
            hopeless=np.zeros(profiles, dtype=np.bool_),
            features=self.features[self.main].swapaxes(0, 1),
            shared=self.shared[self.main].T,
            words=self.words[self.main].T,
            concepts=self.concepts[self.main].T,
        )

    def without(self, ids: frozenset[str]) -> "Judged":
        """Return the same with some profiles left out."""
        kept = np.array([id_ not in ids for id_ in self.profiles])
        return replace(
            self,
            profiles=tuple(id_ for id_ in self.profiles if id_ not in ids),
            grades=self.grades[:, kept],
            features=self.features[:, kept],
            shared=self.shared[:, kept],
            words=self.words[:, kept],
            concepts=self.concepts[:, kept],
        )


def read(
    folder: Path,
    judgements: Path | None = None,
    *,
    encoder: Encoder | None = None,
    lexicon: Lexicon | None = None,
    settings: Settings | None = None,
    kinds: Frames | None = None,
) -> list[Judged]:
    """Read a folder and compare all pairs, one wording after the other, with the shipped parts unless others are given.

    Raises UnreadableJudgementsError, UnreadableLineError.
    """
    needs = [need for path in sorted(folder.glob("demands*.jsonl")) for need in read_needs(path)]
    wordings = sorted(folder.glob("capabilities*.jsonl"))
    if not needs or not wordings:
        raise UnreadableJudgementsError(f"{folder} 里没有 demands*.jsonl 或 capabilities*.jsonl，无法评测。")
    main = dict(_lines(judgements or folder / "judgements.tsv"))
    further = folder / "judgements_single.tsv"
    graded = main | (dict(_lines(further)) if judgements is None and further.is_file() else {})
    nobody = {id_ for path in folder.glob("no_match*.txt") for id_ in path.read_text(encoding="utf-8").split()}
    judged_needs = {need for need, _ in main}
    masks = (
        np.array([need.id in judged_needs for need in needs]),
        np.array([need.id in nobody for need in needs]),
    )
    found = []
    for path in wordings:
        engine = Engine.open(None, encoder=encoder, lexicon=lexicon, settings=settings, kinds=kinds)
        found.append(_compare(path.stem, (needs, read_profiles(path)), graded, masks, engine))
    return found


def _lines(path: Path) -> Iterator[tuple[tuple[str, str], int]]:
    if not path.is_file():
        raise UnreadableJudgementsError(f"找不到判定文件 {path}。")
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:], start=2):
        parts = line.split("\t")
        if len(parts) != 3 or not parts[2].strip().isdigit():  # noqa: PLR2004 - need, capability, grade
            raise UnreadableJudgementsError(
                f"{path.name} 第 {number} 行应为“需求编号、能力编号、分数”三列，用制表符分开。"
            )
        yield (parts[0], parts[1]), int(parts[2])


def _compare(
    wording: str,
    documents: tuple[Sequence[Need], Sequence[Profile]],
    graded: dict[tuple[str, str], int],
    masks: tuple[Mask, Mask],
    engine: Engine,
) -> Judged:
    needs, profiles = documents
    engine.apply([*needs, *profiles])
    rows = np.array([engine.profiles.row_of[profile.id] for profile in profiles], dtype=np.int64)
    pairs = [engine.ranker.pairs(engine.asker(need), rows) for need in needs]
    return Judged(
        wording=wording,
        profiles=tuple(profile.id for profile in profiles),
        grades=np.array([[graded.get((need.id, profile.id), 0) for profile in profiles] for need in needs]),
        main=masks[0],
        hopeless=masks[1],
        features=np.stack([each.features() for each in pairs]).reshape(len(needs), len(profiles), len(FEATURES)),
        shared=np.stack([each.common.concepts + each.common.words for each in pairs]),
        words=bigram_bm25(needs, profiles),
        concepts=np.stack([each.common.legs[:, 2] for each in pairs]),
    )

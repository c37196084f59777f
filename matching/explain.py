"""The words and concepts that a need and a profile have in common, most telling first."""

from collections.abc import Mapping

import numpy as np

from matching.analysis import OWN, Terms
from matching.fusion import Fusion

MOST = 8


def shared_names(fusion: Fusion, names: Mapping[int, str], one: Terms, other: Terms) -> tuple[str, ...]:
    """Return the names of the terms that both name themselves, the most telling first, equal ones by name.

    `names` says how to call terms; those without a name there (character pairs, broader concepts) are left out, and so is a
    name that stands within one already given.
    """
    common = np.intersect1d(one.numbers[one.halves >= OWN], other.numbers[other.halves >= OWN])
    common = common[[number in names for number in common.tolist()]] if len(common) else common
    worth = fusion.worth(common, np.full(len(common), OWN, dtype=np.uint8)).tolist()
    ranked = sorted(
        zip(worth, (names[number] for number in common.tolist()), strict=True), key=lambda each: (-each[0], each[1])
    )
    chosen: list[str] = []
    for _, name in ranked:
        if not any(name in other or other in name for other in chosen):
            chosen.append(name)
    return tuple(chosen[:MOST])

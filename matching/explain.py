"""The words and concepts that a need and a profile have in common, most telling first."""

from collections.abc import Mapping

import numpy as np

from matching.analysis import OWN
from matching.fusion import Fusion
from matching.text import Numbers

MOST = 8


def shared_names(fusion: Fusion, names: Mapping[int, str], one: Numbers, other: Numbers) -> tuple[str, ...]:
    """Return the names of the terms that both have, the most telling first, equal ones by name.

    `names` says how to call terms; those without a name there (character pairs, broader concepts) are left out.
    """
    common = np.intersect1d(one, other)
    common = common[[number in names for number in common.tolist()]] if len(common) else common
    worth = fusion.worth(common, np.full(len(common), OWN, dtype=np.uint8)).tolist()
    ranked = sorted(
        zip(worth, (names[number] for number in common.tolist()), strict=True), key=lambda each: (-each[0], each[1])
    )
    return tuple(dict.fromkeys(name for _, name in ranked))[:MOST]

"""The words and concepts that a need and a profile have in common, most telling first."""

from collections.abc import Mapping

import numpy as np

from matching.analysis import OWN, Terms
from matching.fusion import Fusion
from matching.text import Numbers

MOST = 8


class Names:
    """How a document at hand calls its terms, and how telling each is.

    Terms without a name (character pairs, broader concepts) are left out of everything.
    """

    def __init__(self, fusion: Fusion, names: Mapping[int, str]) -> None:
        numbers = np.array(list(names), dtype=np.uint32)
        worth = fusion.worth(numbers, np.full(len(numbers), OWN, dtype=np.uint8)).tolist()
        self._ranks = {number: (-value, names[number]) for number, value in zip(names, worth, strict=True)}

    def shared(self, one: Terms, other: Terms) -> tuple[str, ...]:
        """Return the names of the terms that both name themselves, the most telling first, equal ones by name.

        A name that stands within one already given is left out.
        """
        both = np.intersect1d(_own(one), _own(other), assume_unique=True).tolist()
        common = sorted(self._ranks[number] for number in both if number in self._ranks)
        chosen: list[str] = []
        for _, name in common:
            if not any(name in other or other in name for other in chosen):
                chosen.append(name)
        return tuple(chosen[:MOST])


def _own(terms: Terms) -> Numbers:
    return np.asarray(terms.numbers[terms.halves >= OWN])

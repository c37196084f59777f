"""The words and concepts that a need and a profile have in common, most telling first."""

from collections.abc import Sequence

import numpy as np

from matching.analysis import Analyser
from matching.fusion import Fusion
from matching.text import WORDS, concept_number, term_number

MOST = 8


def shared_names(fusion: Fusion, analyser: Analyser, asked: Sequence[str], offered: Sequence[str]) -> tuple[str, ...]:
    """Return the names that both sides' texts use, concepts by their canonical name, the rarest first."""
    common = _names(analyser, asked) & _names(analyser, offered)
    if not common:
        return ()
    terms = np.array(sorted(number for number, _ in common), dtype=np.uint32)
    worth = dict(zip(terms.tolist(), fusion.worth(terms, np.full(len(terms), 2, dtype=np.uint8)).tolist(), strict=True))
    ranked = sorted(common, key=lambda pair: (-worth[pair[0]], pair[1]))
    return tuple(dict.fromkeys(name for _, name in ranked))[:MOST]


def _names(analyser: Analyser, texts: Sequence[str]) -> set[tuple[int, str]]:
    found: set[tuple[int, str]] = set()
    for text in texts:
        reading = analyser.read(text)
        found.update((term_number(word, WORDS), word) for word in reading.words)
        found.update((concept_number(number), analyser.lexicon.concepts[number].name) for number in reading.concepts)
    return found

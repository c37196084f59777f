"""Kinds of work: who teaches a thing, builds it, sells or hires out devices for it is not who makes software of it.

A need names the kinds it wants anywhere in its text; a profile shows its kinds where it says what it is: most in its headline,
then in its first words and its skills. The words for each kind stand in `kinds.toml`.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matching.concepts import Concept, Lexicon, read
from matching.documents import Profile
from matching.text import normalise

FILE = Path(__file__).with_name("kinds.toml")
WIDTH = 16
"""Kinds that an index keeps room for."""
_LEAD = 50
"""Characters of the description that still count as its lead."""
_MOST = 255

Kinds = NDArray[np.uint8]
"""How often each kind is named, or whether it is: (kinds), filled up to `WIDTH`."""


class Frames:
    """Reads which kinds of work a text names; `digest` tells one set of kinds from another."""

    def __init__(self, kinds: Sequence[Concept]) -> None:
        if len(kinds) > WIDTH:
            raise ValueError(f"at most {WIDTH} kinds of work are kept")
        self._kinds = Lexicon(kinds)
        self.digest = self._kinds.digest

    @property
    def names(self) -> tuple[str, ...]:
        """What the kinds are called."""
        return tuple(concept.name for concept in self._kinds.concepts)

    def wanted(self, text: str) -> Kinds:
        """Return which kinds the text of a need names, 0 or 1 each."""
        return np.minimum(self._counts(text), 1)

    def led(self, profile: Profile) -> Kinds:
        """Return how strongly a profile leads with each kind: mentions in its headline count twice over, those in its lead and skills once."""
        lead = f"{profile.headline}。{profile.description[:_LEAD]}"
        counts = [self._counts(text) for text in (profile.headline, profile.headline, lead, "\n".join(profile.skills))]
        return np.minimum(np.sum(counts, axis=0, dtype=np.int64), _MOST).astype(np.uint8)

    def _counts(self, text: str) -> Kinds:
        found = [mention.concept for mention in self._kinds.find(normalise(text))]
        return np.minimum(np.bincount(np.array(found, dtype=np.int64), minlength=WIDTH), _MOST).astype(np.uint8)


def foreign(wanted: Kinds, led: Kinds, most: int) -> NDArray[np.float64]:
    """Return how far a profile leads with kinds that a need does not name, 0 to 1 at `most` mentions; either may be rows."""
    if not most:
        return np.zeros(np.broadcast_shapes(wanted.shape, led.shape)[:-1])
    mentions = np.where(wanted > 0, 0, led).sum(axis=-1, dtype=np.float64)
    return np.asarray(np.minimum(mentions, most) / most)


def without(kind: str, file: Path = FILE) -> Frames:
    """Read the kinds of a file but one, for trials."""
    return Frames([concept for concept in read(file) if concept.name != kind])


@cache
def load(file: Path = FILE) -> Frames:
    """Read the kinds of a file."""
    return Frames(read(file))

"""Kinds of work: who teaches a thing, builds it, hires out people or things for it is not who makes software of it.

A need names the kinds it wants anywhere in its text; a profile shows its kind where it leads: headline and first sentence.
"""

from collections.abc import Sequence

from matching.concepts import Lexicon
from matching.text import normalise

_LEAD = 50
"""Characters of the description that still count as its lead."""


class Frames:
    """Reads which kinds of work a text names, as bits."""

    def __init__(self, lexicon: Lexicon, kinds: Sequence[str]) -> None:
        wanted = {normalise(kind): bit for bit, kind in enumerate(kinds)}
        self._lexicon = lexicon
        self._bits = {
            number: 1 << wanted[normalise(concept.name)]
            for number, concept in enumerate(lexicon.concepts)
            if normalise(concept.name) in wanted
        }

    def kinds(self, text: str) -> int:
        """Return the kinds a text names, one bit each."""
        found = 0
        for mention in self._lexicon.find(normalise(text)):
            found |= self._bits.get(mention.concept, 0)
        return found


def lead(headline: str, description: str) -> str:
    """Return the part of a profile that says what it is."""
    return f"{headline}。{description[:_LEAD]}"

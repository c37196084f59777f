"""The words of the lexicon that a text about somebody's specialities names: proposed, for the person to tick."""

from typing import TYPE_CHECKING

from marketplace.experts.rules.entry_forms import MAX_SPECIALITIES, MOST_TERMS
from matching.text import normalise

if TYPE_CHECKING:
    from matching.concepts import Lexicon


def terms(lexicon: "Lexicon", text: str) -> tuple[str, ...]:
    """The concepts that a text names, each once, in the order of the text."""
    mentions = sorted(lexicon.find(normalise(text[:MAX_SPECIALITIES])), key=lambda one: (one.start, one.end))
    return tuple(dict.fromkeys(lexicon.concepts[one.concept].name for one in mentions))[:MOST_TERMS]

"""Concepts as the pages show them: a line of a search, and one with what stands around it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from matching.concepts import Concept, Lexicon
    from web.market_index import MarketIndex

MOST: Final = 60
"""So many concepts a search shows."""


@dataclass(frozen=True, slots=True)
class Line:
    """One concept in a list."""

    name: str
    kind: str
    gloss: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConceptPage:
    """One concept with its parents and children, and how many open needs and listed OPCs name it now."""

    concept: "Concept"
    parents: tuple[str, ...]
    children: tuple[str, ...]
    needs: int
    profiles: int


def line(lexicon: "Lexicon", number: int) -> Line:
    """One concept as a line."""
    concept = lexicon.concepts[number]
    return Line(concept.name, concept.kind.value, concept.gloss, concept.names[1:])


def search(lexicon: "Lexicon", words: str) -> tuple[Line, ...]:
    """The concepts that have a name, or a part of one, best first: the name itself, its beginning, anywhere."""
    from matching.text import normalise

    sought = normalise(words)
    found = []
    for number, concept in enumerate(lexicon.concepts):
        names = [normalise(name) for name in concept.names]
        hits = [(name != sought, not name.startswith(sought), len(name)) for name in names if sought in name]
        if hits:
            found.append((min(hits), number))
    return tuple(line(lexicon, number) for _, number in sorted(found)[:MOST])


def page(index: "MarketIndex", number: int) -> ConceptPage:
    """One concept with what stands around it."""
    from matching import naming
    from matching.text import normalise

    lexicon = index.laid.lexicon
    concept = lexicon.concepts[number]
    own = normalise(concept.name)
    below = (one.name for one in lexicon.concepts if own in map(normalise, one.parents))
    engine = index.engine
    # The engine may just have changed over: then its numbers are those of another lexicon.
    needs, profiles = naming.count(engine, number) if engine.lexicon is lexicon else (0, 0)
    return ConceptPage(concept, concept.parents, tuple(below), needs, profiles)

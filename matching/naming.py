"""Which documents of the index name a concept, and what a change of it would do to them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.analysis import OWN
from matching.concepts import Concept, Lexicon, Mention
from matching.engine import EVERYBODY, Engine
from matching.shelf import Shelf
from matching.text import concept_number, normalise

AROUND = 24
"""So many characters of a text are shown on each side of a name."""
EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Passage:
    """Where a name stands: the text before it, the name as it is written, the text after it."""

    before: str
    name: str
    after: str


@dataclass(frozen=True, slots=True)
class Example:
    """One document that a change touches, with the place; `is_need` tells a need from a supplier."""

    id: str
    is_need: bool
    title: str
    passage: Passage


@dataclass(frozen=True, slots=True)
class Side:
    """How many documents of one side name a concept now, how many would, and how many would come to it and leave it."""

    now: int
    then: int
    gained: int
    lost: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change of a concept would do to everything that is published, with a few examples of either kind."""

    needs: Side
    profiles: Side
    gained: tuple[Example, ...]
    lost: tuple[Example, ...]


def count(engine: Engine, number: int) -> tuple[int, int]:
    """Return how many open needs and how many listed profiles name a concept of the engine's lexicon themselves."""
    with engine.still():
        return _count(engine.needs, number), _count(engine.profiles, number)


def _count(shelf: Shelf, number: int) -> int:
    rows = np.flatnonzero(shelf.visible(EVERYBODY, None)).astype(np.int64)
    values, owners = shelf.terms.gather(rows)
    halves, _ = shelf.halves.gather(rows)
    return len(np.unique(owners[(values == concept_number(number)) & (halves >= OWN)]))


def effect(engine: Engine, before: Concept | None, after: Concept | None) -> Effect:
    """Return what changing a concept would do; None stands for a concept that is not there."""
    old, new = (Lexicon([one] if one is not None else []) for one in (before, after))
    needs, profiles = (_Tally(shelf, old, new) for shelf in (engine.needs, engine.profiles))
    for tally in (needs, profiles):
        with engine.still():
            rows = np.flatnonzero(tally.shelf.visible(EVERYBODY, None)).tolist()
        # What a row holds never changes, so that a market on the move is not held up while it is read.
        tally.read(rows)

    def examples(pick: Callable[[_Tally], list[int]], lexicon: Lexicon) -> tuple[Example, ...]:
        found = (
            _example(tally.shelf, row, lexicon, is_need=tally is needs)
            for tally in (needs, profiles)
            for row in pick(tally)[:EXAMPLES]
        )
        return tuple(found)[:EXAMPLES]

    return Effect(needs.side, profiles.side, examples(lambda one: one.gained, new), examples(lambda one: one.lost, old))


class _Tally:
    """Reads the texts of one shelf with the concept as it is and as it would be."""

    def __init__(self, shelf: Shelf, old: Lexicon, new: Lexicon) -> None:
        self.shelf = shelf
        self._old, self._new = old, new
        self._names = sorted({name.encode() for lexicon in (old, new) for name in lexicon.names()})
        self._now = self._then = 0
        self.gained: list[int] = []
        self.lost: list[int] = []

    def read(self, rows: list[int]) -> None:
        """Read rows, in order."""
        for row in rows:
            text = self.shelf.texts.row(row).tobytes()
            if any(name in text for name in self._names):
                self._note(row, text.decode())

    def _note(self, row: int, text: str) -> None:
        is_now, is_then = bool(self._old.find(text)), bool(self._new.find(text))
        self._now += is_now
        self._then += is_then
        if is_then and not is_now:
            self.gained.append(row)
        if is_now and not is_then:
            self.lost.append(row)

    @property
    def side(self) -> Side:
        """What was counted."""
        return Side(self._now, self._then, len(self.gained), len(self.lost))


def _example(shelf: Shelf, row: int, lexicon: Lexicon, *, is_need: bool) -> Example:
    record = shelf.source(row)["document"]
    whole = shelf.texts.row(row).tobytes().decode()
    title = record["title"] if is_need else (record["name"] or record["headline"])
    return Example(record["id"], is_need, title, _passage(record, whole, lexicon))


def _passage(record: dict[str, Any], whole: str, lexicon: Lexicon) -> Passage:
    for text in _texts(record):
        mentions = lexicon.find(normalise(text), around=whole)
        if mentions:
            # Where normal form has another length, its own letters are shown.
            return passage(text if len(normalise(text)) == len(text) else normalise(text), mentions[0])
    return passage(whole, lexicon.find(whole)[0])


def _texts(record: dict[str, Any]) -> Iterator[str]:
    for name in ("title", "headline", "description", "requirements", "skills", "offers", "cases", "sectors", "notes"):
        value = record.get(name) or ()
        yield from [value] if isinstance(value, str) else value


def passage(text: str, mention: Mention) -> Passage:
    """Return a mention with a little of the text around it."""
    start, end = max(0, mention.start - AROUND), mention.end + AROUND
    before, after = text[start : mention.start], text[mention.end : end]
    return Passage(
        ("…" if start else "") + before, text[mention.start : mention.end], after + ("…" if end < len(text) else "")
    )


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text that was read, and the numbers of the concepts that are named in it, none where it names none."""

    text: str
    concepts: tuple[int, ...] = ()


def pieces(lexicon: Lexicon, text: str) -> list[Piece]:
    """Cut a text, in normal form, into what names concepts and what stands between; names that overlap are one piece."""
    normal = normalise(text)
    found: list[Piece] = []
    done = 0
    for start, end, concepts in _spans(lexicon.find(normal)):
        if start > done:
            found.append(Piece(normal[done:start]))
        found.append(Piece(normal[start:end], concepts))
        done = end
    return [*found, Piece(normal[done:])] if done < len(normal) else found


def _spans(mentions: list[Mention]) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    start = end = 0
    concepts: dict[int, None] = {}
    for one in sorted(mentions, key=lambda each: (each.start, -each.end, each.concept)):
        if concepts and one.start >= end:
            yield start, end, tuple(concepts)
            concepts = {}
        if not concepts:
            start, end = one.start, one.end
        end = max(end, one.end)
        concepts[one.concept] = None
    if concepts:
        yield start, end, tuple(concepts)

"""Find the same need listed twice among items, or between new items and known ones.

Whether a pair is looked at depends on the two items alone, never on what else there is: so the same pairs come out in any
order, and looking at new items alone finds what looking at all would find of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ingest.fields import Draft
from matching import encoder as encoders
from matching.encoder import Encoder
from matching.pace import Pause
from matching.repeats import reasons, weighing
from matching.repeats.shelf import Shelf
from matching.repeats.weighing import Weights


@dataclass(frozen=True, slots=True)
class Repeat:
    """Two items that likely state the same need: their keys (a < b), how sure (0 to 1) and why, in Chinese."""

    a: str
    b: str
    score: float
    reason: str


def within(items: Mapping[str, Draft], *, encoder: Encoder | None = None) -> list[Repeat]:
    """Likely repeats among items by key (each unordered pair once, best first)."""
    return against(items, {}, encoder=encoder)


def against(
    new: Mapping[str, Draft], known: Mapping[str, Draft], *, encoder: Encoder | None = None, pause: Pause | None = None
) -> list[Repeat]:
    """Likely repeats between new items and known ones and among the new ones.

    Pairs of `known` items are not looked at. `pause` is called between steps of a fraction of a second. Raises
    ValueError where a key is in both.
    """
    if twice := new.keys() & known.keys():
        raise ValueError(f"keys of both new and known items: {sorted(twice)}")
    shelf = Shelf({**new, **known}, encoder or encoders.load(), pause)
    weights = weighing.load()
    found = [
        repeat
        for one, other in shelf.promising(sorted(new), weights)
        if (repeat := _repeat(shelf, (one, other), weights)) is not None
    ]
    return sorted(found, key=lambda repeat: (-repeat.score, repeat.a, repeat.b))


def _repeat(shelf: Shelf, pair: tuple[str, str], weights: Weights) -> Repeat | None:
    """The repeat that a pair is, if it is one."""
    one, other = shelf.marks(pair[0]), shelf.marks(pair[1])
    evidence = shelf.evidence(*pair)
    score = weighing.score(one, other, evidence, weights)
    return Repeat(*pair, score, reasons.of(one, other, evidence)) if score >= weights.threshold else None

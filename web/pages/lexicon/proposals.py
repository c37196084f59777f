"""A proposal weighed: what would be wrong with the lexicon, and what would change in the market."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlmodel import Session

from marketplace.kernel.text import folded
from marketplace.lexicon import reading
from marketplace.lexicon.rules.contents import Content
from marketplace.lexicon.views import EntryView, Standing
from marketplace.lexicon.words import Act

if TYPE_CHECKING:
    from matching.concepts import Concept
    from matching.naming import Effect
    from web.market_index import MarketIndex

WRITTEN = ""
"""The id of an entry that is only being written."""


class Life(StrEnum):
    """How far an approved entry has come: nothing is approved, it waits for the new index, it is used, it was left out."""

    NONE = "none"
    COMING = "coming"
    ALIVE = "alive"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the checker found, and, where it found nothing, what would change."""

    faults: tuple[str, ...]
    effect: "Effect | None"


def weigh(index: "MarketIndex", standing: Sequence[Standing], wanted: Sequence[Standing], concept: str) -> Weighed:
    """Weigh what would be in force against what is; `concept` is the one that it is about."""
    from matching import corpus, layered, naming

    wrong = faults(index, standing, wanted)
    if wrong:
        return Weighed(wrong, None)
    given = ([corpus.amendment(one) for one in some] for some in (standing, wanted))
    old, new = (_called(layered.changed(index.shipped, some), concept) for some in given)
    return Weighed((), naming.effect(index.engine, old, new))


def faults(index: "MarketIndex", standing: Sequence[Standing], wanted: Sequence[Standing]) -> tuple[str, ...]:
    """What the checker finds in the whole of the lexicon, names that would be cut into pieces among it."""
    from matching import corpus, layered

    before, after = ([corpus.amendment(one) for one in some] for some in (standing, wanted))
    return tuple(layered.faults(index.shipped, before, after))


def life(index: "MarketIndex", one: EntryView) -> Life:
    """Whether what is in force of an entry is in the lexicon that answers now."""
    if one.in_force is None:
        return Life.NONE
    key, laid = (one.id, one.in_force.number), index.laid
    if any(refused.amendment.key == key for refused in laid.refused):
        return Life.LEFT_OUT
    return Life.ALIVE if key in laid.keys else Life.COMING


def wanted_with(standing: Sequence[Standing], entry_id: str, content: Content) -> tuple[Standing, ...]:
    """What would be in force with a content in the place of an entry's version, or added."""
    fresh = Standing(entry_id, 0, content)
    if any(one.entry_id == entry_id for one in standing):
        return tuple(fresh if one.entry_id == entry_id else one for one in standing)
    # New concepts are laid first, as `reading.standing` orders them.
    return tuple(sorted((*standing, fresh), key=lambda one: one.content.act is not Act.NEW))


def wanted_without(standing: Sequence[Standing], entry_id: str) -> tuple[Standing, ...]:
    """What would be in force without an entry."""
    return tuple(one for one in standing if one.entry_id != entry_id)


def check(index: "MarketIndex", session: Session) -> Callable[[Sequence[Standing]], list[str]]:
    """The quick checks for a verb: what would be wrong that is not wrong now."""
    from matching import corpus, layered

    before = [corpus.amendment(one) for one in reading.standing(session)]

    def quick(wanted: Sequence[Standing]) -> list[str]:
        after = [corpus.amendment(one) for one in wanted]
        return layered.faults(index.shipped, before, after, whole=False)

    return quick


def _called(concepts: "Sequence[Concept]", name: str) -> "Concept | None":
    return next((one for one in concepts if folded(one.name) == folded(name)), None)

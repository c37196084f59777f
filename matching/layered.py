"""Entries of operators laid over the shipped lexicon, and what would be wrong with the whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from matching.concepts import Concept, Kind, Lexicon, check, cut_up
from matching.text import normalise


@dataclass(frozen=True, slots=True)
class Amendment:
    """One approved entry: a concept of its own, or what it adds to and takes from the concept of a name.

    `key` tells which entry in which version it is. `removed` are names to take away; `context` is as in `Concept`.
    """

    key: tuple[str, int]
    is_new: bool
    concept: str
    names: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    kind: Kind = Kind.OBJECT
    gloss: str = ""
    parents: tuple[str, ...] = ()
    lookalikes: tuple[str, ...] = ()
    context: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """An amendment that the lexicon could not take: an entry that was sound once and clashes with newer files."""

    amendment: Amendment
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Laid:
    """The lexicon with entries in it; `keys` are all that were given, also those that were refused."""

    lexicon: Lexicon
    keys: frozenset[tuple[str, int]]
    refused: tuple[Refused, ...] = ()


def lay(shipped: Lexicon, amendments: Sequence[Amendment]) -> Laid:
    """Lay amendments over the shipped lexicon, in their order; one that would make it unsound is left out and named."""
    keys = frozenset(one.key for one in amendments)
    if not amendments:
        return Laid(shipped, keys)
    concepts, faults = _applied(shipped.concepts, amendments)
    if not faults and not _fresh(check(concepts), check(shipped.concepts)):
        return Laid(Lexicon(concepts), keys)
    return _one_by_one(shipped, amendments, keys)


def _one_by_one(shipped: Lexicon, amendments: Sequence[Amendment], keys: frozenset[tuple[str, int]]) -> Laid:
    concepts, known, refused = list(shipped.concepts), check(shipped.concepts), []
    for one in amendments:
        tried, faults = _applied(concepts, [one])
        faults = faults or _fresh(check(tried), known)
        if faults:
            refused.append(Refused(one, tuple(faults)))
        else:
            concepts = tried
    return Laid(Lexicon(concepts), keys, tuple(refused))


def faults(
    shipped: Lexicon, standing: Sequence[Amendment], wanted: Sequence[Amendment], *, whole: bool = True
) -> list[str]:
    """Return what would be wrong with the lexicon under `wanted` that is not wrong under `standing`, a sentence a fault.

    With `whole` also every name that would not stay one word is named, which takes some tenths of a second.
    """
    before, known = _applied(shipped.concepts, standing)
    after, found = _applied(shipped.concepts, wanted)
    fresh = _fresh([*found, *check(after)], [*known, *check(before)])
    if fresh or not whole:
        return fresh
    spoken = {normalise(name) for concept in before for name in concept.names}
    names = [name for concept in after for name in concept.names if normalise(name) not in spoken]
    return cut_up(Lexicon(after), names) if names else []


def changed(shipped: Lexicon, amendments: Sequence[Amendment]) -> tuple[Concept, ...]:
    """Return the concepts as they stand under amendments, whether or not the whole is sound."""
    return tuple(_applied(shipped.concepts, amendments)[0])


def _fresh(found: Iterable[str], known: Iterable[str]) -> list[str]:
    old = frozenset(known)
    return [fault for fault in dict.fromkeys(found) if fault not in old]


def _applied(shipped: Sequence[Concept], amendments: Sequence[Amendment]) -> tuple[list[Concept], list[str]]:
    concepts = list(shipped)
    places = {normalise(concept.name): at for at, concept in enumerate(concepts)}
    wrong: list[str] = []
    for one in amendments:
        at = places.get(normalise(one.concept))
        if one.is_new and at is None:
            places[normalise(one.concept)] = len(concepts)
            concepts.append(_concept(one))
        elif one.is_new:
            wrong.append(f"概念“{one.concept}”已经存在，请改为修改这个概念")
        elif at is None:
            wrong.append(f"没有概念“{one.concept}”")
        else:
            wrong += _unfit(concepts[at], one)
            concepts[at] = _amended(concepts[at], one)
    return concepts, wrong


def _unfit(concept: Concept, one: Amendment) -> list[str]:
    known = {normalise(name) for name in concept.names}
    wrong = [f"“{concept.name}”没有名称“{name}”，无法删去" for name in one.removed if normalise(name) not in known]
    if normalise(concept.name) in map(normalise, one.removed):
        wrong.append(f"“{concept.name}”是主名称，不能删去")
    return wrong + [f"“{concept.name}”已有名称“{name}”" for name in one.names if normalise(name) in known]


def _concept(one: Amendment) -> Concept:
    return Concept(one.names, one.kind, one.gloss, one.parents, one.lookalikes, dict(one.context))


def _amended(concept: Concept, one: Amendment) -> Concept:
    gone = {normalise(name) for name in one.removed}
    names = tuple(name for name in concept.names if normalise(name) not in gone or name == concept.name)
    kept = {name: words for name, words in concept.context.items() if normalise(name) not in gone}
    return replace(
        concept,
        names=tuple(dict.fromkeys([*names, *one.names])),
        lookalikes=tuple(dict.fromkeys([*concept.lookalikes, *one.lookalikes])),
        context=kept | dict(one.context),
    )

"""The lexicon: what needs are about and what suppliers do, each concept with its names, kind, parents and look-alikes."""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from matching.text import Segmenter, normalise

FOLDER = Path(__file__).parent / "lexicon"
_LATIN = re.compile(r"[a-z0-9]")
_SHORTEST = 2


class Kind(StrEnum):
    """What part a concept plays in a sentence about work."""

    OBJECT = "object"
    TASK = "task"
    METHOD = "method"
    DELIVERABLE = "deliverable"
    SETTING = "setting"
    SECTOR = "sector"


@dataclass(frozen=True, slots=True)
class Concept:
    """One concept; the first of `names` is the one shown. `context`: name → words of which one must stand in the text."""

    names: tuple[str, ...]
    kind: Kind
    gloss: str = ""
    parents: tuple[str, ...] = ()
    lookalikes: tuple[str, ...] = ()
    context: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The canonical name."""
        return self.names[0]


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept found in a normalised text, by its number in the lexicon."""

    concept: int
    start: int
    end: int


class Lexicon:
    """Finds concepts in text: longest name first, Latin names as whole words, look-alikes passed over."""

    def __init__(self, concepts: Sequence[Concept]) -> None:
        self.concepts = tuple(concepts)
        self.digest = _digest(self.concepts)
        self._number = {normalise(concept.name): number for number, concept in enumerate(self.concepts)}
        self.ancestors = [self._ancestors(number) for number in range(len(self.concepts))]
        self._names: dict[str, list[tuple[int, bool]]] = {}
        self._context: dict[tuple[int, str], tuple[str, ...]] = {}
        for number, concept in enumerate(self.concepts):
            self._add(number, concept)
        self._lengths = _lengths(self._names)

    @cached_property
    def segmenter(self) -> Segmenter:
        """Cuts text into words, the lexicon's own among them; made once, since thousands of names take a while."""
        return Segmenter(self.names())

    def __len__(self) -> int:
        return len(self.concepts)

    def _add(self, number: int, concept: Concept) -> None:
        for name in concept.names:
            self._names.setdefault(normalise(name), []).append((number, True))
        for name in concept.lookalikes:
            self._names.setdefault(normalise(name), []).append((number, False))
        for name, words in concept.context.items():
            self._context[number, normalise(name)] = tuple(normalise(word) for word in words)

    def _ancestors(self, number: int) -> tuple[int, ...]:
        found: dict[int, None] = {}
        waiting = [number]
        while waiting:
            for parent in self.concepts[waiting.pop()].parents:
                above = self._number.get(normalise(parent))
                if above is not None and above not in found and above != number:
                    found[above] = None
                    waiting.append(above)
        return tuple(found)

    def number_of(self, name: str) -> int | None:
        """Return the number of the concept whose first name this is, or None."""
        return self._number.get(normalise(name))

    def named(self, name: str) -> list[int]:
        """Return the numbers of the concepts that have a name."""
        return [number for number, real in self._names.get(normalise(name), ()) if real]

    def names(self) -> Iterator[str]:
        """Yield every name in normal form, for the segmenter's dictionary."""
        for name, uses in self._names.items():
            if any(real for _, real in uses):
                yield name

    def find(self, normal: str, *, around: str | None = None) -> list[Mention]:
        """Return the concepts named in a normalised text, by position; `around` is the text that context words may stand in.

        Names inside a longer name count too unless the longer one is a look-alike of theirs.
        """
        around = normal if around is None else around
        mentions: list[Mention] = []
        barred: dict[int, int] = {}
        for start in range(len(normal) - 1):
            for length in self._lengths.get(normal[start : start + 2], ()):
                name = normal[start : start + length]
                uses = self._names.get(name)
                if uses and len(name) == length and _is_whole(normal, start, start + length):
                    mentions += self._read(uses, name, start, barred, around)
        return mentions

    def _read(
        self, uses: list[tuple[int, bool]], name: str, start: int, barred: dict[int, int], around: str
    ) -> Iterator[Mention]:
        end = start + len(name)
        for number, real in uses:
            if end <= barred.get(number, 0):
                continue
            barred[number] = end
            words = self._context.get((number, name))
            if real and (words is None or any(word in around for word in words)):
                yield Mention(number, start, end)


def _is_whole(text: str, start: int, end: int) -> bool:
    if _LATIN.match(text[start]) and start and _LATIN.match(text[start - 1]):
        return False
    return not (_LATIN.match(text[end - 1]) and end < len(text) and _LATIN.match(text[end]))


def _lengths(names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for name in names:
        found.setdefault(name[:2], set()).add(len(name))
    return {head: tuple(sorted(lengths, reverse=True)) for head, lengths in found.items()}


def _digest(concepts: Sequence[Concept]) -> str:
    return hashlib.sha256(repr(concepts).encode()).hexdigest()


def load(folder: Path = FOLDER) -> Lexicon:
    """Read every lexicon file of a folder, in the order of their names."""
    return Lexicon([concept for path in sorted(folder.glob("*.toml")) for concept in read(path)])


def read(path: Path) -> list[Concept]:
    """Read the concepts of one lexicon file."""
    rows = tomllib.loads(path.read_text(encoding="utf-8")).get("concept", [])
    return [
        Concept(
            names=tuple(row["names"]),
            kind=Kind(row["kind"]),
            gloss=row.get("gloss", ""),
            parents=tuple(row.get("parents", ())),
            lookalikes=tuple(row.get("lookalikes", ())),
            context={name: tuple(words) for name, words in row.get("context", {}).items()},
        )
        for row in rows
    ]


def check(concepts: Sequence[Concept]) -> list[str]:
    """Return what is wrong with a lexicon, one sentence a fault: names given twice, unknown parents, cycles, idle context."""
    owners: dict[str, list[str]] = {}
    for concept in concepts:
        for name in dict.fromkeys(normalise(name) for name in concept.names):
            owners.setdefault(name, []).append(concept.name)
    faults = [f"名称“{name}”属于多个概念：{'、'.join(of)}" for name, of in owners.items() if len(of) > 1]
    known = {normalise(concept.name) for concept in concepts}
    for concept in concepts:
        faults += [f"“{concept.name}”的上位概念“{up}”不存在" for up in concept.parents if normalise(up) not in known]
        faults += [f"“{concept.name}”的名称“{name}”过短" for name in concept.names if len(normalise(name)) < _SHORTEST]
        names = {normalise(name) for name in concept.names}
        faults += [
            f"“{concept.name}”给“{name}”限定了语境，却没有这个名称"
            for name in concept.context
            if normalise(name) not in names
        ]
        faults += [
            f"“{concept.name}”的“{name}”既是名称又是形似词" for name in concept.lookalikes if normalise(name) in names
        ]
    return faults + [f"上位概念成环：{' → '.join(ring)}" for ring in _rings(concepts)]


def cut_up(lexicon: Lexicon, names: Iterable[str]) -> list[str]:
    """Return which of the lexicon's names would be cut into pieces where the words of a text are told apart.

    Names without a Chinese character and names with a space are not given to the segmenter: they are found as they are.
    """
    return [
        f"名称“{name}”会被切成“{' / '.join(pieces)}”，请去掉其中的符号或换一种写法"
        for name in names
        if len(pieces := lexicon.segmenter.pieces(normalise(name))) > 1
    ]


def _rings(concepts: Sequence[Concept]) -> list[list[str]]:
    above = {normalise(concept.name): [normalise(up) for up in concept.parents] for concept in concepts}
    rings: list[list[str]] = []
    done: set[str] = set()

    def climb(name: str, path: list[str]) -> None:
        if name in path:
            rings.append([*path[path.index(name) :], name])
        elif name not in done:
            for up in above.get(name, ()):
                climb(up, [*path, name])
            done.add(name)

    for name in above:
        climb(name, [])
    return rings

"""The project's own sentences: for each concept how people ask for it, how suppliers say they do it, and a rival.

A file holds blocks, one a concept: `= name`, `? need` lines, `! offer` lines, `x rival` lines; empty lines part the blocks.
Any need of a concept belongs to any offer of it, also where they stand in different files; a rival uses the needs' words and
does something else.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from matching.training.pairs import Batch
from matching.training.ragged import Numbers

FOLDER = Path(__file__).parent / "sentences"
_MARKS = "=?!x"

Tokenize = Callable[[Sequence[str]], list[list[int]]]


@dataclass(frozen=True, slots=True)
class Block:
    """What is said about one concept."""

    concept: str
    needs: tuple[str, ...]
    offers: tuple[str, ...]
    rivals: tuple[str, ...]

    @property
    def pairs(self) -> int:
        """How many pairs of a need and an offer it holds."""
        return len(self.needs) * len(self.offers)

    def with_more(self, other: "Block") -> "Block":
        """Return the block with what another says about the same concept."""
        sides = ((self.needs, other.needs), (self.offers, other.offers), (self.rivals, other.rivals))
        return Block(self.concept, *(one + more for one, more in sides))


def read(folder: Path = FOLDER) -> list[Block]:
    """Read all files of a folder, one block a concept. Raises ValueError, with the place, at a line that is none of the four."""
    found: dict[str, Block] = {}
    for path in sorted(folder.glob("*.txt")):
        for block in read_file(path):
            known = found.get(block.concept)
            found[block.concept] = block if known is None else known.with_more(block)
    return list(found.values())


def read_file(path: Path) -> list[Block]:
    """Read the blocks of one file."""
    blocks: list[dict[str, list[str]]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        mark, text = line[0], line[1:].strip()
        if mark not in _MARKS or not text or (mark != "=" and not blocks):
            raise ValueError(f"{path.name}:{number}: not a line of a block: {line}")
        if mark == "=":
            blocks.append({each: [] for each in _MARKS})
        blocks[-1][mark].append(text)
    return [Block(each["="][0], tuple(each["?"]), tuple(each["!"]), tuple(each["x"])) for each in blocks]


def outside(block: Block, is_known: Callable[[str], bool]) -> Block:
    """Return a block without the sentences that a test holds."""
    kept = (tuple(text for text in side if not is_known(text)) for side in (block.needs, block.offers, block.rivals))
    return Block(block.concept, *kept)


def digest(folder: Path = FOLDER) -> str:
    """SHA-256 over the files of the folder."""
    summary = sha256()
    for path in sorted(folder.glob("*.txt")):
        summary.update(path.name.encode() + b"\0" + path.read_bytes())
    return summary.hexdigest()


@dataclass(frozen=True, slots=True)
class Sentences:
    """Needs against offers of the same concept; the negative is the rival."""

    needs: list[list[Numbers]]
    offers: list[list[Numbers]]
    rivals: list[list[Numbers]]
    name: str = "own sentences"
    share: float = 1.0

    def draw(self, rng: np.random.Generator, size: int) -> Batch:
        """Take concepts at random, none twice while there are enough; on each side one sentence or several together."""
        chosen = rng.choice(len(self.needs), size=size, replace=size > len(self.needs))
        rows = [
            (_some(rng, self.needs[at]), _some(rng, self.offers[at]), _one(rng, self.rivals[at]))
            for at in chosen.tolist()
        ]
        flipped = rng.random(size) < 0.5  # noqa: PLR2004 -- either side may ask
        return Batch(
            anchors=[b if turn else a for (a, b, _), turn in zip(rows, flipped, strict=True)],
            positives=[a if turn else b for (a, b, _), turn in zip(rows, flipped, strict=True)],
            # A rival stands against the need alone: it may well offer what a true offer does beside.
            negatives=[_NONE if turn else rival for (_, _, rival), turn in zip(rows, flipped, strict=True)],
            groups=chosen.astype(np.int64),
        )


_NONE = np.empty(0, dtype=np.int32)


def supply(blocks: Sequence[Block], tokenize: Tokenize, *, share: float) -> Sentences:
    """Turn blocks into token numbers; `share` is how often they are drawn."""
    usable = [block for block in blocks if block.needs and block.offers]

    def sides(texts: Callable[[Block], Sequence[str]]) -> list[list[Numbers]]:
        return [[np.array(one, dtype=np.int32) for one in tokenize(texts(block)) if one] for block in usable]

    return Sentences(
        sides(lambda block: block.needs),
        sides(lambda block: block.offers),
        sides(lambda block: block.rivals),
        share=share,
    )


def _one(rng: np.random.Generator, texts: Sequence[Numbers]) -> Numbers:
    """Return one text, since rivals of one concept do different things; an empty one where there is none."""
    return texts[int(rng.integers(len(texts)))] if texts else _NONE


def _some(rng: np.random.Generator, texts: Sequence[Numbers]) -> Numbers:
    """Return one text half of the time, else several in any order: needs and profiles are written both ways."""
    if not texts:
        return _NONE
    count = 1 if rng.random() < 0.5 else int(rng.integers(1, len(texts) + 1))  # noqa: PLR2004
    return np.concatenate([texts[at] for at in rng.permutation(len(texts))[:count].tolist()])

"""The draw of experts: random for everybody beforehand, and for nobody afterwards.

A seed is drawn and its digest written to the log before the list of the eligible is fixed; after the draw the seed is
told, and whoever has the list replays it: the order is that of SHA-256(seed, line feed, id), smallest first.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

SEED_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many experts of one speciality are wanted, and how many to stand by; "" takes any."""

    speciality: str
    experts: int
    reserves: int = 0


@dataclass(frozen=True, slots=True)
class Drawn:
    """Who was drawn for one speciality, and who stands by, in the order in which they are called."""

    speciality: str
    experts: tuple[str, ...]
    reserves: tuple[str, ...]

    def is_full(self, wanted: Wanted) -> bool:
        """Whether there were enough."""
        return (len(self.experts), len(self.reserves)) == (wanted.experts, wanted.reserves)


def commitment(seed: bytes) -> str:
    """What is told of a seed before the draw: its SHA-256."""
    return hashlib.sha256(seed).hexdigest()


def list_digest(eligible: Mapping[str, Sequence[str]]) -> str:
    """The SHA-256 of the list that is drawn from: a line `id` TAB its specialities, sorted, for each expert."""
    lines = [f"{expert}\t{','.join(sorted(eligible[expert]))}\n" for expert in sorted(eligible)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def order(seed: bytes, ids: Sequence[str]) -> tuple[str, ...]:
    """The ids in the order that the seed gives them, however they come."""
    return tuple(sorted(set(ids), key=lambda one: (hashlib.sha256(seed + b"\n" + one.encode()).digest(), one)))


def draw(seed: bytes, eligible: Mapping[str, Sequence[str]], wanted: Sequence[Wanted]) -> tuple[Drawn, ...]:
    """Draw for each speciality in turn from the eligible (id → specialities); nobody is drawn twice.

    Experts of all specialities come before any reserve, so that none stands by where it is needed.
    """
    queue, taken = order(seed, list(eligible)), set[str]()

    def take(speciality: str, number: int) -> tuple[str, ...]:
        fitting = (one for one in queue if one not in taken and (not speciality or speciality in eligible[one]))
        found = tuple(one for one, _ in zip(fitting, range(number), strict=False))
        taken.update(found)
        return found

    experts = [take(one.speciality, one.experts) for one in wanted]
    reserves = [take(one.speciality, one.reserves) for one in wanted]
    return tuple(Drawn(one.speciality, *both) for one, *both in zip(wanted, experts, reserves, strict=True))

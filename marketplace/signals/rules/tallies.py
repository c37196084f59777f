"""How many shown pairs came how far, told apart by what was said of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from marketplace.dealings.words import ShownOn, ShownVerdict
from marketplace.signals.words import ORDER, STEP_OF, STEPS, Dimension, Signal, Step

BANDS: Final = 10
BAND: Final = 10
RANKS: Final = ((1, "1"), (2, "2"), (3, "3"), (5, "4-5"), (10, "6-10"))
"""The last place of each group of places, and its key; what stands lower is one group."""
LOWER: Final = "11-"


@dataclass(frozen=True, slots=True)
class Happened:
    """What came of a pair on a day; `led` is false for a partner of a joint bid."""

    item_id: str
    profile_id: str
    signal: Signal
    on: date
    led: bool = True


@dataclass(frozen=True, slots=True)
class Shown:
    """A pair as it was shown in a period: verdict, score, page and matcher of its first showing, its best place."""

    item_id: str
    profile_id: str
    verdict: ShownVerdict
    score: float
    rank: int
    page: ShownOn
    matcher_id: str
    first_day: date
    is_seen: bool


@dataclass(frozen=True, slots=True)
class Furthest:
    """The furthest that a pair came after it was first shown, and when."""

    signal: Signal
    on: date


@dataclass(frozen=True, slots=True)
class Group:
    """Pairs that have something in common, and how many of them reached each step."""

    key: str
    reached: tuple[int, ...]

    def at(self, step: Step) -> int:
        """How many pairs reached a step."""
        return self.reached[STEPS.index(step)]


def furthest(shown: Shown, happened: Iterable[Happened]) -> Furthest:
    """How far a pair came: what happened before its first showing did not come of it, and does not count."""
    begun = Furthest(Signal.SEEN if shown.is_seen else Signal.SHOWN, shown.first_day)
    after = (Furthest(one.signal, one.on) for one in happened if one.on >= shown.first_day)
    return max((begun, *after), key=lambda one: (ORDER[one.signal], -one.on.toordinal()))


def band(score: float) -> str:
    """The band of a score of 0 to 100, by its lowest score: "0", "10" … "90"; 100 belongs to the last."""
    return str(min(BANDS - 1, int(score // BAND)) * BAND)


def rank_group(rank: int) -> str:
    """The group of a place in a ranking."""
    return next((key for last, key in RANKS if rank <= last), LOWER)


@dataclass
class Tally:
    """Counts pairs one by one, whatever their number; a pair counts once in each dimension."""

    whole: list[int] = field(default_factory=lambda: [0] * len(STEPS))
    parts: dict[Dimension, dict[str, list[int]]] = field(default_factory=lambda: {one: {} for one in Dimension})

    def add(self, shown: Shown, *, sector: str, reached: Signal) -> None:
        """Count a pair that came as far as `reached`."""
        last = STEPS.index(STEP_OF[reached])
        keys = {
            Dimension.VERDICT: shown.verdict.value,
            Dimension.BAND: band(shown.score),
            Dimension.RANK: rank_group(shown.rank),
            Dimension.SECTOR: sector,
            Dimension.PAGE: shown.page.value,
            Dimension.MATCHER: shown.matcher_id,
        }
        counters = [self.parts[one].setdefault(key, [0] * len(STEPS)) for one, key in keys.items()]
        for counter in (self.whole, *counters):
            for place in range(last + 1):
                counter[place] += 1

    def groups(self, dimension: Dimension) -> tuple[Group, ...]:
        """What was counted in a dimension: by its own order, sectors by their number of pairs."""
        found = [Group(key, tuple(counts)) for key, counts in self.parts[dimension].items()]
        return tuple(sorted(found, key=lambda one: _place(dimension, one)))


def _place(dimension: Dimension, group: Group) -> tuple[int, str]:
    orders: Mapping[Dimension, tuple[str, ...]] = {
        Dimension.VERDICT: tuple(ShownVerdict),
        Dimension.RANK: (*(key for _, key in RANKS), LOWER),
        Dimension.PAGE: tuple(ShownOn),
    }
    if dimension in orders:
        return orders[dimension].index(group.key), ""
    return (-int(group.key), "") if dimension is Dimension.BAND else (-group.reached[0], group.key)

"""What lies on a page: characters in their boxes, and ruled lines. Lengths are in points or pixels, y grows downwards."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character, or a few that belong together, in its box."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str

    @property
    def middle(self) -> tuple[float, float]:
        """The centre of the box."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    @property
    def height(self) -> float:
        """The height of the box."""
        return self.y1 - self.y0


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line along one axis: at `at` on the other one, from `start` to `end`."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Page:
    """A page, numbered from 1; `across` are horizontal lines (at y), `down` vertical ones (at x)."""

    number: int
    width: float
    height: float
    glyphs: Sequence[Glyph]
    across: Sequence[Rule] = ()
    down: Sequence[Rule] = ()


def em(glyphs: Iterable[Glyph], otherwise: float = 10.0) -> float:
    """The usual height of characters."""
    heights = [glyph.height for glyph in glyphs if glyph.height > 0]
    return median(heights) if heights else otherwise


def clustered(values: Iterable[float], tolerance: float) -> list[float]:
    """Values that lie closer than `tolerance` as their mean, in order."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= tolerance:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(group) / len(group) for group in groups]


def merged(rules: Iterable[Rule], tolerance: float) -> list[Rule]:
    """Lines on one another, or that go on where another ends, as one."""
    found: list[Rule] = []
    for at, group in _aligned(rules, tolerance):
        start, end = group[0].start, group[0].end
        for rule in group[1:]:
            if rule.start <= end + tolerance:
                end = max(end, rule.end)
            else:
                found.append(Rule(at, start, end))
                start, end = rule.start, rule.end
        found.append(Rule(at, start, end))
    return found


def _aligned(rules: Iterable[Rule], tolerance: float) -> list[tuple[float, list[Rule]]]:
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda each: each.at):
        if groups and rule.at - groups[-1][-1].at <= tolerance:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return [
        (sum(rule.at for rule in group) / len(group), sorted(group, key=lambda each: (each.start, each.end)))
        for group in groups
    ]

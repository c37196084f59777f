"""The way of pairs from first contact to a signing as a picture, a table and a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from marketplace.dealings.funnels import Reached, Step
from web.pages import wording
from web.pages.exports import Cell, Table

NAMES: Final = {
    Step.BEGUN: "开始接触",
    Step.INTRODUCED: "介绍或互通联系",
    Step.INTENT: "达成意向",
    Step.SIGNED: "确认签约",
}
COUNTING: Final = "当年开始接触的“需求 + OPC”，每对计一次；走到后一步的也计入前一步，已结束的计到它走到的那一步。签约由谁登记、由谁确认，见“签约金额”。"
COLUMNS: Final = ("步骤", "对数", "占上一步", "占全部")
WIDTH: Final = 360
LEFT: Final = 112
BAR: Final = 22
SLOT: Final = 36
ROOM: Final = 44
"""What is left right of the longest bar for its number."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One step: its bar in the picture's units, and its shares in words (empty where nothing stands before it)."""

    name: str
    pairs: int
    y: int
    width: float
    of_before: str
    of_all: str


@dataclass(frozen=True, slots=True)
class Funnel:
    """The whole way; `title` says what was found."""

    title: str
    bars: tuple[Bar, ...]
    counting: str = COUNTING
    width: int = WIDTH
    left: int = LEFT
    bar: int = BAR

    @property
    def height(self) -> int:
        """The height of the picture."""
        return SLOT * len(self.bars)

    @property
    def is_empty(self) -> bool:
        """Whether no pair has begun."""
        return not self.bars or not self.bars[0].pairs


def of_steps(steps: Sequence[Reached]) -> Funnel:
    """Draw the steps of a funnel, the first one as long as the picture is wide."""
    first, last = steps[0].pairs, steps[-1].pairs
    longest = WIDTH - LEFT - ROOM
    bars = tuple(
        Bar(
            name=NAMES[one.step],
            pairs=one.pairs,
            y=place * SLOT,
            width=round(longest * one.pairs / max(first, 1), 1),
            of_before=_share(one.pairs, steps[place - 1].pairs) if place else "",
            of_all=_share(one.pairs, first) if place else "",
        )
        for place, one in enumerate(steps)
    )
    return Funnel(f"{first} 对开始接触，{last} 对签约", bars)


def table(funnel: Funnel) -> Table:
    """The steps as a file."""
    rows: tuple[tuple[Cell, ...], ...] = tuple((bar.name, bar.pairs, bar.of_before, bar.of_all) for bar in funnel.bars)
    return Table("从接触到签约", COLUMNS, rows)


def _share(part: int, whole: int) -> str:
    return wording.percent(part / whole) if whole else "—"

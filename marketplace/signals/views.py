"""What signals give to pages: measured quality of a period and a region, and what the matcher missed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from marketplace.signals.rules.tallies import Group
from marketplace.signals.words import Dimension, Signal


@dataclass(frozen=True, slots=True)
class Missed:
    """A pair that was signed or awarded, with the names that a page shows."""

    item_id: str
    title: str
    profile_id: str
    name: str
    signal: Signal
    on: date
    unanswered_on: date | None = None
    """When the need's page first said that nobody fits, where it did."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What became of the pairs that were shown in a period for needs of a region.

    `noted_since` is the first day of which showings are held, None where there is none; what happened before it can
    have been shown all the same. `matchers` gives the day from which each matcher was used, by its id.
    """

    region: str
    start: date
    end: date
    noted_since: date | None
    whole: Group
    parts: Mapping[Dimension, tuple[Group, ...]]
    matchers: Mapping[str, date]
    needs: int
    needs_without: int
    won: int
    missed: tuple[Missed, ...]
    unanswered: tuple[Missed, ...]


@dataclass(frozen=True, slots=True)
class Trained:
    """A shown pair and the furthest that came of it, for training; ids stand for rows and leave no export."""

    item_id: str
    profile_id: str
    signal: Signal
    on: date
    verdict: str
    score: float
    rank: int

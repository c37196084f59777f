"""Matches that pages have shown, counted in memory until there is a batch of them or they have waited a while.

What a killed process had not written yet is lost, which a count can bear; one that stops in peace writes it down.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from threading import Lock
from typing import Final

from marketplace.dealings.shown import Showing, Unanswered
from marketplace.dealings.words import ShownOn

BATCH: Final = 500
"""So many different rows are written down together, without waiting any longer."""
WAITS_SECONDS: Final = 30.0
"""As long as this a single showing may wait for others."""

Place = tuple[str, str, ShownOn, object]


@dataclass(frozen=True, slots=True)
class Noted:
    """What was counted since the last time; empty where nothing was shown."""

    shown: tuple[Showing, ...] = ()
    unanswered: tuple[Unanswered, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write down."""
        return not (self.shown or self.unanswered)


class Showings:
    """Counts what is shown; any number of threads may add while one takes."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._lock = Lock()
        self._seconds = seconds
        self._since: float | None = None
        self._shown: dict[Place, Showing] = {}
        self._unanswered: dict[tuple[str, object], Unanswered] = {}

    def add(self, shown: Iterable[Showing] = (), unanswered: Iterable[Unanswered] = ()) -> None:
        """Count what one page showed."""
        with self._lock:
            for one in shown:
                key = (one.item_id, one.profile_id, one.page, one.day)
                self._shown[key] = _more(self._shown.get(key), one)
            for none in unanswered:
                before = self._unanswered.get((none.item_id, none.day))
                times = none.times + (before.times if before else 0)
                self._unanswered[none.item_id, none.day] = replace(none, times=times)
            if self._since is None and (self._shown or self._unanswered):
                self._since = self._seconds()

    def take(self) -> Noted:
        """Give all that was counted and begin anew."""
        with self._lock:
            found = Noted(tuple(self._shown.values()), tuple(self._unanswered.values()))
            self._shown, self._unanswered, self._since = {}, {}, None
            return found

    @property
    def is_due(self) -> bool:
        """Whether there is a batch, or something has waited long enough."""
        with self._lock:
            if self._since is None:
                return False
            is_full = len(self._shown) + len(self._unanswered) >= BATCH
            return is_full or self._seconds() - self._since >= WAITS_SECONDS


def _more(before: Showing | None, one: Showing) -> Showing:
    if before is None:
        return one
    rank = min(before.rank, one.rank)
    return replace(before, rank=rank, times=before.times + one.times, side_times=before.side_times + one.side_times)

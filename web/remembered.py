"""What many pages show and only the market changes: remembered until the market moves."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Final, TypeVar

from sqlmodel import Session

from marketplace.kernel import changes

T = TypeVar("T")
MOST: Final = 512
"""So many answers are kept; questions beyond are answered from rows each time."""


class Remembered:
    """Answers drawn from items and profiles alone, each good for one state of the market."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._mark: tuple[int, int] | None = None
        self._answers: dict[Hashable, Any] = {}

    def recall(self, session: Session, key: Hashable, work: Callable[[Session], T]) -> T:
        """Give what `work` answered under this key while the market stood as this session sees it, else ask it."""
        mark = changes.mark(session)
        with self._lock:
            if mark != self._mark:
                self._mark, self._answers = mark, {}
            if key in self._answers:
                kept: T = self._answers[key]
                return kept
        found = work(session)
        with self._lock:
            if mark == self._mark and len(self._answers) < MOST:
                self._answers[key] = found
        return found

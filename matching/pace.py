"""Long work beside short work in one interpreter: steps with rests between them."""

import time
from collections.abc import Callable

REST = 1.0
"""So many times as long as a step took, the rest after it lasts: half of the interpreter's time is left to pages."""
LONGEST_SECONDS = 0.5

Pause = Callable[[], None]
"""Called between two steps of long work."""


class Stopped(Exception):  # noqa: N818 - it ends work that nobody needs any more, it is not a fault
    """The work is not needed any more."""


def never() -> bool:
    """Say of work that it is still waited for."""
    return False


class Pace:
    """Rests after each step for as long as the step took; raises Stopped where `is_over` says that nobody waits for it."""

    def __init__(self, is_over: Callable[[], bool] = never, *, rest: Callable[[float], object] = time.sleep) -> None:
        self._is_over = is_over
        self._rest = rest
        self._began = time.monotonic()

    def __call__(self) -> None:
        """Rest, and begin the next step."""
        if self._is_over():
            raise Stopped
        self._rest(min((time.monotonic() - self._began) * REST, LONGEST_SECONDS))
        self._began = time.monotonic()

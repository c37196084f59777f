"""One page of a longer answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

MAX_SIZE = 200
"""No page is longer, whatever a request asks for."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """The rows of one page with the exact total; `number` counts from 1."""

    rows: Sequence[T]
    total: int
    number: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def has_previous(self) -> bool:
        """Whether a page stands before this one."""
        return self.number > 1

    @property
    def has_next(self) -> bool:
        """Whether a page follows."""
        return self.number < self.pages


def bounded(number: int, size: int) -> tuple[int, int]:
    """Bring a page number and a page size into their limits."""
    return max(1, number), min(max(1, size), MAX_SIZE)

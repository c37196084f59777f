"""What the caller of the benchmarks chooses."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """`quick` asks for small sizes; `scratch` is a folder that is removed afterwards."""

    quick: bool
    judged: Path
    scratch: Path
    sizes: tuple[int, ...] | None = None

    def runs(self, usual: int) -> int:
        """How often a thing is measured."""
        return max(3, usual // 3) if self.quick else usual

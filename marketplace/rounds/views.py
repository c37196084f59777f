"""What readers see of rounds."""

from dataclasses import dataclass
from datetime import datetime

from marketplace.rounds.rules.procedures import Procedure


@dataclass(frozen=True, slots=True)
class ProcedureView:
    """A procedure type as one of its versions says; `written_by` is a name, None for what came with the product."""

    procedure: Procedure
    number: int
    reason: str
    written_by: str | None
    written_at: datetime

    @property
    def is_proposal(self) -> bool:
        """Whether it still stands as it was shipped."""
        return self.written_by is None

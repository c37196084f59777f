"""What is read of lexicon entries."""

from dataclasses import dataclass
from datetime import datetime

from marketplace.lexicon.rules.contents import Content
from marketplace.lexicon.words import EntryState


@dataclass(frozen=True, slots=True)
class Standing:
    """An approved version as the matcher lays it over the lexicon."""

    entry_id: str
    number: int
    content: Content


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version of an entry: what it says, who proposed it and why, how it was decided and how it ended."""

    number: int
    state: EntryState
    content: Content
    reason: str
    proposed_by: str
    proposer: str
    proposed_at: datetime
    decision: str
    decider: str
    decided_at: datetime | None
    ending: str
    ender: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry with its versions, newest first."""

    id: str
    version: int
    versions: tuple[VersionView, ...]

    @property
    def newest(self) -> VersionView:
        """The newest version."""
        return self.versions[0]

    @property
    def waiting(self) -> VersionView | None:
        """The version that waits for a decision."""
        return next((one for one in self.versions if one.state is EntryState.PROPOSED), None)

    @property
    def in_force(self) -> VersionView | None:
        """The version that is approved now."""
        return next((one for one in self.versions if one.state is EntryState.APPROVED), None)


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One version in the list of proposals."""

    entry_id: str
    number: int
    state: EntryState
    content: Content
    proposer: str
    proposed_at: datetime

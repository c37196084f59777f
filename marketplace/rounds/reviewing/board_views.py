"""The panels of a round in the eyes of its office: places, what speaks against judging, bids, draws, requests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marketplace.rounds.panel_words import MemberState, Source
from marketplace.rounds.panels import rows
from marketplace.rounds.panels.draws import Draw
from marketplace.rounds.panels.requests import Request
from marketplace.rounds.words import RoundState


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody's place in a panel. `place` is that of a reserve, `is_next` whether it is the next to be called."""

    member_id: str
    expert_id: str
    name: str
    title: str
    specialities: str
    field: str
    place: int
    state: MemberState
    is_chair: bool
    is_deputy: bool
    named_because: str
    draw_id: str
    added_at: datetime
    invited_at: datetime | None
    declared_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    sheets: int
    sheets_in: int
    is_next: bool

    @property
    def is_out(self) -> bool:
        """Whether it dropped out."""
        return self.state in rows.OUT

    @property
    def judges(self) -> bool:
        """Whether the content of bids is open to it."""
        return self.state in rows.JUDGING


@dataclass(frozen=True, slots=True)
class Finding:
    """What speaks, or spoke, against a member judging a bid; `excludes` None: it waits for a decision."""

    id: str
    member_id: str
    expert: str
    bid_id: str
    bid: str
    source: Source
    is_hard: bool
    hits: Sequence[Mapping[str, Any]]
    found_at: datetime
    excludes: bool | None
    note: str
    decided_by: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Judged:
    """A bid that experts judge, and how many of the sheets that it wants are in."""

    bid_id: str
    code: str
    name: str
    sheets_in: int
    wanted: int


@dataclass(frozen=True, slots=True)
class TrackBoard:
    """The panel of one track. `lacking` counts the places for which nobody is asked."""

    key: str
    title: str
    seats: tuple[Seat, ...]
    findings: tuple[Finding, ...]
    bids: tuple[Judged, ...]
    draws: tuple[Draw, ...]
    lacking: int
    wants_more: bool

    @property
    def open_draw(self) -> Draw | None:
        """The list that is fixed and not drawn from."""
        return next((one for one in self.draws if one.drawn_at is None and one.dropped_at is None), None)

    @property
    def reserves(self) -> tuple[Seat, ...]:
        """Who stands by."""
        return tuple(one for one in self.seats if one.state is MemberState.DRAWN)

    @property
    def members(self) -> tuple[Seat, ...]:
        """Who is asked or judges."""
        return tuple(one for one in self.seats if not one.is_out and one.state is not MemberState.DRAWN)

    @property
    def gone(self) -> tuple[Seat, ...]:
        """Who dropped out."""
        return tuple(one for one in self.seats if one.is_out)

    @property
    def waiting(self) -> tuple[Finding, ...]:
        """What waits for a decision, of members who are still there."""
        there = {one.member_id for one in self.seats if not one.is_out}
        return tuple(one for one in self.findings if one.excludes is None and one.member_id in there)

    @property
    def decided(self) -> tuple[Finding, ...]:
        """What was decided, by a rule or by somebody."""
        return tuple(one for one in self.findings if one.excludes is not None)


@dataclass(frozen=True, slots=True)
class Board:
    """The panels of a round as their office sees them. `may_act`: the reader is the office; `may_watch`: or oversees it."""

    round_id: str
    title: str
    state: RoundState
    stage: str
    is_suspended: bool
    panel: int
    reserves: int
    least_sheets: int
    tracks: tuple[TrackBoard, ...]
    requests: tuple[Request, ...]
    bid_names: Mapping[str, str]
    may_act: bool
    may_watch: bool

    @property
    def in_review(self) -> bool:
        """Whether experts judge now, and the clocks run."""
        return self.state is RoundState.REVIEW and not self.is_suspended

    def track(self, key: str) -> TrackBoard | None:
        """The board of one track, or None."""
        return next((one for one in self.tracks if one.key == key), None)

    def seat(self, member_id: str) -> tuple[TrackBoard, Seat] | None:
        """A place with its track, or None."""
        found = ((track, one) for track in self.tracks for one in track.seats if one.member_id == member_id)
        return next(found, None)

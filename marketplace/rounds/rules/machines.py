"""Machines as tables: from which state, what happens, as whom, to which state, and what must hold.

`allowed` is the one function that pages, the API, the clock and tests ask. It answers with the move, or with a reason:
a stable code and a sentence that says what to do.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from marketplace.rounds.words import Part

State = TypeVar("State", bound=StrEnum)
Event = TypeVar("Event", bound=StrEnum)
Facts = TypeVar("Facts")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a move is not to be made now."""

    code: str
    message: str


Guard = Callable[[Facts, datetime], Reason | None]
"""Says what stands against a move, by the facts and the hour; None: nothing."""


@dataclass(frozen=True)
class Move(Generic[State, Event, Facts]):
    """One row of a machine."""

    source: State
    event: Event
    target: State
    parts: frozenset[Part]
    guards: tuple[Guard[Facts], ...] = ()


@dataclass(frozen=True)
class Machine(Generic[State, Event, Facts]):
    """A table of moves, at most one for each state and event; `names` are the states as one says them."""

    moves: Mapping[tuple[State, Event], Move[State, Event, Facts]]
    names: Mapping[State, str]
    wrong_part: Mapping[Event, str]
    """What to say to whoever may not cause an event."""

    def allowed(
        self, state: State, event: Event, part: Part, now: datetime, facts: Facts
    ) -> Move[State, Event, Facts] | Reason:
        """Return the move, or the first reason against it."""
        move = self.moves.get((state, event))
        if move is None:
            return Reason("not_in_this_state", f"现在是“{self.names[state]}”，不能这样做。请刷新页面查看最新状态。")
        if part not in move.parts:
            return Reason("not_yours_to_move", self.wrong_part[event])
        return next((reason for guard in move.guards if (reason := guard(facts, now)) is not None), move)

    def possible(self, state: State, part: Part, now: datetime, facts: Facts) -> dict[Event, Reason | None]:
        """Return what somebody could cause from a state, each with the reason against it or None."""
        found: dict[Event, Reason | None] = {}
        for (source, event), move in self.moves.items():
            if source is state and part in move.parts:
                answer = self.allowed(state, event, part, now, facts)
                found[event] = answer if isinstance(answer, Reason) else None
        return found


def machine(
    moves: Sequence[Move[State, Event, Facts]], *, names: Mapping[State, str], wrong_part: Mapping[Event, str]
) -> Machine[State, Event, Facts]:
    """Put a machine together. Raises ValueError where a state has two moves for one event."""
    table = {(move.source, move.event): move for move in moves}
    if len(table) != len(moves):
        raise ValueError("a state has at most one move for an event")
    return Machine(table, names, wrong_part)

"""Which contracts count, and which needs landed, when one contract may be told twice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Contract:
    """One contract of a need: with whom, for how much (0 where nobody says), on which day, and who says so."""

    item_id: str
    opc_name: str
    amount_fen: int
    on: date
    origin: str


def contracts(signed: Iterable[Contract], told: Iterable[Contract]) -> list[Contract]:
    """Every contract once, by day: those confirmed in a dealing, and those that an owner alone told on closing a need.

    What was confirmed outweighs what one side told of the same need, so that nothing is counted twice.
    """
    confirmed = list(signed)
    known = {one.item_id for one in confirmed}
    every = [*confirmed, *(one for one in told if one.item_id not in known)]
    return sorted(every, key=lambda one: (one.on, one.item_id, one.opc_name))


def landed(every: Iterable[Contract]) -> list[Contract]:
    """The first contract of each need: a need lands once, on the day of its first contract."""
    first: dict[str, Contract] = {}
    for one in every:
        first.setdefault(one.item_id, one)
    return list(first.values())

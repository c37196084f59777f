"""Machines as a table tells them, for tests that hold every cell of one against it."""

from marketplace.rounds.rules.machines import Move, Reason
from marketplace.rounds.words import Part


def told(table: str) -> dict[tuple[str, str], tuple[str, set[str]]]:
    """Read a table of moves."""
    rows = [line.split() for line in table.strip().splitlines()]
    return {(state, event): (target, set(parts)) for state, event, target, *parts in rows}


def assert_as_told(answer: object, told_of: tuple[str, set[str]], part: Part, cell: tuple[str, ...]) -> None:
    """A cell of a machine: the move that is told of, or a reason in words."""
    target, parts = told_of
    if part in parts:
        assert isinstance(answer, Move), (cell, answer)
        assert answer.target == target
        return
    assert isinstance(answer, Reason), cell
    assert answer.code == ("not_yours_to_move" if parts else "not_in_this_state")
    assert answer.message.endswith("。")

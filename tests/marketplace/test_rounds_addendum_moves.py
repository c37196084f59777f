"""Every cell of an addendum's machine, and what stands against publishing one, in the order in which it is told."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from itertools import product

import pytest

from marketplace.rounds.rules import addendum_moves
from marketplace.rounds.rules.addendum_moves import AddendumFacts
from marketplace.rounds.rules.machines import Move, Reason
from marketplace.rounds.words import AddendumEvent, Part, TextState
from tests.marketplace.told_machines import assert_as_told, told

NOW = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
ADDENDUM = """
open  publish  fixed    issuer
open  drop     dropped  issuer
open  outdate  dropped  clock round
"""
"""What is published or dropped stays so: an addendum has no way back."""
WELL = AddendumFacts(changed=1)
LATE = Reason("deadline_past", "申报已经截止，公告不能再修改。")


@pytest.mark.parametrize("state", list(TextState))
def test_every_cell_of_an_addendum_is_as_told(state: TextState) -> None:
    moves = told(ADDENDUM)
    for event, part in product(AddendumEvent, Part):
        answer = addendum_moves.MACHINE.allowed(state, event, part, NOW, WELL)
        assert_as_told(answer, moves.get((state, event), ("", set())), part, (state, event, part))


@pytest.mark.parametrize(
    ("against", "code"),
    [
        ({"against": LATE}, "deadline_past"),
        ({"faults": ("请填写名称。",)}, "incomplete"),
        ({"clashes": 1}, "clashes"),
        ({"changed": 0}, "nothing_changed"),
        ({"is_current": False}, "outdated"),
        ({"deadline_earlier": True}, "deadline_earlier"),
    ],
)
def test_an_addendum_is_not_published_while_something_stands_against_it(against: dict[str, object], code: str) -> None:
    facts = replace(WELL, **against)
    answer = addendum_moves.MACHINE.allowed(TextState.OPEN, AddendumEvent.PUBLISH, Part.ISSUER, NOW, facts)
    assert isinstance(answer, Reason)
    assert answer.code == code
    for event, part in ((AddendumEvent.DROP, Part.ISSUER), (AddendumEvent.OUTDATE, Part.CLOCK)):
        assert isinstance(addendum_moves.MACHINE.allowed(TextState.OPEN, event, part, NOW, facts), Move)


def test_every_fact_is_asked_by_some_guard() -> None:
    assert {field.name for field in fields(AddendumFacts)} == {
        *("against", "faults", "clashes", "changed", "is_current", "deadline_earlier")
    }


def test_what_is_told_first_is_what_cannot_be_put_right_here() -> None:
    facts = AddendumFacts(
        against=LATE, faults=("请填写名称。",), clashes=1, changed=0, is_current=False, deadline_earlier=True
    )
    codes = []
    for mended in (
        {},
        {"against": None},
        {"is_current": True},
        {"clashes": 0},
        {"faults": ()},
        {"changed": 1},
        {"deadline_earlier": False},
    ):
        facts = replace(facts, **mended)
        answer = addendum_moves.MACHINE.allowed(TextState.OPEN, AddendumEvent.PUBLISH, Part.ISSUER, NOW, facts)
        codes.append(answer.code if isinstance(answer, Reason) else "moved")
    assert codes == [
        *("deadline_past", "outdated", "clashes", "incomplete", "nothing_changed", "deadline_earlier", "moved")
    ]


def test_what_is_missing_is_said_in_words() -> None:
    facts = replace(WELL, faults=("请填写名称。", "请至少写一条申报条件。"))
    answer = addendum_moves.MACHINE.allowed(TextState.OPEN, AddendumEvent.PUBLISH, Part.ISSUER, NOW, facts)
    assert isinstance(answer, Reason)
    assert "请填写名称" in answer.message
    assert "申报条件" in answer.message


def test_every_state_and_event_of_an_addendum_has_its_words() -> None:
    assert set(addendum_moves.MACHINE.names) == set(TextState)
    assert set(addendum_moves.MACHINE.wrong_part) == set(AddendumEvent)

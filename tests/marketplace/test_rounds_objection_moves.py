"""Every cell of the machine of an objection: what is allowed, what is not, and what stands against it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from marketplace.rounds.outcome_words import Ground, ObjectionEvent, ObjectionState
from marketplace.rounds.rules import objection_moves
from marketplace.rounds.rules.machines import Move, Reason
from marketplace.rounds.rules.objection_moves import GROUNDS, MACHINE, OPEN, UNFULFILLED, ObjectionFacts
from marketplace.rounds.words import Part
from tests.marketplace.told_machines import assert_as_told, told

NOW = datetime(2026, 12, 14, 9, 30, tzinfo=UTC)
TICK = timedelta(milliseconds=1)

OBJECTION = """
submitted      accept         accepted       objections
submitted      reject         rejected       objections
submitted      withdraw       withdrawn      bidder
accepted       investigate    investigating  objections
accepted       extend         accepted       objections
accepted       uphold         upheld         objections
accepted       uphold_partly  partly_upheld  objections
accepted       dismiss        dismissed      objections
accepted       withdraw       withdrawn      bidder
investigating  extend         investigating  objections
investigating  uphold         upheld         objections
investigating  uphold_partly  partly_upheld  objections
investigating  dismiss        dismissed      objections
investigating  withdraw       withdrawn      bidder
upheld         implement      implemented    supervisor objections
partly_upheld  implement      implemented    supervisor objections
rejected       escalate       escalated      bidder
dismissed      escalate       escalated      bidder
escalated      overturn       upheld         supervisor
escalated      confirm        final          supervisor
"""
"""The whole machine as the design tells it: state, event, next state, who. Everything else is forbidden."""
WELL = ObjectionFacts(has_reason=True, has_ground=True, has_remedy=True, appeal_until=NOW + TICK, is_done=True)


@pytest.mark.parametrize("state", list(ObjectionState))
def test_every_cell_is_as_told(state: ObjectionState) -> None:
    moves = told(OBJECTION)
    for event, part in product(ObjectionEvent, Part):
        answer = MACHINE.allowed(state, event, part, NOW, WELL)
        assert_as_told(answer, moves.get((state, event), ("", set())), part, (state, event, part))


@pytest.mark.parametrize(
    ("state", "event", "part", "against", "code"),
    [
        *(
            (state, event, "objections", {"took_part": True}, "took_part")
            for state, event in (
                ("submitted", "accept"),
                ("submitted", "reject"),
                ("accepted", "investigate"),
                ("accepted", "extend"),
                ("accepted", "uphold"),
                ("investigating", "uphold_partly"),
                ("investigating", "dismiss"),
            )
        ),
        ("escalated", "overturn", "supervisor", {"took_part": True}, "took_part"),
        ("escalated", "confirm", "supervisor", {"took_part": True}, "took_part"),
        ("submitted", "reject", "objections", {"has_ground": False}, "no_ground"),
        ("submitted", "reject", "objections", {"has_reason": False}, "no_reason"),
        ("accepted", "extend", "objections", {"extended": True}, "extended_before"),
        ("accepted", "extend", "objections", {"has_reason": False}, "no_reason"),
        ("accepted", "uphold", "objections", {"has_remedy": False}, "no_remedy"),
        ("accepted", "uphold", "objections", {"has_reason": False}, "no_reason"),
        ("investigating", "uphold_partly", "objections", {"has_remedy": False}, "no_remedy"),
        ("investigating", "dismiss", "objections", {"has_reason": False}, "no_reason"),
        ("escalated", "overturn", "supervisor", {"has_remedy": False}, "no_remedy"),
        ("escalated", "confirm", "supervisor", {"has_reason": False}, "no_reason"),
        ("upheld", "implement", "supervisor", {"is_done": False}, "not_done"),
        ("rejected", "escalate", "bidder", {"appeal_until": NOW}, "appeal_late"),
        ("dismissed", "escalate", "bidder", {"appeal_until": None}, "appeal_late"),
        ("dismissed", "escalate", "bidder", {"has_reason": False}, "no_reason"),
    ],
)
def test_an_objection_stays_while_something_stands_against_it(
    state: str, event: str, part: str, against: dict[str, object], code: str
) -> None:
    answer = MACHINE.allowed(
        ObjectionState(state),
        ObjectionEvent(event),
        Part(part),
        NOW,
        replace(WELL, **against),  # type: ignore[arg-type]
    )
    assert isinstance(answer, Reason)
    assert answer.code == code


@pytest.mark.parametrize("event", ["dismiss", "confirm"])
def test_what_upholds_nothing_asks_for_no_remedy(event: str) -> None:
    state, part = ("investigating", "objections") if event == "dismiss" else ("escalated", "supervisor")
    bare = replace(WELL, has_remedy=False, has_ground=False)
    answer = MACHINE.allowed(ObjectionState(state), ObjectionEvent(event), Part(part), NOW, bare)
    assert isinstance(answer, Move)


@pytest.mark.parametrize(("tick", "may"), [(-TICK, True), (timedelta(), False), (TICK, False)])
def test_an_appeal_is_in_time_until_its_last_moment_and_not_at_it(tick: timedelta, *, may: bool) -> None:
    facts = replace(WELL, appeal_until=NOW)
    answer = MACHINE.allowed(ObjectionState.DISMISSED, ObjectionEvent.ESCALATE, Part.BIDDER, NOW + tick, facts)
    assert isinstance(answer, Move if may else Reason)


def test_what_blocks_an_award_is_every_state_that_somebody_still_has_to_act_in() -> None:
    ends = {"rejected", "dismissed", "implemented", "withdrawn", "final"}
    assert {*OPEN, *UNFULFILLED} == set(ObjectionState) - {ObjectionState(one) for one in ends}


def test_every_state_event_and_ground_has_its_words() -> None:
    assert set(MACHINE.names) == set(ObjectionState)
    assert set(MACHINE.wrong_part) == set(ObjectionEvent)
    assert set(GROUNDS) == set(Ground)
    assert all(said.endswith("。") for said in objection_moves.MACHINE.wrong_part.values())

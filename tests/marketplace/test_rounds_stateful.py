"""Everybody tries everything in a round, while time goes by and processes end: it does what the design says, or refuses.

The model is written from the design; see `round_model`. The short form tries a few dozen stories, always the same ones;
the long form tries many more and longer ones.
"""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests import proofs
from tests.conftest import POSTGRESQL
from tests.marketplace.round_machine_checking import Checking
from tests.marketplace.round_worlds import World

STORIES = {"sqlite": (20, 300), "postgresql": (6, 60)}
STEPS = (40, 80)


@pytest.mark.proof
@pytest.mark.parametrize("kind", ["sqlite", POSTGRESQL])
def test_a_round_does_what_its_design_says_whoever_tries_what(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    server = request.getfixturevalue("postgresql_server") if kind == "postgresql" else None

    class Machine(Checking):
        """The machine over one kind of database."""

        world = World(tmp_path, server)

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=STORIES[kind][proofs.IS_LONG],
            stateful_step_count=STEPS[proofs.IS_LONG],
            derandomize=True,
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )
    proofs.count(request, f"acts tried in rounds ({kind})", Machine.acts)

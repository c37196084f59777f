"""Signing out ends a session also where it was due to be noted as in use."""

from datetime import timedelta

import pytest

from tests.web.bid_stage import Stage, stage  # noqa: F401 - a fixture


@pytest.mark.parametrize("minutes", [0, 5])
def test_a_session_that_is_signed_out_stays_so(stage: Stage, minutes: int) -> None:  # noqa: F811
    person = stage.enter(stage.supplier("木语视觉", "muyu@example.com"))
    stage.clock.now += timedelta(minutes=minutes)
    done = person.post("/sign-out")

    assert done.status_code == 303
    assert person.get("/bids").headers.get("location", "").startswith("/sign-in")

"""A panel of experts in front of the running application: drawn, judging, or in its consensus."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx2

from marketplace.accounts.actors import Actor
from marketplace.kernel.db import Store
from marketplace.rounds.round_tables import Round
from marketplace.rounds.words import RoundState
from tests.marketplace import review_market as market
from tests.marketplace.review_market import REVIEW, Panel
from tests.web.round_stage import Stage, playing

NAMES = ("木语视觉", "接线员工作室", "云上园林")
MARKS = {0: (34, 28, 30), 1: (36, 27, 31), 2: (35, 26, 29), 3: (33, 28, 32), 4: (37, 25, 30)}
"""The first criterion by expert, bid by bid, about which the panel is of one mind."""
APART = {**MARKS, 4: (10, 25, 30)}
"""The same, but for the first bid, about which the last expert differs by more than is allowed."""


@contextmanager
def drawn(store: Store, folder: Path, *, hides: bool = False) -> Iterator[tuple[Stage, Panel]]:
    """A panel that was invited, and has not answered; `hides`: bids go by codes once it has declared."""
    panel = market.drawn_panel(store, folder, *NAMES)
    if hides:
        hide(store, panel)
    with playing(store, folder) as stage:
        stage.now = REVIEW
        yield stage, panel


@contextmanager
def judging(store: Store, folder: Path, *, hides: bool = False) -> Iterator[tuple[Stage, Panel]]:
    """A panel that has declared that there is nothing, with a chair and a deputy."""
    with drawn(store, folder, hides=hides) as (stage, panel):
        market.declare_all(store, panel)
        yield stage, panel


def close(store: Store, panel: Panel, given: Mapping[int, tuple[int, ...]]) -> None:
    """Let everybody hand in everything, so that the clock closes the review."""
    market.mark_all(store, panel, given)
    assert market.tick(store, panel) is RoundState.CONSENSUS


def hide(store: Store, panel: Panel) -> None:
    """Let the round's procedure hide who bids."""
    with store.writing() as session:
        row = session.get_one(Round, panel.scene.round_id)
        assert row.procedure is not None
        row.procedure = {**row.procedure, "judging": {**row.procedure["judging"], "hides_bidders": True}}
        session.add(row)


def at(panel: Panel, rest: str = "") -> str:
    """The address of the expert's place in the round, or of something under it."""
    return f"/review/{panel.scene.round_id}{rest}"


def own_sheets(stage: Stage, panel: Panel, who: Actor) -> list[str]:
    """The addresses of somebody's sheets in the order of its list."""
    return list(dict.fromkeys(re.findall(r'href="(/review/sheets/\w+)"', stage.page(at(panel), who))))


def answers(panel: Panel, **more: str) -> dict[str, str]:
    """A declaration that there is nothing, but for what is given."""
    return {**{f"answer-{one}": "none" for one in panel.bids}, "agrees": "yes", **more}


def went(answer: httpx2.Response) -> str:
    """Where a form led to."""
    assert answer.status_code == 303, (answer.status_code, answer.text[-3000:])
    return answer.headers["location"]

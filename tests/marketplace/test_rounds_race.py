"""赛马: several come through the experts' review, all of them are tested on the same task, and the test alone ranks them."""

from collections.abc import Sequence
from pathlib import Path

from marketplace.kernel.db import Store
from marketplace.rounds import held
from marketplace.rounds.deciding import decisions
from marketplace.rounds.outcome_words import Outcome
from marketplace.rounds.reviewing import consensus
from marketplace.rounds.rules.deciding import proposed
from marketplace.rounds.words import RoundState
from tests.marketplace import outcome_acts as acts
from tests.marketplace import review_market as market
from tests.marketplace.market import NEW_ID
from tests.marketplace.review_market import REVIEW, Panel

BIDDERS = ("木语视觉", "接线员工作室", "云上园林", "白鹭软件")
REVIEWED = (42, 40, 38, 36)
"""Of the 50 points of the first criterion, bid by bid: the fourth does not come through, three may."""
TESTED = (33, 47, 40)
"""The same of those that are tested: the second one is the best, the first one the last."""


def judge(store: Store, panel: Panel, bids: Sequence[str], points: Sequence[int]) -> RoundState:
    """Let every expert give the same points, the chair say why where it must, and confirm; gives the state after it."""
    for number in range(len(panel.drawn)):
        for bid_id, c1 in zip(bids, points, strict=True):
            market.mark(store, panel, panel.expert(number), bid_id, market.marks(c1, 15, 12, 12))
    assert market.tick(store, panel) is RoundState.CONSENSUS
    with store.writing() as session:
        return consensus.confirm(session, panel.expert(0), panel.scene.round_id, now=REVIEW, new_id=NEW_ID)


def test_those_who_come_through_are_tested_and_the_test_ranks_them(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path, *BIDDERS, procedure="race")
    market.declare_all(store, panel)
    assert judge(store, panel, panel.bids, REVIEWED) is RoundState.REVIEW
    with store.reading() as session:
        assert held.get(session, panel.scene.round_id).stage == "test"
    own = {bid for bid in panel.bids if _has_sheet(store, panel, bid)}
    assert own == set(panel.bids[:3])

    assert judge(store, panel, panel.bids[:3], TESTED) is RoundState.DECISION
    decider, _ = acts.make_deciders(store, panel)
    with store.reading() as session:
        ranking = decisions.get(session, decider, panel.scene.round_id).ranking
    places = {one.bid: (one.place, one.score) for one in ranking.standings}
    # 47 + 15 + 12 + 12, 40 + 39, 33 + 39; then who was left behind in the review, with 36 + 39.
    assert places == {
        panel.bids[1]: (1, "86.00"),
        panel.bids[2]: (2, "79.00"),
        panel.bids[0]: (3, "72.00"),
        panel.bids[3]: (4, "75.00"),
    }
    picks = proposed(ranking.standings, ranking.limits)
    assert [picks[bid].outcome for bid in panel.bids] == [
        *(Outcome.RESERVE, Outcome.PROPOSE, Outcome.RESERVE, Outcome.LEAVE_OUT)
    ]


def test_several_win_where_the_procedure_says_so(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path, *BIDDERS, procedure="race", price="45")  # two of them: all the funds
    market.winning(store, panel, winners=2)
    market.declare_all(store, panel)
    judge(store, panel, panel.bids, REVIEWED)
    judge(store, panel, panel.bids[:3], TESTED)
    one, other = acts.make_deciders(store, panel)
    acts.decide(store, panel, one)
    assert acts.decide(store, panel, other) is RoundState.PUBLICITY
    assert market.bid_states(store, panel) == ["reserve", "proposed", "proposed", "not_selected"]


def _has_sheet(store: Store, panel: Panel, bid_id: str) -> bool:
    try:
        market.sheet_of(store, panel, panel.expert(2), bid_id)
    except KeyError:
        return False
    return True

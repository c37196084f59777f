"""What waits for whom, since when and until when; one reminder per person and day."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from marketplace.accounts.actors import Actor
from marketplace.kernel.db import Store
from marketplace.kernel.errors import NotFound
from marketplace.rounds import boards, daily
from marketplace.rounds.boards import Task
from marketplace.rounds.making import stopping
from marketplace.rounds.words import Post
from tests.marketplace import outcome_acts as acts
from tests.marketplace import review_market as market
from tests.marketplace import round_market as rounds
from tests.marketplace.market import NEW_ID
from tests.marketplace.outcome_acts import DECIDED
from tests.marketplace.review_market import REVIEW, Panel
from tests.marketplace.round_acts import opened_round, refused, told
from tests.marketplace.test_rounds_outcomes import ENDS

MONDAY = datetime(2026, 12, 14, 1, 0, tzinfo=UTC)
"""09:00 in Beijing."""


def tasks(store: Store, actor: Actor, round_id: str) -> dict[Task, tuple[str, ...]]:
    with store.reading() as session:
        return {one.task: one.account_ids for one in boards.get(session, actor, round_id)}


def remind(store: Store, now: datetime) -> int:
    with store.writing() as session:
        return daily.send(session, now=now, new_id=NEW_ID)


def test_the_check_waits_for_each_checker_with_the_day_it_is_due(store: Store, tmp_path: Path) -> None:
    scene, bidders, _ = opened_round(store, tmp_path, "木语视觉", "接线员工作室")
    with store.reading() as session:
        found = boards.get(session, scene.issuer, scene.round_id)
    assert {(one.task, one.number) for one in found} == {(Task.CHECK, 2)}
    assert {one.account_ids for one in found} == {(one.account_id,) for one in scene.checkers}
    # Opened on Wednesday 9 December, five working days: the 16th, 24:00 in Beijing.
    assert {one.until for one in found} == {datetime(2026, 12, 16, 16, 0, tzinfo=UTC)}
    with store.reading() as session, refused("round_missing", NotFound):
        boards.get(session, bidders[0], scene.round_id)


def test_the_review_waits_for_the_office_and_for_experts(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    experts = {panel.expert(number).account_id for number in range(5)}
    with store.reading() as session:
        found = boards.get(session, panel.scene.issuer, panel.scene.round_id)
    assert {one.task for one in found} == {Task.DECLARE}
    assert {one for waiting in found for one in waiting.account_ids} == experts
    market.declare_all(store, panel)
    market.mark(store, panel, panel.expert(0), panel.bids[0])
    with store.reading() as session:
        found = boards.get(session, panel.scene.issuer, panel.scene.round_id)
    assert sorted(one.number for one in found if one.task is Task.JUDGE) == [2, 3, 3, 3, 3]


def test_a_publicity_waits_for_the_handler_and_then_for_the_winner(store: Store, tmp_path: Path) -> None:
    panel, one, other = acts.decided_panel(store, tmp_path)
    supervisor = panel.scene.posts[Post.KEEPER]
    assert tasks(store, supervisor, panel.scene.round_id) == {
        Task.DECIDE: tuple(sorted((one.account_id, other.account_id)))
    }
    acts.decide(store, panel, one)
    assert tasks(store, supervisor, panel.scene.round_id) == {Task.DECIDE: (other.account_id,)}
    acts.decide(store, panel, other)
    assert tasks(store, supervisor, panel.scene.round_id) == {}
    acts.object_to(store, panel, panel.bidders[1])
    handler = panel.scene.posts[Post.OBJECTIONS].account_id
    assert tasks(store, supervisor, panel.scene.round_id) == {Task.TAKE_OBJECTION: (handler,)}


def test_an_award_waits_for_its_winner(store: Store, tmp_path: Path) -> None:
    panel, _, _ = acts.published(store, tmp_path)
    market.tick(store, panel, now=ENDS)
    found = tasks(store, panel.scene.posts[Post.KEEPER], panel.scene.round_id)
    assert found == {Task.CONFIRM_AWARD: (panel.bidders[0].account_id,)}


def test_everybody_is_reminded_once_a_day_and_only_on_working_days_from_nine(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    assert remind(store, MONDAY - timedelta(minutes=1)) == 0
    assert remind(store, MONDAY - timedelta(days=1)) == 0  # a Sunday
    assert remind(store, MONDAY) == 5
    assert remind(store, MONDAY + timedelta(hours=3)) == 0
    assert remind(store, MONDAY + timedelta(days=1)) == 5
    with store.reading() as session:
        assert told(session, panel.expert(0).account_id, "事项等您办理") == 2
        assert told(session, panel.reserve(0).account_id, "事项等您办理") == 0


def test_what_is_late_is_said_first(store: Store, tmp_path: Path) -> None:
    panel, _, _ = acts.published(store, tmp_path)
    acts.object_to(store, panel, panel.bidders[1])
    with store.reading() as session:
        (waiting,) = boards.get(session, panel.scene.issuer, panel.scene.round_id)
    due = datetime(2026, 12, 16, 16, 0, tzinfo=UTC)
    assert (waiting.since, waiting.until) == (DECIDED, due)
    assert not waiting.is_late(due - timedelta(milliseconds=1))
    assert waiting.is_late(due)
    handler = panel.scene.posts[Post.OBJECTIONS]
    assert remind(store, datetime(2026, 12, 17, 2, 0, tzinfo=UTC)) == 1
    with store.reading() as session:
        assert told(session, handler.account_id, "其中 1 项已逾期") == 1


def test_nothing_waits_while_a_round_stands_still(store: Store, tmp_path: Path) -> None:
    panel: Panel = market.drawn_panel(store, tmp_path)
    with store.writing() as session:
        stopping.suspend(
            session, panel.scene.approvers[0], panel.scene.round_id, reason="核实", now=REVIEW, new_id=NEW_ID
        )
    assert tasks(store, panel.scene.issuer, panel.scene.round_id) == {}
    assert rounds.row_of(store, panel.scene).suspended_at == REVIEW

"""Every invariant of panels, scores and outcomes is shown to catch a planted fault, on a round that is otherwise sound."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from marketplace.kernel.db import Store
from marketplace.rounds import invariants
from marketplace.rounds.deciding import awards
from marketplace.rounds.outcome_words import ObjectionEvent
from marketplace.rounds.panels import recusals
from marketplace.rounds.rules import score_tables
from marketplace.rounds.sheet_tables import ScoreTable
from marketplace.rounds.words import Post, RoundState
from tests.marketplace import outcome_acts as acts
from tests.marketplace import review_market as market
from tests.marketplace.kept import Kept
from tests.marketplace.market import NEW_ID, tamper
from tests.marketplace.review_market import REVIEW, Panel
from tests.marketplace.test_rounds_outcomes import ENDS

NOUGHT = "0" * 64
_AWARDED: Kept[Panel] = Kept()
_PUBLIC: Kept[Panel] = Kept()


def codes(store: Store) -> set[str]:
    with store.reading() as session:
        return {fault.code for fault in invariants.check(session)}


def public(store: Store, folder: Path) -> Panel:
    """A round in its publicity, with an objection that was taken and dismissed."""

    def made() -> Panel:
        panel, _, _ = acts.published(store, folder)
        objection_id = acts.object_to(store, panel, panel.bidders[1])
        acts.take(store, panel, objection_id)
        acts.settle(store, panel, objection_id, ObjectionEvent.DISMISS)
        return panel

    return _PUBLIC.put(store, made)


def awarded(store: Store, folder: Path) -> Panel:
    """The same, awarded and confirmed."""

    def made() -> Panel:
        panel, _, _ = acts.published(store, folder)
        acts.settle(store, panel, _taken(store, panel), ObjectionEvent.DISMISS)
        assert market.tick(store, panel, now=ENDS) is RoundState.AWARDED
        with store.writing() as session:
            awards.confirm(session, panel.bidders[0], panel.bids[0], now=ENDS, new_id=NEW_ID)
        return panel

    return _AWARDED.put(store, made)


def _taken(store: Store, panel: Panel) -> str:
    objection_id = acts.object_to(store, panel, panel.bidders[1])
    acts.take(store, panel, objection_id)
    return objection_id


def test_check_finds_nothing_in_sound_rounds(store: Store, tmp_path: Path) -> None:
    awarded(store, tmp_path)

    assert codes(store) == set()


def test_check_finds_nothing_after_a_late_recusal_in_the_publicity(store: Store, tmp_path: Path) -> None:
    panel = public(store, tmp_path)
    with store.writing() as session:
        recusals.declare_late(
            session,
            panel.expert(4),
            panel.scene.round_id,
            panel.bids[0],
            text="刚得知配偶在该单位任职。",
            now=acts.DECIDED + timedelta(hours=1),
            new_id=NEW_ID,
        )

    assert codes(store) == set()


@pytest.mark.parametrize(
    ("code", "statement"),
    [
        ("draw_seed_altered", f"UPDATE panel_draw SET seed = '{NOUGHT}'"),
        ("draw_list_altered", "UPDATE panel_draw SET eligible = '{}'"),
        ("draw_not_replayed", "UPDATE panel_draw SET words = '6 6 6 6'"),
        ("draw_not_seated", "UPDATE panel_member SET draw_id = NULL, named_because = 'x' WHERE is_deputy"),
        ("judged_in_conflict", "conflict"),
        (
            "judged_and_gone",
            "UPDATE panel_member SET state = 'recused_late', ended_at = added_at, end_reason = 'x' WHERE is_deputy",
        ),
        ("judged_elsewhere", "UPDATE panel_member SET track = 't2' WHERE is_chair"),
        ("judged_own_bid", "membership"),
        ("judged_without_code", "DELETE FROM reviewed_bid"),
        ("mark_changed_silently", "correction"),
        ("scores_missing", "UPDATE score_table SET void_at = frozen_at, void_reason = 'x'"),
        ("scores_altered", f"UPDATE score_table SET digest = '{NOUGHT}'"),
        ("scores_unreadable", 'UPDATE score_table SET record = \'{"format": "x", "bids": [], "sheets": []}\''),
        (
            "scores_not_as_sheets",
            "UPDATE sheet SET marks = '{}' WHERE id = (SELECT MIN(id) FROM sheet)",
        ),
        ("scores_unconfirmed", "DELETE FROM confirmation"),
        ("decided_by_one", "DELETE FROM round_decision WHERE id = (SELECT MIN(id) FROM round_decision)"),
        ("decided_and_scored", "decider"),
        ("publicity_missing", "DELETE FROM round_publicity"),
        ("publicity_altered", f"UPDATE round_publicity SET digest = '{NOUGHT}'"),
        ("publicity_short", "UPDATE round_publicity SET ends_at = '2026-12-17 16:00:00'"),
        ("publicities_missing", "UPDATE round_publicity SET number = 2"),
        ("objection_by_party", "handler"),
        ("objection_after_end", "UPDATE objection SET filed_at = '2026-12-18 16:00:00'"),
    ],
)
def test_check_catches_a_fault_in_a_publicity(store: Store, tmp_path: Path, code: str, statement: str) -> None:
    panel = public(store, tmp_path)
    assert codes(store) == set()
    planted = _planted(store, panel)

    tamper(store, planted.get(statement, statement))

    assert code in codes(store)


@pytest.mark.parametrize(
    ("code", "statement"),
    [
        ("awarded_over_objection", "UPDATE objection SET state = 'investigating'"),
        ("awarded_over_objection", "UPDATE objection SET state = 'upheld', remedy = 'correct'"),
        ("awarded_unpublished", "UPDATE bid SET state = 'awarded' WHERE state = 'not_awarded'"),
        ("award_missing", "DELETE FROM award"),
        ("bid_unanswered", "DELETE FROM bid_result"),
        ("bid_state_wrong", "UPDATE bid SET state = 'proposed' WHERE state = 'awarded'"),
        ("decided_by_one", "UPDATE round_decision SET void_at = made_at, void_reason = 'x'"),
    ],
)
def test_check_catches_a_fault_in_an_awarded_round(store: Store, tmp_path: Path, code: str, statement: str) -> None:
    awarded(store, tmp_path)
    assert codes(store) == set()

    tamper(store, statement)

    assert code in codes(store)


@pytest.mark.parametrize(
    ("code", "statement"),
    [
        ("judges_undeclared", "UPDATE panel_member SET declared_at = NULL, declaration = '' WHERE is_chair"),
        ("awarded_early", "UPDATE round SET awarded_at = '2026-12-18 15:59:59' WHERE awarded_at IS NOT NULL"),
    ],
)
def test_the_database_refuses_first_and_check_catches_it_all_the_same(
    store: Store, tmp_path: Path, code: str, statement: str
) -> None:
    awarded(store, tmp_path)
    with pytest.raises(IntegrityError), store.writing() as session:
        session.execute(text(statement))
    if store.engine.dialect.name == "postgresql":
        return  # constraints of a server's table are not to be set aside for one statement

    tamper(store, "PRAGMA ignore_check_constraints = ON", statement, "PRAGMA ignore_check_constraints = OFF")

    assert code in codes(store)


def _planted(store: Store, panel: Panel) -> dict[str, str]:
    """Statements that need ids."""
    member, bid = panel.drawn[0], panel.bids[0]
    expert = panel.expert(0).account_id
    handler = panel.scene.posts[Post.OBJECTIONS].account_id
    with store.reading() as session:
        sheet = market.desks.lines(session, panel.expert(0), panel.scene.round_id)[0].sheet_id
    at = REVIEW.strftime("%Y-%m-%d %H:%M:%S")
    return {
        "conflict": "INSERT INTO panel_conflict (id, member_id, bid_id, source, is_hard, hits, found_at, excludes, note, "
        f"decided_at) VALUES ('x', '{member}', '{bid}', 'by_hand', TRUE, '[]', '{at}', TRUE, 'x', '{at}')",
        "membership": "INSERT INTO membership (id, organisation_id, account_id, standing, joined_at) "
        f"SELECT 'x', organisation_id, '{expert}', 'reader', '{at}' FROM bid WHERE id = '{bid}'",
        "correction": "INSERT INTO sheet_correction (id, sheet_id, criterion, before, after, reason, corrected_by, "
        f"corrected_at) VALUES ('x', '{sheet}', 'c1', '1', '0.01', 'x', '{expert}', '{at}')",
        "decider": f"UPDATE round_decision SET account_id = '{expert}' WHERE id = (SELECT MIN(id) FROM round_decision)",
        "handler": f"UPDATE round_decision SET account_id = '{handler}' WHERE id = (SELECT MIN(id) FROM round_decision)",
    }


def test_a_ranking_that_does_not_follow_from_its_sheets_is_found_though_its_digest_is_right(
    store: Store, tmp_path: Path
) -> None:
    public(store, tmp_path)
    with store.writing() as session:
        table = session.exec(select(ScoreTable)).one()
        ranking = [{**one, "score": "99.99"} for one in table.record["ranking"]]
        table.record = {**table.record, "ranking": ranking}
        table.digest = score_tables.digest(table.record)
        session.add(table)

    assert "scores_wrong" in codes(store)

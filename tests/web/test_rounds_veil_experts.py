"""Who judges is learnt from the log by the round's office and its supervisors alone, and a mark by nobody in between."""

from datetime import timedelta
from pathlib import Path

from marketplace import audited
from marketplace.accounts.actors import Actor
from marketplace.accounts.joining import memberships
from marketplace.accounts.words import Role, Standing
from marketplace.kernel import events
from marketplace.kernel.db import Store
from marketplace.kernel.events import Event
from marketplace.rounds.audited import EXPERTS_ACTS
from marketplace.rounds.reviewing import consensus
from marketplace.rounds.round_tables import Round
from marketplace.rounds.words import Post, RoundState
from tests.marketplace import review_market as market
from tests.marketplace.market import NEW_ID, make_person
from tests.marketplace.review_market import REVIEW, Panel
from tests.web.round_stage import playing

MARKS = {0: (34, 28, 30), 1: (36, 27, 31), 2: (35, 26, 29), 3: (33, 28, 32), 4: (37, 25, 30)}
LATER = REVIEW + timedelta(hours=1)


def closed(store: Store, folder: Path) -> Panel:
    """A panel in its consensus, in which one has corrected a mark."""
    panel = market.drawn_panel(store, folder)
    market.declare_all(store, panel)
    market.mark_all(store, panel, MARKS)
    assert market.tick(store, panel) is RoundState.CONSENSUS
    sheet_id = market.sheet_of(store, panel, panel.expert(2), panel.bids[0])
    with store.writing() as session:
        consensus.correct(
            session,
            panel.expert(2),
            panel.scene.round_id,
            sheet_id,
            "c1",
            points="35.5",
            reason="漏看附件。",
            now=LATER,
            new_id=NEW_ID,
        )
    return panel


def veiled(store: Store, panel: Panel, reader: Actor) -> set[str]:
    """What the log of the round keeps from somebody."""
    with store.reading() as session:
        found: list[Event] = events.of_chain(session, "round", panel.scene.round_id)
        positions = audited.veiled(session, found, reader)
    return {one.action for one in found if one.position in positions}


def expected(store: Store, panel: Panel) -> set[str]:
    """The acts of the log that tell who judges."""
    with store.reading() as session:
        done = {one.action for one in events.of_chain(session, "round", panel.scene.round_id)}
    return done & EXPERTS_ACTS


def test_outsiders_and_bidders_people_learn_from_the_log_neither_names_nor_marks(store: Store, tmp_path: Path) -> None:
    panel = closed(store, tmp_path)
    scene = panel.scene
    outsider = make_person(store, role=Role.SUPERVISOR, region="江西省/抚州市", email="w@example.com", name="外地监督")
    torn = make_person(store, role=Role.SUPERVISOR, region="福建省", email="t@example.com", name="两边的人")
    with store.writing() as session:
        memberships.add(
            session,
            organisation_id=panel.bidders[0].organisation_id or "",
            account_id=torn.account_id,
            standing=Standing.READER,
            now=REVIEW,
            new_id=NEW_ID,
        )

    acts = expected(store, panel)
    assert {"round.panel_declared", "round.sheet_submitted", "round.mark_corrected"} <= acts
    for reader in (outsider, torn, panel.bidders[0]):
        assert veiled(store, panel, reader) == acts
    # The office and the supervisor know who judges; what marks there are they do not read before they are frozen.
    for reader in (scene.issuer, scene.table.organiser, scene.posts[Post.KEEPER]):
        assert veiled(store, panel, reader) == {"round.mark_corrected"}


def test_after_the_review_the_log_tells_who_judged_unless_experts_are_never_named(store: Store, tmp_path: Path) -> None:
    panel = closed(store, tmp_path)
    with store.writing() as session:
        consensus.confirm(session, panel.expert(0), panel.scene.round_id, now=LATER, new_id=NEW_ID)
    everywhere = make_person(store, role=Role.SUPERVISOR, region="江西省", email="w@example.com", name="外地监督")

    assert veiled(store, panel, everywhere) == set()
    with store.writing() as session:
        row = session.get_one(Round, panel.scene.round_id)
        assert row.procedure is not None
        row.procedure = {**row.procedure, "judging": {**row.procedure["judging"], "shows_experts": False}}
        session.add(row)
    assert veiled(store, panel, everywhere) == expected(store, panel)
    assert veiled(store, panel, panel.scene.posts[Post.KEEPER]) == set()


def test_the_pages_of_the_log_keep_the_names_from_a_supervisor_of_a_bidders_unit(store: Store, tmp_path: Path) -> None:
    panel = closed(store, tmp_path)
    torn = make_person(store, role=Role.SUPERVISOR, region="福建省", email="t@example.com", name="两边的人")
    with store.writing() as session:
        memberships.add(
            session,
            organisation_id=panel.bidders[0].organisation_id or "",
            account_id=torn.account_id,
            standing=Standing.READER,
            now=REVIEW,
            new_id=NEW_ID,
        )
    with playing(store, tmp_path) as stage:
        stage.now = LATER
        life = stage.page(f"/audit/round/{panel.scene.round_id}", torn)
        known = stage.page(f"/audit/round/{panel.scene.round_id}", panel.scene.posts[Post.KEEPER])
        asked = stage.page(f"/audit?action=round.sheet_submitted&who={market.NAMES[0]}", torn)
        lines = stage.get("/audit/export.jsonl", torn).text

    names = [panel.expert(number).name for number in range(5)]
    assert not any(name in life for name in names)
    assert "有人（评审专家不公开）" in life
    assert "校验通过" in life
    assert all(name in known for name in names)
    assert "35.5" not in known
    assert "没有符合条件的留痕" in asked
    assert "sheet_submitted" not in lines
    assert not any(panel.expert(number).account_id in lines for number in range(5))

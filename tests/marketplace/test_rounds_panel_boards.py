"""What the office reads of panels and scores: who may, counts alone, nothing of what is closed to the reader, waits."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.accounts.joining import memberships
from marketplace.accounts.words import Role, Standing
from marketplace.experts.rules.drawing import Wanted
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Invalid, NotFound
from marketplace.rounds import rounds, waiting
from marketplace.rounds.panel_words import MemberState
from marketplace.rounds.panels import draws, inviting, members, recusals, requests, voiding
from marketplace.rounds.panels.members import Answer, Said
from marketplace.rounds.reviewing import boards, consensus, reading
from marketplace.rounds.reviewing.reading import Read
from marketplace.rounds.rules import draw_records, score_tables
from marketplace.rounds.waiting import Wait
from marketplace.rounds.words import Post, RoundState
from tests.marketplace import review_market as market
from tests.marketplace.market import NEW_ID, make_person
from tests.marketplace.review_market import REVIEW, SEED, Panel
from tests.marketplace.round_acts import refused

MARKS = {0: (34, 28, 30), 1: (36, 27, 31), 2: (35, 26, 29), 3: (33, 28, 32), 4: (37, 25, 30)}
LATER = REVIEW + timedelta(hours=1)


def frozen(store: Store, folder: Path) -> Panel:
    """A panel whose scores are frozen."""
    panel = market.drawn_panel(store, folder)
    market.declare_all(store, panel)
    market.mark_all(store, panel, MARKS)
    assert market.tick(store, panel) is RoundState.CONSENSUS
    with store.writing() as session:
        consensus.confirm(session, panel.expert(0), panel.scene.round_id, now=LATER, new_id=NEW_ID)
    return panel


def read(store: Store, panel: Panel, actor: Actor) -> list[Read]:
    """The tables that somebody may read."""
    with store.reading() as session:
        return reading.all_of(session, actor, panel.scene.round_id)


def waits(store: Store, panel: Panel, actor: Actor) -> tuple[Wait, ...]:
    """What waits for somebody in the round."""
    with store.reading() as session:
        return waiting.of(session, actor, [panel.scene.round_id]).get(panel.scene.round_id, ())


def join(store: Store, actor: Actor, unit: Actor) -> None:
    """Let somebody belong to a bidder's unit beside what it does in the round."""
    with store.writing() as session:
        memberships.add(
            session,
            organisation_id=unit.organisation_id or "",
            account_id=actor.account_id,
            standing=Standing.READER,
            now=REVIEW,
            new_id=NEW_ID,
        )


def test_the_office_reads_counts_and_no_mark(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    market.declare_all(store, panel)
    market.mark_all(store, panel, {0: MARKS[0]})
    with store.reading() as session:
        board = boards.get(session, panel.scene.issuer, panel.scene.round_id)
    (track,) = board.tracks
    found = {one.member_id: (one.sheets_in, one.sheets) for one in track.members}
    assert found == {one: (3, 3) if one == panel.drawn[0] else (0, 3) for one in panel.drawn}
    assert [one.sheets_in for one in track.bids] == [1, 1, 1]
    assert [one.is_next for one in sorted(track.reserves, key=lambda one: one.place)] == [True, False, False]
    assert (track.lacking, track.wants_more, board.may_act, board.may_watch) == (0, False, True, True)
    # As a word of its own: an id may hold the same two digits.
    assert not re.search(r"\b34\b", repr(board.tracks[0].seats))


def test_a_board_without_what_is_closed_to_its_reader(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    market.declare_all(store, panel)
    market.mark_all(store, panel, {0: MARKS[0]})
    organiser = panel.scene.table.organiser
    join(store, organiser, panel.bidders[1])
    with store.writing() as session:
        requests.file(
            session, panel.bidders[1], panel.bids[1], person="顾明远", unit="", text="纠纷", now=REVIEW, new_id=NEW_ID
        )
    with store.reading() as session:
        board = boards.get(session, organiser, panel.scene.round_id)
        whole = boards.get(session, panel.scene.issuer, panel.scene.round_id)
    (track,) = board.tracks
    assert {one.bid_id for one in track.bids} == {panel.bids[0], panel.bids[2]}
    assert [one.sheets for one in track.members] == [2] * 5
    assert (board.requests, len(whole.requests)) == ((), 1)


@pytest.mark.parametrize("who", ["bidder", "expert", "visitor of another region", "opener"])
def test_who_is_not_of_the_round_reads_no_board(store: Store, tmp_path: Path, who: str) -> None:
    panel = market.drawn_panel(store, tmp_path)
    people = {
        "bidder": panel.bidders[0],
        "expert": panel.expert(0),
        "visitor of another region": make_person(
            store, role=Role.ORGANISER, region="江西省/抚州市", email="fuzhou@example.com", name="外地"
        ),
        "opener": replace(panel.scene.posts[Post.OPENER_A], grants=()),
    }
    with store.reading() as session, refused("no_panel", NotFound):
        boards.get(session, people[who], panel.scene.round_id)


def test_frozen_scores_are_read_by_the_office_and_by_the_panel_and_by_no_bidder(store: Store, tmp_path: Path) -> None:
    panel = frozen(store, tmp_path)
    scene = panel.scene
    for who in (scene.issuer, scene.table.organiser, scene.posts[Post.KEEPER], panel.expert(1)):
        (table,) = read(store, panel, who)
        assert [one["bid"] for one in table.record["ranking"]] == [panel.bids[0], panel.bids[2], panel.bids[1]]
        assert score_tables.differences(table.record) == ()
        assert table.digest == score_tables.digest(table.record)
        assert set(table.names) == set(panel.bids)
    for who in (panel.bidders[0], panel.reserve(0)):
        with refused("no_scores", NotFound):
            read(store, panel, who)


def test_who_belongs_to_a_bidder_reads_scores_as_if_its_bid_had_never_been_there(store: Store, tmp_path: Path) -> None:
    panel = frozen(store, tmp_path)
    organiser = panel.scene.table.organiser
    join(store, organiser, panel.bidders[0])
    (table,) = read(store, panel, organiser)
    assert [(one["bid"], one["place"]) for one in table.record["ranking"]] == [(panel.bids[2], 1), (panel.bids[1], 2)]
    assert panel.bids[0] not in repr(table)
    assert table.digest == score_tables.digest(table.record)
    assert score_tables.differences(table.record) == ()


def test_void_scores_stay_for_the_office_without_whose_conflict_it_was_and_lead_no_panel(
    store: Store, tmp_path: Path
) -> None:
    panel = frozen(store, tmp_path)
    with store.writing() as session:
        recusals.declare_late(
            session, panel.expert(4), panel.scene.round_id, panel.bids[0], text="是亲属。", now=LATER, new_id=NEW_ID
        )
    (table,) = read(store, panel, panel.scene.issuer)
    assert (table.void_at, table.void_reason) == (LATER, voiding.FELL)
    assert read(store, panel, panel.expert(1)) == []


def test_each_thing_that_a_panel_lacks_waits_for_its_office(store: Store, tmp_path: Path) -> None:
    scene, bidders, bids = market.in_review(store, tmp_path, "木语视觉", "接线员工作室")
    people = [market.make_expert(store, name, email=f"e{n}@pingshen.cn") for n, name in enumerate(market.NAMES)]
    panel = market.seated(store, scene, bidders, bids, people)
    office, second = scene.issuer, scene.table.organiser
    assert waits(store, panel, office) == waits(store, panel, second) == (Wait.PANEL_LIST,)
    with store.writing() as session:
        draw_id = draws.fix(
            session, office, scene.round_id, "t1", [Wanted("", 5, 2)], seed=SEED, now=REVIEW, new_id=NEW_ID
        )
    assert waits(store, panel, office) == ()
    assert waits(store, panel, second) == waits(store, panel, scene.posts[Post.KEEPER]) == (Wait.PANEL_DRAW,)
    with store.writing() as session:
        draws.draw(session, second, scene.round_id, draw_id, words="3 5 6 1", now=REVIEW, new_id=NEW_ID)
    panel = market.seated(store, scene, bidders, bids, people)
    assert waits(store, panel, office) == ()
    market.declare(store, panel, panel.expert(0))
    assert waits(store, panel, office) == (Wait.PANEL_LEAD,)
    market.declare(store, panel, panel.expert(1), {bids[0]: Said(Answer.DOUBT, "同学。")})
    with store.writing() as session:
        members.decline(session, panel.expert(2), scene.round_id, reason="出差", now=REVIEW, new_id=NEW_ID)
        requests.file(session, bidders[0], bids[0], person="某人", unit="", text="纠纷", now=REVIEW, new_id=NEW_ID)
    assert waits(store, panel, office) == (Wait.PANEL_CONFLICT, Wait.PANEL_REQUEST, Wait.PANEL_RESERVE)
    assert waits(store, panel, scene.posts[Post.KEEPER]) == ()
    assert waits(store, panel, bidders[0]) == ()
    with store.reading() as session:
        mine = [one.id for one in rounds.mine(session, second)]
        assert waiting.of_panels(session, second, mine) == {scene.round_id: REVIEW}


def test_a_chair_to_whom_a_bid_is_closed_asks_for_a_deputy(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    market.declare(store, panel, panel.expert(0), {panel.bids[0]: Said(Answer.CONFLICT, "顾问。")})
    for number in range(1, 5):
        market.declare(store, panel, panel.expert(number))
    lead(store, panel, 0, as_deputy=False)
    assert Wait.PANEL_LEAD in waits(store, panel, panel.scene.issuer)
    lead(store, panel, 1, as_deputy=True)
    assert Wait.PANEL_LEAD not in waits(store, panel, panel.scene.issuer)


def lead(store: Store, panel: Panel, number: int, *, as_deputy: bool) -> None:
    """Name one who leads."""
    with store.writing() as session:
        members.lead(
            session, panel.scene.issuer, panel.scene.round_id, panel.drawn[number], as_deputy=as_deputy, now=REVIEW
        )


def fix(session: Session, panel: Panel, *wanted: Wanted) -> str:
    """Fix the list of another draw."""
    return draws.fix(
        session, panel.scene.issuer, panel.scene.round_id, "t1", wanted, seed=SEED, now=REVIEW, new_id=NEW_ID
    )


def test_no_draw_makes_a_panel_larger_than_the_notice_says(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path, experts=4, reserves=1)
    with store.writing() as session, refused("quota_wrong", Invalid):
        fix(session, panel, Wanted("", 2))
    with store.writing() as session:
        draw_id = fix(session, panel, Wanted("", 1, 1))
    with store.writing() as session:
        inviting.call_reserve(
            session, panel.scene.issuer, panel.scene.round_id, panel.reserves[0], now=REVIEW, new_id=NEW_ID
        )
    assert market.state_of(store, panel.reserves[0]) is MemberState.INVITED
    with store.writing() as session, refused("panel_full"):
        draws.draw(
            session,
            panel.scene.table.organiser,
            panel.scene.round_id,
            draw_id,
            words="3 5 6 1",
            now=REVIEW,
            new_id=NEW_ID,
        )


def test_the_record_of_a_draw_says_what_does_not_follow(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    with store.reading() as session:
        (draw,) = draws.of_round(session, panel.scene.round_id)
    record = draws.as_record(draw, panel.scene.round_id)
    other = min(record["eligible"])
    assert draw_records.faults(record) == ()
    assert draw_records.faults({**record, "words": "3 5 6 2"}) == ("按名单、种子和现场输入重新抽取，结果与记录不符。",)
    assert "公布的种子与事先承诺的不符。" in draw_records.faults({**record, "seed": "00" * 32})
    shorter = {one: fields for one, fields in record["eligible"].items() if one != other}
    assert "名单的校验值与名单不符。" in draw_records.faults({**record, "eligible": shorter})
    for broken in ({**record, "seed": ""}, {"format": draw_records.FORMAT}, {**record, "wanted": [1]}):
        with pytest.raises(ValueError, match=r"record|made"):
            draw_records.faults(broken)

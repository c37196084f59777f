"""The review: sheets, closing, consensus, frozen scores; late recusals void everything that rests on them."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from sqlmodel import select

from marketplace.kernel.db import Store
from marketplace.kernel.errors import Invalid, NotAllowed, NotFound
from marketplace.rounds import held
from marketplace.rounds.panel_tables import PanelConflict
from marketplace.rounds.panel_words import MemberState, SheetState
from marketplace.rounds.panels import inviting, recusals
from marketplace.rounds.panels.members import Answer, Said
from marketplace.rounds.reviewing import consensus, desks, sheets, stages, tables, together
from marketplace.rounds.rules import score_tables
from marketplace.rounds.rules.scores import Method
from marketplace.rounds.sheet_tables import ScoreTable, Sheet, SheetCorrection
from marketplace.rounds.words import RoundState
from tests.marketplace import review_market as market
from tests.marketplace.market import NEW_ID
from tests.marketplace.review_market import FULL, REVIEW, Panel, marks
from tests.marketplace.round_acts import done, refused, told

MARKS = {0: (34, 28, 30), 1: (36, 27, 31), 2: (35, 26, 29), 3: (33, 28, 32), 4: (37, 25, 30)}
"""The first criterion by expert, bid by bid; with 24, 12 and 12 for the others the sheets are 48 more."""
LATER = REVIEW + timedelta(hours=1)


def closed(store: Store, folder: Path) -> Panel:
    """A panel whose sheets are all in, so that the clock has closed the review."""
    panel = market.drawn_panel(store, folder)
    market.declare_all(store, panel)
    market.mark_all(store, panel, MARKS)
    assert market.tick(store, panel) is RoundState.CONSENSUS
    return panel


def frozen(store: Store, folder: Path) -> Panel:
    """The same, confirmed by its chair."""
    panel = closed(store, folder)
    assert confirm(store, panel, 0) is RoundState.DECISION
    return panel


def confirm(store: Store, panel: Panel, number: int) -> RoundState:
    """Let a member confirm."""
    with store.writing() as session:
        return consensus.confirm(session, panel.expert(number), panel.scene.round_id, now=LATER, new_id=NEW_ID)


def scores_of(store: Store, panel: Panel) -> dict[str, tuple[int, str]]:
    """Place and score of each bid in the table that stands."""
    with store.reading() as session:
        table = tables.standing(session, held.get(session, panel.scene.round_id))
        assert table is not None
        return {one["bid"]: (one["place"], one["score"]) for one in table.record["ranking"]}


def recuse(store: Store, panel: Panel, number: int, bid_id: str, *, text: str = "刚得知其股东是我的学生。") -> None:
    """Let a member say late that it must not judge a bid."""
    with store.writing() as session:
        recusals.declare_late(
            session, panel.expert(number), panel.scene.round_id, bid_id, text=text, now=LATER, new_id=NEW_ID
        )


def state(store: Store, panel: Panel) -> RoundState:
    """Where the round stands."""
    with store.reading() as session:
        return held.get(session, panel.scene.round_id).state


def test_a_sheet_is_filled_in_piece_by_piece_and_says_what_is_missing(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    expert = panel.expert(0)
    market.declare(store, panel, expert)
    sheet_id = market.sheet_of(store, panel, expert, panel.bids[0])
    with store.writing() as session:
        sheets.save(session, expert, sheet_id, {"mark-c1": "41", "comment-all": "总体可行。"}, now=REVIEW)
    with store.writing() as session, refused("incomplete", Invalid) as _:
        sheets.submit(session, expert, sheet_id, now=REVIEW)
    with store.reading() as session:
        page = desks.get(session, expert, sheet_id, now=REVIEW)
    assert page.faults["mark-c1"] == "“方案与指标响应”请打 0 到 40 分，最多两位小数。"
    assert set(page.faults) == {"mark-c1", "mark-c2", "mark-c3", "mark-c4"}
    assert page.comments == {"all": "总体可行。"}
    assert market.state_of(store, panel.drawn[0]) is MemberState.IN_PROGRESS
    # 60 and 90 in a hundred of 40 are 24 and 36: outside a comment is due, on the edge it is not.
    with store.writing() as session:
        sheets.save(session, expert, sheet_id, {**FULL, "mark-c1": "23.99"}, now=REVIEW)
    with store.reading() as session:
        assert set(desks.get(session, expert, sheet_id, now=REVIEW).faults) == {"comment-c1"}
    with store.writing() as session:
        sheets.save(session, expert, sheet_id, {"mark-c1": "24", "mark-c2": "２７．０"}, now=REVIEW)
        sheets.submit(session, expert, sheet_id, now=REVIEW)
    with store.reading() as session:
        page = desks.get(session, expert, sheet_id, now=REVIEW)
        assert (page.state, page.total) == (SheetState.SUBMITTED, Decimal("74.5"))  # 24 + 27 + 12 + 11.5


def test_a_sheet_that_was_saved_elsewhere_is_not_overwritten_and_a_late_repeat_changes_nothing(
    store: Store, tmp_path: Path
) -> None:
    panel = market.drawn_panel(store, tmp_path)
    expert = panel.expert(0)
    market.declare(store, panel, expert)
    sheet_id = market.sheet_of(store, panel, expert, panel.bids[0])
    with store.writing() as session:
        assert sheets.save(session, expert, sheet_id, {"mark-c1": "30"}, version=0, now=REVIEW) == 1
    with store.writing() as session, refused("stale"):
        sheets.save(session, expert, sheet_id, {"mark-c1": "31"}, version=0, now=REVIEW)
    with store.writing() as session:  # a connection that came back sends once more what it had sent
        assert sheets.save(session, expert, sheet_id, {"mark-c1": "30"}, now=REVIEW) == 1
    with store.writing() as session, refused("sheet_field_wrong", Invalid):
        sheets.save(session, expert, sheet_id, {"mark-c9": "1"}, now=REVIEW)


def test_nobody_sees_another_ones_sheet_before_the_review_is_over(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    market.declare_all(store, panel)
    sheet_id = market.mark(store, panel, panel.expert(0), panel.bids[0])
    for person in (panel.expert(1), panel.scene.issuer, panel.scene.table.organiser, panel.bidders[0]):
        with store.reading() as session, refused("sheet_missing", NotFound):
            desks.get(session, person, sheet_id, now=REVIEW)
    with store.reading() as session, refused("not_closed", NotAllowed):
        together.get(session, panel.expert(1), panel.scene.round_id)


def test_the_review_closes_by_itself_when_everything_is_in_and_not_before(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    market.declare_all(store, panel)
    market.mark_all(store, panel, {number: MARKS[number] for number in range(4)})
    assert market.tick(store, panel) is RoundState.REVIEW
    market.mark_all(store, panel, {4: MARKS[4]})
    sheet_id = market.sheet_of(store, panel, panel.expert(4), panel.bids[0])
    with store.writing() as session:
        sheets.take_back(session, panel.expert(4), sheet_id, now=REVIEW)
    assert market.state_of(store, panel.drawn[4]) is MemberState.IN_PROGRESS
    assert market.tick(store, panel) is RoundState.REVIEW
    with store.writing() as session:
        sheets.submit(session, panel.expert(4), sheet_id, now=REVIEW)
    assert market.tick(store, panel) is RoundState.CONSENSUS
    assert market.tick(store, panel) is RoundState.CONSENSUS
    assert {market.state_of(store, one) for one in panel.drawn} == {MemberState.LOCKED}
    with store.writing() as session, refused("not_in_this_state"):
        sheets.take_back(session, panel.expert(4), sheet_id, now=REVIEW)


def test_without_a_chair_the_review_does_not_close(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    for number in range(5):
        market.declare(store, panel, panel.expert(number))
    market.mark_all(store, panel, MARKS)
    assert market.tick(store, panel) is RoundState.REVIEW
    market.lead(store, panel)
    assert market.tick(store, panel) is RoundState.CONSENSUS


def test_the_ranking_is_that_of_the_method_by_hand(store: Store, tmp_path: Path) -> None:
    panel = frozen(store, tmp_path)
    # Without the highest and the lowest of five, plus 48: (34+36+35)/3, (28+27+26)/3 -> 27, (30+31+30)/3.
    assert scores_of(store, panel) == {
        panel.bids[0]: (1, "83.00"),
        panel.bids[1]: (3, "75.00"),
        panel.bids[2]: (2, "78.33"),
    }
    assert market.bid_states(store, panel) == ["scored", "scored", "scored"]
    with store.reading() as session:
        table = session.exec(select(ScoreTable)).one()
    assert score_tables.differences(table.record) == ()
    assert score_tables.digest(table.record) == table.digest
    altered = {**table.record, "ranking": [{**one, "score": "99.00"} for one in table.record["ranking"]]}
    assert len(score_tables.differences(altered)) == 3


def test_only_the_chair_confirms_and_a_difference_asks_for_a_word(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    market.declare_all(store, panel)
    given = {**MARKS, 4: (14, 25, 30)}  # 20 less than 34, 22 less than 36: more than the 20 that are allowed
    market.mark_all(store, panel, given)
    market.tick(store, panel)
    with refused("not_the_chair", NotAllowed):
        confirm(store, panel, 2)
    with refused("divergence_uncommented"):
        confirm(store, panel, 0)
    with store.writing() as session:
        consensus.remark(
            session,
            panel.expert(4),
            panel.scene.round_id,
            panel.bids[0],
            text="我认为方案没有说明夜间识别。",
            now=LATER,
            new_id=NEW_ID,
        )
    assert confirm(store, panel, 0) is RoundState.DECISION


def test_a_mark_is_corrected_by_its_own_expert_with_a_reason_and_what_it_was_stays(
    store: Store, tmp_path: Path
) -> None:
    panel = closed(store, tmp_path)
    sheet_id = market.sheet_of(store, panel, panel.expert(1), panel.bids[0])

    def correct(number: int, *, points: str = "30", reason: str = "误把第二份的分数填到这里。") -> None:
        with store.writing() as session:
            consensus.correct(
                session,
                panel.expert(number),
                panel.scene.round_id,
                sheet_id,
                "c1",
                points=points,
                reason=reason,
                now=LATER,
                new_id=NEW_ID,
            )

    with refused("sheet_missing", NotFound):
        correct(2)
    with refused("no_reason", Invalid):
        correct(1, reason=" ")
    with refused("mark_wrong", Invalid):
        correct(1, points="40.5")
    with refused("mark_same", Invalid):
        correct(1, points="36.0")
    correct(1)
    with store.reading() as session:
        row = session.exec(select(SheetCorrection)).one()
        page = together.get(session, panel.expert(0), panel.scene.round_id)
    assert (row.before, row.after) == ("36", "30")
    bid = next(one for one in page.bids if one.bid_id == panel.bids[0])
    assert [(one.before, one.after) for one in bid.corrections] == [("36", "30")]
    assert confirm(store, panel, 0) is RoundState.DECISION
    assert scores_of(store, panel)[panel.bids[0]] == (1, "82.00")  # 30 33 34 35 37: (33+34+35)/3 = 34, and 48


def test_a_late_recusal_in_the_review_leaves_the_rest(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    market.declare_all(store, panel)
    market.mark_all(store, panel, {0: MARKS[0]})
    recuse(store, panel, 0, panel.bids[1])
    with store.reading() as session:
        found = {one.bid_id: one for one in desks.lines(session, panel.expert(0), panel.scene.round_id)}
        given = tables.inputs(session, held.get(session, panel.scene.round_id))
    assert found[panel.bids[1]].is_closed
    assert not found[panel.bids[0]].is_closed
    assert {one.bid for one in given.sheets} == {panel.bids[0], panel.bids[2]}
    assert market.state_of(store, panel.drawn[0]) is MemberState.SUBMITTED


def test_scored_then_void_is_as_never_scored(store: Store, tmp_path: Path) -> None:
    """The whole round once with a sheet that fell, once as if the expert had been excused from the beginning."""
    late = frozen(store, tmp_path)
    recuse(store, late, 4, late.bids[0])
    assert state(store, late) is RoundState.REVIEW
    assert market.bid_states(store, late) == ["in_review"] * 3
    with store.reading() as session:
        assert tables.standing(session, held.get(session, late.scene.round_id)) is None
        never = tables.inputs(session, held.get(session, late.scene.round_id))
    by_bid = {one: [sheet.expert for sheet in never.sheets if sheet.bid == one] for one in late.bids}
    assert [len(by_bid[one]) for one in late.bids] == [4, 5, 5]
    # Four sheets are too few to take two away: the method refuses, and the office calls somebody or says why not.
    assert market.tick(store, late, now=LATER) is RoundState.REVIEW
    with store.writing() as session:
        inviting.call_reserve(
            session, late.scene.issuer, late.scene.round_id, late.reserves[0], now=LATER, new_id=NEW_ID
        )
    assert market.declare(store, late, late.reserve(0), now=LATER) is MemberState.ACCEPTED
    with store.reading() as session:
        only = desks.lines(session, late.reserve(0), late.scene.round_id)
    assert [one.bid_id for one in only] == [late.bids[0]]  # the others have their five
    market.mark(store, late, late.reserve(0), late.bids[0], marks(33), now=LATER)
    assert market.tick(store, late, now=LATER) is RoundState.CONSENSUS
    assert confirm(store, late, 0) is RoundState.DECISION
    # 33 33 34 35 36: (33 + 34 + 35) / 3 = 34, and 48; the others as before.
    assert scores_of(store, late) == {
        late.bids[0]: (1, "82.00"),
        late.bids[1]: (3, "75.00"),
        late.bids[2]: (2, "78.33"),
    }
    with store.reading() as session:
        every = tables.all_of(session, late.scene.round_id)
        assert [one.void_at is None for one in every] == [False, True]
        assert "scores_voided" in done(session, "round", late.scene.round_id)


def test_the_office_may_close_with_fewer_sheets_for_a_reason_and_not_below_the_least(
    store: Store, tmp_path: Path
) -> None:
    panel = market.drawn_panel(store, tmp_path, reserves=0)
    market.judged_by(store, panel, Method.MEAN)
    for number in range(2):
        market.declare(store, panel, panel.expert(number))
    market.lead(store, panel)
    market.mark_all(store, panel, {0: MARKS[0], 1: MARKS[1]})

    def close(reason: str = "专家库已无可用专家。") -> None:
        with store.writing() as session:
            stages.close(session, panel.scene.issuer, panel.scene.round_id, reason=reason, now=LATER, new_id=NEW_ID)

    with refused("too_few_sheets"):
        close()
    market.declare(store, panel, panel.expert(2))
    market.mark_all(store, panel, {2: MARKS[2]})
    assert market.tick(store, panel, now=LATER) is RoundState.REVIEW
    with refused("no_reason", Invalid):
        close("")
    close()
    assert state(store, panel) is RoundState.CONSENSUS


def test_nothing_is_closed_with_fewer_sheets_than_the_method_can_do_with(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    for number in range(4):
        market.declare(store, panel, panel.expert(number))
    market.lead(store, panel)
    market.mark_all(store, panel, {number: MARKS[number] for number in range(4)})
    with store.writing() as session, refused("unscorable"):  # four sheets: without the best and the worst two are left
        stages.close(session, panel.scene.issuer, panel.scene.round_id, reason="不再补充。", now=LATER, new_id=NEW_ID)
    assert state(store, panel) is RoundState.REVIEW


def test_a_chair_in_conflict_sees_nothing_of_that_bid_and_the_deputy_confirms_it(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    market.judged_by(store, panel, Method.MEAN)
    chair = panel.expert(0)
    market.declare(store, panel, chair, {panel.bids[1]: Said(Answer.CONFLICT, "曾任其顾问。")})
    for number in range(1, 5):
        market.declare(store, panel, panel.expert(number))
    market.lead(store, panel)
    for number, points in MARKS.items():
        for bid_id, c1 in zip(panel.bids, points, strict=True):
            if (number, bid_id) != (0, panel.bids[1]):
                market.mark(store, panel, panel.expert(number), bid_id, marks(c1))
    with store.writing() as session:
        stages.close(
            session, panel.scene.issuer, panel.scene.round_id, reason="回避一人，不再补充。", now=LATER, new_id=NEW_ID
        )
    with store.reading() as session:
        seen = together.get(session, chair, panel.scene.round_id)
        deputy = together.get(session, panel.expert(1), panel.scene.round_id)
    assert {one.bid_id for one in seen.bids} == {panel.bids[0], panel.bids[2]}
    assert {one.bid_id for one in deputy.bids} == set(panel.bids)
    # To the chair the third bid is second of two, to everybody else second of three: as if the other had no reviews.
    assert {one.bid_id: one.ranked.place.place for one in seen.bids if one.ranked} == {
        panel.bids[0]: 1,
        panel.bids[2]: 2,
    }
    assert [one.bid_id for one in deputy.bids if one.may_confirm] == [panel.bids[1]]
    confirm(store, panel, 0)
    assert state(store, panel) is RoundState.CONSENSUS  # the third bid is left to the deputy
    confirm(store, panel, 1)
    assert state(store, panel) is RoundState.DECISION


def test_one_more_expert_judges_a_bid_that_the_panel_differs_about(store: Store, tmp_path: Path) -> None:
    panel = closed(store, tmp_path)
    with store.writing() as session:
        consensus.add_expert(
            session, panel.expert(0), panel.scene.round_id, panel.bids[2], reason="分歧较大，再请一人。", now=LATER
        )
    assert state(store, panel) is RoundState.REVIEW
    assert market.tick(store, panel, now=LATER) is RoundState.REVIEW
    with store.writing() as session:
        inviting.call_reserve(
            session, panel.scene.issuer, panel.scene.round_id, panel.reserves[0], now=LATER, new_id=NEW_ID
        )
    market.declare(store, panel, panel.reserve(0), now=LATER)
    market.mark(store, panel, panel.reserve(0), panel.bids[2], marks(40), now=LATER)
    assert market.tick(store, panel, now=LATER) is RoundState.CONSENSUS
    with store.reading() as session:
        found = session.exec(select(Sheet).where(Sheet.bid_id == panel.bids[2])).all()
    assert len(found) == 6


def test_a_conflict_that_is_found_later_closes_the_bid_by_itself(store: Store, tmp_path: Path) -> None:
    panel = closed(store, tmp_path)
    with store.writing() as session:
        expert = market.expert_id(session, panel.expert(3))
        session.add(
            market.ExpertTie(
                id=NEW_ID(),
                expert_id=expert,
                kind="employed",
                unit_name="木语视觉",
                added_by=panel.expert(3).account_id,
                added_at=LATER,
            )
        )
    assert market.tick(store, panel, now=LATER) is RoundState.REVIEW
    with store.reading() as session:
        row = session.exec(select(PanelConflict)).one()
        lines = {one.bid_id: one for one in desks.lines(session, panel.expert(3), panel.scene.round_id)}
    assert (row.is_hard, row.excludes, row.bid_id) == (True, True, panel.bids[0])
    assert lines[panel.bids[0]].state is SheetState.VOID
    assert market.tick(store, panel, now=LATER) is RoundState.REVIEW  # and is found once


def test_leaving_altogether_voids_every_sheet(store: Store, tmp_path: Path) -> None:
    panel = closed(store, tmp_path)
    with store.writing() as session:
        recusals.leave(
            session, panel.expert(0), panel.scene.round_id, reason="与发布单位有合作。", now=LATER, new_id=NEW_ID
        )
    assert market.state_of(store, panel.drawn[0]) is MemberState.RECUSED_LATE
    assert state(store, panel) is RoundState.REVIEW
    with store.reading() as session:
        given = tables.inputs(session, held.get(session, panel.scene.round_id))
    assert len(given.sheets) == 12


def test_permuting_experts_changes_nothing(store: Store, tmp_path: Path) -> None:
    panel = closed(store, tmp_path)
    with store.reading() as session:
        given = tables.inputs(session, held.get(session, panel.scene.round_id))
    renamed = {one: f"x{9 - number}" for number, one in enumerate(sorted({sheet.expert for sheet in given.sheets}))}
    other = score_tables.without(given, ())
    moved = tuple(
        type(one)(renamed[one.expert], one.bid, one.marks) for one in sorted(other.sheets, key=lambda s: s.marks["c1"])
    )
    again = type(given)(**{**{name: getattr(given, name) for name in given.__slots__}, "sheets": moved})
    assert score_tables.ranking(again) == score_tables.ranking(given)


def test_an_expert_hears_of_what_others_close_to_it_and_not_of_what_it_did(store: Store, tmp_path: Path) -> None:
    panel = closed(store, tmp_path)
    recuse(store, panel, 0, panel.bids[1])
    with store.writing() as session:
        recusals.put_down(
            session,
            panel.scene.issuer,
            panel.scene.round_id,
            panel.drawn[1],
            panel.bids[1],
            reason="经举报核实。",
            now=LATER,
            new_id=NEW_ID,
        )
    with store.reading() as session:
        assert told(session, panel.expert(0).account_id, "应当回避") == 0
        assert told(session, panel.expert(1).account_id, "应当回避") == 1


def test_a_sheet_that_is_handed_in_or_fixed_says_so(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    market.declare_all(store, panel)
    sheet_id = market.mark(store, panel, panel.expert(0), panel.bids[0])
    with store.writing() as session, refused("sheet_submitted"):
        sheets.save(session, panel.expert(0), sheet_id, {"mark-c1": "30"}, now=LATER)

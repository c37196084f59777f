"""What nobody may do late, from two sides, or with a hand in the round: each was possible once, and told or ended wrongly."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import col, delete, select

from marketplace.accounts.actors import Actor
from marketplace.accounts.tables import Organisation
from marketplace.accounts.words import Role
from marketplace.experts.rules.drawing import Wanted
from marketplace.kernel.db import Store
from marketplace.kernel.errors import NotAllowed, NotFound
from marketplace.kernel.office_tables import WorkdayException, WorkdayYear
from marketplace.rounds import held, invariants, watching
from marketplace.rounds.deciding import awards, effects, publishing
from marketplace.rounds.outcome_tables import Objection, RoundPublicity
from marketplace.rounds.outcome_words import ObjectionEvent, ObjectionState, Remedy
from marketplace.rounds.panel_tables import PanelConflict, PanelDraw
from marketplace.rounds.panel_words import MemberState
from marketplace.rounds.panels import draws, inviting, members, recusals, requests
from marketplace.rounds.panels.members import Answer, Said
from marketplace.rounds.panels.voiding import FELL
from marketplace.rounds.reviewing import consensus, stages, tables
from marketplace.rounds.rules.scores import Method
from marketplace.rounds.sheet_tables import Confirmation, Sheet
from marketplace.rounds.words import Post, RoundState
from tests.marketplace import outcome_acts as acts
from tests.marketplace import review_market as market
from tests.marketplace.market import NEW_ID, REGION, make_person
from tests.marketplace.outcome_acts import DECIDED
from tests.marketplace.review_market import REVIEW, SEED, Panel
from tests.marketplace.round_acts import refused
from tests.marketplace.test_rounds_outcomes import ENDS, awarded, tick
from tests.marketplace.test_rounds_panel_boards import join

MARKS = {0: (34, 28, 30), 1: (36, 27, 31), 2: (35, 26, 29), 3: (33, 28, 32), 4: (37, 25, 30)}
LATER = REVIEW + timedelta(hours=1)


def ask(store: Store, panel: Panel) -> str:
    """Let the first bidder ask for a recusal; gives the request's id."""
    with store.writing() as session:
        return requests.file(
            session,
            panel.bidders[0],
            panel.bids[0],
            person=market.NAMES[0],
            unit="",
            text="曾是竞争单位的顾问。",
            now=DECIDED,
            new_id=NEW_ID,
        )


def other_supervisor(store: Store) -> Actor:
    """A supervisor of the region that has nothing to do with anybody who bids."""
    return make_person(store, role=Role.SUPERVISOR, region=REGION, email="jiandu-2@linchuan.gov.cn", name="另一监督")


def test_a_request_that_is_answered_after_the_award_changes_nothing_that_was_judged(
    store: Store, tmp_path: Path
) -> None:
    panel, _, _ = acts.published(store, tmp_path)
    request_id = ask(store, panel)
    assert tick(store, panel, ENDS) is RoundState.AWARDED
    with store.writing() as session:
        awards.decline(session, panel.bidders[0], panel.bids[0], reason="人手不足。", now=ENDS, new_id=NEW_ID)
    assert acts.row_of(store, panel).state is RoundState.PUBLICITY  # once more, for the reserve
    with store.writing() as session, refused("past_publicity"):
        requests.answer(
            session,
            panel.scene.issuer,
            panel.scene.round_id,
            request_id,
            is_upheld=True,
            member_id=panel.drawn[0],
            text="情况属实。",
            now=ENDS,
            new_id=NEW_ID,
        )
    with store.reading() as session:
        assert not requests.may_file(session, panel.bidders[1], panel.bids[1])
    with store.writing() as session:
        requests.answer(
            session,
            panel.scene.issuer,
            panel.scene.round_id,
            request_id,
            is_upheld=False,
            text="结果已经确定。",
            now=ENDS,
            new_id=NEW_ID,
        )
    with store.reading() as session:
        assert list(invariants.check(session)) == []


def test_whose_conflict_it_was_is_told_to_the_office_and_not_in_the_publicity(store: Store, tmp_path: Path) -> None:
    panel, _, _ = acts.published(store, tmp_path)
    private = "配偶刚入职该单位，正在办理离婚。"
    with store.writing() as session:
        recusals.declare_late(
            session, panel.expert(4), panel.scene.round_id, panel.bids[0], text=private, now=DECIDED, new_id=NEW_ID
        )
    with store.reading() as session:
        publicity = session.exec(select(RoundPublicity)).one()
        sheet = session.exec(
            select(Sheet).where(Sheet.bid_id == panel.bids[0], Sheet.member_id == panel.drawn[4])
        ).one()
    assert publicity.withdraw_reason == FELL
    assert private in sheet.end_reason


def test_who_belongs_to_a_bidder_does_not_look_after_the_round(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    market.declare_all(store, panel)
    organiser, supervisor = panel.scene.table.organiser, panel.scene.posts[Post.KEEPER]
    for person in (organiser, supervisor):
        join(store, person, panel.bidders[0])
    with store.writing() as session, refused("own_bid", NotAllowed):
        inviting.call_reserve(session, organiser, panel.scene.round_id, panel.reserves[0], now=REVIEW, new_id=NEW_ID)
    with store.writing() as session, refused("own_bid", NotAllowed):
        recusals.put_down(
            session,
            supervisor,
            panel.scene.round_id,
            panel.drawn[0],
            panel.bids[0],
            reason="经举报核实。",
            now=REVIEW,
            new_id=NEW_ID,
        )
    with store.reading() as session, refused("no_signals", NotFound):
        watching.of(session, supervisor, panel.scene.round_id)
    with store.reading() as session:
        watching.of(session, other_supervisor(store), panel.scene.round_id)


def test_who_belongs_to_a_bidder_takes_back_no_award_and_brings_about_no_objection(
    store: Store, tmp_path: Path
) -> None:
    panel, _, _ = acts.published(store, tmp_path)
    objection_id = acts.object_to(store, panel, panel.bidders[1])
    acts.take(store, panel, objection_id)
    acts.settle(store, panel, objection_id, ObjectionEvent.UPHOLD, remedy=Remedy.DECIDE_AGAIN)
    join(store, panel.scene.posts[Post.KEEPER], panel.bidders[2])
    with store.writing() as session, refused("own_bid", NotAllowed):
        effects.bring_about(
            session,
            panel.scene.posts[Post.KEEPER],
            panel.scene.round_id,
            reason="落实。",
            now=DECIDED,
            new_id=NEW_ID,
        )
    with store.writing() as session:
        state = effects.bring_about(
            session,
            other_supervisor(store),
            panel.scene.round_id,
            reason="落实。",
            now=DECIDED,
            new_id=NEW_ID,
        )
    assert state is RoundState.DECISION


def correct(store: Store, panel: Panel, *, now: datetime) -> None:
    """Uphold an objection that asks for a correction, and bring it about."""
    objection_id = acts.object_to(store, panel, panel.bidders[1], now=now)
    acts.take(store, panel, objection_id, now=now)
    acts.settle(store, panel, objection_id, ObjectionEvent.UPHOLD_PARTLY, remedy=Remedy.CORRECT, now=now)
    with store.writing() as session:
        effects.bring_about(
            session,
            panel.scene.posts[Post.KEEPER],
            panel.scene.round_id,
            reason="申报单位的名称有误。",
            now=now,
            new_id=NEW_ID,
        )
    with store.reading() as session:
        assert session.get_one(Objection, objection_id).state is ObjectionState.IMPLEMENTED


def test_a_correction_is_a_full_new_publicity_of_the_same_result(store: Store, tmp_path: Path) -> None:
    panel, _, _ = acts.published(store, tmp_path)
    with store.writing() as session:
        unit = session.get_one(Organisation, panel.bidders[2].organisation_id)
        unit.name = "云上园林科技有限公司"
        session.add(unit)
    monday = datetime(2026, 12, 14, 2, 0, tzinfo=UTC)
    correct(store, panel, now=monday)
    with store.reading() as session:
        first, second = publishing.every(session, panel.scene.round_id)
    assert first.withdrawn_at is None
    assert second.record["note"] == "更正：申报单位的名称有误。"
    changed = {"names", "reason"}
    before, after = (
        [{key: one[key] for key in one if key not in changed} for one in public.record["tracks"][0]["entries"]]
        for public in (first, second)
    )
    assert before == after
    assert [one["names"] for one in first.record["tracks"][0]["entries"]][1] == ["云上园林"]
    assert [one["names"] for one in second.record["tracks"][0]["entries"]][1] == ["云上园林科技有限公司"]
    # Five working days after Monday the 14th end on Monday the 21st.
    ends = datetime(2026, 12, 21, 16, 0, tzinfo=UTC)
    assert second.ends_at == acts.row_of(store, panel).publicity_ends == ends
    assert tick(store, panel, ENDS) is RoundState.PUBLICITY
    assert tick(store, panel, ends) is RoundState.AWARDED


def test_a_correction_is_brought_about_in_the_publicity_of_a_reserve_too(store: Store, tmp_path: Path) -> None:
    panel = awarded(store, tmp_path)
    with store.writing() as session:
        awards.decline(session, panel.bidders[0], panel.bids[0], reason="人手不足。", now=ENDS, new_id=NEW_ID)
    correct(store, panel, now=ENDS)
    with store.reading() as session:
        public = publishing.standing(session, panel.scene.round_id)
    assert public is not None
    assert (public.number, [one["names"] for one in public.record["dropped"]]) == (3, [["木语视觉"]])
    assert tick(store, panel, public.ends_at) is RoundState.AWARDED


def test_a_reserve_that_may_not_win_any_more_is_not_called(store: Store, tmp_path: Path) -> None:
    panel = awarded(store, tmp_path)
    assert market.bid_states(store, panel) == ["awarded", "reserve", "reserve"]
    with store.writing() as session:
        unit = session.get_one(Organisation, panel.bidders[2].organisation_id)
        unit.closed_at = ENDS
        session.add(unit)
    with store.writing() as session:
        awards.decline(session, panel.bidders[0], panel.bids[0], reason="人手不足。", now=ENDS, new_id=NEW_ID)
    # Third to rank second: its unit is no more, so that the one behind it takes the place.
    assert market.bid_states(store, panel) == ["declined", "proposed", "reserve"]


def test_where_nobody_comes_through_the_final_is_left_out_and_deciders_find_nobody(
    store: Store, tmp_path: Path
) -> None:
    panel = market.drawn_panel(store, tmp_path)
    market.with_final(store, panel)
    market.declare_all(store, panel)
    for number in range(5):
        for bid_id in panel.bids:
            market.mark(store, panel, panel.expert(number), bid_id, market.marks(10, 5, 5, 5))
    assert market.tick(store, panel) is RoundState.CONSENSUS
    with store.writing() as session:
        state = consensus.confirm(session, panel.expert(0), panel.scene.round_id, now=LATER, new_id=NEW_ID)
    assert state is RoundState.DECISION
    with store.reading() as session:
        table = tables.standing(session, held.get(session, panel.scene.round_id))
    assert table is not None
    assert {one["score"] for one in table.record["ranking"]} == {"25.00"}
    assert not any(one["may_win"] for one in table.record["ranking"])


def test_a_list_that_holds_a_member_by_now_is_not_drawn_from(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path, reserves=0)
    with store.writing() as session:
        members.decline(session, panel.expert(0), panel.scene.round_id, reason="出差。", now=REVIEW, new_id=NEW_ID)
    with store.writing() as session:
        draw_id = draws.fix(
            session,
            panel.scene.issuer,
            panel.scene.round_id,
            "t1",
            [Wanted("", 1, 0)],
            seed=SEED,
            now=REVIEW,
            new_id=NEW_ID,
        )
    with store.writing() as session:
        inviting.name(
            session,
            panel.scene.issuer,
            panel.scene.round_id,
            "t1",
            min(session.get_one(PanelDraw, draw_id).eligible),
            reason="专业对口。",
            now=REVIEW,
            new_id=NEW_ID,
        )
    with store.writing() as session, refused("list_outdated"):
        draws.draw(
            session,
            panel.scene.table.organiser,
            panel.scene.round_id,
            draw_id,
            words="3 5 6 1",
            now=REVIEW,
            new_id=NEW_ID,
        )


def test_with_one_more_expert_the_whole_track_is_confirmed_again(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    market.judged_by(store, panel, Method.MEAN)
    market.declare(store, panel, panel.expert(0), {panel.bids[1]: Said(Answer.CONFLICT, "曾任其顾问。")})
    for number in range(1, 5):
        market.declare(store, panel, panel.expert(number))
    market.lead(store, panel)
    for number, points in MARKS.items():
        for bid_id, c1 in zip(panel.bids, points, strict=True):
            if (number, bid_id) != (0, panel.bids[1]):
                market.mark(store, panel, panel.expert(number), bid_id, market.marks(c1))
    with store.writing() as session:
        stages.close(session, panel.scene.issuer, panel.scene.round_id, reason="不再补充。", now=LATER, new_id=NEW_ID)
    with store.writing() as session:  # the chair confirms two; the third is its deputy's
        consensus.confirm(session, panel.expert(0), panel.scene.round_id, now=LATER, new_id=NEW_ID)
    with store.writing() as session:
        consensus.add_expert(
            session, panel.expert(1), panel.scene.round_id, panel.bids[1], reason="再请一人。", now=LATER
        )
    with store.reading() as session:
        live = session.exec(select(Confirmation).where(col(Confirmation.void_at).is_(None))).all()
    assert live == []


def test_a_doubt_that_is_decided_after_the_review_lets_nobody_in(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    market.judged_by(store, panel, Method.MEAN)
    market.declare(store, panel, panel.expert(4), {panel.bids[0]: Said(Answer.DOUBT, "同乡。")})
    for number in range(4):
        market.declare(store, panel, panel.expert(number))
    market.lead(store, panel)
    market.mark_all(store, panel, {number: MARKS[number] for number in range(4)})
    with store.writing() as session:
        stages.close(session, panel.scene.issuer, panel.scene.round_id, reason="时限已到。", now=LATER, new_id=NEW_ID)
    with store.writing() as session:
        found = session.exec(select(PanelConflict).where(PanelConflict.member_id == panel.drawn[4])).one().id
        recusals.decide(
            session,
            panel.scene.issuer,
            panel.scene.round_id,
            found,
            excludes=False,
            note="不构成利害关系。",
            now=LATER,
            new_id=NEW_ID,
        )
    assert market.state_of(store, panel.drawn[4]) is MemberState.DECLARED
    with store.reading() as session:
        assert list(invariants.check(session)) == []


def test_nothing_is_made_public_whose_confirmation_days_are_unknown(store: Store, tmp_path: Path) -> None:
    panel, one, other = acts.decided_panel(store, tmp_path)
    with store.writing() as session:
        session.exec(delete(WorkdayException).where(col(WorkdayException.year) == 2027))
        session.exec(delete(WorkdayYear).where(col(WorkdayYear.year) == 2027))
    late = datetime(2026, 12, 22, 2, 0, tzinfo=UTC)  # public to 29 December, to be confirmed by 6 January
    acts.decide(store, panel, one, now=late)
    with refused("workdays_missing"):
        acts.decide(store, panel, other, now=late)
    assert acts.row_of(store, panel).state is RoundState.DECISION

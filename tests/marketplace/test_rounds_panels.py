"""Panels: who may be drawn, drawing with two people, declaring on names, reserves, chairs."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from marketplace.experts.rules.drawing import Wanted
from marketplace.experts.rules.facts import TieKind
from marketplace.experts.words import ExpertField, ExpertState
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Invalid, NotAllowed, NotFound
from marketplace.rounds import held
from marketplace.rounds.panel_tables import PanelConflict, PanelDraw, PanelMember
from marketplace.rounds.panel_words import MemberState, Source
from marketplace.rounds.panels import candidates, draws, inviting, members, recusals
from marketplace.rounds.panels.members import Answer, Said
from marketplace.rounds.reviewing import desks
from marketplace.rounds.rules import draw_records
from tests.marketplace import review_market as market
from tests.marketplace.market import NEW_ID, make_person
from tests.marketplace.review_market import REVIEW, SEED
from tests.marketplace.round_acts import done, refused, told


def against(store: Store, panel_or_scene: object, names: list[str]) -> dict[str, str]:
    """What stands against drawing some people for the only track."""
    scene = getattr(panel_or_scene, "scene", panel_or_scene)
    with store.reading() as session:
        found = candidates.of(session, held.get(session, scene.round_id), "t1", now=REVIEW)
    return {one.expert.name: one.against for one in found if one.expert.name in names}


def test_who_must_not_judge_is_left_out_of_the_list_with_the_reason(store: Store, tmp_path: Path) -> None:
    scene, bidders, _ = market.in_review(store, tmp_path, "木语视觉科技有限公司", "接线员工作室")
    market.make_expert(store, "顾明远", email="e1@example.com")
    market.make_expert(
        store, "沈知秋", email="e2@example.com", ties=[(TieKind.EMPLOYED, "木语视觉科技有限公司（福州分公司）")]
    )
    market.make_expert(store, "韩立群", email="e3@example.com", ties=[(TieKind.EMPLOYED, "临川市园林管理中心")])
    market.make_expert(store, "苏见山", email="e4@example.com", ties=[(TieKind.ADVISER, "接线员工作室")])
    market.make_expert(store, "贺维中", email="e5@example.com", state=ExpertState.PAUSED)
    market.make_expert(store, "陆云舟", email="e6@example.com", relatives=[bidders[0].name])

    found = against(store, scene, ["顾明远", "沈知秋", "韩立群", "苏见山", "贺维中", "陆云舟"])

    assert found["顾明远"] == ""
    assert found["沈知秋"].startswith("应当回避：现任职单位“木语视觉科技有限公司（福州分公司）”")
    assert found["韩立群"] == "应当回避：现任职单位“临川市园林管理中心”是活动的发布单位。"
    assert found["苏见山"] == ""  # soft: somebody decides, after the declaration
    assert "贺维中" not in found
    assert found["陆云舟"].startswith("应当回避：专家申报的亲属关系")


def test_a_draw_needs_two_people_and_is_replayed_from_its_record(store: Store, tmp_path: Path) -> None:
    scene, _, _ = market.in_review(store, tmp_path, "木语视觉", "接线员工作室")
    for number, name in enumerate(market.NAMES):
        market.make_expert(store, name, email=f"e{number}@example.com")
    with store.writing() as session:
        draw_id = draws.fix(
            session, scene.issuer, scene.round_id, "t1", [Wanted("", 5, 2)], seed=SEED, now=REVIEW, new_id=NEW_ID
        )
    with store.reading() as session:
        (before,) = draws.of_round(session, scene.round_id)
    assert (before.seed, before.drawn) == ("", ())
    assert before.commitment == hashlib.sha256(SEED).hexdigest()
    with store.writing() as session, refused("same_person"):
        draws.draw(session, scene.issuer, scene.round_id, draw_id, words="1 2 3 4", now=REVIEW, new_id=NEW_ID)
    with store.writing() as session, refused("words_wrong", Invalid):
        draws.draw(session, scene.table.organiser, scene.round_id, draw_id, words="12", now=REVIEW, new_id=NEW_ID)
    with store.writing() as session:
        draws.draw(session, scene.table.organiser, scene.round_id, draw_id, words="3 5 6 1", now=REVIEW, new_id=NEW_ID)

    with store.reading() as session:
        (after,) = draws.of_round(session, scene.round_id)
        row = session.exec(select(PanelDraw)).one()
        seats = session.exec(select(PanelMember).order_by(PanelMember.added_at)).all()
    # By hand, as the page says it: SHA-256 of the mixed seed, a line feed and the id, smallest first.
    mixed = hashlib.sha256(bytes.fromhex(after.seed) + b"\n" + b"3 5 6 1").digest()
    order = sorted(after.eligible, key=lambda one: hashlib.sha256(mixed + b"\n" + one.encode()).digest())
    assert after.drawn[0].experts == tuple(order[:5])
    assert after.drawn[0].reserves == tuple(order[5:7])
    assert draws.replayed(row) == after.drawn
    assert {one.expert_id for one in seats if one.state is MemberState.INVITED} == set(order[:5])
    assert [one.expert_id for one in sorted(seats, key=lambda one: one.place) if one.place] == order[5:7]
    with store.reading() as session:
        assert {"draw_fixed", "draw_made"} <= set(done(session, "round", scene.round_id))


def test_other_words_give_another_order(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    with store.reading() as session:
        row = session.exec(select(PanelDraw)).one()
    assert draw_records.mixed(SEED, "3 5 6 1") != draw_records.mixed(SEED, "3 5 6 2")
    assert draws.replayed(row)[0].experts == tuple(_expert(store, one) for one in panel.drawn) or set(
        draws.replayed(row)[0].experts
    ) == {_expert(store, one) for one in panel.drawn}


def _expert(store: Store, member_id: str) -> str:
    with store.reading() as session:
        return session.get_one(PanelMember, member_id).expert_id


def test_quotas_by_field_are_kept_and_too_few_are_told(store: Store, tmp_path: Path) -> None:
    scene, _, _ = market.in_review(store, tmp_path, "木语视觉", "接线员工作室")
    for number, name in enumerate(market.NAMES[:6]):
        field = ExpertField.FINANCE if number < 2 else ExpertField.TECHNOLOGY
        market.make_expert(store, name, email=f"e{number}@example.com", fields=[field])

    def fix(*wanted: Wanted) -> str:
        with store.writing() as session:
            return draws.fix(session, scene.issuer, scene.round_id, "t1", wanted, seed=SEED, now=REVIEW, new_id=NEW_ID)

    with refused("too_few_experts"):
        fix(Wanted(ExpertField.FINANCE, 3, 0), Wanted(ExpertField.TECHNOLOGY, 2, 0))
    with refused("quota_wrong", Invalid):
        fix(Wanted("", 6, 0))  # the notice says five
    with refused("quota_wrong", Invalid):
        fix(Wanted("", 2, 0), Wanted("", 3, 0))
    fix(Wanted(ExpertField.FINANCE, 1, 1), Wanted(ExpertField.TECHNOLOGY, 4, 0))
    with refused("draw_open"):
        fix(Wanted("", 5, 0))


def test_a_list_that_was_not_drawn_from_is_dropped_with_a_reason(store: Store, tmp_path: Path) -> None:
    scene, _, _ = market.in_review(store, tmp_path, "木语视觉", "接线员工作室")
    for number, name in enumerate(market.NAMES):
        market.make_expert(store, name, email=f"e{number}@example.com")
    with store.writing() as session:
        draw_id = draws.fix(
            session, scene.issuer, scene.round_id, "t1", [Wanted("", 5, 2)], seed=SEED, now=REVIEW, new_id=NEW_ID
        )
    with store.writing() as session, refused("no_reason", Invalid):
        draws.drop(session, scene.issuer, scene.round_id, draw_id, reason=" ", now=REVIEW)
    with store.writing() as session:
        draws.drop(session, scene.issuer, scene.round_id, draw_id, reason="专家库刚更新，重新固定。", now=REVIEW)
    with store.writing() as session, refused("draw_over"):
        draws.draw(session, scene.table.organiser, scene.round_id, draw_id, words="1 2 3 4", now=REVIEW, new_id=NEW_ID)


def test_an_expert_sees_names_and_nothing_else_until_it_has_declared(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    expert = panel.expert(0)
    with store.reading() as session:
        assert desks.lines(session, expert, panel.scene.round_id) == []
    with store.writing() as session, refused("not_declared", Invalid):
        members.declare(session, expert, panel.scene.round_id, {}, agrees=True, now=REVIEW, new_id=NEW_ID)
    with refused("not_declared", Invalid):
        market.declare(store, panel, expert, agrees=False)
    with refused("not_declared", Invalid):
        market.declare(store, panel, expert, {panel.bids[0]: Said(Answer.CONFLICT, "")})
    assert market.declare(store, panel, expert) is MemberState.ACCEPTED
    with store.reading() as session:
        assert len(desks.lines(session, expert, panel.scene.round_id)) == 3
        assert told(session, expert.account_id, "邀请您评审") == 1


def test_who_stands_by_or_was_never_asked_is_told_nothing(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    outsider = market.make_expert(store, "外人", email="wairen@example.com")
    for person in (panel.reserve(0), outsider, panel.bidders[0]):
        with store.reading() as session, refused("not_on_the_panel", NotFound):
            members.own(session, person, panel.scene.round_id)


def test_a_declared_conflict_excuses_its_bid_and_a_doubt_waits_for_the_office(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    expert = panel.expert(0)
    said = {
        panel.bids[0]: Said(Answer.CONFLICT, "前年共同申报过课题。"),
        panel.bids[1]: Said(Answer.DOUBT, "与负责人是校友。"),
    }
    assert market.declare(store, panel, expert, said) is MemberState.DECLARED
    with store.reading() as session:
        rows = {one.bid_id: one for one in session.exec(select(PanelConflict))}
        assert told(session, panel.scene.issuer.account_id, "请认定") == 1
    assert (rows[panel.bids[0]].source, rows[panel.bids[0]].excludes) == (Source.DECLARED, True)
    assert rows[panel.bids[1]].excludes is None
    with store.writing() as session:
        recusals.decide(
            session,
            panel.scene.issuer,
            panel.scene.round_id,
            rows[panel.bids[1]].id,
            excludes=False,
            note="校友关系不影响评审。",
            now=REVIEW,
            new_id=NEW_ID,
        )
    assert market.state_of(store, panel.drawn[0]) is MemberState.ACCEPTED
    with store.reading() as session:
        lines = {one.bid_id: one for one in desks.lines(session, expert, panel.scene.round_id)}
    assert lines[panel.bids[0]].is_closed
    assert lines[panel.bids[0]].why_closed == "前年共同申报过课题。"
    assert not lines[panel.bids[1]].is_closed


def test_who_is_in_conflict_with_everything_is_recused_and_the_next_in_order_is_called(
    store: Store, tmp_path: Path
) -> None:
    panel = market.drawn_panel(store, tmp_path)
    everything = {one: Said(Answer.CONFLICT, "与申报单位均有合作。") for one in panel.bids}
    assert market.declare(store, panel, panel.expert(0), everything) is MemberState.RECUSED

    def call(member_id: str) -> None:
        with store.writing() as session:
            inviting.call_reserve(
                session, panel.scene.issuer, panel.scene.round_id, member_id, now=REVIEW, new_id=NEW_ID
            )

    with refused("not_next"):
        call(panel.reserves[1])
    call(panel.reserves[0])
    assert market.state_of(store, panel.reserves[0]) is MemberState.INVITED
    with refused("panel_full"):
        call(panel.reserves[1])


def test_declining_and_not_answering_make_room_and_naming_by_hand_comes_last(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path, reserves=1)
    with store.writing() as session:
        members.decline(session, panel.expert(0), panel.scene.round_id, reason="出差在外。", now=REVIEW, new_id=NEW_ID)
    with store.writing() as session:
        members.expire(
            session, panel.scene.issuer, panel.scene.round_id, panel.drawn[1], reason="三日未答复。", now=REVIEW
        )
    free = next(
        one for one in market.NAMES if one not in {panel.experts[m].name for m in (*panel.drawn, *panel.reserves)}
    )
    with store.reading() as session:
        known = candidates.of(session, held.get(session, panel.scene.round_id), "t1", now=REVIEW)
    expert = next(one.expert.id for one in known if one.expert.name == free)

    def name(reason: str = "候补已用完，经主办方研究指定。") -> str:
        with store.writing() as session:
            return inviting.name(
                session,
                panel.scene.issuer,
                panel.scene.round_id,
                "t1",
                expert,
                reason=reason,
                now=REVIEW,
                new_id=NEW_ID,
            )

    with refused("reserves_left"):
        name()
    with store.writing() as session:
        inviting.call_reserve(
            session, panel.scene.issuer, panel.scene.round_id, panel.reserves[0], now=REVIEW, new_id=NEW_ID
        )
    with refused("no_reason", Invalid):
        name("")
    assert market.state_of(store, name()) is MemberState.INVITED
    with refused("panel_full"):
        name()


def test_only_the_office_looks_after_panels(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    strangers = (panel.expert(0), panel.bidders[0], make_person(store, email="qita@example.com", region="江苏省"))
    for person in strangers:
        with store.writing() as session, pytest.raises((NotAllowed, NotFound)):
            members.lead(session, person, panel.scene.round_id, panel.drawn[0], as_deputy=False, now=REVIEW)
        with store.writing() as session, pytest.raises((NotAllowed, NotFound)):
            inviting.call_reserve(session, person, panel.scene.round_id, panel.reserves[0], now=REVIEW, new_id=NEW_ID)


def test_a_chair_is_one_of_those_who_judge_and_there_is_one(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    with refused("not_judging"):
        market.lead(store, panel)
    for number in range(3):
        market.declare(store, panel, panel.expert(number))
    market.lead(store, panel)
    market.lead(store, panel, chair=1, deputy=2)
    with store.reading() as session:
        rows = session.exec(select(PanelMember).where(PanelMember.round_id == panel.scene.round_id)).all()
    assert [one.id for one in rows if one.is_chair] == [panel.drawn[1]]
    assert [one.id for one in rows if one.is_deputy] == [panel.drawn[2]]


def test_a_busy_expert_is_not_drawn_again(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    with store.writing() as session:
        for one in session.exec(select(market.PoolExpert)).all():
            one.most_at_once = 1
            session.add(one)
    with store.reading() as session:
        row = held.get(session, panel.scene.round_id)
        found = {one.expert.name: one for one in candidates.of(session, row, "t1", now=REVIEW + timedelta(days=1))}
    assert {found[panel.experts[one].name].busy for one in panel.drawn} == {1}
    assert {found[panel.experts[one].name].busy for one in panel.reserves} == {0}

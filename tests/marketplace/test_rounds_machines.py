"""Every cell of the machines: what is allowed, what is not, and what stands against it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from marketplace.rounds.panel_words import MemberEvent, MemberState, SheetEvent, SheetState
from marketplace.rounds.rules import bid_moves, panel_moves, round_moves, sheet_moves
from marketplace.rounds.rules.bid_moves import BidFacts
from marketplace.rounds.rules.machines import Move, Reason, machine
from marketplace.rounds.rules.panel_moves import MemberFacts
from marketplace.rounds.rules.round_facts import RoundFacts
from marketplace.rounds.rules.sheet_moves import SheetFacts
from marketplace.rounds.words import BidEvent, BidState, Part, RoundEvent, RoundState
from tests.marketplace.told_machines import assert_as_told, told

NOW = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
TICK = timedelta(milliseconds=1)

ROUND = """
draft            hand_in         internal_review  issuer
internal_review  send_back       draft            approver
internal_review  take_back       draft            issuer
internal_review  approve         scheduled        approver
internal_review  cancel          cancelled        approver
scheduled        unschedule      draft            issuer approver
scheduled        publish         open             clock
scheduled        cancel          cancelled        approver
open             amend           open             issuer
open             seal            sealed           clock
open             suspend         open             approver supervisor
open             resume          open             approver supervisor
open             cancel          cancelled        approver
sealed           open_bids       eligibility      opener
sealed           fail            failed           clock organiser
sealed           suspend         sealed           approver supervisor
sealed           resume          sealed           approver supervisor
sealed           cancel          cancelled        approver
eligibility      send_to_review  review           checker
eligibility      fail            failed           organiser
eligibility      suspend         eligibility      approver supervisor
eligibility      resume          eligibility      approver supervisor
eligibility      cancel          cancelled        approver
review           close_review    consensus        clock issuer organiser
review           suspend         review           approver supervisor
review           resume          review           approver supervisor
review           cancel          cancelled        approver
consensus        add_expert      review           chair issuer organiser
consensus        advance         review           chair
consensus        freeze          decision         chair
consensus        void_scores     review           round
consensus        suspend         consensus        approver supervisor
consensus        resume          consensus        approver supervisor
consensus        cancel          cancelled        approver
decision         announce        publicity        decider
decision         fail            failed           decider
decision         void_scores     review           round
decision         suspend         decision         approver supervisor
decision         resume          decision         approver supervisor
decision         cancel          cancelled        approver
publicity        award           awarded          clock
publicity        void_scores     review           round
publicity        review_again    review           supervisor
publicity        decide_again    decision         supervisor
publicity        suspend         publicity        approver supervisor
publicity        resume          publicity        approver supervisor
publicity        cancel          cancelled        approver
awarded          call_reserve    publicity        clock
awarded          fail            failed           clock
"""
"""The whole machine of a round as the design tells it: state, event, next state, who. Everything else is forbidden."""

BID = """
draft                 submit            submitted             bidder
draft                 lapse             lapsed                clock
submitted             replace           submitted             bidder
submitted             withdraw          withdrawn             bidder
submitted             unsettle          needs_reconfirm       round
submitted             open              opened                round
submitted             return            returned              round
needs_reconfirm       replace           submitted             bidder
needs_reconfirm       reconfirm         submitted             bidder
needs_reconfirm       withdraw          withdrawn             bidder
needs_reconfirm       lapse             lapsed                clock
needs_reconfirm       return            returned              round
withdrawn             take_up           draft                 bidder
opened                ask_correction    correction_requested  checker
opened                accept            eligible              checker
opened                reject            ineligible            checker
correction_requested  correct           opened                bidder
correction_requested  close_correction  opened                clock
ineligible            reopen            opened                supervisor objections
eligible              begin_review      in_review             round
in_review             score             scored                round
in_review             deny              not_awarded           round
scored                review_again      in_review             round
scored                propose           proposed              round
scored                keep_in_reserve   reserve               round
scored                leave_out         not_selected          round
scored                deny              not_awarded           round
proposed              review_again      in_review             round
proposed              decide_again      scored                round
proposed              award             awarded               round
reserve               review_again      in_review             round
reserve               decide_again      scored                round
reserve               propose           proposed              round
reserve               deny              not_awarded           round
not_selected          review_again      in_review             round
not_selected          decide_again      scored                round
not_selected          deny              not_awarded           round
awarded               decline           declined              bidder clock
awarded               revoke            revoked               supervisor
"""

MEMBER = """
drawn        invite       invited       issuer organiser round
drawn        recuse       recused       issuer organiser expert round
invited      declare      declared      expert
invited      decline      declined      expert
invited      expire       declined      issuer organiser
invited      recuse       recused       issuer organiser expert round
declared     accept       accepted      round
declared     decline      declined      expert
declared     recuse       recused       issuer organiser expert round
accepted     begin        in_progress   round
accepted     finish       submitted     round
accepted     recuse_late  recused_late  issuer organiser expert round
in_progress  finish       submitted     round
in_progress  recuse_late  recused_late  issuer organiser expert round
submitted    go_on        in_progress   round
submitted    lock         locked        round
submitted    recuse_late  recused_late  issuer organiser expert round
locked       go_on        in_progress   round
locked       recuse_late  recused_late  issuer organiser expert round
"""

SHEET = """
assigned   save       draft      expert
assigned   excuse     excused    round
assigned   void       void       round
draft      save       draft      expert
draft      submit     submitted  expert
draft      void       void       round
submitted  take_back  draft      expert
submitted  lock       locked     round
submitted  void       void       round
locked     correct    locked     expert
locked     void       void       round
"""

ALL_WELL = RoundFacts(
    has_reason=True,
    approvals=2,
    cancellers=2,
    fair_competition=True,
    objection_contact=True,
    key_ready=True,
    publish_at=NOW,
    deadline=NOW,
    notice_workdays=3,
    workdays_left=3,
    keys=2,
    valid_bids=3,
    least_bids=3,
    deciders=2,
    publicity_ends=NOW,
    promotable=True,
)
MEMBER_WELL = MemberFacts(has_reason=True, has_agreed=True, may_judge=1, is_needed=True)
SHEET_WELL = SheetFacts(declared=True, has_reason=True)
BID_WELL = BidFacts(
    deadline=NOW + TICK,
    has_reason=True,
    has_evidence=True,
    window_ends=NOW,
    window_hours=24,
    agreeing=2,
)


JUDGED = ("review", "consensus", "decision", "publicity")
CANCELLED_FROM = ("internal_review", "scheduled", "open", "sealed", "eligibility", *JUDGED)
STOPPED_IN = ("open", "sealed", "eligibility", *JUDGED)


def facts_for(event: RoundEvent) -> RoundFacts:
    """Facts that stand in the way of nothing: some moves need the deadline past, some need it to come."""
    if event is RoundEvent.AMEND:
        return replace(ALL_WELL, deadline=NOW + TICK)
    if event is RoundEvent.RESUME:
        return replace(ALL_WELL, suspended=True)
    changed = {
        RoundEvent.FAIL: {"valid_bids": 2, "winnerless": True, "promotable": False},
        RoundEvent.ADVANCE: {"is_last_stage": False},
        RoundEvent.REVIEW_AGAIN: {"unfulfilled": 1},
        RoundEvent.DECIDE_AGAIN: {"unfulfilled": 1},
    }
    return replace(ALL_WELL, **changed.get(event, {}))


def bid_facts_for(event: BidEvent) -> BidFacts:
    """Facts that stand in the way of nothing for a bid."""
    if event in {BidEvent.SUBMIT, BidEvent.REPLACE, BidEvent.WITHDRAW, BidEvent.TAKE_UP, BidEvent.RECONFIRM}:
        return BID_WELL
    if event is BidEvent.LAPSE:
        return replace(BID_WELL, deadline=NOW)
    if event is BidEvent.DECLINE:
        return replace(BID_WELL, round_state=RoundState.AWARDED)
    checked = replace(BID_WELL, round_state=RoundState.ELIGIBILITY)
    return replace(checked, window_ends=NOW + TICK) if event is BidEvent.CORRECT else checked


@pytest.mark.parametrize("state", list(RoundState))
def test_every_cell_of_a_round_is_as_told(state: RoundState) -> None:
    moves = told(ROUND)
    for event, part in product(RoundEvent, Part):
        answer = round_moves.MACHINE.allowed(state, event, part, NOW, facts_for(event))
        assert_as_told(answer, moves.get((state, event), ("", set())), part, (state, event, part))


@pytest.mark.parametrize("state", list(BidState))
def test_every_cell_of_a_bid_is_as_told(state: BidState) -> None:
    moves = told(BID)
    for event, part in product(BidEvent, Part):
        answer = bid_moves.MACHINE.allowed(state, event, part, NOW, bid_facts_for(event))
        assert_as_told(answer, moves.get((state, event), ("", set())), part, (state, event, part))


@pytest.mark.parametrize("state", list(MemberState))
def test_every_cell_of_a_member_is_as_told(state: MemberState) -> None:
    moves = told(MEMBER)
    for event, part in product(MemberEvent, Part):
        at = RoundState.CONSENSUS if event is MemberEvent.RECUSE_LATE else RoundState.REVIEW
        answer = panel_moves.MACHINE.allowed(state, event, part, NOW, replace(MEMBER_WELL, round_state=at))
        assert_as_told(answer, moves.get((state, event), ("", set())), part, (state, event, part))


@pytest.mark.parametrize("state", list(SheetState))
def test_every_cell_of_a_sheet_is_as_told(state: SheetState) -> None:
    moves = told(SHEET)
    for event, part in product(SheetEvent, Part):
        at = RoundState.CONSENSUS if event is SheetEvent.CORRECT else RoundState.REVIEW
        answer = sheet_moves.MACHINE.allowed(state, event, part, NOW, replace(SHEET_WELL, round_state=at))
        assert_as_told(answer, moves.get((state, event), ("", set())), part, (state, event, part))


@pytest.mark.parametrize(
    ("state", "event", "part", "against", "code"),
    [
        ("drawn", "invite", "issuer", {"is_needed": False}, "panel_full"),
        ("drawn", "invite", "issuer", {"suspended": True}, "suspended"),
        ("invited", "declare", "expert", {"has_agreed": False}, "not_declared"),
        ("invited", "declare", "expert", {"round_state": RoundState.CONSENSUS}, "not_in_review"),
        ("invited", "decline", "expert", {"has_reason": False}, "no_reason"),
        ("invited", "expire", "issuer", {"has_reason": False}, "no_reason"),
        ("declared", "accept", "round", {"undecided": 1}, "conflicts_undecided"),
        ("declared", "accept", "round", {"may_judge": 0}, "nothing_to_judge"),
        ("in_progress", "finish", "round", {"unfinished": 1}, "sheets_left"),
        ("locked", "recuse_late", "expert", {"round_state": RoundState.AWARDED}, "past_publicity"),
        ("locked", "recuse_late", "expert", {"has_reason": False}, "no_reason"),
    ],
)
def test_a_member_stays_while_something_stands_against_it(
    state: str, event: str, part: str, against: dict[str, object], code: str
) -> None:
    answer = panel_moves.MACHINE.allowed(
        MemberState(state), MemberEvent(event), Part(part), NOW, replace(MEMBER_WELL, **against)
    )
    assert isinstance(answer, Reason)
    assert answer.code == code


@pytest.mark.parametrize(
    ("state", "event", "part", "against", "code"),
    [
        ("assigned", "save", "expert", {"suspended": True}, "suspended"),
        ("assigned", "save", "expert", {"declared": False}, "not_declared"),
        ("draft", "save", "expert", {"round_state": RoundState.CONSENSUS}, "not_in_review"),
        ("draft", "submit", "expert", {"missing": ("没有打分",)}, "incomplete"),
        ("submitted", "take_back", "expert", {"round_state": RoundState.DECISION}, "not_in_review"),
        ("locked", "correct", "expert", {"round_state": RoundState.DECISION}, "not_in_consensus"),
        ("locked", "void", "round", {"has_reason": False}, "no_reason"),
    ],
)
def test_a_sheet_stays_while_something_stands_against_it(
    state: str, event: str, part: str, against: dict[str, object], code: str
) -> None:
    known = replace(SHEET_WELL, round_state=RoundState.CONSENSUS if event == "correct" else RoundState.REVIEW)
    answer = sheet_moves.MACHINE.allowed(
        SheetState(state), SheetEvent(event), Part(part), NOW, replace(known, **against)
    )
    assert isinstance(answer, Reason)
    assert answer.code == code


@pytest.mark.parametrize(
    ("state", "event", "part", "against", "code"),
    [
        ("draft", "hand_in", "issuer", {"missing": ("没有预算来源",)}, "incomplete"),
        ("internal_review", "send_back", "approver", {"has_reason": False}, "no_reason"),
        ("internal_review", "approve", "approver", {"approvals": 1}, "approvals_missing"),
        ("internal_review", "approve", "approver", {"key_ready": False}, "key_missing"),
        ("internal_review", "approve", "approver", {"key_ready": False, "approvals": 0}, "key_missing"),
        ("internal_review", "approve", "approver", {"fair_competition": False}, "fair_competition_missing"),
        ("internal_review", "approve", "approver", {"objection_contact": False}, "objection_contact_missing"),
        ("internal_review", "approve", "approver", {"deadline": None}, "times_missing"),
        ("internal_review", "approve", "approver", {"publish_at": None}, "times_missing"),
        ("internal_review", "approve", "approver", {"publish_at": NOW - TICK}, "publication_past"),
        *((state, "cancel", "approver", {"has_reason": False}, "no_reason") for state in CANCELLED_FROM),
        *((state, "cancel", "approver", {"cancellers": 1}, "cancellers_missing") for state in CANCELLED_FROM),
        *((state, "suspend", "approver", {"has_reason": False}, "no_reason") for state in STOPPED_IN),
        *((state, "suspend", "supervisor", {"suspended": True}, "suspended") for state in STOPPED_IN),
        *((state, "resume", "supervisor", {}, "not_suspended") for state in STOPPED_IN),
        *((state, "resume", "approver", {"suspended": True, "has_reason": False}, "no_reason") for state in STOPPED_IN),
        ("scheduled", "unschedule", "issuer", {"has_reason": False}, "no_reason"),
        ("scheduled", "publish", "clock", {"publish_at": NOW + TICK}, "not_yet"),
        ("scheduled", "publish", "clock", {"suspended": True}, "suspended"),
        ("open", "amend", "issuer", {"deadline": NOW}, "deadline_past"),
        ("open", "amend", "issuer", {"deadline": None}, "deadline_past"),
        ("open", "amend", "issuer", {"deadline": NOW + TICK, "workdays_left": 2}, "too_late_to_amend"),
        ("open", "amend", "issuer", {"deadline": NOW + TICK, "has_reason": False}, "no_reason"),
        ("open", "amend", "issuer", {"deadline": NOW + TICK, "suspended": True}, "suspended"),
        ("open", "seal", "clock", {"deadline": NOW + TICK}, "not_yet"),
        ("open", "seal", "clock", {"being_admitted": 1}, "being_admitted"),
        ("open", "seal", "clock", {"suspended": True}, "suspended"),
        ("sealed", "open_bids", "opener", {"keys": 1}, "keys_missing"),
        ("sealed", "open_bids", "opener", {"valid_bids": 2}, "too_few_bids"),
        ("sealed", "open_bids", "opener", {"suspended": True}, "suspended"),
        ("sealed", "open_bids", "opener", {"keys": 0}, "keys_missing"),
        ("sealed", "fail", "clock", {"valid_bids": 3}, "enough_bids"),
        ("sealed", "fail", "organiser", {"valid_bids": 2, "suspended": True}, "suspended"),
        ("eligibility", "fail", "organiser", {"valid_bids": 3}, "enough_bids"),
        ("eligibility", "fail", "organiser", {"valid_bids": 2, "unjudged": 1}, "unjudged_bids"),
        ("eligibility", "fail", "organiser", {"valid_bids": 2, "open_corrections": 1}, "corrections_open"),
        ("eligibility", "fail", "organiser", {"valid_bids": 2, "open_objections": 1}, "objections_open"),
        ("eligibility", "fail", "organiser", {"valid_bids": 2, "suspended": True}, "suspended"),
        ("eligibility", "send_to_review", "checker", {"suspended": True}, "suspended"),
        ("eligibility", "send_to_review", "checker", {"open_objections": 1}, "objections_open"),
        ("eligibility", "send_to_review", "checker", {"unjudged": 1}, "unjudged_bids"),
        ("eligibility", "send_to_review", "checker", {"open_corrections": 1}, "corrections_open"),
        ("eligibility", "send_to_review", "checker", {"valid_bids": 2}, "too_few_bids"),
        ("review", "close_review", "clock", {"sheets_left": 1, "has_reason": False}, "sheets_left"),
        ("review", "close_review", "organiser", {"sheets_left": 1}, "sheets_left"),
        ("review", "close_review", "organiser", {"thin_bids": 1}, "too_few_sheets"),
        ("review", "close_review", "organiser", {"chairless_tracks": ("一",)}, "no_chair"),
        ("review", "close_review", "clock", {"short_bids": 1, "has_reason": False}, "panel_short"),
        ("review", "close_review", "clock", {"short_tracks": ("一",), "has_reason": False}, "panel_short"),
        ("review", "close_review", "clock", {"suspended": True}, "suspended"),
        ("consensus", "freeze", "chair", {"open_conflicts": 1}, "conflicts_undecided"),
        ("consensus", "advance", "chair", {"open_conflicts": 1, "is_last_stage": False}, "conflicts_undecided"),
        ("decision", "announce", "decider", {"open_conflicts": 1}, "conflicts_undecided"),
        ("publicity", "award", "clock", {"open_conflicts": 1}, "conflicts_undecided"),
        ("consensus", "freeze", "chair", {"uncommented": 1}, "divergence_uncommented"),
        ("consensus", "freeze", "chair", {"unscorable": "不能计算。"}, "unscorable"),
        ("consensus", "freeze", "chair", {"unconfirmed": 1}, "unconfirmed"),
        ("consensus", "freeze", "chair", {"is_last_stage": False}, "stage_follows"),
        ("consensus", "advance", "chair", {}, "last_stage"),
        ("consensus", "add_expert", "chair", {"has_reason": False}, "no_reason"),
        ("consensus", "void_scores", "round", {"has_reason": False}, "no_reason"),
        ("decision", "announce", "decider", {"undecidable": ("没有候补",)}, "undecidable"),
        ("decision", "announce", "decider", {"deciders": 1}, "deciders_missing"),
        ("decision", "fail", "decider", {"deciders": 1}, "deciders_missing"),
        ("publicity", "award", "clock", {"publicity_ends": NOW + TICK}, "not_yet"),
        ("publicity", "award", "clock", {"open_objections": 1}, "objections_open"),
        ("publicity", "award", "clock", {"unfulfilled": 1}, "objections_unfulfilled"),
        ("publicity", "award", "clock", {"suspended": True}, "suspended"),
        ("publicity", "review_again", "supervisor", {}, "nothing_upheld"),
        ("publicity", "decide_again", "supervisor", {"unfulfilled": 1, "has_reason": False}, "no_reason"),
        ("awarded", "call_reserve", "clock", {"promotable": False}, "no_reserve"),
        ("awarded", "fail", "clock", {"winnerless": True}, "winners_left"),
        ("awarded", "fail", "clock", {"promotable": False}, "winners_left"),
    ],
)
def test_a_round_stands_still_while_something_stands_against_it(
    state: str, event: str, part: str, against: dict[str, object], code: str
) -> None:
    answer = round_moves.MACHINE.allowed(
        RoundState(state), RoundEvent(event), Part(part), NOW, replace(ALL_WELL, **against)
    )
    assert isinstance(answer, Reason)
    assert answer.code == code


@pytest.mark.parametrize("state", CANCELLED_FROM)
def test_a_round_that_stands_still_can_be_cancelled(state: str) -> None:
    stopped = replace(ALL_WELL, suspended=True)
    answer = round_moves.MACHINE.allowed(RoundState(state), RoundEvent.CANCEL, Part.APPROVER, NOW, stopped)
    assert isinstance(answer, Move)


def test_an_amendment_that_moves_the_deadline_may_come_late() -> None:
    late = replace(ALL_WELL, deadline=NOW + TICK, workdays_left=0, deadline_moves=True)
    answer = round_moves.MACHINE.allowed(RoundState.OPEN, RoundEvent.AMEND, Part.ISSUER, NOW, late)
    assert isinstance(answer, Move)


CHECKED = {"round_state": RoundState.ELIGIBILITY}


@pytest.mark.parametrize(
    ("state", "event", "part", "against", "code"),
    [
        ("draft", "submit", "bidder", {"missing": ("没有上传方案",)}, "incomplete"),
        ("draft", "submit", "bidder", {"unconfirmed": ("临川智绘工作室",)}, "partners_unconfirmed"),
        ("draft", "submit", "bidder", {"alone_besides": ("临川智绘工作室",)}, "bids_alone_besides"),
        ("draft", "submit", "bidder", {"other_live": True}, "another_live_bid"),
        ("draft", "submit", "bidder", {"suspended": True}, "suspended"),
        ("draft", "submit", "bidder", {"round_state": RoundState.SCHEDULED}, "not_open"),
        ("draft", "submit", "bidder", {"round_state": RoundState.SEALED}, "not_open"),
        ("submitted", "replace", "bidder", {"missing": ("没有报价",)}, "incomplete"),
        ("submitted", "withdraw", "bidder", {"deadline": NOW}, "deadline_past"),
        ("withdrawn", "take_up", "bidder", {"other_live": True}, "another_live_bid"),
        ("needs_reconfirm", "reconfirm", "bidder", {"unconfirmed": ("临川智绘工作室",)}, "partners_unconfirmed"),
        ("draft", "lapse", "clock", {"deadline": NOW + TICK}, "not_yet"),
        ("needs_reconfirm", "lapse", "clock", {"deadline": None}, "not_yet"),
        ("opened", "ask_correction", "checker", {**CHECKED, "has_evidence": False}, "no_ground"),
        ("opened", "ask_correction", "checker", {**CHECKED, "window_hours": 23}, "window_too_short"),
        ("opened", "ask_correction", "checker", {**CHECKED, "asked_before": True}, "asked_before"),
        ("opened", "ask_correction", "checker", {"round_state": RoundState.REVIEW}, "not_in_check"),
        ("opened", "accept", "checker", {**CHECKED, "agreeing": 1}, "second_checker"),
        ("opened", "reject", "checker", {**CHECKED, "agreeing": 1}, "second_checker"),
        ("opened", "reject", "checker", {**CHECKED, "has_reason": False}, "no_ground"),
        ("opened", "accept", "checker", {**CHECKED, "suspended": True}, "suspended"),
        ("correction_requested", "close_correction", "clock", {**CHECKED, "window_ends": NOW + TICK}, "not_yet"),
        ("correction_requested", "correct", "bidder", {**CHECKED, "window_ends": NOW}, "window_past"),
        ("ineligible", "reopen", "supervisor", {**CHECKED, "has_reason": False}, "no_ground"),
    ],
)
def test_a_bid_stands_still_while_something_stands_against_it(
    state: str, event: str, part: str, against: dict[str, object], code: str
) -> None:
    answer = bid_moves.MACHINE.allowed(BidState(state), BidEvent(event), Part(part), NOW, replace(BID_WELL, **against))
    assert isinstance(answer, Reason)
    assert answer.code == code


@pytest.mark.parametrize(("arrived", "is_in_time"), [(-TICK, True), (timedelta(), False), (TICK, False)])
def test_the_hour_of_the_last_byte_decides_and_not_the_hour_of_writing_it_down(
    arrived: timedelta, *, is_in_time: bool
) -> None:
    facts = replace(BID_WELL, deadline=NOW, arrived=NOW + arrived)
    later = NOW + timedelta(seconds=5)
    answer = bid_moves.MACHINE.allowed(BidState.DRAFT, BidEvent.SUBMIT, Part.BIDDER, later, facts)
    assert isinstance(answer, Move if is_in_time else Reason)


@pytest.mark.parametrize(("tick", "is_due"), [(-TICK, False), (timedelta(), True), (TICK, True)])
def test_the_clock_moves_at_the_deadline_and_not_before(tick: timedelta, *, is_due: bool) -> None:
    at = NOW + tick
    sealed = round_moves.MACHINE.allowed(RoundState.OPEN, RoundEvent.SEAL, Part.CLOCK, at, ALL_WELL)
    lapsed = bid_moves.MACHINE.allowed(BidState.DRAFT, BidEvent.LAPSE, Part.CLOCK, at, BidFacts(deadline=NOW))
    published = round_moves.MACHINE.allowed(RoundState.SCHEDULED, RoundEvent.PUBLISH, Part.CLOCK, at, ALL_WELL)
    assert [isinstance(each, Move) for each in (sealed, lapsed, published)] == [is_due] * 3


@pytest.mark.parametrize(("tick", "corrects"), [(-TICK, True), (timedelta(), False), (TICK, False)])
def test_a_window_of_correction_is_open_to_its_unit_or_to_the_clock_and_never_to_both(
    tick: timedelta, *, corrects: bool
) -> None:
    facts = replace(BID_WELL, round_state=RoundState.ELIGIBILITY, window_ends=NOW)
    state, allowed = BidState.CORRECTION_REQUESTED, bid_moves.MACHINE.allowed
    by_unit = allowed(state, BidEvent.CORRECT, Part.BIDDER, NOW + tick, facts)
    by_clock = allowed(state, BidEvent.CLOSE_CORRECTION, Part.CLOCK, NOW + tick, facts)
    assert (isinstance(by_unit, Move), isinstance(by_clock, Move)) == (corrects, not corrects)


def test_possible_tells_each_move_of_a_part_with_what_stands_against_it() -> None:
    facts = replace(ALL_WELL, approvals=1, has_reason=False)
    found = round_moves.MACHINE.possible(RoundState.INTERNAL_REVIEW, Part.APPROVER, NOW, facts)
    codes = {event.value: reason and reason.code for event, reason in found.items()}
    assert codes == {"send_back": "no_reason", "approve": "approvals_missing", "cancel": "no_reason"}
    assert round_moves.MACHINE.possible(RoundState.DRAFT, Part.ISSUER, NOW, facts) == {RoundEvent.HAND_IN: None}


def test_a_machine_has_one_move_for_a_state_and_an_event() -> None:
    twice = Move(RoundState.DRAFT, RoundEvent.HAND_IN, RoundState.OPEN, frozenset({Part.ISSUER}))
    with pytest.raises(ValueError, match="at most one"):
        machine((twice, twice), names={}, wrong_part={})


def test_every_state_and_event_has_its_words() -> None:
    assert set(round_moves.MACHINE.names) == set(RoundState)
    assert set(bid_moves.MACHINE.names) == set(BidState)
    assert set(round_moves.MACHINE.wrong_part) == set(RoundEvent)
    assert set(bid_moves.MACHINE.wrong_part) == set(BidEvent)

"""The form of a bid: what a notice asks is asked, what is wrong is told at its field, the price stands apart."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.rounds.rules import bid_forms
from marketplace.rounds.rules.bid_forms import Attached
from marketplace.rounds.rules.notices import Notice, Paper
from marketplace.rounds.sealing.contents import Contents, pack, unpack
from tests.marketplace.round_bodies import NOTICES, make_notice

NOTICE = make_notice()
TRACK = NOTICE.tracks[0]
BID: Mapping[str, str] = {
    "plan": "以巡查车拍摄，端侧识别。",
    "schedule": "三个月内完成部署。",
    "team": "两人，做过园林巡检。",
    "others": "",
    "indicator-1": "抽检准确率 91%。",
    "indicator-2": "倾角贴片三分钟推送。",
    "condition-c1-met": "yes",
    "condition-c1-answer": "注册于福州。",
    "condition-c3-met": "no",
    "condition-c3-answer": "",
    "contact_name": "何一人",
    "contact_phone": "13800000000",
    "price_amount": "12.5",
    "price_note": "含一年维护",
}
LONG = "长"


def make_file(paper: str = "p1") -> Attached:
    """A sealed file for a paper."""
    return Attached("f1", paper, "方案.pdf", "pdf", 10, "a" * 64, "b" * 64, 300)


def faults_of(change: Mapping[str, str], *, notice: Notice = NOTICE) -> Mapping[str, str]:
    """What is wrong once some fields are written otherwise, with the file that must be there."""
    return bid_forms.faults({**BID, **change}, [make_file()], notice, notice.tracks[0])


def test_a_complete_bid_lacks_nothing() -> None:
    assert faults_of({}) == {}
    assert all(one.is_done for one in bid_forms.ticks(BID, [make_file()], NOTICE, TRACK))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        *[({name: " "}, name) for name, (_, _, is_required) in bid_forms.TEXTS.items() if is_required],
        *[({name: LONG * (most + 1)}, name) for name, (_, most, _) in bid_forms.TEXTS.items()],
        *[({f"indicator-{n}": words}, f"indicator-{n}") for n in (1, 2) for words in ("", LONG * 1001)],
        ({"condition-c1-met": ""}, "condition-c1-met"),
        ({"condition-c1-met": "no"}, "condition-c1-met"),
        ({"condition-c1-met": "maybe"}, "condition-c1-met"),
        ({"condition-c1-answer": ""}, "condition-c1-answer"),
        ({"condition-c3-met": ""}, "condition-c3-met"),
        ({"condition-c3-answer": LONG * 1001}, "condition-c3-answer"),
        ({"contact_name": ""}, "contact_name"),
        ({"contact_name": LONG * 61}, "contact_name"),
        ({"contact_phone": ""}, "contact_phone"),
        ({"contact_email": "何@"}, "contact_email"),
        *[({"price_amount": words}, "price_amount") for words in ("", "0", "十二", "-1", "12.500001", "12.6", "1e1")],
        ({"price_note": LONG * 1001}, "price_note"),
    ],
)
def test_each_fault_is_told_at_its_field_and_nowhere_else(change: Mapping[str, str], field: str) -> None:
    found = faults_of(change)

    assert set(found) == {field}
    assert found[field].endswith("。")
    assert field in bid_forms.fields(NOTICE, TRACK)
    unticked = [
        one.field for one in bid_forms.ticks({**BID, **change}, [make_file()], NOTICE, TRACK) if not one.is_done
    ]
    assert unticked == [one for one in unticked if field.startswith(one)]


def test_only_papers_that_must_be_there_are_asked_for() -> None:
    assert set(bid_forms.faults(BID, [], NOTICE, TRACK)) == {"paper-p1"}
    assert set(bid_forms.faults(BID, [make_file("p2"), make_file("")], NOTICE, TRACK)) == {"paper-p1"}
    asks_none = replace(NOTICE, papers=(Paper("p1", "实施方案", False),))
    assert bid_forms.faults(BID, [], asks_none, TRACK) == {}


def test_the_price_is_asked_only_where_the_notice_does_and_bound_only_where_a_ceiling_is_set() -> None:
    without = replace(NOTICE, asks_price=False, price_ceiling_fen=None)
    unbound = replace(NOTICE, price_ceiling_fen=None)

    assert faults_of({"price_amount": ""}, notice=without) == {}
    assert bid_forms.price(BID, without) == {}
    assert faults_of({"price_amount": "99999"}, notice=unbound) == {}
    assert bid_forms.price(BID, NOTICE) == {"amount_fen": 12_500_000, "note": "含一年维护"}


def test_the_answers_hold_everything_but_the_price() -> None:
    said = bid_forms.answers(BID, NOTICE, TRACK)
    spelled = orjson.dumps(said).decode()

    for name, words in BID.items():
        if words and not name.endswith("-met"):
            assert (words in spelled) is (name not in bid_forms.PRICE), name
    assert [one["met"] for one in said["conditions"]] == [True, False]
    assert [one["key"] for one in said["conditions"]] == ["c1", "c3"]


def test_a_prefix_of_another_number_ticks_nothing_off() -> None:
    """An open indicator 1 is none of the indicators 10 to 12, nor is condition 1 one of 10 to 19."""
    many = replace(TRACK, indicators=tuple(f"指标{n}" for n in range(1, 13)))
    notice = replace(NOTICE, tracks=(many,))
    body = {**BID, **{f"indicator-{n}": "达到。" for n in range(1, 13)}}
    lacks_tenth = {**body, "indicator-10": ""}

    open_ones = [one.field for one in bid_forms.ticks(lacks_tenth, [make_file()], notice, many) if not one.is_done]
    assert open_ones == ["indicator-10"]


@given(NOTICES, st.data())
def test_what_a_bid_says_is_what_is_sealed_whatever_the_notice_asks(notice: Notice, data: st.DataObject) -> None:
    track = data.draw(st.sampled_from(notice.tracks))
    names = sorted(bid_forms.fields(notice, track) - {"own_key"})
    body = data.draw(st.dictionaries(st.sampled_from(names), st.text(max_size=20), max_size=12))
    files = [make_file(one.key) for one in notice.papers]
    found = bid_forms.faults(body, files, notice, track)

    assert set(found) <= bid_forms.fields(notice, track)
    sealed = Contents(bid_forms.answers(body, notice, track), {}, ())
    assert unpack(pack(sealed)) == sealed


def test_every_pair_of_faults_is_told_together() -> None:
    changes = [
        {"plan": ""},
        {"indicator-2": ""},
        {"condition-c1-met": "no"},
        {"contact_name": ""},
        {"price_amount": ""},
    ]
    for one, other in combinations(changes, 2):
        assert set(faults_of({**one, **other})) == {*one, *other}

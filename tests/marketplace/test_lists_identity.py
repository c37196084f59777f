"""Which row of a re-issue is which item."""

import random

from hypothesis import given
from hypothesis import strategies as st

from ingest.fields import Draft, ListKind
from marketplace.lists.rules.comparison import compare
from marketplace.lists.rules.identity import assign
from marketplace.lists.views import FieldChange
from marketplace.lists.words import Outcome
from tests.marketplace.market import make_capability, make_draft

WORDS = ("路灯", "园林", "排水", "档案", "热线", "停车", "巡检", "预警", "调度", "识别", "平台", "改造", "监测", "分析")
TITLES = st.lists(st.sampled_from(WORDS), min_size=2, max_size=5).map("".join)
DRAFTS = st.lists(
    st.builds(
        make_draft,
        TITLES,
        issuer=st.sampled_from(["甲单位", "乙单位", None]),
        description=st.one_of(st.none(), st.lists(st.sampled_from(WORDS), min_size=4, max_size=12).map("、".join)),
        list_kind=st.sampled_from([ListKind.DEMAND, ListKind.SCENARIO]),
    ),
    max_size=8,
)


def says(draft: Draft) -> tuple[object, ...]:
    return (draft.title, draft.issuer, draft.description, draft.list_kind)


def paired(old: dict[str, Draft], new: list[Draft]) -> list[tuple[object, object]]:
    """What each assignment joins, by content alone."""
    return sorted(((says(old[item_id]), says(new[place])) for place, item_id in assign(old, new).items()), key=repr)


@given(DRAFTS, DRAFTS, st.integers(0, 2**32))
def test_assign_does_not_depend_on_order_numbering_or_white_space(
    old: list[Draft], new: list[Draft], seed: int
) -> None:
    known = {f"item-{number}": draft for number, draft in enumerate(old)}
    shuffled = list(new)
    random.Random(seed).shuffle(shuffled)
    moved = [
        make_draft(
            f" {draft.title[:1]} {draft.title[1:]}\n",
            row=900 + place,
            issuer=draft.issuer,
            description=draft.description,
            list_kind=draft.list_kind,
        )
        for place, draft in enumerate(shuffled)
    ]
    restored = [
        make_draft(
            d.title.replace(" ", "").replace("\n", ""),
            issuer=d.issuer,
            description=d.description,
            list_kind=d.list_kind,
        )
        for d in moved
    ]

    given_ids = assign(known, moved)
    by_content = sorted(
        ((says(known[item_id]), says(restored[place])) for place, item_id in given_ids.items()), key=repr
    )

    assert by_content == paired(known, new)


@given(DRAFTS, DRAFTS)
def test_assign_is_one_to_one_within_an_issuer(old: list[Draft], new: list[Draft]) -> None:
    known = {f"item-{number}": draft for number, draft in enumerate(old)}

    given_ids = assign(known, new)

    assert len(set(given_ids.values())) == len(given_ids)
    assert [place for place, item_id in given_ids.items() if known[item_id].issuer != new[place].issuer] == []


@given(DRAFTS)
def test_a_list_issued_again_is_unchanged(drafts: list[Draft]) -> None:
    known = {f"item-{number}": draft for number, draft in enumerate(drafts)}

    compared = compare(known, list(reversed(drafts)))

    assert ([row.outcome for row in compared.rows], compared.gone) == ([Outcome.UNCHANGED] * len(drafts), ())


def test_assign_knows_a_retitled_item_by_its_description() -> None:
    text = "对全市二十六万株行道树开展健康巡查，识别病害，预警倒伏。"
    old = {
        "tree": make_draft("行道树健康巡查", description=text),
        "lamp": make_draft("智慧路灯", description="单灯控制，节能三成。"),
    }
    new = [
        make_draft("城市绿化智能体检", description=text),
        make_draft("智慧路灯", description="单灯控制，节能三成以上。"),
    ]

    assert assign(old, new) == {0: "tree", 1: "lamp"}


def test_assign_gives_the_best_pair_first() -> None:
    old = {"a": make_draft("道路积水监测平台建设", description=None)}
    new = [make_draft("道路积水监测系统", description=None), make_draft("道路积水监测平台", description=None)]

    assert assign(old, new) == {1: "a"}


def test_assign_keeps_issuers_and_capabilities_apart() -> None:
    old = {"need": make_draft("树木识别", issuer="甲公司")}
    new = [make_draft("树木识别", issuer="乙公司"), make_capability("树木识别", issuer="甲公司")]

    assert assign(old, new) == {}


def test_assign_follows_an_item_that_moved_between_scenarios_and_demands() -> None:
    old = {"tree": make_draft("行道树健康巡查")}

    compared = compare(old, [make_draft("行道树健康巡查", list_kind=ListKind.SCENARIO)])

    assert [(row.item_id, row.changes) for row in compared.rows] == [
        ("tree", (FieldChange("list_kind", "demand", "scenario"),)),
    ]

"""Conflicts between an expert and a bid: every rule at its edge, and what holds for all of them together."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.accounts.rules.uscc import check_digit
from marketplace.experts.rules import conflicts
from marketplace.experts.rules.conflicts import Ground, Strength
from marketplace.experts.rules.facts import Expert, Named, Relation, RelationKind, Team, Tie, TieKind, Unit
from marketplace.experts.rules.identities import accounts, mail_domain, person_key, phones, same_name

TODAY = date(2026, 11, 30)
ISSUER = Named("临川市园林管理中心", "12350100MB0000001A")
UNIT = Unit(
    "临川绿林科技有限公司",
    uscc="91350100MA0000001X",
    former_names=("临川树语信息有限公司",),
    parents=(Named("临川产业发展集团有限公司"),),
    legal_representative="何木",
    shareholders=("何木", "临川创业投资有限公司"),
    directors=("林枝",),
    people=("周叶", "王伟"),
    phones=("138-2468-1357",),
    emails=("office@lulin-tree.cn",),
    bank_accounts=("3500 1234 5678",),
)
OTHER = Unit("云图巡检科技有限公司")
EXPERT = Expert("陈果", phone="13900000000", email="chenguo@lincity.edu.cn")


def grounds(expert: Expert, *units: Unit) -> set[Ground]:
    """By which rules an expert is in conflict with a bid of some units."""
    lead, *partners = units or (UNIT,)
    return {hit.ground for hit in conflicts.find(expert, Team(lead, tuple(partners)), ISSUER, today=TODAY)}


def tied(kind: TieKind, name: str, *, uscc: str = "", until: date | None = None) -> Expert:
    """The expert with one tie."""
    return replace(EXPERT, ties=(Tie(kind, Named(name, uscc), until=until),))


def related(kind: RelationKind, *, person: str = "", unit: str = "", until: date | None = None) -> Expert:
    """The expert with one declared relation."""
    return replace(EXPERT, relations=(Relation(kind, person, unit, until),))


@pytest.mark.parametrize(
    "name",
    [
        "临川绿林科技有限公司",
        "福建省临川市绿林科技有限责任公司",
        "临川绿林科技有限公司福州分公司",
        "临川绿林科技有限公司（福州分公司）",
        "临川树语信息有限公司",
        "  临川绿林　科技有限公司 ",
    ],
)
def test_a_unit_is_known_by_every_spelling_of_its_names(name: str) -> None:
    assert grounds(tied(TieKind.EMPLOYED, name)) == {Ground.SAME_UNIT}


@pytest.mark.parametrize(
    "name", ["临川绿林科技有限公司福州子公司", "临川绿林园艺有限公司", "绿林", "临川创业投资有限公司", ""]
)
def test_a_name_that_only_resembles_is_another_unit(name: str) -> None:
    assert grounds(tied(TieKind.EMPLOYED, name)) == set()


def test_a_code_decides_whatever_the_name_says() -> None:
    assert grounds(tied(TieKind.EMPLOYED, "绿林公司", uscc="91350100ma0000001x")) == {Ground.SAME_UNIT}
    assert grounds(tied(TieKind.EMPLOYED, "绿林公司", uscc="91350100MA0000002X")) == set()


def test_two_sound_codes_are_two_units_and_a_mistyped_one_decides_nothing() -> None:
    sound = replace(UNIT, uscc=coded("91350100MA0000001"))
    elsewhere, mistyped = coded("91350200MA0000009"), "91350100MA0000001" + "I"

    assert grounds(tied(TieKind.EMPLOYED, UNIT.name, uscc=elsewhere), sound) == set()
    assert grounds(tied(TieKind.EMPLOYED, f"{UNIT.name}厦门分公司", uscc=elsewhere), sound) == {Ground.SAME_UNIT}
    assert grounds(tied(TieKind.EMPLOYED, UNIT.name, uscc=mistyped), sound) == {Ground.SAME_UNIT}
    assert grounds(tied(TieKind.EMPLOYED, "原临川绿林科技有限公司"), UNIT) == {Ground.SAME_UNIT}


def coded(first: str) -> str:
    """A code with the check digit that belongs to its first seventeen signs."""
    return first + check_digit(first)


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (date(2027, 1, 1), {Ground.SAME_UNIT}),
        (date(2026, 11, 30), {Ground.EMPLOYED_OR_PAID}),
        (date(2023, 11, 30), {Ground.EMPLOYED_OR_PAID}),
        (date(2023, 11, 29), set()),
    ],
)
def test_employment_counts_for_three_years_to_the_day(until: date, expected: set[Ground]) -> None:
    assert grounds(tied(TieKind.EMPLOYED, UNIT.name, until=until)) == expected


def test_three_years_before_a_leap_day_end_with_february() -> None:
    leap = date(2028, 2, 29)
    team = Team(UNIT)

    def found(until: date) -> bool:
        return bool(conflicts.find(tied(TieKind.PAID, UNIT.name, until=until), team, ISSUER, today=leap))

    assert (found(date(2025, 2, 28)), found(date(2025, 2, 27))) == (True, False)


def test_a_post_is_one_by_its_tie_or_by_a_confirmed_name() -> None:
    namesake = replace(EXPERT, name="林枝")

    assert grounds(tied(TieKind.SHAREHOLDER, UNIT.name, until=date(2024, 1, 1))) == {Ground.POST}
    assert grounds(tied(TieKind.DIRECTOR, UNIT.name, until=date(2022, 1, 1))) == set()
    assert grounds(namesake) == {Ground.SAME_NAME}
    assert grounds(replace(namesake, phone="+86 138 2468 1357")) == {Ground.POST, Ground.SAME_PHONE}
    assert grounds(replace(EXPERT, name="王伟")) == {Ground.SAME_NAME}
    assert grounds(replace(EXPERT, name="王伟", email="OFFICE@lulin-tree.cn")) == {Ground.SAME_UNIT, Ground.MAIL_DOMAIN}


def test_the_parent_of_a_bidder_and_the_issuer_itself() -> None:
    assert grounds(tied(TieKind.EMPLOYED, "临川产业发展集团有限公司")) == {Ground.GROUP}
    assert grounds(tied(TieKind.EMPLOYED, "临川产业发展集团有限公司", until=date(2025, 1, 1))) == set()
    assert grounds(tied(TieKind.EMPLOYED, "临川市园林管理中心东区分中心"), OTHER) == {Ground.ISSUER_STAFF}
    assert grounds(tied(TieKind.EMPLOYED, "临川市园林管理中心", until=date(2026, 1, 1)), OTHER) == set()


@pytest.mark.parametrize(
    ("expert", "expected"),
    [
        (related(RelationKind.RELATIVE, person="周叶"), Ground.RELATIVE),
        (related(RelationKind.RELATIVE, unit="临川绿林科技有限公司"), Ground.RELATIVE),
        (related(RelationKind.STUDENT, person="何木"), Ground.TEACHER),
        (related(RelationKind.SUPERVISOR, person="林枝"), Ground.TEACHER),
        (related(RelationKind.JOINT_WORK, unit=UNIT.name, until=date(2023, 11, 30)), Ground.JOINT_WORK),
        (related(RelationKind.FRIEND, person="何木"), Ground.FRIEND),
        (tied(TieKind.ADVISER, UNIT.name, until=date(2024, 5, 1)), Ground.ADVISER),
        (replace(EXPERT, phone="0086-13824681357"), Ground.SAME_PHONE),
        (replace(EXPERT, bank_account="350012345678"), Ground.SAME_ACCOUNT),
        (replace(EXPERT, email="chen@mail.LULIN-TREE.cn"), Ground.MAIL_DOMAIN),
    ],
)
def test_every_other_rule_hits_by_itself_and_through_a_partner(expert: Expert, expected: Ground) -> None:
    assert grounds(expert) == grounds(expert, OTHER, UNIT) == {expected}
    assert grounds(expert, OTHER) == set()


def test_what_is_too_long_ago_or_says_nothing_is_no_conflict() -> None:
    assert grounds(related(RelationKind.JOINT_WORK, unit=UNIT.name, until=date(2023, 11, 29))) == set()
    assert grounds(related(RelationKind.RELATIVE, person="", unit="")) == set()
    public = Unit("木语视觉工作室", emails=("muyu@qq.com",))
    assert grounds(replace(EXPERT, email="chenguo@QQ.com"), public) == set()
    assert grounds(EXPERT, Unit("临川师范大学", emails=("a@normal.edu.cn",))) == set()
    assert (
        grounds(replace(EXPERT, phone="", bank_account=""), Unit("无电话公司", phones=("",), bank_accounts=("",)))
        == set()
    )


def test_hits_name_their_facts_and_the_hard_ones_come_first() -> None:
    expert = replace(EXPERT, email="chen@lulin-tree.cn", ties=tied(TieKind.EMPLOYED, UNIT.name).ties)
    hits = conflicts.find(expert, Team(OTHER, (UNIT,)), ISSUER, today=TODAY)

    assert [(hit.ground, hit.strength, hit.unit) for hit in hits] == [
        (Ground.SAME_UNIT, Strength.HARD, UNIT.name),
        (Ground.MAIL_DOMAIN, Strength.SOFT, UNIT.name),
    ]
    assert all(hit.evidence.endswith("。") for hit in hits)
    assert conflicts.strength_of(hits) is Strength.HARD
    assert conflicts.strength_of(hits[1:]) is Strength.SOFT
    assert conflicts.strength_of(()) is None


NAMES = st.text("临川绿林科技有限公司分（）()责任市省 ＡａＢb", max_size=16)


@given(NAMES, NAMES)
def test_being_one_unit_is_mutual(one: str, other: str) -> None:
    assert same_name(one, other) == same_name(other, one)


@given(st.lists(st.sampled_from([UNIT, OTHER, Unit("木语视觉工作室", people=("陈果",))]), min_size=1, max_size=3))
def test_the_order_of_partners_decides_nothing_and_one_more_takes_nothing_away(units: list[Unit]) -> None:
    expert = replace(EXPERT, ties=tied(TieKind.EMPLOYED, UNIT.name).ties)

    assert grounds(expert, *units) == grounds(expert, *reversed(units))
    assert grounds(expert, *units[:1]) <= grounds(expert, *units)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("＋86 138-2468 1357", {"13824681357"}),
        ("王秘书13824681357、0591－8862 173", {"13824681357", "05918862173"}),
        ("(0590) 733 0022", {"05907330022"}),
        ("+86 590 7330022", {"05907330022"}),
        ("13824681357 13924681357", {"13824681357", "13924681357"}),
        ("138246813579", set()),
        ("00000000000", set()),
        ("13800000000", set()),
        ("13824681357 或 12345678", {"13824681357"}),
        ("无", set()),
        ("-", set()),
    ],
)
def test_phones_are_found_in_whatever_was_written(written: str, found: set[str]) -> None:
    assert phones(written) == found


def test_accounts_names_and_domains_are_compared_and_not_their_spelling() -> None:
    assert accounts("农行清溪支行 6290 3311 0000") == accounts("６２９０３３１１００００") == {"629033110000"}
    assert accounts("6290****7654") == accounts("无") == frozenset()
    assert person_key("刘　洋（技术）") == person_key("刘洋")
    assert len({person_key(f"阿力木{point}吐尔逊") for point in "·•・．. "}) == 1
    assert mail_domain("a@x.lincity.edu.cn") == mail_domain("b@lincity.edu.cn") == "lincity.edu.cn"
    assert mail_domain("a@edu.cn") == mail_domain("a@163.com") == mail_domain("no address") == ""

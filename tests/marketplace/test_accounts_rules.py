"""Rules of accounts: names, codes, regions, throttling, grants."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.accounts.actors import Actor, HeldGrant, acts_for, may, may_run_lists, require_may_run_lists
from marketplace.accounts.rules import throttle, uscc
from marketplace.accounts.rules.emails import require_email
from marketplace.accounts.rules.identity import Known, Wanted, choose
from marketplace.accounts.rules.names import name_key
from marketplace.accounts.rules.regions import agree, clean_path, region_key
from marketplace.accounts.words import MEMBER, Role, Standing
from marketplace.kernel.errors import Invalid, NotAllowed
from tests.marketplace.market import NOW

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("木语视觉（临川）有限公司", "木语视觉(临川)有限责任公司"),
        ("木语视觉　有限公司", "木语视觉有限公司"),
        ("ＡＢＣ科技有限公司", "abc科技有限公司"),
        ("木语视觉科技股份有限公司", "木语视觉科技股份有限责任公司"),
        ("木语·视觉工作室", "木语视觉工作室"),
        ("【木语】视觉工作室", "(木语)视觉工作室"),
        ("木语有限责任公司（自然人独资）", "木语有限公司"),
    ],
)
def test_name_key_is_the_same_for_spellings_of_one_name(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("木语视觉有限公司", "木语视界有限公司"), ("临川一中", "临川二中"), ("甲科技有限公司", "甲科技股份有限公司")],
)
def test_name_key_tells_different_names_apart(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@given(st.text())
def test_name_key_of_a_key_is_the_key(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


@given(st.text(st.characters(codec="utf-8", categories=["Lo", "Nd"])), st.text(st.sampled_from(" 　\t\n"), max_size=5))
def test_name_key_does_not_count_white_space(name: str, space: str) -> None:
    assert name_key(space + space.join(name) + space) == name_key(name)


# Worked out by hand: 1·1 + 1·3 + 1·9 + … over "11111111111111111" is Σ 3^(i-1) mod 31 = 17 values.
def test_check_digit_follows_the_formula() -> None:
    first = "1" * 17
    total = sum(pow(3, place, 31) for place in range(17)) % 31

    assert uscc.check_digit(first) == uscc.ALPHABET[(31 - total) % 31]


@pytest.mark.parametrize("code", ["91350100M000100Y43", "12100000400000624D"])
def test_is_valid_accepts_published_codes(code: str) -> None:
    assert uscc.is_valid(code)


@given(st.text(st.sampled_from(uscc.ALPHABET), min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 30))
def test_is_valid_notices_every_single_wrong_sign(first: str, place: int, shift: int) -> None:
    code = first + uscc.check_digit(first)
    other = uscc.ALPHABET[(uscc.ALPHABET.index(code[place]) + shift) % 31]

    assert uscc.is_valid(code)
    assert not uscc.is_valid(code[:place] + other + code[place + 1 :])


@pytest.mark.parametrize("code", ["", "91350100M000100Y4", "91350100M000100Y43X", "91350100I000100Y43"])
def test_is_valid_refuses_wrong_lengths_and_signs(code: str) -> None:
    assert not uscc.is_valid(code)


def test_clean_code_takes_out_spaces_and_width() -> None:
    assert uscc.clean(" ９１350100 m000100y43 ") == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("one", "other"),
    [("福建省/临川市", "福建临川"), ("江苏省盐城市", "江苏盐城"), ("福建省 / 临川市 / 澄江区", "福建省临川市澄江区")],
)
def test_region_key_is_the_same_for_spellings_of_one_region(one: str, other: str) -> None:
    assert region_key(one) == region_key(other)


def test_regions_agree_where_one_is_unknown_or_within_the_other() -> None:
    keys = [region_key(region) for region in ("江苏省盐城市", "盐城", "", "福建省")]

    assert [agree(keys[0], key) for key in keys] == [True, True, True, False]


def test_clean_path_drops_empty_steps() -> None:
    assert clean_path("/福建省// 临川市 /") == "福建省/临川市"


def test_locked_until_counts_five_failures_within_a_quarter_of_an_hour() -> None:
    failures = [NOW - minutes * MINUTE for minutes in (16, 12, 9, 6, 3, 1)]

    assert throttle.locked_until(failures[1:], now=NOW) == NOW + 3 * MINUTE
    assert throttle.locked_until(failures[:5], now=NOW) is None


@pytest.mark.parametrize("email", ["", "zhou", "zhou@", "@example.com", "a b@example.com", "x" * 250 + "@a.cn"])
def test_require_email_refuses_what_is_no_address(email: str) -> None:
    with pytest.raises(Invalid) as refusal:
        require_email(email)

    assert list(refusal.value.fields) == ["email"]


def make_actor(role: Role = Role.ORGANISER, *, region: str = "", organisation_id: str | None = None) -> Actor:
    standing = Standing.OWNER if role in MEMBER else None
    return Actor("a", "甲", "a@example.com", (HeldGrant(role, organisation_id, region, standing),), organisation_id)


@pytest.mark.parametrize(
    ("granted", "region", "answer"),
    [
        ("", "福建省/临川市", True),
        ("福建省/临川市", "福建省/临川市", True),
        ("福建省/临川市", "福建省/临川市/澄江区", True),
        ("福建省/临川市/澄江区", "福建省/临川市", False),
        ("福建省/临川", "福建省/临川市", False),
        ("福建省/临川市", "", False),
    ],
)
def test_may_looks_below_a_granted_region_and_never_above(granted: str, region: str, answer: bool) -> None:
    assert may(make_actor(region=granted), Role.ORGANISER, region=region) is answer


def test_lists_are_run_by_organisers_of_the_region_alone() -> None:
    actors = [make_actor(role) for role in Role]

    assert [role for role, actor in zip(Role, actors, strict=True) if may_run_lists(actor, region="福建省")] == [
        Role.ORGANISER,
    ]
    with pytest.raises(NotAllowed, match="福建省临川市的主办方权限"):
        require_may_run_lists(make_actor(region="江苏省"), region="福建省/临川市")


def test_acts_for_means_ones_own_organisation() -> None:
    own = make_actor(Role.OPC, organisation_id="o")

    assert (acts_for(own, "o"), acts_for(own, "p"), acts_for(make_actor(organisation_id="o"), "o")) == (
        True,
        False,
        False,
    )


CODED = Known("coded", "甲", "91350100M000100Y43", "福建临川")
PLAIN = Known("plain", "甲", None, "福建临川")
ELSEWHERE = Known("elsewhere", "甲", None, "江苏盐城")


@pytest.mark.parametrize(
    ("wanted", "same_name", "chosen"),
    [
        (Wanted("乙", "91350100M000100Y43", "江苏"), [], CODED),
        (Wanted("甲", None, "福建临川"), [PLAIN, ELSEWHERE], PLAIN),
        (Wanted("甲", None, ""), [PLAIN], PLAIN),
        (Wanted("甲", None, ""), [PLAIN, ELSEWHERE], None),
        (Wanted("甲", None, "临川"), [PLAIN, ELSEWHERE], PLAIN),
        (Wanted("甲", None, "广东"), [PLAIN, ELSEWHERE], None),
        (Wanted("甲", None, "福建临川"), [CODED], CODED),
        (Wanted("甲", None, "福建临川"), [CODED, PLAIN], PLAIN),
        (Wanted("甲", "12100000400000624D", "福建临川"), [CODED], None),
        (Wanted("甲", "12100000400000624D", "福建临川"), [CODED, PLAIN], PLAIN),
    ],
)
def test_choose_goes_by_code_then_by_name_and_region(
    wanted: Wanted, same_name: list[Known], chosen: Known | None
) -> None:
    assert choose(wanted, {"91350100M000100Y43": CODED}, same_name) == chosen


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("91350100M000100Y4", "应为 18 位，您填写了 17 位"),
        ("9135010OM000100Y43", "第 8 位的“O”"),
        ("91350100M000100Y44", "末位校验位“4”"),
    ],
)
def test_a_wrong_code_is_told_exactly(code: str, told: str) -> None:
    assert told in (uscc.fault_in(code) or "")

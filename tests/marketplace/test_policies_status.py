"""Who counts as an OPC: each region's own rules, as data."""

import pytest

from marketplace.policies.policies import parse, shipped
from marketplace.policies.rules.status import ELSEWHERE, Answer, Facts, Finding, evaluate
from marketplace.policies.views import PolicyStatus, RuleKind

CHAOYANG, FENGTAI, WANGHUA, YANCHENG = "北京市/朝阳区", "北京市/丰台区", "辽宁省/抚顺市/望花区", "江苏省/盐城市"


def found(region: str, facts: Facts) -> Finding:
    (finding,) = evaluate([one for one in parse(shipped()) if one.region == region and one.rules], facts)
    return finding


def rules_of(kind: RuleKind) -> set[tuple[str, int | None, int | None]]:
    return {
        (policy.region, rule.most, rule.most_recognised)
        for policy in parse(shipped())
        for rule in policy.rules
        if rule.kind is kind
    }


def test_one_region_alone_states_a_head_count_and_one_alone_exclusions() -> None:
    assert rules_of(RuleKind.HEAD_COUNT) == {(CHAOYANG, 10, 20)}
    assert rules_of(RuleKind.EXCLUSION) == {(FENGTAI, None, None)}
    assert rules_of(RuleKind.REGISTERED) == {
        (FENGTAI, None, None),
        (WANGHUA, None, None),
        (YANCHENG, None, None),
    }


def test_drafts_are_told_from_what_is_in_force() -> None:
    told = {policy.region: policy.status for policy in parse(shipped()) if policy.rules}

    assert told == {
        WANGHUA: PolicyStatus.DRAFT,
        FENGTAI: PolicyStatus.DRAFT,
        YANCHENG: PolicyStatus.DRAFT,
        CHAOYANG: PolicyStatus.IN_FORCE,
    }


@pytest.mark.parametrize(
    ("head_count", "recognised", "answer"),
    [
        (None, None, Answer.UNKNOWN),
        (1, None, Answer.FITS),
        (10, False, Answer.FITS),
        (11, None, Answer.UNKNOWN),
        (11, False, Answer.DOES_NOT),
        (11, True, Answer.FITS),
        (20, True, Answer.FITS),
        (21, True, Answer.DOES_NOT),
    ],
)
def test_chaoyang_counts_heads(head_count: int | None, recognised: bool | None, answer: Answer) -> None:
    facts = Facts("company", CHAOYANG, head_count, recognised)

    assert found(CHAOYANG, facts).answer is answer


def test_chaoyang_takes_a_person_without_a_company() -> None:
    assert found(CHAOYANG, Facts("natural_person", CHAOYANG)).answer is Answer.FITS


def test_a_policy_without_a_place_is_not_promised_to_other_regions() -> None:
    finding = found(CHAOYANG, Facts("company", "上海市/徐汇区", 2))

    assert (finding.answer, finding.note) == (Answer.UNKNOWN, ELSEWHERE)


CLEAN = {"fengtai-zone": True, "fengtai-catalogue": False, "fengtai-credit": False, "fengtai-safety": False}


@pytest.mark.parametrize(
    ("declared", "answer"),
    [
        ({}, Answer.UNKNOWN),
        (CLEAN, Answer.FITS),
        (CLEAN | {"fengtai-credit": True}, Answer.DOES_NOT),
        (CLEAN | {"fengtai-zone": False}, Answer.DOES_NOT),
    ],
)
def test_fengtai_asks_for_its_exclusion_grounds(declared: dict[str, bool], answer: Answer) -> None:
    assert found(FENGTAI, Facts("company", FENGTAI, declared=declared)).answer is answer


def test_what_an_authority_deliberates_counts_neither_way() -> None:
    finding = found(FENGTAI, Facts("company", FENGTAI, declared=CLEAN))

    assert [one.answer for one in finding.rules if one.rule.kind is RuleKind.DELIBERATION] == [Answer.DELIBERATED]


@pytest.mark.parametrize(
    ("region", "answer"),
    [
        ("", Answer.UNKNOWN),
        ("江苏省/盐城市/亭湖区", Answer.FITS),
        ("江苏省/盐城市/东台市", Answer.UNKNOWN),
        ("江苏省/盐城市", Answer.UNKNOWN),
        ("江苏省/南京市", Answer.DOES_NOT),
    ],
)
def test_yancheng_tells_its_city_from_its_counties(region: str, answer: Answer) -> None:
    assert found(YANCHENG, Facts("company", region)).answer is answer


@pytest.mark.parametrize(
    ("owner", "answer"),
    [
        ("company", Answer.FITS),
        ("soe", Answer.UNKNOWN),
        ("other", Answer.UNKNOWN),
        ("natural_person", Answer.DOES_NOT),
    ],
)
def test_wanghua_is_for_private_companies(owner: str, answer: Answer) -> None:
    assert found(WANGHUA, Facts(owner, WANGHUA)).answer is answer


def test_a_policy_without_rules_says_nothing() -> None:
    (guangdong,) = [one for one in parse(shipped()) if one.region == "广东省"]

    assert [one.answer for one in evaluate([guangdong], Facts("company", "广东省/广州市"))] == [Answer.UNSTATED]

"""Who counts as an OPC under each region's policy: the rules are data, the answer is a hint and no recognition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from marketplace.policies.views import PolicyView, RuleKind, RuleView

ELSEWHERE = "本政策没有写明注册地要求，但由另一地区制定；是否适用，请向制定机关询问。"
"""Said of an organisation outside the region of a policy that states no place of registration."""


class Answer(StrEnum):
    """What a rule, or a whole policy, says of somebody.

    FITS           it is so
    DOES_NOT       it is not so
    UNKNOWN        not told yet, or left to the authority case by case
    DELIBERATED    an authority decides it alone; it counts neither way
    UNSTATED       the policy does not say who counts as an OPC
    """

    FITS = "fits"
    DOES_NOT = "does_not"
    UNKNOWN = "unknown"
    DELIBERATED = "deliberated"
    UNSTATED = "unstated"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an organisation: None and a missing key are not known yet.

    `owner` is its kind (a word of `OrganisationKind`), `region` the path of its registration, `declared` the answers
    to conditions and exclusions by the key of their rule.
    """

    owner: str
    region: str = ""
    head_count: int | None = None
    recognised: bool | None = None
    declared: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """What one rule says, and why in a sentence."""

    rule: RuleView
    answer: Answer
    reason: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What one policy says: its rules one by one, and the sum. `note` is what must be said beside it."""

    policy: PolicyView
    answer: Answer
    rules: tuple[RuleFinding, ...]
    note: str = ""


def evaluate(policies: Sequence[PolicyView], facts: Facts) -> list[Finding]:
    """What each policy says of somebody, in the order given.

    One rule that is not met decides; else one that is not known yet; a policy without rules says nothing.
    """
    return [_of_policy(policy, facts) for policy in policies]


def _of_policy(policy: PolicyView, facts: Facts) -> Finding:
    found = tuple(_of_rule(rule, facts) for rule in policy.rules)
    answers = {one.answer for one in found}
    if not found:
        return Finding(policy, Answer.UNSTATED, ())
    if Answer.DOES_NOT in answers:
        return Finding(policy, Answer.DOES_NOT, found)
    states_place = any(rule.kind is RuleKind.REGISTERED for rule in policy.rules)
    if not states_place and not _within(facts.region, policy.region):
        return Finding(policy, Answer.UNKNOWN, found, ELSEWHERE)
    return Finding(policy, Answer.UNKNOWN if Answer.UNKNOWN in answers else Answer.FITS, found)


def _of_rule(rule: RuleView, facts: Facts) -> RuleFinding:
    answer, reason = _ASK[rule.kind](rule, facts)
    return RuleFinding(rule, answer, reason)


def _head_count(rule: RuleView, facts: Facts) -> tuple[Answer, str]:
    assert rule.most is not None
    most = rule.most_recognised or rule.most
    if facts.owner in rule.spares:
        return Answer.FITS, "尚未设立企业的个人，不看人数。"
    if facts.head_count is None:
        return Answer.UNKNOWN, "还没有填写人数。"
    if facts.head_count <= rule.most:
        return Answer.FITS, f"{facts.head_count} 人，不超过 {rule.most} 人。"
    if facts.head_count <= most and facts.recognised is None:
        return Answer.UNKNOWN, f"{facts.head_count} 人，超过 {rule.most} 人；是否已经认定，还没有填写。"
    if facts.head_count <= most and facts.recognised:
        return Answer.FITS, f"{facts.head_count} 人，申明已经认定，可放宽到 {most} 人。"
    over = f"超过 {most} 人" if facts.head_count > most else f"超过 {rule.most} 人，且没有经过认定"
    return Answer.DOES_NOT, f"{facts.head_count} 人，{over}。"


def _registered(rule: RuleView, facts: Facts) -> tuple[Answer, str]:
    if not facts.region:
        return Answer.UNKNOWN, "还没有填写注册地。"
    if any(_within(facts.region, place) for place in rule.places):
        return Answer.FITS, "注册地在适用范围内。"
    if any(place.startswith(facts.region + "/") for place in rule.places):
        return Answer.UNKNOWN, "注册地只填到上一级地区，请填写到区县。"
    if any(_within(facts.region, place) for place in rule.places_by_analogy):
        return Answer.UNKNOWN, "所在地区可参照执行，以当地文件为准。"
    return Answer.DOES_NOT, "注册地不在适用范围内。"


def _owner(rule: RuleView, facts: Facts) -> tuple[Answer, str]:
    if facts.owner in rule.owners:
        return Answer.FITS, "属于适用的主体类型。"
    if facts.owner in rule.owners_by_analogy:
        return Answer.UNKNOWN, "视具体情况参照执行，由主管部门确定。"
    if facts.owner == "other":
        return Answer.UNKNOWN, "单位性质是“其他”，请写明后再对照。"
    return Answer.DOES_NOT, "不属于条文所写的主体类型。"


def _condition(rule: RuleView, facts: Facts) -> tuple[Answer, str]:
    told = facts.declared.get(rule.key)
    if told is None:
        return Answer.UNKNOWN, "还没有申明。"
    return (Answer.FITS, "本单位申明符合。") if told else (Answer.DOES_NOT, "本单位申明不符合。")


def _exclusion(rule: RuleView, facts: Facts) -> tuple[Answer, str]:
    told = facts.declared.get(rule.key)
    if told is None:
        return Answer.UNKNOWN, "还没有申明有无这种情形。"
    return (Answer.DOES_NOT, "本单位申明有这种情形。") if told else (Answer.FITS, "本单位申明没有这种情形。")


def _deliberation(_rule: RuleView, _facts: Facts) -> tuple[Answer, str]:
    return Answer.DELIBERATED, "由主管部门审议，不计入对照结果。"


def _within(region: str, place: str) -> bool:
    return region == place or region.startswith(place + "/")


_ASK = {
    RuleKind.HEAD_COUNT: _head_count,
    RuleKind.REGISTERED: _registered,
    RuleKind.OWNER: _owner,
    RuleKind.CONDITION: _condition,
    RuleKind.EXCLUSION: _exclusion,
    RuleKind.DELIBERATION: _deliberation,
}

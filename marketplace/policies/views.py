"""What readers see of policies."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class PolicyStatus(StrEnum):
    """How far a policy has come."""

    DRAFT = "征求意见"
    IN_FORCE = "施行"


@dataclass(frozen=True, slots=True)
class MeasureView:
    """One measure: the clause it stands in, what it says, and its figure where it has one."""

    clause: str
    topic: str
    summary: str
    quote: str
    value: Decimal | None
    unit: str | None


class RuleKind(StrEnum):
    """What a rule of who counts as an OPC asks for.

    HEAD_COUNT    at most so many people, or more once recognised
    REGISTERED    a place of registration
    OWNER         a kind of applicant
    CONDITION     something that must be so, as the applicant declares
    EXCLUSION     something that must not be so, as the applicant declares
    DELIBERATION  what an authority decides, and nobody can declare
    """

    HEAD_COUNT = "head_count"
    REGISTERED = "registered"
    OWNER = "owner"
    CONDITION = "condition"
    EXCLUSION = "exclusion"
    DELIBERATION = "deliberation"


@dataclass(frozen=True, slots=True)
class RuleView:
    """One rule of who counts as an OPC under a policy, with the clause that says so.

    `key` names it within its policy. `most` and `most_recognised` bound the head count; `places` and
    `places_by_analogy` are region paths, `owners` and `owners_by_analogy` kinds of organisation (by analogy:
    参照执行); `spares` are kinds of organisation that the rule does not concern.
    """

    key: str
    kind: RuleKind
    clause: str
    summary: str
    quote: str
    most: int | None = None
    most_recognised: int | None = None
    places: tuple[str, ...] = ()
    places_by_analogy: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    owners_by_analogy: tuple[str, ...] = ()
    spares: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyView:
    """A policy of a region with its measures in order."""

    id: str
    region: str
    title: str
    status: PolicyStatus
    starts_on: date | None
    ends_on: date | None
    term: str | None
    source: str
    measures: tuple[MeasureView, ...]
    rules: tuple[RuleView, ...] = ()

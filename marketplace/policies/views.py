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

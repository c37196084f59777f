"""The values that matching takes and gives: needs, profiles, statements, hits and their evidence.

No database and no file format is known here; `corpus` builds these from the marketplace, the command line from JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

PUBLIC = "public"
"""The visibility label of what everybody may see."""


class Verdict(StrEnum):
    """How well a supplier answers a need: 正合适, 可承接, or not at all."""

    STRONG = "strong"
    POSSIBLE = "possible"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Statement:
    """One claim of a profile, verbatim.

    `source` names the field it stands in ("headline", "description", "offers[0]", "skills[2]", "cases[0]", "notes[1]");
    `start` and `end` are offsets in characters into that field's text.
    `audience` is the visibility label a viewer must hold to find or read it.
    """

    text: str
    source: str
    start: int
    end: int
    audience: str = PUBLIC


@dataclass(frozen=True, slots=True)
class Need:
    """What somebody asks for: an item of kind scenario or demand."""

    id: str
    title: str
    description: str = ""
    requirements: tuple[str, ...] = ()
    list_kind: str | None = None
    sector: str | None = None
    region: str | None = None
    budget_min: Decimal | None = None
    budget_max: Decimal | None = None
    budget_text: str | None = None
    period_text: str | None = None
    issuer: str | None = None
    issuer_type: str | None = None
    audience: str = PUBLIC


@dataclass(frozen=True, slots=True)
class Profile:
    """What a supplier says it can do.

    `offers` are what it does for whom, out of which input, with which output, a line for each part; `notes` are further texts of the same supplier with a place of their own, such as capability rows of published lists;
    `not_offered` is what it says it does not do.
    """

    id: str
    name: str
    headline: str = ""
    description: str = ""
    skills: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    team_size: int | None = None
    region: str | None = None
    price_text: str | None = None
    filings: tuple[str, ...] = ()
    not_offered: tuple[str, ...] = ()
    audience: str = PUBLIC
    offers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One requirement of a need and the statement of a profile that answers it."""

    requirement: str
    statement: Statement
    strength: float
    shared: tuple[str, ...] = ()
    """Words and concepts that both name, most telling first."""


@dataclass(frozen=True, slots=True)
class Blocker:
    """A hard condition that the need states and the supplier does not meet."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer of a ranking; `score` is 0 to 100 and never depends on the rank."""

    id: str
    score: float
    verdict: Verdict
    evidence: tuple[Evidence, ...] = ()
    gaps: tuple[str, ...] = ()
    blockers: tuple[Blocker, ...] = ()
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """The hits of one query, best first, also those below the floor; `verdict` is "match" or "none"."""

    query: str
    verdict: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Team:
    """Profiles that answer a need together, who leads first; `covers`: requirement → who answers it and with what.

    `open` are the requirements that nobody of them answers.
    """

    members: tuple[str, ...]
    covers: Mapping[str, tuple[str, Evidence]]
    open: tuple[str, ...]


class Fit(StrEnum):
    """How near what somebody knows is to a need: 对口, 相近, or nothing near."""

    FITTING = "fitting"
    NEAR = "near"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Ranked:
    """One person of a ranking by what people know, see `specialists`; `score` is 0 to 100 and depends neither on the rank nor on who else is there."""

    id: str
    score: float
    fit: Fit
    evidence: tuple[Evidence, ...] = ()
    shared: tuple[str, ...] = ()

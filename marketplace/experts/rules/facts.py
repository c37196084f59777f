"""What conflicts are looked for in: an expert with its ties, the units of a bid, the unit that publishes the round."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class TieKind(StrEnum):
    """What ties, or tied, an expert to a unit."""

    EMPLOYED = "employed"
    PAID = "paid"
    DIRECTOR = "director"
    SHAREHOLDER = "shareholder"
    LEGAL_REPRESENTATIVE = "legal_representative"
    ADVISER = "adviser_to_unit"


class RelationKind(StrEnum):
    """What an expert has declared about a person or a unit."""

    RELATIVE = "relative"
    SUPERVISOR = "supervisor"
    STUDENT = "student"
    JOINT_WORK = "joint_work"
    FRIEND = "friend"


@dataclass(frozen=True, slots=True)
class Named:
    """A unit by its name and, where known, its 统一社会信用代码."""

    name: str
    uscc: str = ""


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie to a unit; `until` None: it lasts."""

    kind: TieKind
    unit: Named
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """A declared relation, to a person, a unit or both; `until`: when it last was, None: not said or still."""

    kind: RelationKind
    person: str = ""
    unit: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Expert:
    """An expert as the pool knows it."""

    name: str
    phone: str = ""
    email: str = ""
    bank_account: str = ""
    ties: tuple[Tie, ...] = ()
    relations: tuple[Relation, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of a bid, with what is known of who stands behind it. `shareholders` are people or units."""

    name: str
    uscc: str = ""
    former_names: tuple[str, ...] = ()
    parents: tuple[Named, ...] = ()
    legal_representative: str = ""
    shareholders: tuple[str, ...] = ()
    directors: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    bank_accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Team:
    """The units of a bid: its lead and the partners of a joint one."""

    lead: Unit
    partners: tuple[Unit, ...] = field(default=())

    @property
    def units(self) -> tuple[Unit, ...]:
        """All of them."""
        return (self.lead, *self.partners)

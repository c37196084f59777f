"""The structured entries of a profile's form: offers, cases and filings.

Each is kept as a JSON object and said as one text, of which matching quotes: its lines are the parts as the page shows
them, so that whatever is quoted stands on the page letter by letter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from marketplace.profiles.words import FILING_NAMES, FilingKind

LONGEST_TITLE = 200
"""Characters: a longer text is what was done, not what a case is called."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing a supplier does: what, for whom, out of which input, with which output, and what it hands over."""

    what: str
    for_whom: str = ""
    given: str = ""
    made: str = ""
    deliverable: str = ""

    @property
    def text(self) -> str:
        """The offer as matching reads it, a line for each part."""
        return _lines(self.what, self.for_whom, self.given, self.made, self.deliverable)


@dataclass(frozen=True, slots=True)
class Case:
    """One piece of work done; `evidence` holds the ids of its evidence files. The client's name is not matched on."""

    title: str
    client: str = ""
    year: int | None = None
    done: str = ""
    result: str = ""
    evidence: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The case as matching reads it, a line for each part."""
        return _lines(self.title, self.done, self.result)


@dataclass(frozen=True, slots=True)
class Filing:
    """One record at an authority (算法备案 …) with its number."""

    kind: FilingKind = FilingKind.OTHER
    number: str = ""
    note: str = ""

    @property
    def text(self) -> str:
        """The filing as matching reads it, on one line."""
        name = "" if self.kind is FilingKind.OTHER else FILING_NAMES[self.kind]
        return " ".join(part for part in (name, self.number, self.note) if part)


def case(said: str) -> Case:
    """The case of a plain text, as older forms and files state it."""
    return Case(title=said) if len(said) <= LONGEST_TITLE else Case(title="", done=said)


def filing(said: str) -> Filing:
    """The filing of a plain text, as older forms and files state it."""
    return Filing(note=said)


def as_record(entry: Offer | Case | Filing) -> dict[str, Any]:
    """An entry as JSON."""
    record = {field.name: getattr(entry, field.name) for field in fields(entry)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in record.items()}


def offer_of(record: Mapping[str, Any]) -> Offer:
    """The offer of a JSON object."""
    return Offer(**record)


def case_of(record: Mapping[str, Any]) -> Case:
    """The case of a JSON object."""
    return Case(**{**record, "evidence": tuple(record.get("evidence", ()))})


def filing_of(record: Mapping[str, Any]) -> Filing:
    """The filing of a JSON object."""
    return Filing(**{**record, "kind": FilingKind(record["kind"])})


def _lines(*parts: str) -> str:
    return "\n".join(dict.fromkeys(part for part in parts if part))

"""The judged pairs, read: what was given, and what the judge says."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from marketplace.experts.rules import conflicts
from marketplace.experts.rules.conflicts import Ground, Hit, Strength
from marketplace.experts.rules.facts import Expert, Named, Relation, RelationKind, Team, Tie, TieKind, Unit

FOLDER = Path(__file__).parent
FILES = ("first.jsonl", "second.jsonl", "third.jsonl")
"""In the order in which they were judged: each was fresh when the rules were measured on it, and none is any more."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair with the judge's verdict; `strength` None: no conflict."""

    id: str
    today: date
    issuer: Named
    expert: Expert
    team: Team
    strength: Strength | None
    grounds: frozenset[Ground]
    why: str

    def found(self) -> tuple[Hit, ...]:
        """What the rules find."""
        return conflicts.find(self.expert, self.team, self.issuer, today=self.today)


@cache
def read(name: str) -> tuple[Pair, ...]:
    """All of one file."""
    return tuple(_pair(json.loads(line)) for line in (FOLDER / name).read_text("utf-8").splitlines() if line)


def _pair(said: Mapping[str, Any]) -> Pair:
    expected = said["expected"]
    return Pair(
        id=said["id"],
        today=date.fromisoformat(said["today"]),
        issuer=Named(**said["issuer"]),
        expert=_expert(said["expert"]),
        team=Team(_unit(said["bidder"]["lead"]), tuple(_unit(one) for one in said["bidder"]["partners"])),
        strength=None if expected["strength"] == "none" else Strength(expected["strength"]),
        grounds=frozenset(Ground(one) for one in expected["grounds"]),
        why=said["why"],
    )


def _expert(said: Mapping[str, Any]) -> Expert:
    return Expert(
        **{name: said.get(name, "") for name in ("name", "phone", "email", "bank_account")},
        ties=tuple(
            Tie(TieKind(one["kind"]), Named(one["unit"], one.get("uscc", "")), _day(one["since"]), _day(one["until"]))
            for one in said["ties"]
        ),
        relations=tuple(
            Relation(RelationKind(one["kind"]), one["person"], one["unit"], _day(one["until"]))
            for one in said["relations"]
        ),
    )


def _unit(said: Mapping[str, Any]) -> Unit:
    lists = ("former_names", "shareholders", "directors", "people", "phones", "emails", "bank_accounts")
    return Unit(
        said["name"],
        uscc=said.get("uscc", ""),
        parents=tuple(Named(**one) for one in said.get("parents", [])),
        legal_representative=said.get("legal_representative", ""),
        **{name: _texts(said.get(name, [])) for name in lists},
    )


def _texts(said: Sequence[str]) -> tuple[str, ...]:
    return tuple(said)


def _day(said: str) -> date | None:
    return date.fromisoformat(said) if said else None

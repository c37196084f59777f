"""Who can tell that a unit takes part in a round: an answer that is about the round names the unit, or one row names both.

A unit's name is public, on its own page; what is secret is that it bids. So it is not enough to look for the name: looked
for are its name, its people and the ids of both, beside the name of the round or an id of the round or of its bids.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlmodel import Session, select

from marketplace.accounts import accounts
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.round_tables import Round
from tests.web.canary_market import Built

UNITS: Mapping[str, str] = {
    "申报方": "bidder",
    "别的OPC": "other opc",
    "OPC": "opc",
    "撤回方": "gone",
    "个人": "",
    "审查人": "",
}
"""Whose taking part is looked for: by the title of the person, and the key of its unit, "" for none."""
NAMES: Mapping[str, str] = {"other opc": "拾叶工作室", "opc": "木语工作室"}
_ROW = re.compile(r"<tr|<li|<article|<section|<row")
_OBJECT = re.compile(r"\n|\}, \{")
_LINES = ("text/csv", "text/plain", "application/x-ndjson")


@dataclass(frozen=True)
class Connections:
    """What names each unit, what names each round, and the ids in the addresses that are about a round."""

    units: Mapping[str, tuple[str, ...]]
    rounds: Mapping[str, tuple[str, ...]]
    ids: Mapping[str, tuple[str, ...]]

    def told(self, address: str, said: str, *, media_type: str) -> Iterator[tuple[str, str]]:
        """The pairs of unit and round that an answer connects."""
        named = [whose for whose, words in self.units.items() if _says(said, words)]
        if not named:
            return
        about = {key for key, ids in self.ids.items() if _says(address, ids)}
        rows = _rows(said, media_type)
        for whose in named:
            found = set(about)
            for row in rows:
                if _says(row, self.units[whose]):
                    found |= {key for key, words in self.rounds.items() if _says(row, words)}
            yield from ((whose, key) for key in sorted(found))


def connections(market: Built) -> Connections:
    """What names the units and rounds of a market."""
    with market.installation.store.reading() as session:
        units = {whose: _of_unit(session, market, whose, key) for whose, key in UNITS.items()}
        ids: dict[str, tuple[str, ...]] = {}
        rounds: dict[str, tuple[str, ...]] = {}
        for label, round_id in market.things.items():
            if label.endswith("活动"):
                key = label.removesuffix("活动")
                ids[key] = (round_id, *session.exec(select(Bid.id).where(Bid.round_id == round_id)))
                rounds[key] = (session.get_one(Round, round_id).title, *ids[key])
    return Connections(units, rounds, ids)


def _rows(said: str, media_type: str) -> list[str]:
    if media_type.startswith(_LINES):
        return said.splitlines()
    return (_OBJECT if media_type.startswith("application/json") else _ROW).split(said)


def _of_unit(session: Session, market: Built, whose: str, key: str) -> tuple[str, ...]:
    words = market.canaries.words
    account_id = accounts.find_by_email(session, market.people[whose])
    assert account_id is not None
    person = (words[f"{whose}的姓名"], words[f"{whose}的邮箱"], account_id)
    return (*person, market.units[key], NAMES.get(key) or words[f"{whose}的单位名"]) if key else person


def _says(text: str, words: Iterable[str]) -> bool:
    return any(word in text for word in words)

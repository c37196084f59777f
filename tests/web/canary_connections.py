"""Who can tell that a unit takes part in a round: an answer that is about the round names the unit, or one row names both.

A unit's name is public, on its own page; what is secret is that it bids. So it is not enough to look for the name: looked
for are its name, its people and the ids of both, beside the name of the round or an id of the round or of its bids.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlmodel import Session, select

from marketplace.accounts import accounts
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.round_tables import Round
from tests.web.canary_market import Built

UNITS = {"申报方": "bidder", "别的OPC": "other opc", "OPC": "opc", "撤回方": "gone", "个人": "", "审查人": ""}
"""Whose taking part is looked for: by the title of the person, and the key of its unit."""
NAMES = {"other opc": "拾叶工作室", "opc": "木语工作室"}
_ROW = re.compile(r"<tr|<li|<article|<section|<row")


@dataclass(frozen=True)
class Connections:
    """What names each unit, and what names each round."""

    units: Mapping[str, re.Pattern[str]]
    rounds: Mapping[str, re.Pattern[str]]
    ids: Mapping[str, re.Pattern[str]]

    def told(self, address: str, said: str, *, is_marked_up: bool) -> Iterator[tuple[str, str]]:
        """The pairs of unit and round that an answer connects."""
        named = [whose for whose, words in self.units.items() if words.search(said)]
        if not named:
            return
        about = {key for key, ids in self.ids.items() if ids.search(address)}
        rows = _ROW.split(said) if is_marked_up else said.splitlines()
        for whose in named:
            found = set(about)
            for row in rows:
                if self.units[whose].search(row):
                    found |= {key for key, words in self.rounds.items() if words.search(row)}
            yield from ((whose, key) for key in sorted(found))


def connections(market: Built) -> Connections:
    """What names the units and rounds of a market."""
    with market.installation.store.reading() as session:
        units = {whose: _any(_of_unit(session, market, whose, key)) for whose, key in UNITS.items()}
        ids, rounds = {}, {}
        for label, round_id in market.things.items():
            if not label.endswith("活动"):
                continue
            key, bids = label.removesuffix("活动"), session.exec(select(Bid.id).where(Bid.round_id == round_id)).all()
            ids[key] = _any([round_id, *bids])
            rounds[key] = _any([session.get_one(Round, round_id).title, round_id, *bids])
    return Connections(units, rounds, ids)


def _of_unit(session: Session, market: Built, whose: str, key: str) -> list[str]:
    words = market.canaries.words
    found = [words[f"{whose}的姓名"], words[f"{whose}的邮箱"]]
    account_id = accounts.find_by_email(session, market.people[whose])
    assert account_id is not None
    found.append(account_id)
    if key:
        found += [market.units[key], NAMES.get(key) or words[f"{whose}的单位名"]]
    return found


def _any(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, words)))

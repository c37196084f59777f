"""Shown pairs as lines for training: an administrator takes them, and the log says so.

A line holds the words of both sides that everybody may read now, and what came of the pair. Its ids hold for one export
alone: they tell which lines share a need or a supplier, and lead back to no row.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Final

from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.accounts.office import platform
from marketplace.dealings import shown
from marketplace.figures.rules.periods import Period
from marketplace.kernel import audit
from marketplace.signals import texts, trained
from marketplace.signals.views import Trained
from marketplace.signals.words import Signal

ID_LENGTH: Final = 16
NAMES: Final[Mapping[Signal, str]] = MappingProxyType(
    {**{one: one.value for one in Signal}, Signal.SEEN: "shown", Signal.INTRODUCED: "contact"}
)
"""How an export calls a signal."""


@dataclass(frozen=True, slots=True)
class Export:
    """The lines of an export, each a JSON object, and how many pairs had to be left out for want of public words."""

    lines: tuple[str, ...]
    left_out: int

    @property
    def data(self) -> bytes:
        """The file, in UTF-8."""
        return "".join(f"{line}\n" for line in self.lines).encode()


def counted(session: Session, actor: Actor, *, now: datetime) -> int:
    """How many pairs an export would be made of."""
    platform.require_administrator(actor)
    return sum(1 for _ in trained.of_period(session, held(now)))


def export(session: Session, actor: Actor, *, salt: bytes, now: datetime) -> Export:
    """Every pair that is held, as lines for training; writes to the log who took them. `salt` makes the ids."""
    platform.require_administrator(actor)
    found = _lines(session, salt=salt, now=now)
    audit.write(
        session,
        aggregate="matcher",
        aggregate_id=actor.account_id,
        action="matcher.exported",
        actor_id=actor.account_id,
        payload={"pairs": len(found.lines)},
        now=now,
    )
    return found


def held(now: datetime) -> Period:
    """The whole time of which showings are held."""
    today = shown.day_of(now)
    month = today.month % shown.MONTHS_IN_YEAR + 1
    following = today.replace(year=today.year + (month == 1), month=month, day=1)
    return Period(shown.oldest_kept(today), following)


def _lines(session: Session, *, salt: bytes, now: datetime) -> Export:
    pairs = list(trained.of_period(session, held(now)))
    needs = texts.of_needs(session, sorted({one.item_id for one in pairs}))
    suppliers = texts.of_profiles(session, sorted({one.profile_id for one in pairs}))
    kept = [one for one in pairs if needs.get(one.item_id) and suppliers.get(one.profile_id)]
    lines = (_line(one, needs[one.item_id], suppliers[one.profile_id], salt) for one in kept)
    return Export(tuple(sorted(lines)), len(pairs) - len(kept))


def _line(one: Trained, need: str, profile: str, salt: bytes) -> str:
    fields = {
        "need_id": _pseudonym(one.item_id, salt),
        "profile_id": _pseudonym(one.profile_id, salt),
        "need": need,
        "profile": profile,
        "signal": NAMES[one.signal],
        "verdict": one.verdict,
        "score": one.score,
        "rank": one.rank,
        "day": one.on.isoformat(),
    }
    return json.dumps(fields, ensure_ascii=False)


def _pseudonym(row_id: str, salt: bytes) -> str:
    return hmac.new(salt, row_id.encode(), sha256).hexdigest()[:ID_LENGTH]

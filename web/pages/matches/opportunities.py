"""Which of the ranked needs to show: narrowed by list, region and time, by what is new and what is saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from ingest.fields import ListKind
from marketplace.accounts.actors import Actor
from marketplace.dealings import saves
from marketplace.kernel import places
from web.pages import wording
from web.pages.matches.openings import Opening

NEW: Final = "new"
SAVED: Final = "saved"
SOON: Final = "soon"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page was asked for; "" and None ask for everything."""

    kind: ListKind | None = None
    region: str = ""
    due: str = ""
    only: str = ""

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out."""
        return bool(self.kind or self.region or self.due or self.only)


def saved(session: Session, actor: Actor) -> frozenset[str]:
    """The needs that the actor's seat has saved."""
    return frozenset(one.card.id for one in saves.of_seat(session, actor).items)


def narrowed(rows: Sequence[Opening], asked: Asked, kept: frozenset[str], *, now: datetime) -> tuple[Opening, ...]:
    """The needs that were asked for, in the order of their rank."""
    return tuple(row for row in rows if _is_asked(row, asked, kept, now))


def due_soon(rows: Sequence[Opening], *, now: datetime) -> int:
    """How many of the needs have to be done soon."""
    return len(narrowed(rows, Asked(due=SOON), frozenset(), now=now))


def _is_asked(row: Opening, asked: Asked, kept: frozenset[str], now: datetime) -> bool:
    card = row.card
    ends = card.period_end
    return (
        asked.kind in {None, card.kind}
        and (not asked.region or places.inside(card.region or "", asked.region))
        and (asked.due != SOON or (ends is not None and wording.is_soon(ends, now) and not wording.is_past(ends, now)))
        and (asked.only != NEW or row.is_new)
        and (asked.only != SAVED or card.id in kept)
    )


def regions(rows: Sequence[Opening]) -> tuple[str, ...]:
    """The regions that can be asked for, those with most needs first."""
    return tuple(region for region, _count in places.counted((row.card.region or "", 1) for row in rows))

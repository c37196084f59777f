"""What readers see of editions and series."""

from dataclasses import dataclass
from datetime import datetime

from marketplace.accounts.words import TakedownScope


@dataclass(frozen=True, slots=True)
class SeriesCard:
    """A publisher's list that re-issues; `overlap` is the share of an intake's rows already on it, 0 to 1.

    `newest_title` is the title of its last edition, "" where it has none.
    """

    id: str
    title: str
    publisher: str
    region: str
    newest_number: int
    overlap: float | None = None
    newest_title: str = ""


@dataclass(frozen=True, slots=True)
class EditionCard:
    """A published edition (第 n 期) with what it did to the one before."""

    id: str
    series_id: str
    series_title: str
    number: int
    title: str
    publisher: str
    region: str
    published_at: datetime
    published_by: str
    total: int
    unchanged: int
    changed: int
    added: int
    returned: int
    gone: int


@dataclass(frozen=True, slots=True)
class EditionPage:
    """An edition with its neighbours; its lines come from `editions.items`. One compiled from posted needs has no file.

    `released_by` is the organiser's office that took the list in, which need not be its publisher. One that undoes the
    edition before it publishes `restores` (its id and number) again, because of `restored_because`; `undone_by` is the
    edition that did that to this one.
    """

    card: EditionCard
    intake_id: str | None
    file_name: str | None
    file_digest: str | None
    previous_id: str | None
    next_id: str | None
    released_by: str | None = None
    restores: tuple[str, int] | None = None
    restored_because: str | None = None
    undone_by: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Omission:
    """A row of an edition's file that was left out, or lost its contact, because of an approved request."""

    sheet: str | None
    row: int
    title: str
    scope: TakedownScope
    reason: str
    takedown_id: str

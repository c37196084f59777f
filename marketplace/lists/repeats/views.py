"""What readers see of repeats."""

from dataclasses import dataclass
from datetime import datetime

from marketplace.lists.views import ItemCard, ItemPage
from marketplace.lists.words import Relation


@dataclass(frozen=True, slots=True)
class Side:
    """One item of a pair: its card, who publishes it in which list (None: posted by its unit), and where it is run."""

    card: ItemCard
    publisher: str
    list_title: str | None
    region: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pair that waits for somebody to look at it: how sure (0 to 1) and why, in Chinese."""

    a: Side
    b: Side
    score: float
    reason: str
    found_at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided about a pair; `merged_id` is the item that is shown through the other one of the pair.

    `main_id` is the item through which it is shown, which need not be of the pair. One that stands has no end.
    """

    number: int
    relation: Relation
    merged_id: str | None
    main_id: str | None
    reason: str
    decided_by: str
    decided_at: datetime
    ended_by: str | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Decided:
    """A pair about which something stands."""

    a: Side
    b: Side
    decision: Decision


@dataclass(frozen=True, slots=True)
class PairPage:
    """Two items side by side, with what was found and decided about them, and what the reader may do.

    `version` must be given back with a decision. `may_merge` holds the ids of the items that the reader may merge into
    the other one; `score` and `reason` are None where nobody found them alike, or where they have changed since.
    """

    a: Side
    b: Side
    pages: tuple[ItemPage, ItemPage]
    score: float | None
    reason: str | None
    standing: Decision | None
    past: tuple[Decision, ...]
    version: int
    may_decide: bool
    may_merge: frozenset[str]
    may_take_back: bool


@dataclass(frozen=True, slots=True)
class Linked:
    """An item that another one's page leads to: what it is called, who publishes it, and on which edition it stands."""

    id: str
    title: str
    publisher: str
    list_title: str | None
    edition_id: str | None
    edition_number: int | None


@dataclass(frozen=True, slots=True)
class OfItem:
    """What an item's page says of its repeats: what is merged into it, and what states the same need."""

    sources: tuple[Linked, ...] = ()
    same: tuple[Linked, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sources or self.same)

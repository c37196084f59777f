"""Finding pairs: which items still wait to be compared, with what, and writing down what was found.

Whoever compares reads `unseen` and `known`, works as long as it needs outside of any transaction, and calls `record`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_
from sqlmodel import Session, col, select

from ingest.fields import Draft, ListKind
from marketplace.kernel import jobs
from marketplace.kernel.batches import batches, insert_all, insert_unless_there
from marketplace.lists.item_tables import CURRENT_VERSION, Item, ItemVersion
from marketplace.lists.repeat_tables import RepeatFinding, RepeatLook
from marketplace.lists.rules import facts
from marketplace.lists.rules.repeats import pair_of
from marketplace.lists.words import ItemState

JOB = "find_repeats"
AT_ONCE = 1000
"""So many items are compared with all the others by one job; what is left is the next one's."""
_COMPARED = (
    # A paused one too: it is looked at where pairs are read, and may go on any time.
    col(Item.state) != ItemState.CLOSED,
    col(Item.kind) != ListKind.CAPABILITY,
    # What stands beside a need without a name would say whose it is.
    col(Item.is_anonymous).is_(False),
)
_UNSEEN = or_(col(RepeatLook.number).is_(None), col(RepeatLook.number) != col(Item.current_number))


@dataclass(frozen=True, slots=True)
class Found:
    """Two items that likely state the same need: how sure (0 to 1) and why, in Chinese."""

    a: str
    b: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Unseen:
    """Items that were not compared yet as they stand: what they say, and in which version."""

    drafts: Mapping[str, Draft]
    numbers: Mapping[str, int]


def ask(session: Session, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Ask that what is new or changed be compared with everything else."""
    jobs.put(session, kind=JOB, payload={}, now=now, new_id=new_id)


def unseen(session: Session, *, limit: int = AT_ONCE) -> Unseen:
    """The next needs that are not closed and were not compared yet in the version that stands, oldest first."""
    rows = session.exec(
        select(Item, ItemVersion)
        .join(ItemVersion, CURRENT_VERSION)
        .join(RepeatLook, col(RepeatLook.item_id) == col(Item.id), isouter=True)
        .where(*_COMPARED, _UNSEEN)
        .order_by(col(Item.order_key), col(Item.id))
        .limit(limit)
    ).all()
    return Unseen(
        {item.id: facts.draft(version, None) for item, version in rows},
        {item.id: item.current_number for item, _version in rows},
    )


def count_unseen(session: Session) -> int:
    """How many needs still wait to be compared, counted up to a thousand."""
    query = select(Item.id).join(RepeatLook, col(RepeatLook.item_id) == col(Item.id), isouter=True)
    return len(session.exec(query.where(*_COMPARED, _UNSEEN).limit(AT_ONCE)).all())


def known(session: Session, *, besides: Collection[str] = (), series_id: str | None = None) -> dict[str, Draft]:
    """Every need that is not closed, by id as it stands, but those `besides` and those of a series."""
    found: dict[str, Draft] = {}
    for item, version in _open(session, series_id):
        if item not in besides:
            found[item] = facts.draft(version, None)
        session.expunge(version)
    return found


def _open(session: Session, series_id: str | None) -> Iterator[tuple[str, ItemVersion]]:
    query = select(Item.id, ItemVersion).join(ItemVersion, CURRENT_VERSION).where(*_COMPARED)
    if series_id is not None:
        query = query.where(or_(col(Item.series_id).is_(None), col(Item.series_id) != series_id))
    yield from session.exec(query.order_by(col(Item.id)))


def record(session: Session, looked: Mapping[str, int], found: Iterable[Found], *, now: datetime) -> None:
    """Write down the pairs that items are in, in place of those from before, and that the items were compared.

    `looked` says in which version each was compared; one that has changed meanwhile is compared again.
    """
    ids = list(looked)
    for some in batches(ids):
        among = or_(col(RepeatFinding.low_id).in_(some), col(RepeatFinding.high_id).in_(some))
        session.execute(delete(RepeatFinding).where(among))
        session.execute(delete(RepeatLook).where(col(RepeatLook.item_id).in_(some)))
    rows: dict[tuple[str, str], dict[str, object]] = {}
    for one in found:
        low, high = pair_of(one.a, one.b)
        rows[low, high] = {
            "low_id": low,
            "high_id": high,
            "score": one.score,
            "reason": one.reason,
            "found_at": now,
        }
    insert_unless_there(session, RepeatFinding, list(rows.values()))
    insert_all(
        session,
        RepeatLook,
        [{"item_id": item_id, "number": number, "looked_at": now} for item_id, number in looked.items()],
    )

"""Keeping the index at the market: read what changed, or everything anew; the other door to the marketplace."""

from collections.abc import Iterable, Iterator, Sequence

from sqlmodel import Session

from marketplace.kernel import changes
from marketplace.kernel.changes import Change
from marketplace.kernel.db import Store
from marketplace.kernel.faults import Fault
from matching import corpus, sources
from matching.documents import Need, Profile
from matching.engine import Engine

_KINDS = {"item": "need", "profile": "profile"}
"""What the marketplace calls a subject, and what the index calls it."""


def refresh(engine: Engine, store: Store, *, limit: int) -> int:
    """Apply at most `limit` changes; gives how many, 0 where the index stands at the market.

    An empty index, and one that is ahead of the market (a restored backup), is filled from rows at once.
    """
    with store.reading() as session:
        head = changes.head(session)
        if (head and engine.position == 0) or engine.position > head:
            return _rebuild(engine, session, head)
        found = changes.since(session, engine.position, limit=limit)
        if found:
            puts = _documents(session, found)
            present = {document.id for document in puts}
            touched = {(_KINDS[change.kind], change.subject_id) for change in found}
            gone = sorted(key for key in touched if key[1] not in present)
            engine.apply(puts, gone, position=found[-1].seq)
    return len(found)


def compare(engine: Engine, store: Store) -> Iterator[Fault]:
    """Tell where the index differs from the market, document by document."""
    with store.reading() as session:
        wanted = {document.id: sources.digest(sources.dump(document)) for document in _all(session)}
    indexed = engine.keys()
    for key in sorted(wanted.keys() | indexed.keys()):
        if key not in indexed:
            yield Fault("index_lacks", "市场里有，索引里没有。重启服务会补上；仍不行时删去索引目录重建。", key)
        elif key not in wanted:
            yield Fault("index_keeps", "市场里已没有，索引里还有。请删去索引目录后重启服务。", key)
        elif wanted[key] != indexed[key]:
            yield Fault("index_stale", "索引里的内容不是最新的。请删去索引目录后重启服务。", key)


def _rebuild(engine: Engine, session: Session, head: int) -> int:
    documents = list(_all(session))
    wanted = {document.id for document in documents}
    leaving = [(kind, key) for key in sorted(engine.keys()) if key not in wanted for kind in ("need", "profile")]
    engine.apply(documents, leaving, position=head)
    return max(1, len(documents))


def _all(session: Session) -> Iterator[Need | Profile]:
    yield from corpus.needs(session)
    yield from corpus.suppliers(session)


def _documents(session: Session, found: Iterable[Change]) -> list[Need | Profile]:
    items = _ids(found, "item")
    profiles = _ids(found, "profile")
    return [*corpus.needs(session, items), *corpus.suppliers(session, profiles)]


def _ids(found: Iterable[Change], kind: str) -> Sequence[str]:
    return sorted({change.subject_id for change in found if change.kind == kind})

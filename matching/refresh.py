"""Keeping the index in step with the market: it pulls what has changed, and is built anew where it has nothing yet."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from sqlmodel import Session

from marketplace.kernel import changes
from marketplace.kernel.changes import Change
from marketplace.kernel.db import Store
from matching import corpus, sources
from matching.documents import Need, Profile
from matching.engine import Engine
from matching.pace import Pause

_BATCH = 2000
_PACED_BATCH = 400
"""Smaller where others need the interpreter: an engine takes a batch in without a pause."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where index and database disagree: ids that the index lacks, has too many, or has in another version."""

    missing: tuple[str, ...]
    extra: tuple[str, ...]
    stale: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.missing or self.extra or self.stale)


def refresh(engine: Engine, store: Store, *, limit: int = 1000, pause: Pause | None = None) -> int:
    """Apply at most `limit` changes of the market and return how many there were; 0 where the index is up to date.

    An index at position 0, new or made with another model or lexicon, is built from all documents; so is one that is
    ahead of the market, which a restored backup leaves behind. `pause` is called often while it is built.
    """
    with store.reading() as session:
        head = changes.head(session)
    if engine.position == head > 0:
        return 0
    if engine.position == 0 or engine.position > head:
        return _build(engine, store, pause)
    with store.reading() as session:
        found = changes.since(session, engine.position, limit=limit)
        needs, profiles = _ids(found, "item"), _ids(found, "profile")
        puts: list[Need | Profile] = [*corpus.needs(session, needs), *corpus.suppliers(session, profiles)]
    if found:
        kept = {document.id for document in puts}
        gone = [("need", id_) for id_ in needs] + [("profile", id_) for id_ in profiles]
        engine.apply(puts, [(kind, id_) for kind, id_ in gone if id_ not in kept], position=found[-1].seq)
    return len(found)


def _ids(found: list[Change], kind: str) -> list[str]:
    return list(dict.fromkeys(change.subject_id for change in found if change.kind == kind))


def _build(engine: Engine, store: Store, pause: Pause | None) -> int:
    with store.reading() as session:
        position, kept = changes.head(session), set[str]()
        for some in _batches(_everything(session), _BATCH if pause is None else _PACED_BATCH):
            engine.apply(some, pause=pause)
            if pause is not None:
                pause()
            kept.update(document.id for document in some)
    gone = [(kind, id_) for id_ in sorted(engine.keys().keys() - kept) for kind in ("need", "profile")]
    engine.apply([], gone, position=position)
    return len(kept)


def _everything(session: Session) -> Iterator[Need | Profile]:
    return chain(corpus.needs(session), corpus.suppliers(session))


def _batches(documents: Iterator[Need | Profile], size: int) -> Iterator[list[Need | Profile]]:
    while some := list(islice(documents, size)):
        yield some


def compare(engine: Engine, store: Store) -> Difference:
    """Compare what the index holds with what the database says it should."""
    with store.reading() as session:
        expected = {document.id: sources.digest(sources.dump(document)) for document in _everything(session)}
    held = engine.keys()
    return Difference(
        missing=tuple(sorted(expected.keys() - held.keys())),
        extra=tuple(sorted(held.keys() - expected.keys())),
        stale=tuple(sorted(id_ for id_ in expected.keys() & held.keys() if expected[id_] != held[id_])),
    )

"""How entries of the lexicon are called and which are called so, for the log; they lie nowhere."""

from collections.abc import Callable, Mapping, Sequence

from sqlmodel import Session, col, select

from marketplace.lexicon.tables import LexiconVersion

MOST = 200


def _entries_called(session: Session, ids: Sequence[str]) -> dict[str, str]:
    query = select(LexiconVersion.entry_id, LexiconVersion.concept).where(col(LexiconVersion.entry_id).in_(ids))
    # The newest version comes last and names the entry.
    return dict(session.exec(query.order_by(col(LexiconVersion.entry_id), col(LexiconVersion.number))).all())


def _entries_named(session: Session, words: str) -> list[str]:
    query = select(LexiconVersion.entry_id).where(col(LexiconVersion.concept).contains(words, autoescape=True))
    return list(session.exec(query.distinct().order_by(col(LexiconVersion.entry_id)).limit(MOST)))


REGIONS: Mapping[str, Callable[[Session, Sequence[str]], dict[str, str]]] = {}
TITLES: Mapping[str, Callable[[Session, Sequence[str]], dict[str, str]]] = {"lexicon": _entries_called}
NAMED: Mapping[str, Callable[[Session, str], list[str]]] = {"lexicon": _entries_named}

"""The things of which the log speaks, area by area: where they lie, how they are called, which are called so.

Each question is asked once for all things of a kind, so that a page of the log costs a query for each kind on it.
"""

from collections.abc import Callable, Mapping, Sequence

from sqlmodel import Session

from marketplace.accounts import audited as accounts
from marketplace.accounts.actors import Actor
from marketplace.accounts.office.auditing import Areas
from marketplace.dealings import audited as dealings
from marketplace.experts import audited as experts
from marketplace.figures import audited as figures
from marketplace.kernel.batches import batches
from marketplace.kernel.events import Event
from marketplace.lexicon import audited as lexicon
from marketplace.lists import audited as lists
from marketplace.policies import audited as policies
from marketplace.profiles import audited as profiles
from marketplace.rounds import audited as rounds

_AREAS = (policies, accounts, profiles, lexicon, lists, dealings, experts, rounds, figures)
_REGIONS: Mapping[str, Callable[[Session, Sequence[str]], dict[str, str]]] = {
    kind: find for area in _AREAS for kind, find in area.REGIONS.items()
}
_TITLES: Mapping[str, Callable[[Session, Sequence[str]], dict[str, str]]] = {
    kind: find for area in _AREAS for kind, find in area.TITLES.items()
}
_NAMED: Mapping[str, Callable[[Session, str], list[str]]] = {
    kind: find for area in _AREAS for kind, find in area.NAMED.items()
}
REGIONAL = frozenset(_REGIONS)
"""Kinds of things that lie somewhere: a supervisor of a region sees theirs."""


def regions_of(session: Session, kind: str, ids: Sequence[str]) -> dict[str, str]:
    """Where things of a kind lie, by id; what has no region, or none that is known, is left out."""
    return {one: region for one, region in _asked(_REGIONS.get(kind), session, ids).items() if region}


def titles_of(session: Session, kind: str, ids: Sequence[str]) -> dict[str, str]:
    """How things of a kind are called now, by id; what is gone or has no name is left out."""
    return {one: title for one, title in _asked(_TITLES.get(kind), session, ids).items() if title}


def veiled(session: Session, found: Sequence[Event], reader: Actor) -> frozenset[int]:
    """Which of some events a reader may not read yet, by position: bids until the opening, who judges until the result."""
    return rounds.veiled(session, found, reader)


AREAS = Areas(regions_of, veiled)
"""What reading the log asks of the things that it speaks of."""


def named(session: Session, words: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The things whose name holds some words, by kind: lists, units, needs, files and others."""
    sought = words.strip()
    found = ((kind, tuple(find(session, sought))) for kind, find in _NAMED.items()) if sought else ()
    return tuple((kind, ids) for kind, ids in found if ids)


def _asked(
    find: Callable[[Session, Sequence[str]], dict[str, str]] | None, session: Session, ids: Sequence[str]
) -> dict[str, str]:
    if find is None:
        return {}
    return {one: value for some in batches(ids) for one, value in find(session, some).items()}

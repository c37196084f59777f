"""Every invariant of the marketplace, for `jiebang doctor`."""

from collections.abc import Iterator

from sqlmodel import Session

from marketplace.accounts import invariants as accounts
from marketplace.dealings import invariants as dealings
from marketplace.experts import invariants as experts
from marketplace.kernel import invariants as kernel
from marketplace.kernel.faults import Fault
from marketplace.lexicon import invariants as lexicon
from marketplace.lists import invariants as lists
from marketplace.policies import invariants as policies
from marketplace.profiles import invariants as profiles
from marketplace.rounds import invariants as rounds

AREAS = (kernel, policies, accounts, profiles, lexicon, lists, dealings, experts, rounds)


def check(session: Session) -> Iterator[Fault]:
    """Every broken invariant, area by area from below; nothing where all is well. Reads only."""
    for area in AREAS:
        yield from area.check(session)

"""Pairs of items and where merges lead."""

from collections.abc import Mapping


def pair_of(a: str, b: str) -> tuple[str, str]:
    """Two ids as their pair is written: the lower one first."""
    return (a, b) if a < b else (b, a)


def lead(into: Mapping[str, str]) -> dict[str, str]:
    """Where each merge leads in the end; `into` says what each merged item was merged into.

    Raises ValueError where merges lead round in a circle.
    """
    found: dict[str, str] = {}
    for merged, first in into.items():
        at, passed = first, {merged}
        while at in into:
            if at in passed:
                raise ValueError(f"merges lead in a circle: {sorted(passed)}")
            passed.add(at)
            at = into[at]
        found[merged] = at
    return found

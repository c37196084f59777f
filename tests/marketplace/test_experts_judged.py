"""The rules against pairs that somebody else judged: no hard conflict is missed, few are seen where there is none."""

from marketplace.experts.rules import conflicts
from marketplace.experts.rules.conflicts import Strength
from tests.marketplace.conflicts import pairs
from tests.marketplace.conflicts.pairs import Pair

LEAST_PAIRS, LEAST_PRECISION = 120, 0.9
EVERY = tuple(one for name in pairs.FILES for one in pairs.read(name))


def is_found_hard(pair: Pair) -> bool:
    """Whether the rules exclude the expert."""
    return conflicts.strength_of(pair.found()) is Strength.HARD


def test_no_hard_conflict_is_missed_and_few_are_seen_where_there_is_none() -> None:
    judged = EVERY
    hard = {one.id for one in judged if one.strength is Strength.HARD}
    found = {one.id for one in judged if is_found_hard(one)}

    assert len(judged) >= LEAST_PAIRS
    assert len(hard) >= LEAST_PAIRS // 3
    assert hard - found == set()
    assert len(hard & found) / len(found) >= LEAST_PRECISION


def test_a_soft_conflict_is_put_before_a_human() -> None:
    soft = [one for one in EVERY if one.strength is Strength.SOFT]

    assert [one.id for one in soft if conflicts.strength_of(one.found()) is None] == []

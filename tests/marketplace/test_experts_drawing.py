"""The draw: replayed by another program, fair in the long run, nobody twice."""

import hashlib
import subprocess
import sys
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from marketplace.experts.rules import drawing
from marketplace.experts.rules.drawing import Wanted

SEED = bytes(range(32))
POOL = {f"e{n:02}": ["ai"] if n % 3 else ["ai", "trees"] for n in range(12)}


def test_the_order_is_that_of_a_digest_which_anybody_can_make() -> None:
    replay = (
        "import hashlib, sys; seed = bytes.fromhex(sys.argv[1]);"
        "print(*sorted(sys.argv[2:], key=lambda one: hashlib.sha256(seed + b'\\n' + one.encode()).hexdigest()))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", replay, SEED.hex(), *POOL], capture_output=True, text=True, check=True
    ).stdout.split()

    assert list(drawing.order(SEED, list(POOL))) == printed
    assert drawing.commitment(SEED) == hashlib.sha256(SEED).hexdigest()


def test_each_speciality_gets_its_own_and_nobody_is_drawn_twice() -> None:
    trees, any_kind = drawing.draw(SEED, POOL, [Wanted("trees", 2, 1), Wanted("", 3, 2)])
    everybody = (*trees.experts, *trees.reserves, *any_kind.experts, *any_kind.reserves)

    assert all("trees" in POOL[one] for one in (*trees.experts, *trees.reserves))
    assert len(set(everybody)) == len(everybody) == 8
    assert trees.is_full(Wanted("trees", 2, 1))


def test_experts_come_before_anybody_s_reserves_and_what_lacks_shows() -> None:
    trees, any_kind = drawing.draw(SEED, POOL, [Wanted("trees", 3, 9), Wanted("trees", 1)])

    assert (len(trees.experts), len(any_kind.experts), trees.reserves) == (3, 1, ())
    assert not trees.is_full(Wanted("trees", 3, 9))


@given(st.permutations(sorted(POOL)), st.binary(min_size=32, max_size=32))
def test_how_the_list_is_written_decides_nothing(ids: list[str], seed: bytes) -> None:
    shuffled = {one: list(reversed(POOL[one])) for one in ids}
    wanted = [Wanted("trees", 1, 1), Wanted("ai", 2)]

    assert drawing.draw(seed, shuffled, wanted) == drawing.draw(seed, POOL, wanted)
    assert drawing.list_digest(shuffled) == drawing.list_digest(POOL)


def test_the_list_that_is_drawn_from_is_told_by_its_digest() -> None:
    assert drawing.list_digest({"b": ["x", "a"], "a": []}) == hashlib.sha256(b"a\t\nb\ta,x\n").hexdigest()
    assert drawing.list_digest(POOL) != drawing.list_digest({**POOL, "e00": ["ai"]})


def test_over_many_seeds_everybody_is_drawn_about_as_often() -> None:
    """3,000 draws of 3 out of 12: 750 each are expected; six standard deviations (23.7 each) lie within 142."""
    drawn: Counter[str] = Counter()
    for number in range(3_000):
        (found,) = drawing.draw(number.to_bytes(32, "big"), POOL, [Wanted("", 3)])
        drawn.update(found.experts)

    assert set(drawn) == set(POOL)
    assert all(abs(times - 750) < 142 for times in drawn.values())

"""The short form of damaging files at random; `python -m tests.ingest.fuzzing` is the long one, its last result in docs/proofs.md."""

from itertools import islice

import pytest

from tests.ingest.fuzzing import SLOW, cases, outcome

CASES = 48


@pytest.mark.parametrize("seed", range(3))
def test_a_damaged_file_is_read_or_refused_for_a_reason(seed: int) -> None:
    quick = ((name, data) for name, data in cases(seed) if not name.endswith(tuple(SLOW)) and "scan" not in name)
    found = [(name, outcome(name, data)) for name, data in islice(quick, CASES // 3)]

    assert [one for one in found if one[1].startswith("fault")] == []
    assert len({said for _, said in found}) > 1

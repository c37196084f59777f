"""Rows of unequal length, in memory and mapped from disk."""

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matching.ragged import Ragged

ROWS = st.lists(st.lists(st.integers(0, 1000), max_size=6), max_size=8)


@given(first=ROWS, second=ROWS, data=st.data())
def test_gather_returns_the_rows_it_was_given(
    first: list[list[int]], second: list[list[int]], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ragged = Ragged(np.uint32)
        ragged.append([np.array(row, dtype=np.uint32) for row in first])
        ragged.save(folder, "rows", np.arange(len(first)))
        opened = Ragged.open(np.uint32, folder, "rows")
        opened.append([np.array(row, dtype=np.uint32) for row in second])
        everything = first + second
        chosen = data.draw(st.lists(st.integers(0, max(len(everything) - 1, 0)), max_size=10)) if everything else []
        values, owners = opened.gather(np.array(chosen, dtype=np.int64))
    assert values.tolist() == [value for row in chosen for value in everything[row]]
    assert owners.tolist() == [at for at, row in enumerate(chosen) for _ in everything[row]]

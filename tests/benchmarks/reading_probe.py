"""`python -m tests.benchmarks.reading_probe WAY FILE`: read one file in a process of its own and print the figures."""

import sys
from collections.abc import Callable, Sequence, Sized
from functools import partial
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import cast

import orjson

from ingest.fields import Reading
from ingest.pipeline import read_list
from tests.benchmarks.figures import timed
from tests.benchmarks.machine import forget_peak, peak_mib, resident_mib


def cells(data: bytes) -> list[Sequence[Sequence[object]]]:
    """Every cell of every sheet, as python-calamine hands them over."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(BytesIO(data))
    return [book.get_sheet_by_index(number).to_python() for number in range(len(book.sheet_names))]


def framed(data: bytes) -> object:
    """The first sheet as pandas reads it by itself, the first row taken for the header."""
    import pandas as pd

    return pd.read_excel(BytesIO(data))


WAYS: dict[str, Callable[[bytes, str], object]] = {
    "calamine": lambda data, _name: cells(data),
    "understood": lambda data, name: read_list(data, name=name),
    "pandas": lambda data, _name: framed(data),
}


def main(way: str, file: Path) -> dict[str, float]:
    """Seconds, growth of resident memory at its peak and afterwards, and how many items or rows came out."""
    data = file.read_bytes()
    read = partial(WAYS[way], data, file.name)
    before = resident_mib()
    forget_peak()
    start = perf_counter()
    result = read()
    seconds = perf_counter() - start
    peak, kept = peak_mib() - before, resident_mib() - before
    return {"seconds": seconds, "peak_mib": peak, "kept_mib": kept, "items": _count(result), "again": timed(read)}


def _count(result: object) -> int:
    if isinstance(result, Reading):
        return len(list(result.drafts))
    if not isinstance(result, list):
        return len(cast("Sized", result))
    return sum(len(sheet) for sheet in result)


if __name__ == "__main__":
    sys.stdout.buffer.write(orjson.dumps(main(sys.argv[1], Path(sys.argv[2]))))

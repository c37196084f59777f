"""Text with separators: csv, tsv, and what is called csv but holds tabs or semicolons."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from typing import Literal

from ingest import refusals
from ingest.grid import Cell
from ingest.limits import Limits

SEPARATORS = (",", "\t", ";", "；", "|", "，")
_SAMPLE_ROWS = 400


@dataclass(frozen=True, slots=True)
class Separated:
    """Lines cut at a separator: `rows` of one width, `lengths` as they were, `quotes_broken` where one is never closed.

    `regularity` is the share of lines that have the usual number of cells; 0 where the separator hardly occurs.
    """

    rows: list[list[Cell]]
    lengths: tuple[int, ...]
    quotes_broken: bool
    regularity: float


def cut(source: str, *, name: str, limits: Limits) -> Separated:
    """Cut a text at the separator that makes its lines most alike."""
    separator = _separator(source)
    records, broken = _records(source, separator, limits)
    records = [record if len(record) <= limits.columns else _without_tail(record) for record in records]
    _require_within(records, name, limits)
    width = max(map(len, records), default=0)
    rows: list[list[Cell]] = [[*record, *[""] * (width - len(record))] for record in records]
    return Separated(rows, tuple(map(len, records)), broken, min(1.0, _regularity(source, separator)))


def _separator(source: str) -> str:
    declared = source[:16].lower()
    if declared.startswith("sep="):
        return declared[4]
    return max(SEPARATORS, key=lambda separator: _regularity(source, separator))


def _regularity(source: str, separator: str) -> float:
    """How much of the text falls into lines of one width; 0 where the separator hardly occurs."""
    sample = islice(_parse(source, separator, csv.QUOTE_MINIMAL), _SAMPLE_ROWS)
    widths = Counter(len(record) for record in sample if any(record))
    wide = {width: count for width, count in widths.items() if width > 1}
    if not wide:
        return 0.0
    width, count = max(wide.items(), key=lambda entry: (entry[1], entry[0]))
    return count / widths.total() + 0.02 * min(width, 20)


def _parse(source: str, separator: str, quoting: Literal[0, 3], *, strict: bool = False) -> Iterator[list[str]]:
    csv.field_size_limit(max(csv.field_size_limit(), len(source) + 1))
    return csv.reader(StringIO(source, newline=""), delimiter=separator, quoting=quoting, strict=strict)


def _records(source: str, separator: str, limits: Limits) -> tuple[list[list[str]], bool]:
    """All records; True where a quotation mark is never closed, so that quotes had to be read as plain text."""
    if source[:4].lower() == "sep=":
        source = "\n" + source.partition("\n")[2]
    broken = _has_open_quote(source, separator)
    quoting: Literal[0, 3] = csv.QUOTE_NONE if broken else csv.QUOTE_MINIMAL
    records = list(islice(_parse(source, separator, quoting), limits.rows + 1))
    while records and not any(cell.strip() for cell in records[-1]):
        records.pop()
    return ([[cell.strip('"') for cell in record] for record in records], True) if broken else (records, False)


def _has_open_quote(source: str, separator: str) -> bool:
    if source.count('"') % 2 == 0:
        return False
    try:
        for _ in _parse(source, separator, csv.QUOTE_MINIMAL, strict=True):
            pass
    except csv.Error as error:
        return "end of data" in str(error)
    return False


def _without_tail(record: list[str]) -> list[str]:
    """A record without the empty cells at its end."""
    length = len(record)
    while length and not record[length - 1].strip():
        length -= 1
    return record[:length]


def _require_within(records: list[list[str]], name: str, limits: Limits) -> None:
    if len(records) > limits.rows:
        raise refusals.too_large(name, f"超过 {limits.rows} 行")
    width = max(map(len, records), default=0)
    if width > limits.columns:
        raise refusals.too_large(name, f"有 {width} 列，上限是 {limits.columns} 列")
    if width * len(records) > limits.cells:
        raise refusals.too_large(name, f"超过 {limits.cells} 个单元格")

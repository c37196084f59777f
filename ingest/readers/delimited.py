"""Text with separators: csv, tsv, and what is called csv but holds tabs or semicolons."""

import csv
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from itertools import islice
from typing import Literal

from ingest import refusals
from ingest.encodings import Decoded, decode
from ingest.fields import Problem, Severity
from ingest.grid import Cell, Grid
from ingest.limits import Limits

SEPARATORS = (",", "\t", ";", "；", "|", "，")
_SAMPLE_ROWS = 400


def read(data: bytes, *, name: str, limits: Limits) -> list[Grid]:
    """The one grid of a text file; its rows are padded to one width, `lengths` keeps the widths as they were."""
    decoded = decode(data, name=name)
    source = decoded.text.lstrip("\ufeff").replace("\x00", "")
    separator = _separator(source)
    records, broken = _records(source, separator, limits)
    _require_within(records, name, limits)
    width = max(map(len, records), default=0)
    lengths = tuple(map(len, records))
    rows: list[list[Cell]] = [[*record, *[""] * (width - len(record))] for record in records]
    return [Grid(name=None, rows=rows, lengths=lengths, problems=tuple(_noticed(name, decoded, broken=broken)))]


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


def _require_within(records: list[list[str]], name: str, limits: Limits) -> None:
    if len(records) > limits.rows:
        raise refusals.too_large(name, f"超过 {limits.rows} 行")
    width = max(map(len, records), default=0)
    if width > limits.columns:
        raise refusals.too_large(name, f"有 {width} 列，上限是 {limits.columns} 列")
    if width * len(records) > limits.cells:
        raise refusals.too_large(name, f"超过 {limits.cells} 个单元格")


def _noticed(name: str, decoded: Decoded, *, broken: bool) -> list[Problem]:
    found = []
    if decoded.repaired:
        message = "文件中的汉字曾是乱码，已自动还原。请核对内容；建议从原始文件重新导出为 UTF-8 编码。"
        found.append(Problem(file=name, severity=Severity.TODO, code="mojibake_repaired", message=message))
    if broken:
        message = "文件中有一个双引号没有成对，已按普通文字读取。请核对各列是否错位。"
        found.append(Problem(file=name, severity=Severity.TODO, code="open_quote", message=message))
    return found

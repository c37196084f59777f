"""Finding the header of a table: which rows it takes, and what each column is called."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.columns import headers
from ingest.columns.roles import Role
from ingest.grid import Cell, Span, text

_LONGEST_HEADER_CELL = 60
_LONGEST_SUBLABEL = 12
_ENOUGH = 3
_CHOSEN = frozenset({"其他", "其它"})
_WEIGHTLESS = frozenset({Role.SEQUENCE, Role.UNUSED, Role.REMARKS})


@dataclass(frozen=True, slots=True)
class Header:
    """Rows `top` to `bottom` (0-based, inclusive) and, for each column, its header words from top to bottom."""

    top: int
    bottom: int
    levels: tuple[tuple[str, ...], ...]

    @property
    def words(self) -> frozenset[str]:
        """Every word of the header, normalised, to recognise it when it is typed again."""
        return frozenset(headers.normalise(level) for levels in self.levels for level in levels)


def find(rows: Sequence[list[Cell]], spans: Sequence[Span], *, start: int, stop: int) -> Header | None:
    """The first header between two rows, or None."""
    for index in range(start, min(stop, len(rows))):
        if any(rows[index]) and is_header(rows[index]) and not _is_form(rows[index], spans, index):
            return _extended(rows, spans, index, start)
    return None


def _is_form(row: Sequence[Cell], spans: Sequence[Span], index: int) -> bool:
    """Whether every word is followed by a blank cell that no merging explains: a form that waits to be filled in."""
    filled = [column for column, cell in enumerate(row) if text(cell).strip()]
    if len(row) < 4 or filled != list(range(0, len(row), 2)):  # noqa: PLR2004 - two words with their blanks
        return False
    return not any(span.top <= index <= span.bottom and span.right > span.left for span in spans)


def is_header(row: Sequence[Cell]) -> bool:
    """Whether a row reads like a header: several known words, and hardly anything else."""
    cells = _words(row)
    if len(cells) < 2:  # noqa: PLR2004 - a lone cell is a title or a sub-heading
        return False
    distinct = list(dict.fromkeys(cells))
    # "其他" names a column of remarks at the end of a header; elsewhere it is what somebody chose.
    matches = [None if words in _CHOSEN and words != distinct[-1] else headers.match(words) for words in distinct]
    roles = {match.role for match in matches if match is not None}
    known = sum(match is not None for match in matches)
    weighty = roles - _WEIGHTLESS
    if max(map(len, distinct)) > _LONGEST_HEADER_CELL * 3 or any(
        len(words) > _LONGEST_HEADER_CELL for words in distinct[:2]
    ):
        return False
    if len(distinct) < 2 or not weighty:  # noqa: PLR2004 - one word is a title
        return False
    enough = len(weighty) >= _ENOUGH or (Role.TITLE in roles and len(roles) > 1)
    if not enough or _holds_values(distinct):
        return False
    return _has_neighbours(matches) and (known * 2 > len(distinct) or (len(weighty) >= _ENOUGH and Role.TITLE in roles))


def _has_neighbours(matches: Sequence[headers.Match | None]) -> bool:
    """Known words side by side; on a card they alternate with values."""
    return any(left is not None and right is not None for left, right in pairwise(matches))


def _words(row: Sequence[Cell]) -> list[str]:
    return [words for cell in row if (words := text(cell).strip())]


def _holds_values(cells: Sequence[str]) -> bool:
    """Data rows hold numbers; a header holds hardly any."""
    numbers = sum(bool(re.fullmatch(r"[\d.,\-/: ]+", words)) for words in cells)
    return numbers * 4 > len(cells)


def _extended(rows: Sequence[list[Cell]], spans: Sequence[Span], index: int, start: int) -> Header:
    """The header with the level above it (groups) and the levels below it (parts of a merged header)."""
    top, bottom = index, index
    if index > start and _is_group_row(rows, spans, index - 1):
        top = index - 1
    while bottom - top < 2 and bottom + 1 < len(rows) and _is_sub_row(rows, spans, bottom):  # noqa: PLR2004 - three levels at most
        bottom += 1
    bottom = max([bottom, *(span.bottom for span in spans if span.top == index and span.bottom - index < 3)])  # noqa: PLR2004 - no header is higher
    bottom = min(bottom, len(rows) - 1)
    return Header(top, bottom, tuple(_levels(rows, spans, top, bottom)))


def _is_group_row(rows: Sequence[list[Cell]], spans: Sequence[Span], index: int) -> bool:
    """A row of short words, each over several columns, right above the header."""
    wide = [span for span in spans if span.top <= index <= span.bottom and span.right > span.left]
    width = len(rows[index])
    cells = _words(rows[index])
    if not wide or len(cells) < 2 or any(len(words) > 20 for words in cells):  # noqa: PLR2004 - prose, not names
        return False
    return all(span.right - span.left + 1 < width for span in wide) and not any(
        re.search(r"[:：]", words) for words in cells
    )


def _is_sub_row(rows: Sequence[list[Cell]], spans: Sequence[Span], index: int) -> bool:
    """Whether the row below holds the parts of headers that are merged over several columns, or blank beside them."""
    upper, lower = filled(rows, spans, index), filled(rows, spans, index + 1)
    own = [column for column, cell in enumerate(rows[index + 1]) if text(cell).strip()]
    wide = _widely_merged(spans, index)
    if not own:
        return False
    if wide:
        parts = any(headers.is_sublabel(upper[column], lower[column]) for column in own)
        return wide.issuperset(own) and (parts or all(_is_label(lower[column]) for column in own))
    beside = all(not upper[column] or _starts_group(upper, column) for column in own)
    return beside and all(headers.is_sublabel(_left_neighbour(upper, column), lower[column]) for column in own)


def _widely_merged(spans: Sequence[Span], index: int) -> set[int]:
    """The columns of a row over which a cell is merged sideways and ends with that row."""
    wide = [span for span in spans if span.top <= index == span.bottom and span.right > span.left]
    return {column for span in wide for column in range(span.left, span.right + 1)}


def _is_label(words: str) -> bool:
    return len(words) <= _LONGEST_SUBLABEL and not re.search(r"\d", words)


def _left_neighbour(row: Sequence[str], column: int) -> str:
    while column > 0 and not row[column]:
        column -= 1
    return row[column]


def _starts_group(row: Sequence[str], column: int) -> bool:
    return column + 1 < len(row) and not row[column + 1]


def filled(rows: Sequence[list[Cell]], spans: Sequence[Span], index: int) -> list[str]:
    """The words of a row with merged cells carried into every cell that they cover."""
    row = [text(cell).strip() for cell in rows[index]]
    for span in spans:
        if span.top <= index <= span.bottom:
            words = text(rows[span.top][span.left]).strip()
            for column in range(span.left, min(span.right + 1, len(row))):
                row[column] = words
    return row


def _levels(rows: Sequence[list[Cell]], spans: Sequence[Span], top: int, bottom: int) -> list[tuple[str, ...]]:
    stacked = [filled(rows, spans, index) for index in range(top, bottom + 1)]
    for upper, lower in pairwise(stacked):
        _carry_right(upper, lower)
    return [tuple(dict.fromkeys(words for words in column if words)) for column in zip(*stacked, strict=True)]


def _carry_right(upper: list[str], lower: list[str]) -> None:
    """Without merged cells (csv) a group name stands over its first column only."""
    for column in range(1, len(upper)):
        if not upper[column] and lower[column]:
            upper[column] = upper[column - 1]

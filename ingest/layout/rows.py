"""Walking down the rows of one table: which are items, what their sub-headings say, what is passed over."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.columns.plans import Plan
from ingest.columns.roles import Role
from ingest.grid import Cell, Grid, text
from ingest.layout import bodies, dittos, tables
from ingest.layout.bodies import Heading, RowKind
from ingest.layout.tables import Table

_HINT_ROWS = 3
_LONGEST_NUMBER = 3
_NUMBER_LEVEL = 3
_WEAK = (
    Role.SEQUENCE,
    Role.SECTOR,
    Role.REGION,
    Role.ISSUER_TYPE,
    Role.NEED_TYPE,
    Role.LIST_KIND,
    Role.UNUSED,
    Role.GROUP,
)
_FLOWING = (Role.DESCRIPTION, Role.REQUIREMENTS)
_HAN_NUMBER = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[）)]?[、.]?")


@dataclass(slots=True)
class BodyRow:
    """One item's row: its 0-based index, its cells with merged ones carried down, and what stands above it.

    `anchors` maps the columns of carried and repeated cells to the 0-based row that they were taken from.
    """

    index: int
    cells: list[Cell]
    anchors: dict[int, int]
    headings: tuple[Heading, ...]


class Walker:
    """Yields the item rows of one table; `skipped` gathers the others, 0-based and with their kind."""

    def __init__(self, grid: Grid, table: Table, plan: Plan) -> None:
        self.skipped: list[tuple[int, RowKind]] = []
        self._grid, self._table, self._plan = grid, table, plan
        self._title = plan.first(Role.TITLE)
        self._sequence = plan.first(Role.SEQUENCE)
        self._weak = frozenset(plan.columns(*_WEAK))
        self._flowing = frozenset(plan.columns(*_FLOWING))
        self._known = table.header.words
        self._typed = frozenset(level for levels in table.header.levels for level in levels)
        self._carried = self._carry()
        self._headings: list[Heading] = list(table.head.headings)
        self._closed = False

    def rows(self) -> Iterator[BodyRow]:
        """Every item row; rows that only continue the one above are joined to it."""
        current: BodyRow | None = None
        for index in range(self._table.first, self._table.last):
            row = self._grid.rows[index]
            kind, cells, anchors = self._kind(row, index)
            if kind is None:
                self._continue(current, cells, anchors)
                continue
            if kind is not RowKind.ITEM:
                if kind is not RowKind.BLANK:
                    self.skipped.append((index, kind))
                continue
            made = _repeated(BodyRow(index, cells, anchors, tuple(self._headings)), current)
            if current is not None:
                yield current
            current = made
        if current is not None:
            yield current

    def moved(self, row: BodyRow) -> dict[int, str]:
        """The columns whose value stands in another row than their item's, and the cell that it stands in."""
        return {column: self._grid.cell(column, origin) for column, origin in row.anchors.items()}

    def _kind(self, row: list[Cell], index: int) -> tuple[RowKind | None, list[Cell], dict[int, int]]:
        """What a row is; None for a continuation."""
        if index in self._grid.loose:
            return self._beside(text(row[0]), index), row, {}
        present = [
            column for column, cell in enumerate(row) if cell != "" and (type(cell) is not str or not cell.isspace())
        ]
        carried = self._carried.get(index)
        cells, anchors = self._with_carried(row, carried) if carried else (row, {})
        if not present:
            return RowKind.BLANK, cells, anchors
        if self._shares_title(cells, anchors):
            return None, cells, anchors
        near = index - self._table.first < _HINT_ROWS
        if near or len(present) < 3 or self._is_odd(row, present):  # noqa: PLR2004 - items hardly ever have fewer cells
            special = self._special(row, present, index)
            if special is not None:
                return special, cells, anchors
        if self._continues(cells, present):
            return None, cells, anchors
        kind = RowKind.BLANK if self._is_prepared(cells, present) else RowKind.ITEM
        self._closed = self._closed and kind is RowKind.BLANK
        return kind, cells, anchors

    def _beside(self, words: str, index: int) -> RowKind:
        """A paragraph between the rows: a numbered sub-heading, or a note."""
        found = bodies.heading(words, self._grid.cell(0, index), spread=False)
        if found is None:
            return RowKind.FOOTER
        self._headings = bodies.below(self._headings, found)
        return RowKind.HEADING

    def _is_odd(self, row: list[Cell], present: Sequence[int]) -> bool:
        """Whether the beginning or the title looks like something else than an item; cheap, as every row is asked."""
        first = row[present[0]]
        if type(first) is str and not first.isdigit() and (present[0] == self._sequence or _ODD.search(first)):
            return True
        title = row[self._title] if self._title is not None else ""
        return type(title) is str and (title == "" or title in self._typed or _ODD.search(title) is not None)

    def _special(self, row: list[Cell], present: Sequence[int], index: int) -> RowKind | None:
        texts = [text(row[column]).strip() for column in present]
        first = texts[0]
        title = text(row[self._title]).strip() if self._title is not None else ""
        if tables.is_repeat(row, self._known):
            return RowKind.HINT
        if all(bodies.is_page_top(words) for words in texts):
            return RowKind.FOOTER
        beginning = texts[:2] if len(first) <= _LONGEST_NUMBER else texts[:1]
        if any(bodies.is_total(words) for words in (*beginning, title)):
            return RowKind.TOTAL
        if bodies.is_footer(first):
            self._closed = True
            return RowKind.FOOTER
        if any(bodies.is_example(words) for words in {*texts[:3], title}):
            return RowKind.EXAMPLE
        return self._near(index, texts) or self._lone(present, texts, index)

    def _near(self, index: int, texts: list[str]) -> RowKind | None:
        if index - self._table.first >= _HINT_ROWS:
            return None
        if bodies.is_counter_row(texts):
            return RowKind.COUNTER
        return RowKind.HINT if bodies.is_hint_row(texts) else None

    def _lone(self, present: Sequence[int], texts: list[str], index: int) -> RowKind | None:
        """A row with one telling cell: a sub-heading, a closing note, a prepared number, or an item after all."""
        column, words = present[0], texts[0]
        if len(present) == 2 and _HAN_NUMBER.fullmatch(words):  # noqa: PLR2004 - "一 | 绿色低碳（4项）"
            column, words = present[1], f"{words.strip('（()）、.')}、{texts[1]}"
        elif len(present) > 1:
            return None
        if column and column in self._flowing and not self._is_spread(index, column):
            return None
        if column == self._sequence and re.fullmatch(r"[\d.]+", words):
            return RowKind.BLANK
        if self._closed or (bodies.is_list_title(words) and column != self._title):
            return RowKind.FOOTER
        return self._headed(words, index, column)

    def _headed(self, words: str, index: int, column: int) -> RowKind | None:
        """Take a lone cell for a sub-heading where it reads like one."""
        spread = self._is_spread(index, column)
        found = bodies.heading(words, self._grid.cell(column, index), spread=column != self._title or spread)
        if found is None:
            return None if column == self._title else RowKind.FOOTER
        if column == self._title and self._sequence is None and found.level >= _NUMBER_LEVEL and not spread:
            return None
        self._headings = bodies.below(self._headings, found)
        return RowKind.HEADING

    def _is_spread(self, index: int, column: int) -> bool:
        return any(
            span.top <= index <= span.bottom and span.left == column and span.right > span.left
            for span in self._grid.spans
        )

    def _is_prepared(self, cells: list[Cell], present: Sequence[int]) -> bool:
        """A row prepared for filling in: a number and perhaps a sector, and neither title nor anything telling."""
        if self._title is None or _filled(cells[self._title]):
            return False
        return all(column in self._weak for column in present)

    def _shares_title(self, cells: list[Cell], anchors: dict[int, int]) -> bool:
        """Whether the title is merged with the row above, and no number of its own makes the row an item."""
        if self._title is None or self._title not in anchors:
            return False
        sequence = self._sequence
        return sequence is None or sequence in anchors or not _filled(cells[sequence])

    def _continues(self, cells: list[Cell], present: Sequence[int]) -> bool:
        """Whether a row without a title holds nothing but running text, and so belongs to the item above."""
        if self._title is None or _filled(cells[self._title]) or not self._flowing:
            return False
        return all(column in self._flowing for column in present)

    def _continue(self, current: BodyRow | None, cells: list[Cell], anchors: dict[int, int]) -> None:
        if current is None:
            return
        current.cells = list(current.cells)
        for column, cell in enumerate(cells):
            if column in anchors or not _filled(cell) or column == self._sequence or dittos.is_ditto(cell):
                continue
            before = text(current.cells[column])
            added = text(cell)
            if added not in before.split("\n"):
                current.cells[column] = f"{before}\n{added}" if before else added

    def _carry(self) -> dict[int, dict[int, int]]:
        """Row → column → the row above it that a vertically merged cell takes its value from."""
        carried: dict[int, dict[int, int]] = {}
        for span in self._grid.spans:
            if span.bottom > span.top >= self._table.first and span.left < self._grid.width:
                for index in range(span.top + 1, min(span.bottom + 1, self._table.last)):
                    carried.setdefault(index, {})[span.left] = span.top
        return carried

    def _with_carried(self, row: list[Cell], carried: dict[int, int]) -> tuple[list[Cell], dict[int, int]]:
        cells = list(row)
        for column, origin in carried.items():
            cells[column] = self._grid.rows[origin][column]
        return cells, carried


_ODD = re.compile(
    r"计|总|注|说明|来源|例|人\s*[:：(（]|字\s*[:：]|章\s*[:：)）]|[表核批办话]\s*[:：]|期\s*[:：]|单位\s*[:：]|名称|序号|编号|题目|^第|以下|本页|"
    r"必填|选填|请|填写|^[一二三四五六七八九十]{1,3}$|^[（(]|^\d{1,2}[、.]|^[一二三四五六七八九十]{1,3}[、.]"
)


def _repeated(row: BodyRow, above: BodyRow | None) -> BodyRow:
    """A row with the values of the item above in the cells that only point to them; blank where there is none."""
    pointing = dittos.columns(row.cells)
    if pointing:
        row.cells, row.anchors = list(row.cells), dict(row.anchors)
    for column in pointing:
        row.cells[column] = above.cells[column] if above is not None else ""
        if above is not None:
            row.anchors[column] = above.anchors.get(column, above.index)
    return row


def _filled(cell: Cell) -> bool:
    return not isinstance(cell, str) or (cell != "" and not cell.isspace())

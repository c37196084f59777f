"""A file on its way in as a page shows it: each sheet as it was, beside what was understood, row by row."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ingest.fields import ColumnReading, Draft, Problem, Reading, Severity, SheetReading, Where
from marketplace.lists.intakes.views import Preview, PreviewRow
from marketplace.lists.views import FieldChange
from web.pages.lists import facts
from web.pages.lists.facts import Fact

REFUSED_SHOWN: Final = 50
UNSURE_BELOW: Final = 0.7
"""A column read with less confidence is shown as one to look at."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as it stood; `tone` says how it was read: read, unsure, wrong or not."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row with what was understood of it; `outcome` is "held" where it would stay behind, None once decided."""

    draft: Draft
    cells: tuple[Cell, ...]
    facts: tuple[Fact, ...]
    problems: tuple[Problem, ...]
    outcome: str | None
    changes: tuple[FieldChange, ...]
    old_title: str | None
    refusal: str | None
    remark: str | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet with the rows of it that this page shows, and those of the original, refused ones among them."""

    reading: SheetReading
    rows: tuple[Row, ...]
    original: tuple[tuple[Draft, tuple[Cell, ...]], ...]


def laid_out(reading: Reading, preview: Preview | None, *, first: int, limit: int) -> tuple[Sheet, ...]:
    """Lay out every sheet with its rows among the `limit` rows from `first` on, counted over the whole file."""
    rows = preview.rows if preview is not None else tuple(_undecided(draft) for draft in reading.drafts)
    problems = _by_place(reading.problems)
    chosen = rows[first : first + limit]
    return tuple(
        _laid(sheet, _of_sheet(sheet, chosen, problems), problems, is_first=not first) for sheet in reading.sheets
    )


def _laid(
    sheet: SheetReading, rows: tuple[Row, ...], problems: Mapping[Where, list[Problem]], *, is_first: bool
) -> Sheet:
    shown = [(row.draft, row.cells) for row in rows]
    if is_first:
        shown += [
            (draft, _cells(sheet, draft, problems.get(draft.where, ()))) for draft in sheet.refused[:REFUSED_SHOWN]
        ]
    return Sheet(sheet, rows, tuple(sorted(shown, key=lambda one: (one[0].page or 0, one[0].table or 0, one[0].row))))


def place(order: Sequence[str | None], sheet: str | None) -> int:
    """Give the place of a sheet in its file; what concerns the whole file comes first."""
    return order.index(sheet) if sheet in order else -1


def in_order(problems: Sequence[Problem], order: Sequence[str | None]) -> tuple[Problem, ...]:
    """Order the to-do list: what stops a row first, then what to check, then notes; each as the sheets stand."""
    severities = list(Severity)
    return tuple(
        sorted(
            problems,
            key=lambda problem: (severities.index(problem.severity), place(order, problem.sheet), problem.row or 0),
        )
    )


def _undecided(draft: Draft) -> PreviewRow:
    return PreviewRow(draft=draft, outcome=None, item_id=None, old_title=None, changes=(), refusal=None)


def _by_place(problems: Sequence[Problem]) -> Mapping[Where, list[Problem]]:
    placed: dict[Where, list[Problem]] = defaultdict(list)
    for problem in problems:
        placed[problem.where].append(problem)
    return {place: list(in_order(found, ())) for place, found in placed.items()}


def _of_sheet(
    sheet: SheetReading, rows: Sequence[PreviewRow], problems: Mapping[Where, list[Problem]]
) -> tuple[Row, ...]:
    own = {draft.where for draft in sheet.drafts}
    return tuple(_row(sheet, row, tuple(problems.get(row.draft.where, ()))) for row in rows if row.draft.where in own)


def _row(sheet: SheetReading, row: PreviewRow, problems: tuple[Problem, ...]) -> Row:
    held = "held" if row.refusal is not None else None
    return Row(
        draft=row.draft,
        cells=_cells(sheet, row.draft, problems),
        facts=facts.of_draft(row.draft),
        problems=problems,
        outcome=row.outcome.value if row.outcome is not None else held,
        changes=row.changes,
        old_title=row.old_title,
        refusal=row.refusal,
        remark=row.remark,
    )


def _cells(sheet: SheetReading, draft: Draft, problems: Sequence[Problem]) -> tuple[Cell, ...]:
    wrong = {problem.column for problem in problems if problem.severity is not Severity.NOTE}
    return tuple(_cell(column, draft, wrong) for column in sheet.columns)


def _cell(column: ColumnReading, draft: Draft, wrong: set[str | None]) -> Cell:
    if column.column in wrong:
        tone = "wrong"
    elif column.field is None:
        tone = "not"
    else:
        tone = "unsure" if column.confidence < UNSURE_BELOW else "read"
    return Cell(draft.raw.get(column.header, ""), tone)

"""Workbooks in the binary format of Excel 97 to 2003."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest import refusals
from ingest.documents import biff, workbooks
from ingest.fields import Problem, Severity
from ingest.formats import Probe, Reader
from ingest.grid import Cell, Grid, letters
from ingest.limits import Limits

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_MOST_BYTES = 32 * 1024 * 1024


def recognises(probe: Probe) -> bool:
    """Whether a compound file holds a workbook."""
    return probe.has_stream("Workbook", "Book")


def read(data: bytes, *, name: str, limits: Limits) -> list[Grid]:
    """Every work sheet in order, hidden ones marked; of formulas the results that were stored."""
    if len(data) > _MOST_BYTES:
        raise refusals.too_large(name, f"xls 文件超过 {_MOST_BYTES // (1024 * 1024)} MB")
    formulas = biff.formulas(data)
    with workbooks.opened(data, name) as workbook:
        return [
            replace(grid, problems=tuple(_noted(name, grid, formulas.get(grid.name or "", ()))))
            for grid in _grids(workbook, name=name, limits=limits)
        ]


def _noted(name: str, grid: Grid, cells: Iterable[tuple[int, int]]) -> Iterator[Problem]:
    message = "单元格是公式，采用文件中保存的结果，未重新计算。"
    for row, column in cells:
        if not grid.hidden and row < len(grid.rows) and column < grid.width:
            yield Problem(name, Severity.NOTE, "formula", message, sheet=grid.name, row=row + 1, column=letters(column))


def _grids(workbook: "CalamineWorkbook", *, name: str, limits: Limits) -> Iterator[Grid]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    if len(sheets) > limits.sheets:
        raise refusals.too_large(name, f"有 {len(sheets)} 个工作表，上限是 {limits.sheets} 个")
    for sheet in sheets:
        if sheet.visible != SheetVisibleEnum.Visible:
            yield Grid(name=sheet.name, rows=[], hidden=True)
        else:
            yield _grid(workbook.get_sheet_by_name(sheet.name), name=name, limits=limits)


def _grid(sheet: "CalamineSheet", *, name: str, limits: Limits) -> Grid:
    if sheet.total_height * sheet.total_width > limits.cells:
        raise refusals.too_large(name, f"工作表“{sheet.name}”超过 {limits.cells} 个单元格")
    rows: list[list[Cell]] = sheet.to_python(skip_empty_area=False)
    if len(rows) > limits.rows:
        raise refusals.too_large(name, f"工作表“{sheet.name}”有 {len(rows)} 行，上限是 {limits.rows} 行")
    return Grid(name=sheet.name, rows=rows, spans=workbooks.spans(sheet, rows))


READER = Reader(format="xls", suffixes=("xls",), recognises=recognises, read=read, is_guarded=True)

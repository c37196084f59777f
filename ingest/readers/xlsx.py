"""Workbooks in Office Open XML: values by calamine, and from the XML only what calamine does not tell."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest import guarded, refusals, sheetxml
from ingest.archives import Package
from ingest.documents import workbooks
from ingest.errors import Refused
from ingest.fields import Problem, Severity
from ingest.formats import Probe, Reader
from ingest.grid import Cell, Grid
from ingest.limits import Limits

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook


def recognises(probe: Probe) -> bool:
    """Whether the package holds a workbook, with or without macros, or at least its sheets."""
    parts = probe.parts
    return "xl/workbook.xml" in parts or (
        "[Content_Types].xml" in parts
        and "xl/workbook.bin" not in parts
        and any(part.startswith("xl/") for part in parts)
    )


def read(data: bytes, *, name: str, limits: Limits) -> list[Grid]:
    """Every work sheet of a workbook in order, hidden ones marked."""
    package = Package(data, name=name, limits=limits)
    package.check_counted()
    package.drop("xl/_rels/", "xl/workbook.xml", "xl/styles.xml", "xl/worksheets/")
    parts = sheetxml.sheet_parts(package)
    if len(parts) > limits.sheets:
        raise refusals.too_large(name, f"有 {len(parts)} 个工作表，上限是 {limits.sheets} 个")
    formats = sheetxml.display_formats(package)
    stray = {
        sheet: cells for sheet, part in parts.items() if (cells := sheetxml.stray_cells(package.peek(part), limits))
    }
    if stray:
        # Somebody touched a cell at the far end of a sheet: a dense block up to there would be allotted for it.
        data = package.replaced(
            {parts[sheet]: sheetxml.without(package.peek(parts[sheet]), cells) for sheet, cells in stray.items()}
        )
        package = Package(data, name=name, limits=limits)
    try:
        guarded.taste(data, name)
    except Refused:
        # Most likely a sheet reaches too far: that can be said more plainly.
        for sheet, part in parts.items():
            _require_within(package.peek(part), sheet, name=name, limits=limits)
        raise
    try:
        with workbooks.opened(data, name) as workbook:
            grids = list(_grids(workbook, package, parts, formats, name=name, limits=limits))
    except BaseException as error:
        # The library's own panics are no Exceptions, and nothing of them may reach whoever asked.
        if isinstance(error, (Refused, KeyboardInterrupt, SystemExit)):
            raise
        raise refusals.damaged(name) from error
    return [_with_strays(grid, stray.get(grid.name or "", []), name) for grid in grids]


def _with_strays(grid: Grid, cells: Sequence[str], name: str) -> Grid:
    if not cells:
        return grid
    message = f"在离清单很远的单元格 {'、'.join(cells)} 里还有内容，没有读取。请核对是否误填。"
    return replace(grid, problems=(*grid.problems, Problem(name, Severity.NOTE, "stray_cell", message, grid.name)))


def _grids(
    workbook: "CalamineWorkbook",
    package: Package,
    parts: dict[str, str],
    formats: sheetxml.DisplayFormats,
    *,
    name: str,
    limits: Limits,
) -> Iterator[Grid]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    for sheet in workbook.sheets_metadata:
        if sheet.typ != SheetTypeEnum.WorkSheet:
            continue
        if sheet.visible != SheetVisibleEnum.Visible:
            yield Grid(name=sheet.name, rows=[], hidden=True)
            continue
        xml = package.take(parts.get(sheet.name, ""))
        _require_within(xml, sheet.name, name=name, limits=limits)
        yield _grid(workbook.get_sheet_by_name(sheet.name), xml, formats, name=name, limits=limits)


def _require_within(xml: bytes, sheet: str, *, name: str, limits: Limits) -> None:
    """Refuse before calamine sees it: a dense block is allotted for all cells up to the farthest one."""
    rows, columns = sheetxml.farthest(xml)
    if rows * columns > limits.cells and not sheetxml.has_bare_cells(xml):
        rows, columns = sheetxml.farthest_valued(xml)
    if columns > limits.columns and rows * columns > limits.cells:
        raise refusals.too_large(name, f"工作表“{sheet}”有 {columns} 列，上限是 {limits.columns} 列")
    if rows > limits.rows and rows * columns > limits.cells:
        raise refusals.too_large(name, f"工作表“{sheet}”有 {rows} 行，上限是 {limits.rows} 行")
    if rows * columns > limits.cells:
        raise refusals.too_large(name, f"工作表“{sheet}”超过 {limits.cells} 个单元格")


def _grid(sheet: "CalamineSheet", xml: bytes, formats: sheetxml.DisplayFormats, *, name: str, limits: Limits) -> Grid:
    rows: list[list[Cell]] = sheet.to_python(skip_empty_area=False)
    if len(rows) > limits.rows:
        raise refusals.too_large(name, f"工作表“{sheet.name}”有 {len(rows)} 行，上限是 {limits.rows} 行")
    sheetxml.apply_formats(rows, xml, formats)
    problems = tuple(_formulas(rows, xml, sheet.name, name))
    return Grid(
        name=sheet.name,
        rows=rows,
        spans=workbooks.spans(sheet, rows),
        hidden_rows=sheetxml.hidden_rows(xml),
        problems=problems,
    )


def _formulas(rows: list[list[Cell]], xml: bytes, sheet: str, name: str) -> Iterator[Problem]:
    """Put the text of each formula that has no stored result into its cell; never evaluate it."""
    for formula in sheetxml.formulas(xml):
        if formula.row >= len(rows) or formula.column >= len(rows[0]):
            continue
        stored = rows[formula.row][formula.column]
        if stored == "" and formula.text:
            rows[formula.row][formula.column] = "=" + formula.text
            message = f"单元格是公式“={formula.text[:40]}”，没有保存计算结果，按文字读取、未作计算。请改填结果。"
            severity = Severity.TODO
        else:
            message = "单元格是公式，采用文件中保存的结果，未重新计算。"
            severity = Severity.NOTE
        yield Problem(
            file=name, severity=severity, code="formula", message=message, sheet=sheet,
            row=formula.row + 1, column=formula.letters,
        )  # fmt: skip


READER = Reader(format="xlsx", suffixes=("xlsx",), recognises=recognises, read=read)

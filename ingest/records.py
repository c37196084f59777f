"""A reading as plain JSON values and back, so that others may keep it."""

from datetime import date
from decimal import Decimal
from typing import Any

from ingest.fields import (
    ColumnReading,
    Draft,
    IssuerType,
    ListKind,
    NeedType,
    Problem,
    Reading,
    Severity,
    SheetReading,
)
from ingest.rendering import item_as_json, problem_as_json

Record = dict[str, Any]


def reading_to_record(reading: Reading) -> Record:
    """A reading as JSON values."""
    return {
        "file": reading.file,
        "digest": reading.digest,
        "format": reading.format,
        "sheets": [_sheet_to_record(sheet) for sheet in reading.sheets],
        "problems": [problem_to_record(problem) for problem in reading.problems],
    }


def reading_from_record(record: Record) -> Reading:
    """The reading that `reading_to_record` was given."""
    return Reading(
        file=record["file"],
        digest=record["digest"],
        format=record["format"],
        sheets=tuple(_sheet_from_record(sheet) for sheet in record["sheets"]),
        problems=tuple(problem_from_record(problem) for problem in record["problems"]),
    )


def draft_to_record(draft: Draft) -> Record:
    """A draft as JSON values: the printed item, with its extras, places, table and what was put right."""
    record = {**item_as_json(draft), "extras": dict(draft.extras), "places": dict(draft.places), "table": draft.table}
    return {**record, "corrected": list(draft.corrected)} if draft.corrected else record


def draft_from_record(record: Record) -> Draft:
    """The draft that `draft_to_record` was given."""
    return Draft(
        **{
            **record,
            "list_kind": ListKind(record["list_kind"]),
            "need_type": NeedType(record["need_type"]) if record["need_type"] else None,
            "issuer_type": IssuerType(record["issuer_type"]) if record["issuer_type"] else None,
            "budget_min": _decimal(record["budget_min"]),
            "budget_max": _decimal(record["budget_max"]),
            "period_start": _day(record["period_start"]),
            "period_end": _day(record["period_end"]),
            "requirements": tuple(record["requirements"]),
            "inherited": tuple(record["inherited"]),
            "corrected": tuple(record.get("corrected") or ()),
        }
    )


def _sheet_to_record(sheet: SheetReading) -> Record:
    return {
        "name": sheet.name,
        "list_kind": sheet.list_kind.value if sheet.list_kind else None,
        "header_rows": list(sheet.header_rows) if sheet.header_rows else None,
        "columns": [_column_to_record(column) for column in sheet.columns],
        "drafts": [draft_to_record(draft) for draft in sheet.drafts],
        "ignored": sheet.ignored,
        "title": sheet.title,
        "publisher": sheet.publisher,
        "table": sheet.table,
        "layout": sheet.layout,
        "unit": None if sheet.unit is None else str(sheet.unit),
        "refused": [draft_to_record(draft) for draft in sheet.refused],
    }


def _sheet_from_record(record: Record) -> SheetReading:
    rows = record["header_rows"]
    return SheetReading(
        name=record["name"],
        list_kind=ListKind(record["list_kind"]) if record["list_kind"] else None,
        header_rows=(rows[0], rows[1]) if rows else None,
        columns=tuple(ColumnReading(**column) for column in record["columns"]),
        drafts=tuple(draft_from_record(draft) for draft in record["drafts"]),
        ignored=record["ignored"],
        title=record.get("title"),
        publisher=record.get("publisher"),
        table=record.get("table"),
        layout=record.get("layout"),
        unit=_decimal(record.get("unit")),
        refused=tuple(draft_from_record(draft) for draft in record.get("refused", ())),
    )


def _column_to_record(column: ColumnReading) -> Record:
    return {
        "column": column.column,
        "header": column.header,
        "field": column.field,
        "confidence": column.confidence,
        "reason": column.reason,
    }


def problem_to_record(problem: Problem) -> Record:
    """A problem as JSON values: as it is printed, with its table."""
    return {**problem_as_json(problem), "table": problem.table}


def problem_from_record(record: Record) -> Problem:
    """The problem that `problem_to_record` was given."""
    return Problem(**{**record, "severity": Severity(record["severity"])})


def _decimal(words: str | None) -> Decimal | None:
    return None if words is None else Decimal(words)


def _day(words: str | None) -> date | None:
    return None if words is None else date.fromisoformat(words)

"""Drafts and problems as the JSON objects that `jiebang ingest` prints (product.md, section 6)."""

from decimal import Decimal
from typing import Any

from ingest.fields import Draft, Problem


def item_as_json(draft: Draft) -> dict[str, Any]:
    """One item: sums as decimal strings in yuan with two places, days in ISO form, null where nothing is stated."""
    return {
        "file": draft.file,
        "sheet": draft.sheet,
        "page": draft.page,
        "row": draft.row,
        "list_kind": draft.list_kind.value,
        "need_type": draft.need_type.value if draft.need_type else None,
        "title": draft.title,
        "description": draft.description,
        "issuer": draft.issuer,
        "issuer_type": draft.issuer_type.value if draft.issuer_type else None,
        "sector": draft.sector,
        "region": draft.region,
        "budget_min": _yuan(draft.budget_min),
        "budget_max": _yuan(draft.budget_max),
        "budget_negotiable": draft.budget_negotiable,
        "period_start": draft.period_start.isoformat() if draft.period_start else None,
        "period_end": draft.period_end.isoformat() if draft.period_end else None,
        "duration_months": draft.duration_months,
        "requirements": list(draft.requirements),
        "contact_name": draft.contact_name,
        "contact_phone": draft.contact_phone,
        "contact_email": draft.contact_email,
        "inherited": list(draft.inherited),
        "raw": dict(draft.raw),
    }


def problem_as_json(problem: Problem) -> dict[str, Any]:
    """One problem, with null for what does not apply."""
    return {
        "file": problem.file,
        "sheet": problem.sheet,
        "page": problem.page,
        "row": problem.row,
        "column": problem.column,
        "severity": problem.severity.value,
        "code": problem.code,
        "message": problem.message,
    }


def _yuan(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"

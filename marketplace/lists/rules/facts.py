"""Between a draft and the columns of an item version."""

from collections.abc import Mapping

from ingest.fields import Draft
from marketplace.kernel import canonical, money
from marketplace.kernel.text import collapsed
from marketplace.lists.item_tables import ItemPrivate, ItemVersion
from marketplace.lists.rules.masks import mask_text

SUMMARY_LENGTH = 120

SAME = (
    *("title", "need_type", "description", "issuer", "issuer_type", "sector", "region", "budget_negotiable"),
    *("period_start", "period_end", "duration_months", "sheet", "page", "row"),
)
"""Fields that have a column of the same name and type."""

COVERED = (
    *("kind", "title", "need_type", "description", "issuer", "issuer_type", "sector", "region"),
    *("budget_min_fen", "budget_max_fen", "budget_negotiable", "period_start", "period_end", "duration_months"),
    *("requirements", "extras", "source", "file_name", "file_digest", "sheet", "page", "row", "number"),
)
"""The columns that a version's digest covers."""


def columns(draft: Draft) -> dict[str, object]:
    """The columns of a version that a draft states; money in fen."""
    return {
        **{name: getattr(draft, name) for name in SAME},
        "kind": draft.list_kind,
        "title": collapsed(draft.title),
        "budget_min_fen": money.fen(draft.budget_min),
        "budget_max_fen": money.fen(draft.budget_max),
        "requirements": list(draft.requirements),
        "extras": dict(draft.extras),
        "inherited": list(draft.inherited),
        "places": dict(draft.places),
    }


def private_columns(draft: Draft) -> dict[str, object]:
    """The columns with personal data: whom to ask, and the cells as they stood."""
    return {
        "contact_name": draft.contact_name,
        "contact_phone": draft.contact_phone,
        "contact_email": draft.contact_email,
        "raw": dict(draft.raw),
    }


def searched(values: Mapping[str, object]) -> dict[str, object]:
    """The columns of an item that copy its current version."""
    copied = (
        *("kind", "title", "need_type", "issuer", "issuer_type", "sector", "region", "budget_min_fen"),
        *("budget_max_fen", "budget_negotiable", "period_start", "period_end", "duration_months"),
    )
    return {**{name: values[name] for name in copied}, "summary": summary(values)}


def summary(values: Mapping[str, object]) -> str:
    """The beginning of an item's description, else of its points."""
    points = values["requirements"]
    text = str(values["description"] or "") or "；".join(points if isinstance(points, list) else [])
    # Hidden before it is cut: half a number would no longer look like one.
    line = mask_text(collapsed(text))
    return line if len(line) <= SUMMARY_LENGTH else line[: SUMMARY_LENGTH - 1] + "…"


def digest(values: Mapping[str, object]) -> str:
    """The digest of a version's facts and of the place they came from."""
    return canonical.digest({name: _plain(values[name]) for name in COVERED})


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | list | dict):
        return value
    return str(value)


def draft(version: ItemVersion, private: ItemPrivate | None) -> Draft:
    """A version as the draft it was, for comparing with a re-issue."""
    same = {name: getattr(version, name) for name in SAME if name != "row"}
    return Draft(
        file=version.file_name or "",
        row=version.row or 0,
        list_kind=version.kind,
        budget_min=money.yuan(version.budget_min_fen),
        budget_max=money.yuan(version.budget_max_fen),
        requirements=tuple(version.requirements),
        contact_name=private.contact_name if private else None,
        contact_phone=private.contact_phone if private else None,
        contact_email=private.contact_email if private else None,
        inherited=tuple(version.inherited),
        extras=version.extras,
        places=version.places,
        **same,
    )

"""What changed between two readings of one item, field by field."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from ingest.fields import Draft
from marketplace.accounts.rules.names import name_key
from marketplace.kernel.text import collapsed, folded
from marketplace.lists.rules.masks import mask_contact, mask_text
from marketplace.lists.views import FieldChange

TEXTS = ("title", "description", "sector", "region", "contact_name")
CHOICES = ("list_kind", "need_type", "issuer_type")
AMOUNTS = ("budget_min", "budget_max")
DAYS = ("period_start", "period_end")
CONTACTS = ("contact_phone", "contact_email")
ORDER = (
    *("list_kind", "need_type", "title", "description", "requirements", "issuer", "issuer_type", "sector", "region"),
    *("budget_min", "budget_max", "budget_negotiable", "period_start", "period_end", "duration_months"),
    *("contact_name", "contact_phone", "contact_email"),
)


def changes(old: Draft, new: Draft) -> tuple[FieldChange, ...]:
    """The fields that differ, in the order of a page; white space, width and order of points do not count."""
    found = [
        FieldChange(field, shown(field, getattr(old, field)), shown(field, getattr(new, field)))
        for field in ORDER
        if meaning(field, getattr(old, field)) != meaning(field, getattr(new, field))
    ]
    for name in sorted({*old.extras, *new.extras}):
        before, after = old.extras.get(name), new.extras.get(name)
        if folded(before or "") != folded(after or ""):
            found.append(FieldChange(f"extras.{name}", _line(before), _line(after)))
    return tuple(found)


def meaning(field: str, value: object) -> object:
    """What of a field's value counts when two are compared."""
    if field == "issuer":
        return name_key(str(value or ""))
    if field == "requirements" and isinstance(value, tuple):
        return sorted(folded(point) for point in value)
    if field == "contact_phone":
        return "".join(sign for sign in str(value or "") if sign.isdigit())
    if field in TEXTS or field in CONTACTS:
        return folded(str(value or ""))
    return value


def shown(field: str, value: object) -> str | None:
    """A field's value as text for people; None where nothing is stated."""
    if value is None or value is False or value in ("", ()):
        return None
    writers: dict[type, Callable[..., str]] = {
        tuple: "；".join,
        Decimal: lambda amount: f"{amount:.2f}",
        date: date.isoformat,
        bool: lambda _yes: "面议",
    }
    write = writers.get(type(value))
    text = write(value) if write else str(value)
    return mask_contact(text) if field in CONTACTS else _line(text)


def _line(text: str | None) -> str | None:
    return mask_text(collapsed(text)) if text and text.strip() else None

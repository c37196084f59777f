"""Needs and profiles as JSON bytes, as the index keeps them, and the digest that tells whether one has changed."""

import hashlib
from dataclasses import fields
from decimal import Decimal
from typing import Any

import orjson

from matching.documents import Need, Profile

_DECIMALS = ("budget_min", "budget_max")


def dump(document: Need | Profile) -> bytes:
    """Return a document as JSON; equal documents give equal bytes."""
    record = {field.name: getattr(document, field.name) for field in fields(document)}
    return orjson.dumps(record, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"无法写成 JSON：{type(value).__name__}")


def digest(source: bytes) -> str:
    """Return a short digest of a dumped document."""
    return hashlib.sha256(source).hexdigest()[:32]


def need(record: dict[str, Any]) -> Need:
    """Return the need of a loaded record."""
    amounts = {name: Decimal(record[name]) for name in _DECIMALS if record[name] is not None}
    return Need(**{**record, **amounts, "requirements": tuple(record["requirements"])})


def profile(record: dict[str, Any]) -> Profile:
    """Return the profile of a loaded record."""
    fields_: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in record.items()
    }
    return Profile(**fields_)

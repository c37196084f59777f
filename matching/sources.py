"""Needs and profiles as JSON bytes, as the index keeps them, and the digest that tells whether one has changed."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any

import orjson

from matching.documents import Need, Profile, Statement
from matching.text import normalise

_DECIMALS = ("budget_min", "budget_max")
_UNSEEN = frozenset({"id", "audience", "list_kind", "issuer_type", "not_offered"})


def dump(document: Need | Profile) -> bytes:
    """Return a document as JSON; equal documents give equal bytes."""
    record = {field.name: getattr(document, field.name) for field in fields(document)}
    return orjson.dumps(record, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"无法写成 JSON：{type(value).__name__}")


def pack(source: bytes, points: Sequence[str], statements: Sequence[Statement], refusals: Sequence[str] = ()) -> bytes:
    """Return what the index keeps of a document: its JSON, its points, where its statements stand, and what it refuses."""
    places = [(each.source, each.start, each.end, each.audience) for each in statements]
    return orjson.dumps(
        {"document": orjson.Fragment(source), "points": points, "statements": places, "refusals": refusals}
    )


def shown(source: bytes) -> bytes:
    """Return the words of a dumped document that its page shows, normalised, what it refuses left out."""
    record = orjson.loads(source)
    words = _strings(value for name, value in record.items() if name not in _UNSEEN)
    return normalise("\n".join(words)).encode()


def _strings(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from _strings(value)


def statements(record: Mapping[str, Any]) -> tuple[Statement, ...]:
    """Return the statements of a packed profile."""
    places = zip(record["points"], record["statements"], strict=True) if record["statements"] else ()
    return tuple(Statement(text, *place) for text, place in places)


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

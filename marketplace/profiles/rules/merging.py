"""Two people on one form: what each changed is kept, field by field, and what both changed is for a person to settle."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import orjson

from marketplace.profiles.views import ProfileForm

FIELDS: Final = (
    *("headline", "description", "offers", "skills", "sectors", "cases", "not_offered"),
    *("team_size", "region", "price_text", "founded_year", "filings", "visibility"),
)
DIGEST_LENGTH: Final = 16


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged form; `clashing` are the fields that both changed, each its own way (the form holds the first's)."""

    form: ProfileForm
    clashing: tuple[str, ...]


def digests(form: ProfileForm) -> dict[str, str]:
    """A short digest of each field, which a page carries so that the server knows what its editor started from."""
    return {name: _digest(getattr(form, name)) for name in FIELDS}


def merge(started_from: Mapping[str, str], mine: ProfileForm, theirs: ProfileForm) -> Merge:
    """What both sides changed since `started_from` (digests of fields); a field without one counts as unchanged by them."""
    own, other = digests(mine), digests(theirs)
    taken: dict[str, Any] = {}
    clashing: list[str] = []
    for name in FIELDS:
        before = started_from.get(name, other[name])
        if own[name] == before:
            taken[name] = getattr(theirs, name)
        elif other[name] not in {before, own[name]}:
            clashing.append(name)
    return Merge(replace(mine, **taken), tuple(clashing))


def _digest(value: object) -> str:
    written = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(written).hexdigest()[:DIGEST_LENGTH]

"""Cursors: where a walk through a list stands, as a word that programs hand back unread."""

import base64
import binascii
from typing import Annotated, Final

import orjson
from fastapi import Query

from web.api.problems import Problem

MAX_SIZE: Final = 100
MOST_CHARACTERS: Final = 400
BIG: Final = 2**63

Size = Annotated[int, Query(ge=1, le=MAX_SIZE, description="每页条数，最多 100")]
Cursor = Annotated[str, Query(max_length=MOST_CHARACTERS, description="上一页的 next_cursor，原样带回；第一页不填")]


def write(*parts: str | int) -> str:
    """Write where a walk stands."""
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def read(cursor: str, *kinds: type[str] | type[int]) -> tuple[str | int, ...]:
    """Read where a walk stands; raises a problem for what is no cursor of such a walk."""
    try:
        parts = orjson.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
    except (binascii.Error, orjson.JSONDecodeError, ValueError):
        parts = None
    is_sound = isinstance(parts, list) and [type(part) for part in parts] == list(kinds)
    if not is_sound or any(isinstance(part, int) and not 0 <= part < BIG for part in parts):
        raise Problem(400, "bad_cursor", "cursor 不对。请原样使用上一页回答里的 next_cursor，或从第一页重新开始。")
    return tuple(parts)

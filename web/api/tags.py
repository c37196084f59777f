"""Entity tags: what version of a thing an answer holds, and whether a request speaks of that version."""

import hashlib
from typing import Annotated, Final

from fastapi import Header, Request
from fastapi.responses import Response
from pydantic import BaseModel

from web.api.problems import Problem

PRIVATE: Final = "private, no-cache"

IfMatch = Annotated[
    str | None, Header(alias="If-Match", max_length=200, description="您上次读到的 ETag；没有它不能写入")
]


def of_version(kind: str, own_id: str, version: int) -> str:
    """The tag of a version of a thing that can be written."""
    return f'"{kind}-{own_id}-{version}"'


def of_content(told: BaseModel) -> str:
    """The tag of what has no version of its own: a digest of what is told."""
    return f'"{hashlib.sha256(told.model_dump_json().encode()).hexdigest()[:24]}"'


def version_in(if_match: str | None, kind: str, own_id: str) -> int:
    """The version that a writing request speaks of; raises 428 where it names none, 412 for another thing's."""
    if if_match is None:
        detail = "写入前请先读取，并在 If-Match 里带上读到的 ETag，这样不会盖掉别人刚写的内容。"
        raise Problem(428, "if_match_needed", detail)
    given, prefix = if_match.strip(), f'"{kind}-{own_id}-'
    number = given.removeprefix(prefix).removesuffix('"')
    if not given.startswith(prefix) or not given.endswith('"') or not (number.isascii() and number.isdigit()):
        raise moved_on()
    return int(number[:12])


def moved_on() -> Problem:
    """The problem of a version that is no longer the current one."""
    return Problem(412, "version_moved_on", "内容已被修改。请重新读取，对照后再写，并带上新的 ETag。")


def answer(request: Request, told: BaseModel, *, status: int = 200, tag: str = "") -> Response:
    """An answer with its tag; the tag of what has no version is its digest. Who has it already is told only that."""
    body = told.model_dump_json().encode()
    own = tag or of_content(told)
    headers = {"ETag": own, "Cache-Control": PRIVATE, "Vary": "Authorization"}
    known = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if request.method == "GET" and own in known:
        return Response(status_code=304, headers=headers)
    return Response(body, status_code=status, media_type="application/json", headers=headers)

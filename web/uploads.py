"""Forms with files that never touch the disk in plain: what a bid holds is sealed before anything is stored."""

from collections.abc import AsyncIterator
from typing import Final

from fastapi import Depends, HTTPException, Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

MOST_FILES: Final = 24
MOST_FIELDS: Final = 400


class _InMemory(MultiPartParser):
    # Above this the framework would go on in a temporary file; the limit on a request's body lies below it.
    spool_max_size = 1024 * 1024 * 1024


async def _held_in_memory(request: Request) -> AsyncIterator[None]:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        yield
        return
    parser = _InMemory(request.headers, request.stream(), max_files=MOST_FILES, max_fields=MOST_FIELDS)
    try:
        form = await parser.parse()
    except MultiPartException as fault:
        raise HTTPException(400, fault.message) from fault
    request._form = form  # noqa: SLF001 - where the framework itself keeps the form that it has read
    try:
        yield
    finally:
        await form.close()


InMemory: Final = Depends(_held_in_memory, scope="function")
"""For routes whose form holds files of a bid; it must be among the route's own dependencies, which come first."""


def files_of(form: FormData, name: str) -> list[UploadFile]:
    """The files that were chosen in one field; a field left empty sends one without a name."""
    return [one for one in form.getlist(name) if isinstance(one, UploadFile) and one.filename]

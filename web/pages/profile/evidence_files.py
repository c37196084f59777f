"""Evidence files between the browser and the store: checked by content, kept apart from the lists' files.

They have a folder of their own in the file store, so that erasing a profile takes their bytes too and can never take
those of a list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from anyio import to_thread
from starlette.datastructures import UploadFile

from marketplace.kernel.errors import Invalid
from marketplace.kernel.files import FileStore, StoredFile
from marketplace.profiles.evidence import LIMIT_BYTES
from marketplace.profiles.rules.evidence import HEAD_BYTES, media_type, safe_name
from web.pages import wording

if TYPE_CHECKING:
    from web.dependencies import Desk

FOLDER: Final = "evidence"
ACCEPTED: Final = ".pdf,.png,.jpg,.jpeg"


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that is in the store, for the case at a place of the form."""

    place: int
    name: str
    head: bytes
    file: StoredFile


def store_of(desk: "Desk") -> FileStore:
    """The store of evidence files."""
    return FileStore(desk.files.folder / FOLDER)


async def keep(desk: "Desk", given: Mapping[int, Sequence[UploadFile]]) -> tuple[list[Sent], dict[str, str]]:
    """Put the files that may be kept into the store; what is wrong with the others, by the name of their field."""
    kept: list[Sent] = []
    wrong: dict[str, str] = {}
    for place, files in given.items():
        for upload in files:
            try:
                kept.append(await _keep(desk, place, upload))
            except Invalid as refusal:
                wrong[f"cases-{place}-file"] = next(iter(refusal.fields.values()), refusal.message)
    return kept, wrong


async def _keep(desk: "Desk", place: int, upload: UploadFile) -> Sent:
    name = upload.filename or ""
    data = await upload.read(LIMIT_BYTES + 1)
    if len(data) > LIMIT_BYTES:
        limit = wording.size(LIMIT_BYTES)
        message = f"“{safe_name(name)}”超过 {limit}，没有收下。请压缩或只留关键页后再上传。"
        raise Invalid(message, code="file_too_large", fields={"cases": message})
    if not data:
        message = f"“{safe_name(name)}”是空文件，没有收下。请检查后再上传。"
        raise Invalid(message, code="file_empty", fields={"cases": message})
    media_type(data[:HEAD_BYTES], name)
    stored = await to_thread.run_sync(lambda: store_of(desk).put(data, limit_bytes=LIMIT_BYTES))
    return Sent(place, name, data[:HEAD_BYTES], stored)

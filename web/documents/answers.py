"""A document as a file that leaves the product, under its own Chinese name."""

import re
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote

from anyio import to_thread
from fastapi import Response

from marketplace.kernel.errors import NotFound
from web.documents.model import Document

LONGEST_NAME: Final = 80
_NOT_IN_NAMES: Final = re.compile(r'[\\/:*?"<>|\n]+')


async def download(document: Document, suffix: str) -> Response:
    """Answer with the document as "docx" or "pdf".

    Raises NotFound "format_missing" for another format, Conflict "no_font" where a PDF cannot be set.
    """
    if suffix not in _WRITERS:
        raise NotFound("没有这种格式，请下载 Word 文件（docx）或 PDF 文件（pdf）。", code="format_missing")
    # Writing takes tenths of a second, which other readers should not wait for.
    data, media_type = await to_thread.run_sync(_WRITERS[suffix], document)
    disposition = (
        f"attachment; filename=\"document.{suffix}\"; filename*=UTF-8''{quote(file_name(document, suffix), safe='')}"
    )
    return Response(
        data, media_type=media_type, headers={"Content-Disposition": disposition, "Cache-Control": "no-store"}
    )


def file_name(document: Document, suffix: str) -> str:
    """Name a document's file after its title, without the signs that a file's name may not hold on some system."""
    stem = _NOT_IN_NAMES.sub("", document.title)[:LONGEST_NAME].strip(" .")
    return f"{stem or document.kind or '文书'}.{suffix}"


def _docx(document: Document) -> tuple[bytes, str]:
    from web.documents import docx

    return docx.as_docx(document), docx.MEDIA_TYPE


def _pdf(document: Document) -> tuple[bytes, str]:
    from web.documents import pdf

    return pdf.as_pdf(document), pdf.MEDIA_TYPE


_WRITERS: Final[Mapping[str, Callable[[Document], tuple[bytes, str]]]] = {"docx": _docx, "pdf": _pdf}

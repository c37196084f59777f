"""What a file says of its maker beside its content, taken out: properties, authors, places and cameras.

A PDF is written anew from its pages; of Office documents the properties and the names of authors go, pictures in them
are cleaned as pictures are; JPEG and PNG keep what is drawn. Archives and videos are not cleaned.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from marketplace.kernel.errors import Invalid
from marketplace.rounds.bidding import attaching

MOST_PARTS: Final = 4_000
MOST_UNPACKED: Final = 400 * 1024 * 1024
OFFICE: Final = frozenset({"docx", "xlsx", "pptx"})
CLEANED: Final = frozenset({"pdf", "png", "jpeg", *OFFICE})
"""The kinds of which it is known how they say who made them."""
_DAY: Final = (1980, 1, 1, 0, 0, 0)
_XML: Final = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE: Final = b"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_SHARED: Final = b"http://schemas.openxmlformats.org/officeDocument/2006/"
_PROPERTIES: Final[Mapping[str, bytes]] = {
    "docProps/core.xml": _XML + b'<cp:coreProperties xmlns:cp="' + _PACKAGE + b'"/>',
    "docProps/app.xml": _XML + b'<Properties xmlns="' + _SHARED + b'extended-properties"/>',
    "docProps/custom.xml": _XML + b'<Properties xmlns="' + _SHARED + b'custom-properties"/>',
}
_VALUE: Final = rb"""\s*=\s*("[^"]*"|'[^']*')"""
_AUTHORS: Final = (
    # Who wrote comments and tracked changes, part by part; the names stay attributes, since readers ask for them.
    (re.compile(r"word/.+\.xml"), re.compile(rb"(\sw\d*:(?:author|initials|userId|providerId))" + _VALUE), rb'\1=""'),
    (re.compile(r"ppt/(commentA|a)uthors\.xml"), re.compile(rb"(\s(?:name|initials|userId))" + _VALUE), rb'\1=""'),
    (re.compile(r"xl/persons/.+\.xml"), re.compile(rb"(\s(?:displayName|userId))" + _VALUE), rb'\1=""'),
    (re.compile(r"xl/comments.*\.xml"), re.compile(rb"(<author>)[^<]*(?=</author>)"), rb"\1"),
    (re.compile(r"xl/workbook\.xml"), re.compile(rb"(\s(?:userName|url))" + _VALUE), rb'\1=""'),
    (re.compile(r"xl/revisions/.+\.xml"), re.compile(rb"(\suserName)" + _VALUE), rb'\1=""'),
)
_KEPT_CHUNKS: Final = frozenset(
    {*(b"IHDR", b"PLTE", b"IDAT", b"IEND"), *(b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs")}
    | {b"acTL", b"fcTL", b"fdAT", b"cICP"}
)
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_SCAN, _END = 0xDA, b"\xff\xd9"
_STANDALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})


def cleaned(data: bytes) -> bytes | None:
    """The same file without what it says of its maker; None where that cannot be done: it is damaged, or has a password.

    Kinds that are not in `CLEANED` come back as they are. It may be run in a process of its own, which a broken file
    would take with it.
    """
    work = _WORK.get(attaching.kind_of(data) or "")
    if work is None:
        return data
    try:
        return work(data)
    except Invalid:
        return None


def _pdf(data: bytes) -> bytes:
    import pypdfium2

    out = io.BytesIO()
    try:
        given, made = pypdfium2.PdfDocument(data), pypdfium2.PdfDocument.new()
        # Pages alone come over: neither the properties of the document nor its XMP stream, attachments or scripts.
        made.import_pages(given)
        made.save(out)
    except pypdfium2.PdfiumError:
        raise _refusal() from None
    return out.getvalue()


def _office(data: bytes) -> bytes:
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            listed = given.infolist()
            if len(listed) > MOST_PARTS or sum(one.file_size for one in listed) > MOST_UNPACKED:
                raise _refusal()
            for one in listed:
                plain = _PROPERTIES.get(one.filename) or _part(one.filename, given.read(one))
                # A fresh entry: the old one may carry comments, times and the owner's number.
                made.writestr(zipfile.ZipInfo(one.filename, _DAY), plain, zipfile.ZIP_DEFLATED)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError, EOFError):
        raise _refusal() from None
    return out.getvalue()


def _part(name: str, data: bytes) -> bytes:
    if data.startswith((_PNG, b"\xff\xd8\xff")):
        return cleaned(data) or b""
    for parts, pattern, instead in _AUTHORS:
        if parts.fullmatch(name):
            data = pattern.sub(instead, data)
    return data


def _png(data: bytes) -> bytes:
    return _PNG + b"".join(chunk for kind, chunk in _chunks(data) if kind in _KEPT_CHUNKS)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, kind = len(_PNG), b""
    while kind != b"IEND":
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        end = at + 12 + length
        if not kind or end > len(data):
            raise _refusal()
        yield kind, data[at:end]
        at = end


def _jpeg(data: bytes) -> bytes:
    end = data.rfind(_END)
    if end < 0:
        raise _refusal()
    return data[:2] + b"".join(_segments(data[: end + 2]))


def _segments(data: bytes) -> Iterator[bytes]:
    """The parts of a JPEG before its picture that say how to draw it, then the picture to its end."""
    at = 2
    while True:
        if at + 4 > len(data) or data[at] != 0xFF:  # noqa: PLR2004 - what every marker begins with
            raise _refusal()
        marker = data[at + 1]
        if marker == 0xFF:  # noqa: PLR2004 - padding between segments
            at += 1
            continue
        if marker == _SCAN:
            yield data[at:]
            return
        length = 2 if marker in _STANDALONE else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if _draws(marker, data[at + 4 : at + 16]):
            yield data[at : at + length]
        at += length


def _draws(marker: int, head: bytes) -> bool:
    """Whether a segment of a JPEG says how it is drawn; the others say who made it, where and with what."""
    if marker == 0xFE:  # noqa: PLR2004 - a comment
        return False
    if 0xE0 <= marker <= 0xEF:  # noqa: PLR2004 - application data
        wanted = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}.get(marker)
        return wanted is not None and head.startswith(wanted)
    return True


def _refusal() -> Invalid:
    return Invalid("这个文件已损坏或设有密码。", code="not_cleaned")


_WORK: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "pdf": _pdf,
    "png": _png,
    "jpeg": _jpeg,
    **dict.fromkeys(OFFICE, _office),
}

"""Zip packages, opened without trusting what they say about themselves."""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO

from ingest import refusals
from ingest.limits import Limits

_CHUNK = 1 << 20
_KEPT_BYTES = 128 * 1024 * 1024
_LOCAL_HEADER = 30
_ENCRYPTED_FLAG = 0x1
_XML = (".xml", ".rels", ".vml")
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ROOT = re.compile(rb"<[A-Za-z_]")
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")


class Package:
    """A zip whose declared and counted sizes were found to lie within the limits.

    Raises Refused on opening: `damaged` for a broken zip, `encrypted`, `too_large` for a bomb by its declared size.
    """

    def __init__(self, data: bytes, *, name: str, limits: Limits) -> None:
        self._data, self._name, self._limits = data, name, limits
        self._kept: dict[str, bytes] = {}
        try:
            with zipfile.ZipFile(BytesIO(data)) as archive:
                self._parts = {part.filename: part for part in archive.infolist()}
                self._check_declared(archive.infolist())
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, IndexError) as error:
            raise refusals.damaged(name) from error

    @property
    def names(self) -> list[str]:
        """The names of all parts; labels, never paths."""
        return list(self._parts)

    def check_counted(self) -> None:
        """Unpack every part once, counting.

        Raises Refused: `too_large` for what grows beyond the limits, `damaged` for a part that does not have the size
        it declares, `dangerous` for XML that declares a document type.
        """
        counted = kept = 0
        for part in self._parts.values():
            chunks = []
            for chunk in self._inflated(part):
                counted += len(chunk)
                self._require_unpacked(counted)
                chunks.append(chunk)
            content = b"".join(chunks)
            if part.filename.lower().endswith(_XML):
                self._require_plain(content)
                if kept + len(content) <= _KEPT_BYTES:
                    kept += len(content)
                    self._kept[part.filename] = content

    def take(self, name: str) -> bytes:
        """One part, unpacked; b"" where it does not exist. Taken once, its memory is free again."""
        if name in self._kept:
            return self._kept.pop(name)
        part = self._parts.get(name)
        return b"".join(self._inflated(part)) if part else b""

    def peek(self, name: str) -> bytes:
        """One part that was kept, still held; b"" where it is not."""
        return self._kept.get(name, b"")

    def replaced(self, parts: Mapping[str, bytes]) -> bytes:
        """The package with the content of some parts replaced."""
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            for name, part in self._parts.items():
                made.writestr(name, parts[name] if name in parts else b"".join(self._inflated(part)))
        return out.getvalue()

    def drop(self, *prefixes: str) -> None:
        """Free the memory of parts that nobody will ask for, all but those that begin with `prefixes`."""
        self._kept = {name: content for name, content in self._kept.items() if name.startswith(prefixes)}

    def _check_declared(self, parts: list[zipfile.ZipInfo]) -> None:
        if len(parts) > self._limits.parts:
            raise refusals.too_large(self._name, f"压缩包内有 {len(parts)} 个部分，上限是 {self._limits.parts} 个")
        self._require_unpacked(sum(part.file_size for part in parts))
        if any(part.flag_bits & _ENCRYPTED_FLAG for part in parts):
            raise refusals.encrypted(self._name)

    def _inflated(self, part: zipfile.ZipInfo) -> Iterator[bytes]:
        """The content of a part, chunk by chunk, to the end of its stream whatever size it declares.

        Python's own reader stops at the declared size, and other readers do not.
        """
        start = self._content_start(part)
        packed = memoryview(self._data)[start : start + part.compress_size]
        if part.compress_type == zipfile.ZIP_STORED:
            chunks: Iterator[bytes] = iter((bytes(packed),))
        elif part.compress_type == zipfile.ZIP_DEFLATED:
            chunks = _deflated(packed)
        else:
            raise refusals.damaged(self._name)
        size = checksum = 0
        try:
            for chunk in chunks:
                size, checksum = size + len(chunk), zlib.crc32(chunk, checksum)
                yield chunk
        except zlib.error as error:
            raise refusals.damaged(self._name) from error
        if size != part.file_size or checksum != part.CRC:
            raise refusals.damaged(self._name)

    def _content_start(self, part: zipfile.ZipInfo) -> int:
        """Behind the local header, whose name and extra field may differ in length from the directory's (APPNOTE 4.3.7)."""
        header = self._data[part.header_offset : part.header_offset + _LOCAL_HEADER]
        if len(header) < _LOCAL_HEADER or not header.startswith(b"PK\x03\x04"):
            raise refusals.damaged(self._name)
        lengths = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        return part.header_offset + _LOCAL_HEADER + lengths

    def _require_unpacked(self, size: int) -> None:
        if size > self._limits.unpacked_bytes:
            allowed = self._limits.unpacked_bytes // (1024 * 1024)
            raise refusals.too_large(self._name, f"解压后超过 {allowed} MB")

    def _require_plain(self, content: bytes) -> None:
        """Refuse declarations; XML in UTF-16 could hide one, and no spreadsheet program writes it."""
        root = _ROOT.search(content)
        # A declaration stands before the root element; only a comment there can make the first element deceptive.
        suspicious = root is None or b"<!" in content[: root.start()]
        if content.startswith(_WIDE_MARKS) or (suspicious and _DECLARATION.search(content)):
            raise refusals.dangerous(self._name)


def _deflated(packed: memoryview) -> Iterator[bytes]:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    rest: bytes | memoryview = packed
    while not stream.eof:
        chunk = stream.decompress(rest, _CHUNK)
        rest = stream.unconsumed_tail
        if not chunk and not stream.eof:
            raise zlib.error("incomplete stream")
        yield chunk

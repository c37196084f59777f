"""Zip packages, opened without trusting what they say about themselves."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO

from ingest import refusals
from ingest.limits import Limits

_CHUNK = 1 << 20
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
_ENCRYPTED_FLAG = 0x1
_XML = (".xml", ".rels", ".vml")


class Package:
    """A zip whose declared and counted sizes were found to lie within the limits.

    Raises Refused on opening: `damaged` for a broken zip, `encrypted`, `too_large` for a bomb, `dangerous` for an
    XML part that declares a document type.
    """

    def __init__(self, data: bytes, *, name: str, limits: Limits) -> None:
        self._name = name
        self._limits = limits
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise refusals.damaged(name) from error
        self._check_declared()

    @property
    def names(self) -> list[str]:
        """The names of all parts; labels, never paths."""
        return self._zip.namelist()

    def check_counted(self) -> None:
        """Unpack every part once, counting, and refuse what grows beyond the limits or declares entities."""
        counted = 0
        for part in self._zip.infolist():
            tail = None
            for chunk in self._chunks(part):
                counted += len(chunk)
                self._require_unpacked(counted)
                if part.filename.endswith(_XML):
                    self._require_plain(chunk, tail)
                    tail = chunk[-16:]

    def read(self, part: str) -> bytes:
        """One part, unpacked; b"" where it does not exist."""
        if part not in self._zip.NameToInfo:
            return b""
        return b"".join(self._chunks(self._zip.getinfo(part)))

    def _check_declared(self) -> None:
        parts = self._zip.infolist()
        if len(parts) > self._limits.parts:
            raise refusals.too_large(self._name, f"压缩包内有 {len(parts)} 个部分，上限是 {self._limits.parts} 个")
        self._require_unpacked(sum(part.file_size for part in parts))
        if any(part.flag_bits & _ENCRYPTED_FLAG for part in parts):
            raise refusals.encrypted(self._name)

    def _chunks(self, part: zipfile.ZipInfo) -> Iterator[bytes]:
        try:
            with self._zip.open(part) as stream:
                while chunk := stream.read(_CHUNK):
                    yield chunk
        except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
            raise refusals.damaged(self._name) from error
        except Exception as error:
            if type(error).__module__ in {"zlib", "lzma", "bz2"}:
                raise refusals.damaged(self._name) from error
            raise

    def _require_unpacked(self, size: int) -> None:
        if size > self._limits.unpacked_bytes:
            allowed = self._limits.unpacked_bytes // (1024 * 1024)
            raise refusals.too_large(self._name, f"解压后超过 {allowed} MB")

    def _require_plain(self, chunk: bytes, tail: bytes | None) -> None:
        """Refuse declarations; XML in UTF-16 could hide one, and no spreadsheet program writes it."""
        wide = tail is None and chunk.startswith(_WIDE_MARKS)
        split = tail is not None and _DECLARATION.search(tail + chunk[:16])
        if wide or split or (b"<!" in chunk and _DECLARATION.search(chunk)):
            raise refusals.dangerous(self._name)

"""Files under the digest of their content: private, never overwritten, names are labels kept elsewhere."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from marketplace.kernel.errors import Invalid, NotFound

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that is in the store: the SHA-256 of its bytes in hexadecimal, and how many there are."""

    digest: str
    size_bytes: int


class FileStore:
    """A folder of files named by their content; `ab/cdef…` for the digest `abcdef…`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, data: bytes, *, limit_bytes: int) -> StoredFile:
        """Keep bytes; the same bytes are kept once. Raises Invalid where they are too many.

        The file appears whole or not at all: written beside, synced, renamed, and its folder synced.
        """
        if len(data) > limit_bytes:
            raise Invalid(f"文件超过 {limit_bytes // 2**20} MB，请拆分后再上传。", code="file_too_large")
        stored = StoredFile(hashlib.sha256(data).hexdigest(), len(data))
        target = self._path(stored.digest)
        if not target.exists():
            self._write(target, data)
        return stored

    def _write(self, target: Path, data: bytes) -> None:
        target.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=target.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                os.fchmod(file.fileno(), PRIVATE_FILE)
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(beside).replace(target)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)

    def open(self, digest: str) -> BinaryIO:
        """Open a file for reading; the caller closes it. Raises NotFound."""
        try:
            return self._path(digest).open("rb")
        except FileNotFoundError:
            raise NotFound("原始文件不在文件库中，请联系管理员核对备份。", code="file_missing") from None

    def remove(self, digest: str) -> None:
        """Take a file out of the store for good; one that is not there is gone already."""
        self._path(digest).unlink(missing_ok=True)

    def is_sound(self, digest: str) -> bool:
        """Whether a file is there and its content still has its digest."""
        try:
            with self._path(digest).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == digest
        except FileNotFoundError:
            return False

    def digests(self) -> Iterator[str]:
        """The digest of every file in the store."""
        for path in sorted(self.folder.glob("??/*")):
            if _DIGEST.fullmatch(path.parent.name + path.name):
                yield path.parent.name + path.name

    def _path(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise NotFound("文件编号不对。", code="file_missing")
        return self.folder / digest[:2] / digest[2:]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

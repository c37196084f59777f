"""Keys of drafts: each in a file of its own, outside the database, so that erasing one erases every trace of its draft.

What the database and its write-ahead log ever held of a draft was encrypted to such a key; without the file, nobody
reads it again.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from sqlmodel import Session

from marketplace.kernel.errors import Conflict
from marketplace.kernel.files import PRIVATE_FILE, PRIVATE_FOLDER
from marketplace.rounds.sealing import age

INFO = "draft_keys"
"""Under this name a session knows the keyring of its installation (`session.info`)."""
_NAME = re.compile(r"[a-z0-9]{16}")


class Keyring:
    """A folder of keys, each named by its id; private, and synced before anything is encrypted to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self, key_id: str) -> None:
        """Make a key."""
        self.folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        handle = os.open(self._path(key_id), os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        with os.fdopen(handle, "w") as file:
            file.write(age.new_identity())
            file.flush()
            os.fsync(file.fileno())
        self._sync()

    def encrypt(self, key_id: str, plain: bytes) -> bytes:
        """Encrypt something to a key."""
        return age.encrypt(plain, [age.recipient_of(self._identity(key_id))])

    def decrypt(self, key_id: str, data: bytes) -> bytes:
        """Decrypt something with a key. Raises Conflict where the key was erased meanwhile."""
        return age.decrypt(data, [self._identity(key_id)])

    def burn(self, key_id: str) -> None:
        """Erase a key for good: overwritten first, as far as the disk lets that count."""
        path = self._path(key_id)
        if not path.exists():
            return
        with path.open("r+b") as file:
            file.write(b"\0" * path.stat().st_size)
            file.flush()
            os.fsync(file.fileno())
        path.unlink(missing_ok=True)
        self._sync()

    def has(self, key_id: str) -> bool:
        """Whether a key is there."""
        return self._path(key_id).exists()

    def ids(self) -> Iterator[str]:
        """Every key there is."""
        if self.folder.exists():
            yield from sorted(path.name for path in self.folder.iterdir() if _NAME.fullmatch(path.name))

    def made_at(self, key_id: str) -> float:
        """When a key was made, in seconds since the epoch; 0 where it is gone."""
        try:
            return self._path(key_id).stat().st_mtime
        except FileNotFoundError:
            return 0.0

    def _identity(self, key_id: str) -> str:
        try:
            return self._path(key_id).read_text("ascii")
        except FileNotFoundError:
            message = (
                "这份草稿已经提交、撤回或到期清除，内容不能再读取。请刷新页面；仍是这样的，请从公告页面重新开始申报。"
            )
            raise Conflict(message, code="draft_erased") from None

    def _path(self, key_id: str) -> Path:
        if not _NAME.fullmatch(key_id):
            raise ValueError(f"no id of a key: {key_id!r}")
        return self.folder / key_id

    def _sync(self) -> None:
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def of(session: Session) -> Keyring:
    """The keyring of the installation that a session belongs to."""
    keyring: Keyring = session.info[INFO]
    return keyring

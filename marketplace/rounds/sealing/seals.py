"""Sealed files: one age file each, encrypted to the round and, where the bidder wishes, to a key of its own."""

import errno
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, cast

from marketplace.kernel.errors import Invalid
from marketplace.rounds.sealing import age

SECRET_PREFIX = "AGE-SECRET-KEY-"  # noqa: S105 - how every secret age identity begins
PUBLIC_PREFIX = "age1"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed file in memory: the SHA-256 of its bytes in hexadecimal, and how many there are."""

    data: bytes
    digest: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Measure:
    """What passed through a stream: the SHA-256 of the bytes in hexadecimal, and how many there were."""

    digest: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class SealedStream:
    """A stream that was sealed: what went in, and the sealed file that came out."""

    plain: Measure
    sealed: Measure


def seal(plain: bytes, recipients: Sequence[str]) -> Sealed:
    """Seal bytes for each of the recipients. Raises ValueError where there is none, or one is no recipient."""
    data = age.encrypt(plain, recipients)
    return Sealed(data, hashlib.sha256(data).hexdigest(), len(data))


def unseal(data: bytes, identity: str) -> bytes:
    """Open a sealed file. Raises Invalid (`cannot_open`) where it is for another key, or a single bit was altered."""
    try:
        return age.decrypt(data, [identity])
    except ValueError:
        raise _cannot_open() from None


def seal_file(source: BinaryIO, target: BinaryIO, recipients: Sequence[str]) -> SealedStream:
    """Seal a stream piece by piece. What a stream raises is raised here; the target then is to be thrown away."""
    plain, sealed = _Tee(source), _Tee(target)
    try:
        age.encrypt_stream(cast("BinaryIO", plain), cast("BinaryIO", sealed), recipients)
    except ValueError:
        _raise_own(plain, sealed)
        raise
    _raise_own(plain, sealed)
    return SealedStream(plain.measure(), sealed.measure())


def unseal_file(source: BinaryIO, target: BinaryIO, identity: str) -> Measure:
    """Open a sealed stream piece by piece; gives the measure of what came out.

    Raises Invalid (`cannot_open`), and what a stream raises. The target then may hold a beginning: throw it away.
    """
    sealed, plain = _Tee(source), _Tee(target)
    try:
        age.decrypt_stream(cast("BinaryIO", sealed), cast("BinaryIO", plain), identity)
    except ValueError:
        _raise_own(sealed, plain)
        raise _cannot_open() from None
    _raise_own(sealed, plain)
    return plain.measure()


def recipient(text: str) -> str:
    """Return a public key that a bidder gave for its own copy, in its one spelling. Raises Invalid (`bad_recipient`)."""
    given = text.strip()
    if given.upper().startswith(SECRET_PREFIX):
        message = "您填写的是私钥，任何人拿到它都能打开您的文件。请改填以 age1 开头的公钥，并换一对新的密钥。"
        raise Invalid(message, code="bad_recipient")
    given = given.lower()
    try:
        # Only by use does it show that a key is sound: some that are well written are not (points of low order).
        age.encrypt(b"", [given])
    except ValueError:
        message = "这不是 age 公钥。公钥以 age1 开头，共 62 个小写字母和数字；请用 age-keygen 生成后完整粘贴，或留空。"
        raise Invalid(message, code="bad_recipient") from None
    return given


class _Tee:
    """Hands bytes on, measures them, and remembers what its file raised: the library may pass over it in silence."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self._size_bytes = 0
        self.raised: Exception | None = None

    def read(self, limit: int = -1) -> bytes:
        with self._remembered():
            piece = self._file.read(limit)
        self._count(piece)
        return piece

    def write(self, piece: bytes) -> int:
        with self._remembered():
            _write_all(self._file, piece)
        self._count(piece)
        return len(piece)

    def flush(self) -> None:
        with self._remembered():
            self._file.flush()

    def measure(self) -> Measure:
        return Measure(self._hash.hexdigest(), self._size_bytes)

    @contextmanager
    def _remembered(self) -> Iterator[None]:
        try:
            yield
        except Exception as fault:
            self.raised = self.raised or fault
            raise

    def _count(self, piece: bytes) -> None:
        self._hash.update(piece)
        self._size_bytes += len(piece)


def _write_all(file: BinaryIO, piece: bytes) -> None:
    left = memoryview(piece)
    while left:
        written = file.write(left)
        if not written:
            raise OSError(errno.EIO, "the file takes no more")
        left = left[written:]


def _raise_own(*tees: _Tee) -> None:
    for tee in tees:
        if tee.raised is not None:
            raise tee.raised from None


def _cannot_open() -> Invalid:
    message = "这份封存文件打不开：它不是封给这把钥匙的，或者内容已被改动。请保留原件，并按异常登记。"
    return Invalid(message, code="cannot_open")

"""What a reader of a format is, and what it may look at to recognise its files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from ingest.archives import Package
from ingest.grid import Block
from ingest.limits import Limits

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


@dataclass(frozen=True)
class Probe:
    """A file that is to be recognised: by its content, never by its name."""

    data: bytes
    name: str
    limits: Limits

    @cached_property
    def head(self) -> bytes:
        """The first bytes, for signatures."""
        return self.data[:4096]

    @cached_property
    def parts(self) -> frozenset[str]:
        """The names of the parts of a zip package; none where the file is no zip.

        Raises Refused where it is a broken, locked or swollen one.
        """
        if not self.data.startswith(_ZIP):
            return frozenset()
        return frozenset(Package(self.data, name=self.name, limits=self.limits).names)

    @property
    def is_zip(self) -> bool:
        """Whether the file is a zip."""
        return self.data.startswith(_ZIP)

    @property
    def is_compound(self) -> bool:
        """Whether the file is a compound one, as Office wrote them before 2007 and locked ones still are."""
        return self.data.startswith(_OLE)

    def has_stream(self, *names: str) -> bool:
        """Whether a compound file has a stream of one of these names."""
        return self.is_compound and any(name.encode("utf-16-le") in self.data for name in names)


class Read(Protocol):
    """Reads the bytes of one format; raises Refused, and nothing else on purpose."""

    def __call__(self, data: bytes, *, name: str, limits: Limits) -> Sequence[Block]: ...


@dataclass(frozen=True, slots=True)
class Reader:
    """One format: what it is called, which files it takes, how it reads them.

    `format` is what a reading says it was; `suffixes` are usual endings, for file choosers only; of the readers that
    recognise a file the one of the lowest `rank` reads it. `is_guarded` formats are read in a process of their own.
    """

    format: str
    suffixes: tuple[str, ...]
    recognises: Callable[[Probe], bool]
    read: Read
    rank: int = 0
    is_guarded: bool = False

"""One module for each format: bytes in, grids out. A new format is a module here and a line in READERS."""

from typing import Protocol

from ingest.grid import Grid
from ingest.limits import Limits
from ingest.readers import delimited, xlsx
from ingest.sniff import Format


class Reader(Protocol):
    """Reads the bytes of one format; raises Refused, and nothing else on purpose."""

    def __call__(self, data: bytes, *, name: str, limits: Limits) -> list[Grid]: ...


READERS: dict[Format, Reader] = {
    Format.XLSX: xlsx.read,
    Format.CSV: delimited.read,
}

"""One module for each format, found by looking into this folder: a new format is a new module with a READER."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from ingest.formats import Probe, Reader


@cache
def readers() -> tuple[Reader, ...]:
    """Every reader, in the order in which they are asked."""
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    return tuple(sorted((module.READER for module in modules), key=lambda reader: (reader.rank, reader.format)))


def suffixes() -> tuple[str, ...]:
    """The usual endings of all formats that can be read, without dots."""
    return tuple(dict.fromkeys(suffix for reader in readers() for suffix in reader.suffixes))


def recognise(probe: Probe) -> Reader | None:
    """The reader that takes a file, or None."""
    return next((reader for reader in readers() if reader.recognises(probe)), None)

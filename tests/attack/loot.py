"""What stored data offers to whoever takes it: every file raw, every row decoded, every state that a journal still holds."""

import sqlite3
import struct
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import text

from marketplace.kernel.db import connect

_WAL_HEADER: Final = 32
_FRAME_HEADER: Final = 24


def files(folder: Path, *, named: str = "") -> Iterator[tuple[str, bytes]]:
    """Every file under a folder, raw, with its name, which may tell something too."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            where = f"{named}{path.relative_to(folder)}"
            try:
                yield where, str(path.relative_to(folder)).encode() + b"\n" + path.read_bytes()
            except FileNotFoundError:
                continue


def sqlite_rows(path: Path) -> Iterator[tuple[str, bytes]]:
    """Every row of every table of an SQLite file (a copy, with its journal beside it), decoded."""
    with closing(sqlite3.connect(path)) as database:
        names = [one for (one,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in names:
            cursor = database.execute(f'SELECT * FROM "{name}"')
            heads = [one[0] for one in cursor.description]
            for number, row in enumerate(cursor):
                for head, value in zip(heads, row, strict=True):
                    if value is not None:
                        yield f"{name}[{number}].{head}", value if isinstance(value, bytes) else str(value).encode()


def sqlite_states(path: Path, into: Path) -> Iterator[tuple[str, bytes]]:
    """Every row in every state that the write-ahead log can still be wound back to, frames left from earlier rounds too."""
    log = path.with_name(f"{path.name}-wal")
    if not log.exists() or log.stat().st_size <= _WAL_HEADER:
        return
    data, base = log.read_bytes(), path.read_bytes()
    size = struct.unpack_from(">I", data, 8)[0]
    image, seen, number = bytearray(base), set(), 0
    for at in range(_WAL_HEADER, len(data) - _FRAME_HEADER - size + 1, _FRAME_HEADER + size):
        page, commit = struct.unpack_from(">II", data, at)
        body = data[at + _FRAME_HEADER : at + _FRAME_HEADER + size]
        if not 0 < page < 1_000_000:
            continue
        if len(image) < page * size:
            image.extend(bytes(page * size - len(image)))
        image[(page - 1) * size : page * size] = body
        if not commit:
            continue
        number += 1
        target = into / f"state-{number}.sqlite3"
        # As a file without a journal: readable by itself.
        wound = bytearray(image)
        wound[18:20] = b"\x01\x01"
        wound[28:32] = struct.pack(">I", len(wound) // size)
        target.write_bytes(wound)
        try:
            for where, value in sqlite_rows(target):
                if value not in seen:
                    seen.add(value)
                    yield f"state {number}: {where}", value
        except sqlite3.DatabaseError:
            continue
        finally:
            target.unlink()


def postgresql_rows(url: str) -> Iterator[tuple[str, bytes]]:
    """Every row of every table of a PostgreSQL database, decoded."""
    engine = connect(url)
    try:
        with engine.connect() as connection:
            names = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars()
            for name in names.all():
                result = connection.execute(text(f'SELECT * FROM "{name}"'))
                heads = list(result.keys())
                for number, row in enumerate(result):
                    for head, value in zip(heads, row, strict=True):
                        if value is not None:
                            yield f"{name}[{number}].{head}", value if isinstance(value, bytes) else str(value).encode()
    finally:
        engine.dispose()


@dataclass(frozen=True)
class PostgresqlPlace:
    """Where a PostgreSQL database lies on the disk, and the first file of its journal that is of interest."""

    url: str
    folder: Path
    number: str
    first_journal: str

    @classmethod
    def of(cls, url: str) -> "PostgresqlPlace":
        """Ask the server, before anything of interest happens."""
        with _asking(url) as ask:
            return cls(
                url,
                Path(ask("SHOW data_directory")),
                ask("SELECT oid::text FROM pg_database WHERE datname = current_database()"),
                ask("SELECT pg_walfile_name(pg_current_wal_lsn())"),
            )

    def raw(self) -> Iterator[tuple[str, bytes]]:
        """The heap of this database with dead rows in it, its indexes, the journal since the beginning, and the rest.

        Other databases of the same server, which hold other tests, are left out.
        """
        with _asking(self.url) as ask:
            ask("CHECKPOINT")
        for path in sorted(self.folder.rglob("*")):
            where = path.relative_to(self.folder).parts
            if where[0] == "base" and where[1:2] != (self.number,):
                continue
            if where[0] == "pg_wal" and path.name < self.first_journal:
                continue
            try:
                if path.is_file():
                    yield "/".join(where), path.read_bytes()
            except FileNotFoundError:
                continue


@contextmanager
def _asking(url: str) -> Iterator[Callable[[str], str]]:
    engine = connect(url)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:

            def ask(statement: str) -> str:
                result = connection.execute(text(statement))
                return str(result.scalar()) if result.returns_rows else ""

            yield ask
    finally:
        engine.dispose()

"""Connecting to the database, and the two kinds of unit of work.

SQLite runs in WAL mode; a writing transaction begins with BEGIN IMMEDIATE, so that it waits for its turn at the
start instead of failing in the middle. PostgreSQL reads see one snapshot (REPEATABLE READ, read only).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from sqlite3 import Connection as SqliteConnection

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from marketplace.kernel.errors import Refusal

WRITES = "jiebang_writes"
"""The execution option of connections that write."""

WAITS = "jiebang_waits"
"""The execution option of writing connections that says whether they wait for another writer; they do by default."""

BUSY_TIMEOUT_MS = 5000
_WAIT = f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}"
PRAGMAS = (
    # First, so that whoever opens a new file beside another process waits to change its mode as well.
    _WAIT,
    "PRAGMA journal_mode = WAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = NORMAL",
)


def connect(url: str) -> Engine:
    """Make an engine for "sqlite:///path" or "postgresql://…" (psycopg is meant where no driver is named)."""
    address = make_url(url)
    if address.drivername in ("postgresql", "postgres"):
        address = address.set(drivername="postgresql+psycopg")
    engine = create_engine(address, json_serializer=_json_text, json_deserializer=orjson.loads)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _json_text(value: object) -> str:
    return orjson.dumps(value).decode()


def _prepare_sqlite(connection: SqliteConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver must not open transactions of its own: BEGIN is ours, and DDL is transactional then.
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    options, driver = connection.get_execution_options(), connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("a connection without its driver cannot begin")
    if not options.get(WRITES, False):
        # Straight to the driver: it comes before every few statements, and the toolkit's way costs as much as they do.
        driver.execute("BEGIN")
    elif options.get(WAITS, True):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        driver.execute("PRAGMA busy_timeout = 0")
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        finally:
            driver.execute(_WAIT)


class Store:
    """The door to the database: sessions that read one state of it, and sessions that write and then commit.

    `info` is what every session knows of its installation (`session.info`), for example whether mail is sent.
    """

    def __init__(self, engine: Engine, *, info: Mapping[str, object] | None = None) -> None:
        self.engine = engine
        self._info = dict(info or {})
        self._writes = engine.execution_options(**{WRITES: True})
        self._jots = engine.execution_options(**{WRITES: True, WAITS: False})
        self._reads = engine
        if engine.dialect.name == "postgresql":
            self._reads = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session over one unchanging state of the database; nothing it does is kept."""
        with Session(self._reads, expire_on_commit=False, autoflush=False, info=self._info) as session:
            yield session

    @contextmanager
    def writing(self, *, request_id: str | None = None, acting: tuple[str, str] | None = None) -> Iterator[Session]:
        """Open a session whose writes are committed on exit and undone on an error.

        A Refusal that keeps its writes (a failed sign-in is a fact to remember) commits and is then raised on.
        `request_id` is what caused the writing: every event of the audit chain that is written here carries it.
        `acting` is who acts for which organisation (both ids): the events that this person writes say so.
        """
        told = {"request_id": request_id, "acting": acting}
        info = self._info | {name: value for name, value in told.items() if value is not None}
        with Session(self._writes, expire_on_commit=False, info=info) as session:
            try:
                yield session
            except Refusal as refusal:
                if refusal.keeps_writes:
                    session.commit()
                raise
            session.commit()

    @contextmanager
    def jotting(self) -> Iterator[Session]:
        """Open a session for a short write that nothing depends on; OperationalError at once where SQLite's writer is busy."""
        with Session(self._jots, expire_on_commit=False, info=self._info) as session:
            yield session
            session.commit()

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def is_postgresql(session: Session) -> bool:
    """Whether a session speaks to PostgreSQL."""
    return session.get_bind().dialect.name == "postgresql"

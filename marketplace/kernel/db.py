"""Connecting to the database, and the two kinds of unit of work.

SQLite runs in WAL mode; a writing transaction begins with BEGIN IMMEDIATE, so that it waits for its turn at the
start instead of failing in the middle. PostgreSQL reads see one snapshot (REPEATABLE READ, read only).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from sqlite3 import Connection as SqliteConnection

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from marketplace.kernel import afterwards
from marketplace.kernel.errors import Refusal

WRITES = "jiebang_writes"
"""The execution option of connections that write."""

WAITS = "jiebang_waits"
"""The execution option of writing connections that says whether they wait for another writer; they do by default."""

DURABLE = "jiebang_durable"
"""The execution option of writing connections whose commit is on disk before anybody hears of it (receipts)."""

_SYNCHRONOUS = "synchronous"

BUSY_TIMEOUT_MS = 20_000
"""So long a writer waits for another one: a submission that came in time must not be sent away because many did."""
_WAIT = f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}"
PRAGMAS = (
    # First, so that whoever opens a new file beside another process waits to change its mode as well.
    _WAIT,
    "PRAGMA journal_mode = WAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = NORMAL",
    # What is deleted is overwritten: drafts of bids, secrets of mails, erased payloads.
    "PRAGMA secure_delete = ON",
)


def connect(url: str) -> Engine:
    """Make an engine for "sqlite:///path" or "postgresql://…" (psycopg is meant where no driver is named)."""
    address = make_url(url)
    if address.drivername in ("postgresql", "postgres"):
        address = address.set(drivername="postgresql+psycopg")
    # What goes into a statement stands in no error: errors are logged, and what a bid says may be in it.
    engine = create_engine(address, json_serializer=_json_text, json_deserializer=orjson.loads, hide_parameters=True)
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
        return
    # Outside of any transaction, where alone it may be changed; what a connection was set to is remembered with it.
    wanted = "FULL" if options.get(DURABLE, False) else "NORMAL"
    if connection.info.get(_SYNCHRONOUS, "NORMAL") != wanted:
        driver.execute(f"PRAGMA synchronous = {wanted}")
        connection.info[_SYNCHRONOUS] = wanted
    if options.get(WAITS, True):
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
        self._durable = engine.execution_options(**{WRITES: True, DURABLE: True})
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
    def writing(
        self, *, request_id: str | None = None, acting: tuple[str, str] | None = None, durable: bool = False
    ) -> Iterator[Session]:
        """Open a session whose writes are committed on exit and undone on an error.

        A Refusal that keeps its writes (a failed sign-in is a fact to remember) commits and is then raised on.
        `request_id` is what caused the writing: every event of the audit chain that is written here carries it.
        `acting` is who acts for which organisation (both ids): the events that this person writes say so.
        `durable`: the commit is on disk when this ends, also where the machine loses its power right after it.
        """
        told = {"request_id": request_id, "acting": acting}
        info = self._info | {name: value for name, value in told.items() if value is not None}
        engine = self._durable if durable else self._writes
        with Session(engine, expire_on_commit=False, info=info) as session:
            if durable and is_postgresql(session):
                session.execute(text("SET LOCAL synchronous_commit TO on"))
            try:
                yield session
            except Refusal as refusal:
                if refusal.keeps_writes:
                    session.commit()
                    afterwards.run(session)
                raise
            session.commit()
            afterwards.run(session)

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


def require_durable(session: Session) -> None:
    """Raise RuntimeError where a commit could still be lost with the power: a receipt must never promise that.

    SQLite: `synchronous` is FULL (2) or EXTRA (3). PostgreSQL: `synchronous_commit` is on; whether the server syncs at
    all (`fsync`) is its operator's, and the doctor says where it does not.
    """
    connection = session.connection()
    if is_postgresql(session):
        is_safe = connection.exec_driver_sql("SHOW synchronous_commit").scalar() != "off"
    else:
        is_safe = connection.exec_driver_sql("PRAGMA synchronous").scalar() in {2, 3}
    if not is_safe:
        raise RuntimeError("receipts need a database that writes its commits to disk")

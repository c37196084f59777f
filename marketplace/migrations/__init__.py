"""Bringing a database to the schema of this version; all or nothing on both databases."""

from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import TYPE_CHECKING

from sqlalchemy import Connection, event
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from marketplace.kernel.db import WRITES, connect
from marketplace.kernel.restoring import realign

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent
WAIT_MS = 120_000
"""How long a process waits while another one migrates; a large market takes a while."""


def upgrade(url: str) -> None:
    """Migrate a database to the newest schema; creates a SQLite file that is not there. Quick where nothing is to do."""
    from alembic import command

    engine = connect(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    try:
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            command.upgrade(_config(connection), "head")
            _require_whole(connection)
            with Session(connection) as session:
                realign(session)
                session.flush()
    finally:
        engine.dispose()


def _prepare_sqlite(connection: SqliteConnection, _entry: ConnectionPoolEntry) -> None:
    # SQLite alters a table by copying it; its references are checked as a whole, afterwards.
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute(f"PRAGMA busy_timeout = {WAIT_MS}")


def _require_whole(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"the migration would leave references that lead nowhere: {broken[:5]}")


def is_current(url: str) -> bool:
    """Whether a database stands at the newest schema; False for an empty one."""
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    engine = connect(url)
    try:
        with engine.connect() as connection:
            heads = MigrationContext.configure(connection).get_current_heads()
        return set(heads) == set(ScriptDirectory(str(FOLDER)).get_heads())
    finally:
        engine.dispose()


def _config(connection: object) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config

"""Bringing a database to the schema of this version; all or nothing on both databases."""

from pathlib import Path
from typing import TYPE_CHECKING

from marketplace.kernel.db import WRITES, connect

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent


def upgrade(url: str) -> None:
    """Migrate a database to the newest schema; creates a SQLite file that is not there. Quick where nothing is to do."""
    from alembic import command  # noqa: PLC0415 - heavy, and most commands never migrate

    engine = connect(url)
    try:
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            command.upgrade(_config(connection), "head")
    finally:
        engine.dispose()


def is_current(url: str) -> bool:
    """Whether a database stands at the newest schema; False for an empty one."""
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    engine = connect(url)
    try:
        with engine.connect() as connection:
            heads = MigrationContext.configure(connection).get_current_heads()
        return set(heads) == set(ScriptDirectory(str(FOLDER)).get_heads())
    finally:
        engine.dispose()


def _config(connection: object) -> "Config":
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config

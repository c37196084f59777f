"""How Alembic runs here: one transaction, plain types in the files, lock timeouts on PostgreSQL."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON, BigInteger, Connection, text

from marketplace.kernel.columns import Choice, Instant
from marketplace.kernel.db import WRITES, connect
from marketplace.tables import METADATA

MIGRATION_LOCK = 7_410_250_611
"""The key of the advisory lock that lets one process migrate at a time."""


def render_item(kind: str, item: Any, context_: AutogenContext) -> str | Literal[False]:
    """Write our column types as the plain types they stand on, so that old files never import today's code."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Choice):
        return f"sa.String(length={item.impl.length})"
    if kind == "type" and isinstance(item, JSON):
        context_.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")'
    if kind == "type" and isinstance(item, BigInteger):
        return 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
    return False


def run(connection: Connection) -> None:
    """Run the migrations on a connection whose transaction the caller ends."""
    if connection.dialect.name == "postgresql":
        # A migration that cannot get its locks quickly gives up instead of stopping every other user.
        connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_item=render_item,
        compare_type=True,
        compare_server_default=True,
        transactional_ddl=True,
        render_as_batch=False,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    url = context.get_x_argument(as_dictionary=True).get("url", "sqlite:///data/check.sqlite3")
    engine = connect(url)
    with engine.execution_options(**{WRITES: True}).begin() as own:
        run(own)
    engine.dispose()

"""What is written once: triggers with which the database itself refuses to change a row."""

from alembic import op


def refuse(table: str, *events: str) -> None:
    """Refuse UPDATE or DELETE (or both) on a table from now on.

    On SQLite a batch alteration copies the table and loses its triggers: call this again after one.
    """
    for event in events:
        name = f"frozen_{table}_{event.lower()}"
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
        else:
            op.execute(f"DROP TRIGGER IF EXISTS {name}")
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is written once'); END"
            )

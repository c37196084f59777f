"""The clock of a sandbox, which no database with bids may ever get.

Revision ID: 2026113002
Revises: 2026113001
"""

import sqlalchemy as sa
from alembic import op

revision = "2026113002"
down_revision = "2026113001"
branch_labels = None
depends_on = None

TOLD = "a database with bids never becomes a sandbox"


def upgrade() -> None:
    op.create_table(
        "sandbox_clock",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("speed", sa.Integer(), nullable=False),
        sa.Column("real_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_sandbox_clock_single")),
        sa.CheckConstraint("speed >= 0", name=op.f("ck_sandbox_clock_speed_not_negative")),
        sa.CheckConstraint("shown_at >= real_at", name=op.f("ck_sandbox_clock_never_behind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sandbox_clock")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_sandbox() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF EXISTS (SELECT 1 FROM bid) THEN RAISE EXCEPTION '{TOLD}'; END IF; RETURN NEW; END $$"
        )
        op.execute(
            "CREATE TRIGGER no_sandbox_with_bids BEFORE INSERT ON sandbox_clock "
            "FOR EACH ROW EXECUTE FUNCTION refuse_sandbox()"
        )
        op.execute(
            "CREATE TRIGGER sandbox_for_good BEFORE DELETE ON sandbox_clock "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    op.execute(
        "CREATE TRIGGER no_sandbox_with_bids BEFORE INSERT ON sandbox_clock "
        f"WHEN EXISTS (SELECT 1 FROM bid) BEGIN SELECT RAISE(ABORT, '{TOLD}'); END"
    )
    op.execute(
        "CREATE TRIGGER sandbox_for_good BEFORE DELETE ON sandbox_clock "
        "BEGIN SELECT RAISE(ABORT, 'a sandbox stays one'); END"
    )

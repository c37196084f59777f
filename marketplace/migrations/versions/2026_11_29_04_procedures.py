"""Procedure types of rounds and their versions.

Revision ID: 2026112904
Revises: 2026112903
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from marketplace.migrations.once import refuse

revision = "2026112904"
down_revision = "2026112903"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "procedure_type",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("current_number", sa.Integer(), nullable=False),
        sa.CheckConstraint("current_number >= 1", name=op.f("ck_procedure_type_has_version")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_procedure_type")),
    )
    op.create_table(
        "procedure_version",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("written_by", sa.String(length=16), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_procedure_version_number_from_one")),
        sa.CheckConstraint("number = 1 OR reason <> ''", name=op.f("ck_procedure_version_change_has_reason")),
        sa.ForeignKeyConstraint(["key"], ["procedure_type.key"], name=op.f("fk_procedure_version_key_procedure_type")),
        sa.ForeignKeyConstraint(["written_by"], ["account.id"], name=op.f("fk_procedure_version_written_by_account")),
        sa.PrimaryKeyConstraint("key", "number", name=op.f("pk_procedure_version")),
    )
    refuse("procedure_version", "UPDATE", "DELETE")

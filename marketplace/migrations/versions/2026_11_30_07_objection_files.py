"""The files that objections bring as evidence.

Revision ID: 2026113007
Revises: 2026113005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026113007"
down_revision = "2026113005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    files = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    with op.batch_alter_table("objection") as objection:
        objection.add_column(sa.Column("files", files, nullable=False, server_default=sa.text("'[]'")))
    with op.batch_alter_table("objection") as objection:
        objection.alter_column("files", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("objection") as objection:
        objection.drop_column("files")

"""Rows that an edition left out because they were taken down.

Revision ID: 2026112111
Revises: 2026112110
"""

import sqlalchemy as sa
from alembic import op

from marketplace.migrations.once import refuse

revision = "2026112111"
down_revision = "2026112110"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "edition_omission",
        sa.Column("edition_id", sa.String(length=16), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sheet", sa.Text(), nullable=True),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("takedown_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_edition_omission_edition_id_edition")),
        sa.ForeignKeyConstraint(
            ["takedown_id"], ["takedown.id"], name=op.f("fk_edition_omission_takedown_id_takedown")
        ),
        sa.PrimaryKeyConstraint("edition_id", "place", name=op.f("pk_edition_omission")),
    )
    refuse("edition_omission", "UPDATE", "DELETE")

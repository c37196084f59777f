"""Profiles that went from a natural person to the company that it founded.

Revision ID: 2026112902
Revises: 2026112901
"""

import sqlalchemy as sa
from alembic import op

from marketplace.migrations.once import refuse

revision = "2026112902"
down_revision = "2026112901"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "profile_move",
        sa.Column("from_id", sa.String(length=16), nullable=False),
        sa.Column("to_id", sa.String(length=16), nullable=False),
        sa.Column("profile_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("replaced_id", sa.String(length=16), nullable=True),
        sa.Column("moved_by", sa.String(length=16), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_profile_move_to_another")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_profile_move_number_from_one")),
        sa.ForeignKeyConstraint(["from_id"], ["organisation.id"], name=op.f("fk_profile_move_from_id_organisation")),
        sa.ForeignKeyConstraint(["moved_by"], ["account.id"], name=op.f("fk_profile_move_moved_by_account")),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_profile_move_profile_id_profile")),
        sa.ForeignKeyConstraint(["to_id"], ["organisation.id"], name=op.f("fk_profile_move_to_id_organisation")),
        sa.PrimaryKeyConstraint("from_id", name=op.f("pk_profile_move")),
    )
    op.create_index("ix_profile_move_profile_id", "profile_move", ["profile_id"])
    op.create_index("ix_profile_move_replaced_id", "profile_move", ["replaced_id"])
    refuse("profile_move", "UPDATE", "DELETE")

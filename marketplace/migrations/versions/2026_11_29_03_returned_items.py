"""Items that left a list and stand on it again.

Revision ID: 2026112903
Revises: 2026112902
"""

import sqlalchemy as sa
from alembic import op

from marketplace.migrations.once import refuse

revision = "2026112903"
down_revision = "2026112902"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("edition") as edition:
        edition.add_column(sa.Column("returned", sa.Integer(), nullable=False, server_default="0"))
        edition.drop_constraint(op.f("ck_edition_counts_add_up"), type_="check")
        edition.create_check_constraint(
            op.f("ck_edition_counts_add_up"), "total = unchanged + changed + added + returned"
        )
    refuse("edition", "UPDATE", "DELETE")
    with op.batch_alter_table("edition_entry") as entry:
        entry.drop_constraint(op.f("ck_edition_entry_outcome_known"), type_="check")
        entry.create_check_constraint(
            op.f("ck_edition_entry_outcome_known"),
            "outcome IN ('unchanged', 'changed', 'added', 'returned', 'gone')",
        )
    refuse("edition_entry", "UPDATE", "DELETE")

"""Dealings between needs and suppliers.

Revision ID: 2026112106
Revises: 2026112105
"""

revision = "2026112106"
down_revision = "2026112105"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass

"""What a profile says: offers, cases with evidence, visibility.

Revision ID: 2026112104
Revises: 2026112103
"""

revision = "2026112104"
down_revision = "2026112103"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass

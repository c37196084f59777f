"""Second factors, recovery, reset links, messages and the outbox.

Revision ID: 2026112103
Revises: 2026112102
"""

revision = "2026112103"
down_revision = "2026112102"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass

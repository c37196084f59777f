"""Communities, joint releases, events and targets.

Revision ID: 2026112107
Revises: 2026112106
"""

revision = "2026112107"
down_revision = "2026112106"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass

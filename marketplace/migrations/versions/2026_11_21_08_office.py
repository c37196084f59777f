"""Working days, announcements, settings of the platform.

Revision ID: 2026112108
Revises: 2026112107
"""

revision = "2026112108"
down_revision = "2026112107"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass

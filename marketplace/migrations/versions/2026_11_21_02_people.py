"""Registration, invitations, verification, claims and takedowns.

Revision ID: 2026112102
Revises: 2026112101
"""

revision = "2026112102"
down_revision = "2026112101"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass

"""Needs written by form: drafts, versions without an edition, outcomes.

Revision ID: 2026112105
Revises: 2026112104
"""

revision = "2026112105"
down_revision = "2026112104"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass

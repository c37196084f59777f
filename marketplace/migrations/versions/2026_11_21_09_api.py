"""Tokens of programs and answers kept for retries.

Revision ID: 2026112109
Revises: 2026112108
"""

revision = "2026112109"
down_revision = "2026112108"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass

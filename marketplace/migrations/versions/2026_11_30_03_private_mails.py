"""Mails of which the administrator does not see to whom they go.

Revision ID: 2026113003
Revises: 2026113002
"""

import sqlalchemy as sa
from alembic import op

revision = "2026113003"
down_revision = "2026113002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox_mail") as mail:
        mail.add_column(sa.Column("is_private", sa.Boolean(), nullable=False, server_default=sa.false()))
        mail.create_check_constraint(op.f("ck_outbox_mail_private_is_secret"), "is_secret OR NOT is_private")

"""Second factors voided by two persons, changed addresses, organisations closed by their owners.

Revision ID: 2026112110
Revises: 2026112109
"""

import sqlalchemy as sa
from alembic import op

revision = "2026112110"
down_revision = "2026112109"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("organisation", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "factor_voiding",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("first_by", sa.String(length=16), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_by", sa.String(length=16), nullable=True),
        sa.Column("second_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("first_by <> account_id", name=op.f("ck_factor_voiding_first_not_owner")),
        sa.CheckConstraint(
            "second_by IS NULL OR (second_by <> account_id AND second_by <> first_by)",
            name=op.f("ck_factor_voiding_two_persons"),
        ),
        sa.CheckConstraint("(second_by IS NULL) = (second_at IS NULL)", name=op.f("ck_factor_voiding_second_whole")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_factor_voiding_account_id_account")),
        sa.ForeignKeyConstraint(["first_by"], ["account.id"], name=op.f("fk_factor_voiding_first_by_account")),
        sa.ForeignKeyConstraint(["second_by"], ["account.id"], name=op.f("fk_factor_voiding_second_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factor_voiding")),
    )
    still_open = sa.text("second_by IS NULL AND ended_at IS NULL")
    op.create_index(
        "uq_factor_voiding_account_id_open",
        "factor_voiding",
        ["account_id"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_table(
        "email_change",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.String(length=16), nullable=True),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_email_change_email_lower")),
        sa.CheckConstraint("expires_at > asked_at", name=op.f("ck_email_change_expires_later")),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR (confirmed_by <> account_id AND done_at IS NOT NULL)",
            name=op.f("ck_email_change_by_other"),
        ),
        sa.CheckConstraint(
            "done_at IS NULL OR (token_digest IS NULL) = (confirmed_by IS NOT NULL)",
            name=op.f("ck_email_change_done_is_proved"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_email_change_account_id_account")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["account.id"], name=op.f("fk_email_change_confirmed_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_change")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_email_change_token_digest")),
    )
    op.create_index("ix_email_change_account_id", "email_change", ["account_id"])

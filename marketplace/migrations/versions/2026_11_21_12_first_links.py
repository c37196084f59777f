"""First links of accounts that never signed in; kind and side of a claim.

Revision ID: 2026112112
Revises: 2026112111
"""

import sqlalchemy as sa
from alembic import op

revision = "2026112112"
down_revision = "2026112111"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "first_link",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("made_by", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("made_by <> account_id", name=op.f("ck_first_link_made_by_other")),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_first_link_expires_later")),
        sa.CheckConstraint("used_at IS NULL OR ended_at IS NOT NULL", name=op.f("ck_first_link_used_is_ended")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_first_link_account_id_account")),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_first_link_made_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_first_link")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_first_link_token_digest")),
    )
    op.create_index(
        "uq_first_link_account_id_open",
        "first_link",
        ["account_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    with op.batch_alter_table("verification") as verification:
        verification.add_column(sa.Column("unit_kind", sa.String(length=24), nullable=True))
        verification.add_column(sa.Column("side", sa.String(length=24), nullable=True))
        verification.create_check_constraint(
            op.f("ck_verification_unit_kind"),
            "unit_kind IN ('company', 'government', 'soe', 'institution', 'natural_person', 'other')",
        )
        verification.create_check_constraint(
            op.f("ck_verification_side"),
            "side IN ('enterprise', 'opc', 'organiser', 'expert', 'supervisor', 'administrator')",
        )

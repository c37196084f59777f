"""The files in which suppliers introduce themselves, with what was read in them.

Revision ID: 2026120102
Revises: 2026120101
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026120102"
down_revision = "2026120101"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    document = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    op.create_table(
        "profile_brochure",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("profile_id", sa.String(16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("size_bytes", BIG, nullable=False),
        sa.Column("reading", document, nullable=False),
        sa.Column("taken", document, nullable=False),
        sa.Column("added_by", sa.String(16), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_profile_brochure_size_positive")),
        sa.ForeignKeyConstraint(["added_by"], ["account.id"], name=op.f("fk_profile_brochure_added_by_account")),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_profile_brochure_profile_id_profile")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_brochure")),
    )
    op.create_index("ix_profile_brochure_profile_id", "profile_brochure", ["profile_id"])
    op.create_index("ix_profile_brochure_digest", "profile_brochure", ["digest"])


def downgrade() -> None:
    op.drop_table("profile_brochure")

"""Matches as they were shown, the needs that got none, and what made them.

Revision ID: 2026120401
Revises: 2026120103
"""

import sqlalchemy as sa
from alembic import op

revision = "2026120401"
down_revision = "2026120201"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "matcher",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("model_digest", sa.String(length=64), nullable=False),
        sa.Column("lexicon_digest", sa.String(length=64), nullable=False),
        sa.Column("calibration_digest", sa.String(length=64), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matcher")),
    )
    op.create_table(
        "shown_match",
        sa.Column("item_id", sa.String(length=16), nullable=False),
        sa.Column("profile_id", sa.String(length=16), nullable=False),
        sa.Column("page", sa.String(length=24), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("matcher_id", sa.String(length=16), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("verdict", sa.String(length=24), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("side_times", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "page IN ('item', 'profile', 'opportunities', 'desk')", name=op.f("ck_shown_match_page_known")
        ),
        sa.CheckConstraint("verdict IN ('strong', 'possible', 'blocked')", name=op.f("ck_shown_match_verdict_known")),
        sa.CheckConstraint('"rank" >= 1', name=op.f("ck_shown_match_rank_from_one")),
        sa.CheckConstraint("score >= 0 AND score <= 100", name=op.f("ck_shown_match_score_in_hundred")),
        sa.CheckConstraint("first_day >= month AND last_day >= first_day", name=op.f("ck_shown_match_days_in_order")),
        sa.CheckConstraint(
            "times >= 1 AND side_times >= 0 AND side_times <= times", name=op.f("ck_shown_match_times_add_up")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_shown_match_item_id_item")),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_shown_match_profile_id_profile")),
        sa.ForeignKeyConstraint(["matcher_id"], ["matcher.id"], name=op.f("fk_shown_match_matcher_id_matcher")),
        sa.PrimaryKeyConstraint("item_id", "profile_id", "page", "month", "matcher_id", name=op.f("pk_shown_match")),
    )
    op.create_index("ix_shown_match_month", "shown_match", ["month"], unique=False)
    op.create_index("ix_shown_match_profile_id", "shown_match", ["profile_id"], unique=False)
    op.create_table(
        "shown_none",
        sa.Column("item_id", sa.String(length=16), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("matcher_id", sa.String(length=16), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_day >= month AND last_day >= first_day", name=op.f("ck_shown_none_days_in_order")),
        sa.CheckConstraint("times >= 1", name=op.f("ck_shown_none_times_from_one")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_shown_none_item_id_item")),
        sa.ForeignKeyConstraint(["matcher_id"], ["matcher.id"], name=op.f("fk_shown_none_matcher_id_matcher")),
        sa.PrimaryKeyConstraint("item_id", "month", "matcher_id", name=op.f("pk_shown_none")),
    )
    op.create_index("ix_shown_none_month", "shown_none", ["month"], unique=False)


def downgrade() -> None:
    op.drop_table("shown_none")
    op.drop_table("shown_match")
    op.drop_table("matcher")

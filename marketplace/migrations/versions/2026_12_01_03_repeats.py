"""Pairs of items that likely state the same need, and what people decided about pairs.

Revision ID: 2026120103
Revises: 2026120102
"""

import sqlalchemy as sa
from alembic import op

revision = "2026120103"
down_revision = "2026120102"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "repeat_decision",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("low_id", sa.String(length=16), nullable=False),
        sa.Column("high_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(length=24), nullable=False),
        sa.Column("merged_id", sa.String(length=16), nullable=True),
        sa.Column("main_id", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("decided_by", sa.String(length=16), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.String(length=16), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_repeat_decision_ended_has_who_when")
        ),
        sa.CheckConstraint(
            "(relation = 'merged') = (merged_id IS NOT NULL) AND (relation = 'merged') = (main_id IS NOT NULL)",
            name=op.f("ck_repeat_decision_merge_says_into_what"),
        ),
        sa.CheckConstraint("low_id < high_id", name=op.f("ck_repeat_decision_lower_first")),
        sa.CheckConstraint(
            "merged_id IS NULL OR merged_id <> main_id", name=op.f("ck_repeat_decision_not_into_itself")
        ),
        sa.CheckConstraint(
            "merged_id IS NULL OR merged_id IN (low_id, high_id)", name=op.f("ck_repeat_decision_merged_is_of_pair")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_repeat_decision_number_from_one")),
        sa.CheckConstraint(
            "relation IN ('merged', 'same', 'distinct')", name=op.f("ck_repeat_decision_relation_known")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_repeat_decision_decided_by_account")),
        sa.ForeignKeyConstraint(["ended_by"], ["account.id"], name=op.f("fk_repeat_decision_ended_by_account")),
        sa.ForeignKeyConstraint(["high_id"], ["item.id"], name=op.f("fk_repeat_decision_high_id_item")),
        sa.ForeignKeyConstraint(["low_id"], ["item.id"], name=op.f("fk_repeat_decision_low_id_item")),
        sa.ForeignKeyConstraint(["main_id"], ["item.id"], name=op.f("fk_repeat_decision_main_id_item")),
        sa.ForeignKeyConstraint(["merged_id"], ["item.id"], name=op.f("fk_repeat_decision_merged_id_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repeat_decision")),
        sa.UniqueConstraint("low_id", "high_id", "number", name=op.f("uq_repeat_decision_low_id_high_id_number")),
    )
    standing = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_repeat_decision_low_id_high_id_standing",
        "repeat_decision",
        ["low_id", "high_id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
    op.create_index(
        "uq_repeat_decision_merged_id_standing",
        "repeat_decision",
        ["merged_id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
    op.create_index("ix_repeat_decision_high_id", "repeat_decision", ["high_id"], unique=False)
    op.create_index("ix_repeat_decision_main_id", "repeat_decision", ["main_id"], unique=False)
    op.create_table(
        "repeat_finding",
        sa.Column("low_id", sa.String(length=16), nullable=False),
        sa.Column("high_id", sa.String(length=16), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("low_id < high_id", name=op.f("ck_repeat_finding_lower_first")),
        sa.CheckConstraint("score > 0 AND score <= 1", name=op.f("ck_repeat_finding_score_is_a_share")),
        sa.ForeignKeyConstraint(["high_id"], ["item.id"], name=op.f("fk_repeat_finding_high_id_item")),
        sa.ForeignKeyConstraint(["low_id"], ["item.id"], name=op.f("fk_repeat_finding_low_id_item")),
        sa.PrimaryKeyConstraint("low_id", "high_id", name=op.f("pk_repeat_finding")),
    )
    op.create_index("ix_repeat_finding_high_id", "repeat_finding", ["high_id"], unique=False)
    op.create_table(
        "repeat_look",
        sa.Column("item_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_repeat_look_number_from_one")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_repeat_look_item_id_item")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_repeat_look")),
    )


def downgrade() -> None:
    op.drop_table("repeat_look")
    op.drop_table("repeat_finding")
    op.drop_table("repeat_decision")

"""Operators' entries of the lexicon, and changes that speak of them.

Revision ID: 2026120201
Revises: 2026120103
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026120201"
down_revision = "2026120103"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("change") as change:
        change.drop_constraint(op.f("ck_change_kind_known"), type_="check")
        change.create_check_constraint(op.f("ck_change_kind_known"), "kind IN ('item', 'profile', 'lexicon')")
    op.create_table(
        "lexicon_entry",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("act", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("act IN ('new', 'change')", name=op.f("ck_lexicon_entry_act_known")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_lexicon_entry_version_from_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lexicon_entry")),
    )
    op.create_table(
        "lexicon_version",
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("concept", sa.String(length=60), nullable=False),
        sa.Column("says", JSON, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.String(length=16), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=16), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ending", sa.Text(), nullable=False),
        sa.Column("ended_by", sa.String(length=16), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)",
            name=op.f("ck_lexicon_version_decided_has_who_when"),
        ),
        sa.CheckConstraint(
            "(state IN ('withdrawn', 'replaced')) = (ended_at IS NOT NULL) AND (ended_at IS NULL) = (ended_by IS NULL)",
            name=op.f("ck_lexicon_version_ended_has_who_when"),
        ),
        sa.CheckConstraint("state <> 'declined' OR decision <> ''", name=op.f("ck_lexicon_version_declined_says_why")),
        sa.CheckConstraint(
            "state IN ('proposed', 'approved', 'declined', 'withdrawn', 'replaced')",
            name=op.f("ck_lexicon_version_state_known"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_lexicon_version_number_from_one")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["lexicon_entry.id"], name=op.f("fk_lexicon_version_entry_id_lexicon_entry")
        ),
        sa.ForeignKeyConstraint(["proposed_by"], ["account.id"], name=op.f("fk_lexicon_version_proposed_by_account")),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_lexicon_version_decided_by_account")),
        sa.ForeignKeyConstraint(["ended_by"], ["account.id"], name=op.f("fk_lexicon_version_ended_by_account")),
        sa.PrimaryKeyConstraint("entry_id", "number", name=op.f("pk_lexicon_version")),
    )
    for state in ("proposed", "approved"):
        only = sa.text(f"state = '{state}'")
        op.create_index(
            f"uq_lexicon_version_entry_id_{state}",
            "lexicon_version",
            ["entry_id"],
            unique=True,
            sqlite_where=only,
            postgresql_where=only,
        )
    op.create_index("ix_lexicon_version_state", "lexicon_version", ["state"])
    op.create_index("ix_lexicon_version_proposed_by", "lexicon_version", ["proposed_by"])


def downgrade() -> None:
    op.drop_table("lexicon_version")
    op.drop_table("lexicon_entry")
    op.execute("DELETE FROM change WHERE kind = 'lexicon'")
    with op.batch_alter_table("change") as change:
        change.drop_constraint(op.f("ck_change_kind_known"), type_="check")
        change.create_check_constraint(op.f("ck_change_kind_known"), "kind IN ('item', 'profile')")

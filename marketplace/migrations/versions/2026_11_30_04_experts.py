"""The pool of experts: who is in it, their ties and relations.

Revision ID: 2026113004
Revises: 2026113003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026113004"
down_revision = "2026113003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "expert",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column(
            "fields",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("specialities", sa.Text(), nullable=False),
        sa.Column(
            "terms",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("phone", sa.String(length=60), nullable=False),
        sa.Column("bank_account", sa.String(length=60), nullable=False),
        sa.Column("term_starts_on", sa.Date(), nullable=True),
        sa.Column("term_ends_on", sa.Date(), nullable=True),
        sa.Column("most_at_once", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("listed_by", sa.String(length=16), nullable=True),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('invited', 'applied', 'listed', 'paused', 'refused', 'left')", name=op.f("ck_expert_state_known")
        ),
        sa.CheckConstraint(
            "state NOT IN ('listed', 'paused') OR listed_at IS NOT NULL", name=op.f("ck_expert_listed_has_time")
        ),
        sa.CheckConstraint("state NOT IN ('refused', 'left') OR reason <> ''", name=op.f("ck_expert_ended_has_reason")),
        sa.CheckConstraint("most_at_once BETWEEN 1 AND 50", name=op.f("ck_expert_most_at_once_sensible")),
        sa.CheckConstraint(
            "term_ends_on IS NULL OR term_ends_on >= term_starts_on", name=op.f("ck_expert_term_ends_later")
        ),
        sa.CheckConstraint("term_ends_on IS NULL OR term_starts_on IS NOT NULL", name=op.f("ck_expert_term_begins")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_expert_version_from_one")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_expert_account_id_account")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_expert_created_by_account")),
        sa.ForeignKeyConstraint(["listed_by"], ["account.id"], name=op.f("fk_expert_listed_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert")),
        sa.UniqueConstraint("account_id", "region", name=op.f("uq_expert_account_id_region")),
    )
    op.create_index("ix_expert_region_state", "expert", ["region", "state"], unique=False)
    op.create_table(
        "expert_past",
        sa.Column("expert_id", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "content",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("changed_by", sa.String(length=16), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["account.id"], name=op.f("fk_expert_past_changed_by_account")),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name=op.f("fk_expert_past_expert_id_expert")),
        sa.PrimaryKeyConstraint("expert_id", "version", name=op.f("pk_expert_past")),
    )
    op.create_table(
        "expert_relation",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("expert_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("added_by", sa.String(length=16), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by", sa.String(length=16), nullable=True),
        sa.Column("remove_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (remove_reason = '')", name=op.f("ck_expert_relation_removed_has_reason")
        ),
        sa.CheckConstraint(
            "kind IN ('relative', 'supervisor', 'student', 'joint_work', 'friend')",
            name=op.f("ck_expert_relation_kind_known"),
        ),
        sa.CheckConstraint("person <> '' OR unit <> ''", name=op.f("ck_expert_relation_somebody_named")),
        sa.ForeignKeyConstraint(["added_by"], ["account.id"], name=op.f("fk_expert_relation_added_by_account")),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name=op.f("fk_expert_relation_expert_id_expert")),
        sa.ForeignKeyConstraint(["removed_by"], ["account.id"], name=op.f("fk_expert_relation_removed_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_relation")),
    )
    op.create_index("ix_expert_relation_expert_id", "expert_relation", ["expert_id"], unique=False)
    op.create_table(
        "expert_tie",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("expert_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("unit_name", sa.String(length=200), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("added_by", sa.String(length=16), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by", sa.String(length=16), nullable=True),
        sa.Column("remove_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (remove_reason = '')", name=op.f("ck_expert_tie_removed_has_reason")
        ),
        sa.CheckConstraint(
            "kind IN ('employed', 'paid', 'director', 'shareholder', 'legal_representative', 'adviser_to_unit')",
            name=op.f("ck_expert_tie_kind_known"),
        ),
        sa.CheckConstraint("unit_name <> ''", name=op.f("ck_expert_tie_unit_named")),
        sa.CheckConstraint("until IS NULL OR since IS NULL OR until >= since", name=op.f("ck_expert_tie_ends_later")),
        sa.ForeignKeyConstraint(["added_by"], ["account.id"], name=op.f("fk_expert_tie_added_by_account")),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name=op.f("fk_expert_tie_expert_id_expert")),
        sa.ForeignKeyConstraint(["removed_by"], ["account.id"], name=op.f("fk_expert_tie_removed_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_tie")),
    )
    op.create_index("ix_expert_tie_expert_id", "expert_tie", ["expert_id"], unique=False)

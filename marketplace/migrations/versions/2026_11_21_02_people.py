"""Registration, invitations, verification, claims and takedowns.

Revision ID: 2026112102
Revises: 2026112101
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from marketplace.migrations.once import refuse

revision = "2026112102"
down_revision = "2026112101"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "declaration",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.String(length=16), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("answer", sa.String(length=24), nullable=False),
        sa.Column("declared_by", sa.String(length=16), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["declared_by"], ["account.id"], name=op.f("fk_declaration_declared_by_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_declaration_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
    )
    op.create_index("ix_declaration_organisation_id_topic", "declaration", ["organisation_id", "topic"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.String(length=16), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("standing", sa.String(length=24), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("by_mail", sa.Boolean(), nullable=False),
        sa.Column("invited_by", sa.String(length=16), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_by", sa.String(length=16), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("standing IN ('owner', 'editor', 'reader')", name=op.f("ck_invitation_standing_known")),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (accepted_by IS NULL)", name=op.f("ck_invitation_accepted_by_somebody")
        ),
        sa.CheckConstraint("accepted_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_invitation_one_end")),
        sa.ForeignKeyConstraint(["accepted_by"], ["account.id"], name=op.f("fk_invitation_accepted_by_account")),
        sa.ForeignKeyConstraint(["invited_by"], ["account.id"], name=op.f("fk_invitation_invited_by_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_invitation_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_invitation_token_digest")),
    )
    op.create_index("ix_invitation_email", "invitation", ["email"], unique=False)
    op.create_index(
        "uq_invitation_organisation_id_email_open",
        "invitation",
        ["organisation_id", "email"],
        unique=True,
        sqlite_where=sa.text("accepted_at IS NULL AND withdrawn_at IS NULL"),
        postgresql_where=sa.text("accepted_at IS NULL AND withdrawn_at IS NULL"),
    )
    op.create_table(
        "join_request",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_join_request_account_id_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_join_request_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_request")),
    )
    op.create_index("ix_join_request_account_id", "join_request", ["account_id"], unique=False)
    op.create_index(
        "uq_join_request_organisation_id_account_id_open",
        "join_request",
        ["organisation_id", "account_id"],
        unique=True,
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.create_table(
        "policy_rule",
        sa.Column("policy_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.Column("most_recognised", sa.Integer(), nullable=True),
        sa.Column(
            "places",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "places_by_analogy",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "owners",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "owners_by_analogy",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "spares",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(kind = 'head_count') = (most IS NOT NULL)", name=op.f("ck_policy_rule_head_count_has_limit")
        ),
        sa.CheckConstraint(
            "kind IN ('head_count', 'registered', 'owner', 'condition', 'exclusion', 'deliberation')",
            name=op.f("ck_policy_rule_kind_known"),
        ),
        sa.CheckConstraint(
            "most_recognised IS NULL OR most_recognised > most", name=op.f("ck_policy_rule_recognised_is_more")
        ),
        sa.ForeignKeyConstraint(["policy_id"], ["policy.id"], name=op.f("fk_policy_rule_policy_id_policy")),
        sa.PrimaryKeyConstraint("policy_id", "number", name=op.f("pk_policy_rule")),
        sa.UniqueConstraint("policy_id", "key", name=op.f("uq_policy_rule_policy_id_key")),
    )
    op.create_table(
        "registration",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("expires_at >= asked_at", name=op.f("ck_registration_expires_later")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_registration_account_id_account")),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_registration")),
    )
    op.create_index("ix_registration_address_asked_at", "registration", ["address", "asked_at"], unique=False)
    op.create_index("ix_registration_email_asked_at", "registration", ["email", "asked_at"], unique=False)
    op.create_table(
        "takedown",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.String(length=16), nullable=False),
        sa.Column("item_id", sa.String(length=16), nullable=False),
        sa.Column("item_title", sa.Text(), nullable=False),
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column("scope", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("asked_by", sa.String(length=16), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=16), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state IN ('approved', 'rejected')) = (decided_at IS NOT NULL)", name=op.f("ck_takedown_decided_has_time")
        ),
        sa.CheckConstraint("scope IN ('line', 'contact')", name=op.f("ck_takedown_scope_known")),
        sa.CheckConstraint("state <> 'rejected' OR decision <> ''", name=op.f("ck_takedown_refusal_has_reason")),
        sa.CheckConstraint("state <> 'returned'", name=op.f("ck_takedown_never_returned")),
        sa.CheckConstraint(
            "state IN ('submitted', 'returned', 'approved', 'rejected', 'withdrawn')",
            name=op.f("ck_takedown_state_known"),
        ),
        sa.CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name=op.f("ck_takedown_decided_by_somebody")),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name=op.f("fk_takedown_asked_by_account")),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_takedown_decided_by_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_takedown_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takedown")),
    )
    op.create_index("ix_takedown_organisation_id", "takedown", ["organisation_id"], unique=False)
    op.create_index("ix_takedown_state_asked_at", "takedown", ["state", "asked_at"], unique=False)
    op.create_index(
        "uq_takedown_item_id_open",
        "takedown",
        ["item_id"],
        unique=True,
        sqlite_where=sa.text("state = 'submitted'"),
        postgresql_where=sa.text("state = 'submitted'"),
    )
    op.create_table(
        "verification",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("organisation_id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=True),
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('verification', 'claim')", name=op.f("ck_verification_kind_known")),
        sa.CheckConstraint(
            "state IN ('submitted', 'returned', 'approved', 'rejected', 'withdrawn')",
            name=op.f("ck_verification_state_known"),
        ),
        sa.CheckConstraint("uscc IS NULL OR length(uscc) = 18", name=op.f("ck_verification_uscc_length")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_verification_version_from_one")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_verification_account_id_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_verification_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification")),
    )
    op.create_index("ix_verification_account_id", "verification", ["account_id"], unique=False)
    op.create_index("ix_verification_state_submitted_at", "verification", ["state", "submitted_at"], unique=False)
    op.create_index(
        "uq_verification_organisation_id_account_id_open",
        "verification",
        ["organisation_id", "account_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('submitted', 'returned')"),
        postgresql_where=sa.text("state IN ('submitted', 'returned')"),
    )
    op.create_index(
        "uq_verification_organisation_id_verification_open",
        "verification",
        ["organisation_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'verification' AND state IN ('submitted', 'returned')"),
        postgresql_where=sa.text("kind = 'verification' AND state IN ('submitted', 'returned')"),
    )
    op.create_table(
        "verification_decision",
        sa.Column("verification_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=16), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome = 'approved' OR reason <> ''", name=op.f("ck_verification_decision_refusal_has_reason")
        ),
        sa.CheckConstraint(
            "outcome IN ('approved', 'returned', 'rejected')", name=op.f("ck_verification_decision_outcome_decides")
        ),
        sa.CheckConstraint(
            "outcome IN ('submitted', 'returned', 'approved', 'rejected', 'withdrawn')",
            name=op.f("ck_verification_decision_outcome_known"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_verification_decision_decided_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["verification_id"], ["verification.id"], name=op.f("fk_verification_decision_verification_id_verification")
        ),
        sa.PrimaryKeyConstraint("verification_id", "number", name=op.f("pk_verification_decision")),
    )
    op.create_table(
        "verification_evidence",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("verification_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("added_by", sa.String(length=16), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('pdf', 'png', 'jpeg')", name=op.f("ck_verification_evidence_kind_known")),
        sa.ForeignKeyConstraint(["added_by"], ["account.id"], name=op.f("fk_verification_evidence_added_by_account")),
        sa.ForeignKeyConstraint(
            ["verification_id"], ["verification.id"], name=op.f("fk_verification_evidence_verification_id_verification")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_evidence")),
    )
    op.create_index("ix_verification_evidence_digest", "verification_evidence", ["digest"], unique=False)
    op.create_index(
        "ix_verification_evidence_verification_id", "verification_evidence", ["verification_id"], unique=False
    )
    op.add_column("account", sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("organisation", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    for table in ("verification_decision", "declaration"):
        refuse(table, "UPDATE")

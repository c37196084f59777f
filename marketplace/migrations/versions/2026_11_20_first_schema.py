"""First schema.

Revision ID: 2026112001
Revises:
Create Date: 2026-11-20 12:06:25.836681
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026112001"
down_revision = None
branch_labels = None
depends_on = None


FROZEN = {
    "audit_event": ("UPDATE", "DELETE"),
    "audit_seal": ("UPDATE", "DELETE"),
    "edition": ("UPDATE", "DELETE"),
    "edition_entry": ("UPDATE", "DELETE"),
    "item_version": ("UPDATE",),
    "profile_version": ("UPDATE",),
}
"""What is written once: the database itself refuses to change it. Versions may still be erased."""


def freeze() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is written once', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
    for table, events in FROZEN.items():
        for event in events:
            name = f"frozen_{table}_{event.lower()}"
            if op.get_bind().dialect.name == "postgresql":
                op.execute(
                    f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
                )
            else:
                op.execute(
                    f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is written once'); END"
                )


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_account_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )
    op.create_table(
        "audit_event",
        sa.Column(
            "position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("aggregate", sa.String(length=24), nullable=False),
        sa.Column("aggregate_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("action", sa.String(length=48), nullable=False),
        sa.Column("actor_id", sa.String(length=16), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.Column("payload_digest", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_audit_event_number_from_one")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_audit_event")),
        sa.UniqueConstraint(
            "aggregate", "aggregate_id", "number", name=op.f("uq_audit_event_aggregate_aggregate_id_number")
        ),
    )
    op.create_table(
        "audit_seal",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("before", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("events", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("number", name=op.f("uq_audit_seal_number")),
    )
    op.create_table(
        "change",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("subject_id", sa.String(length=16), nullable=False),
        sa.Column("operation", sa.String(length=24), nullable=False),
        sa.CheckConstraint("kind IN ('item', 'profile')", name=op.f("ck_change_kind_known")),
        sa.CheckConstraint("operation IN ('put', 'gone')", name=op.f("ck_change_operation_known")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_change")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("unique_key", sa.String(length=120), nullable=True),
        sa.Column(
            "payload",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_by", sa.String(length=64), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state <> 'failed' OR last_error IS NOT NULL", name=op.f("ck_job_failed_has_error")),
        sa.CheckConstraint(
            "state <> 'running' OR (leased_by IS NOT NULL AND leased_until IS NOT NULL)",
            name=op.f("ck_job_running_is_leased"),
        ),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_job_state_known")),
        sa.CheckConstraint(
            "state NOT IN ('done', 'failed') OR ended_at IS NOT NULL", name=op.f("ck_job_ended_has_time")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index("ix_job_due", "job", ["state", "run_at"], unique=False)
    op.create_index(
        "uq_job_unique_key_live",
        "job",
        ["unique_key"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column("region_key", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('company', 'government', 'soe', 'institution', 'natural_person', 'other')",
            name=op.f("ck_organisation_kind_known"),
        ),
        sa.CheckConstraint("uscc IS NULL OR length(uscc) = 18", name=op.f("ck_organisation_uscc_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("uscc", name=op.f("uq_organisation_uscc")),
    )
    op.create_index("ix_organisation_name_key", "organisation", ["name_key"], unique=False)
    op.create_index(
        "uq_organisation_name_key_region_key_uncoded",
        "organisation",
        ["name_key", "region_key"],
        unique=True,
        sqlite_where=sa.text("uscc IS NULL AND claimed_at IS NULL"),
        postgresql_where=sa.text("uscc IS NULL AND claimed_at IS NULL"),
    )
    op.create_table(
        "policy",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("term", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("status IN ('征求意见', '施行')", name=op.f("ck_policy_status_known")),
        sa.CheckConstraint(
            "starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on", name=op.f("ck_policy_term_ordered")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy")),
        sa.UniqueConstraint("region", "title", name=op.f("uq_policy_region_title")),
    )
    op.create_table(
        "position_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("base", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_position_clock_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position_clock")),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("email_digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    op.create_index("ix_sign_in_failure_email_digest_at", "sign_in_failure", ["email_digest", "at"], unique=False)
    op.create_table(
        "audit_payload",
        sa.Column(
            "position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column(
            "payload",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["position"], ["audit_event.position"], name=op.f("fk_audit_payload_position_audit_event")
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_audit_payload")),
    )
    op.create_table(
        "grant",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("organisation_id", sa.String(length=16), nullable=True),
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column("given_by", sa.String(length=16), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role <> 'enterprise' OR organisation_id IS NOT NULL", name=op.f("ck_grant_enterprise_has_organisation")
        ),
        sa.CheckConstraint("role <> 'opc' OR organisation_id IS NOT NULL", name=op.f("ck_grant_opc_has_organisation")),
        sa.CheckConstraint(
            "role IN ('enterprise', 'opc', 'organiser', 'expert', 'supervisor', 'administrator')",
            name=op.f("ck_grant_role_known"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_grant_account_id_account")),
        sa.ForeignKeyConstraint(["given_by"], ["account.id"], name=op.f("fk_grant_given_by_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_grant_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant")),
    )
    op.create_index("ix_grant_account_id", "grant", ["account_id"], unique=False)
    op.create_index("ix_grant_organisation_id", "grant", ["organisation_id"], unique=False)
    op.create_table(
        "measure",
        sa.Column("policy_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("value", sa.String(length=24), nullable=True),
        sa.Column("unit", sa.String(length=24), nullable=True),
        sa.CheckConstraint("(value IS NULL) = (unit IS NULL)", name=op.f("ck_measure_value_has_unit")),
        sa.ForeignKeyConstraint(["policy_id"], ["policy.id"], name=op.f("fk_measure_policy_id_policy")),
        sa.PrimaryKeyConstraint("policy_id", "number", name=op.f("pk_measure")),
    )
    op.create_index("ix_measure_topic", "measure", ["topic"], unique=False)
    op.create_table(
        "profile",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("current_number", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column(
            "sectors",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("region", sa.String(length=120), nullable=True),
        sa.Column("team_size", sa.Integer(), nullable=True),
        sa.CheckConstraint("NOT listed OR headline <> ''", name=op.f("ck_profile_listed_has_headline")),
        sa.CheckConstraint("current_number >= 0", name=op.f("ck_profile_current_number_known")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_profile_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_profile_organisation_id")),
    )
    op.create_index("ix_profile_listed_updated_at_id", "profile", ["listed", "updated_at", "id"], unique=False)
    op.create_table(
        "series",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_key", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("publisher_key", sa.Text(), nullable=False),
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column("first_number", sa.Integer(), nullable=False),
        sa.Column("opened_by", sa.String(length=16), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("first_number >= 1", name=op.f("ck_series_first_number_from_one")),
        sa.ForeignKeyConstraint(["opened_by"], ["account.id"], name=op.f("fk_series_opened_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint(
            "publisher_key", "title_key", "region", name=op.f("uq_series_publisher_key_title_key_region")
        ),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_session_account_id_account")),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_sign_in_session")),
    )
    op.create_index("ix_sign_in_session_account_id", "sign_in_session", ["account_id"], unique=False)
    op.create_table(
        "edition",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("series_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column("intake_id", sa.String(length=16), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=False),
        sa.Column("published_by", sa.String(length=16), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_edition_number_from_one")),
        sa.CheckConstraint("total = unchanged + changed + added", name=op.f("ck_edition_counts_add_up")),
        sa.ForeignKeyConstraint(["published_by"], ["account.id"], name=op.f("fk_edition_published_by_account")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_edition_series_id_series")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("intake_id", name=op.f("uq_edition_intake_id")),
        sa.UniqueConstraint("series_id", "number", name=op.f("uq_edition_series_id_number")),
    )
    op.create_index("ix_edition_published_at_id", "edition", ["published_at", "id"], unique=False)
    op.create_table(
        "profile_note",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("profile_id", sa.String(length=16), nullable=False),
        sa.Column("item_id", sa.String(length=16), nullable=False),
        sa.Column("item_number", sa.Integer(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=True),
        sa.Column("region", sa.String(length=120), nullable=True),
        sa.Column("team_size", sa.Integer(), nullable=True),
        sa.Column("price_text", sa.Text(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=True),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_profile_note_profile_id_profile")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_note")),
    )
    op.create_index("ix_profile_note_profile_id", "profile_note", ["profile_id"], unique=False)
    op.create_index(
        "uq_profile_note_item_id_live",
        "profile_note",
        ["item_id"],
        unique=True,
        sqlite_where=sa.text("gone_at IS NULL"),
        postgresql_where=sa.text("gone_at IS NULL"),
    )
    op.create_table(
        "profile_sector",
        sa.Column("profile_id", sa.String(length=16), nullable=False),
        sa.Column("sector", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_profile_sector_profile_id_profile")),
        sa.PrimaryKeyConstraint("profile_id", "sector", name=op.f("pk_profile_sector")),
    )
    op.create_index("ix_profile_sector_sector", "profile_sector", ["sector"], unique=False)
    op.create_table(
        "profile_version",
        sa.Column("profile_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column(
            "skills",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "sectors",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "cases",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "not_offered",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "filings",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("team_size", sa.Integer(), nullable=True),
        sa.Column("region", sa.String(length=120), nullable=True),
        sa.Column("price_text", sa.Text(), nullable=True),
        sa.Column("written_by", sa.String(length=16), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_profile_version_number_from_one")),
        sa.CheckConstraint("team_size IS NULL OR team_size >= 1", name=op.f("ck_profile_version_team_size_positive")),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_profile_version_profile_id_profile")),
        sa.ForeignKeyConstraint(["written_by"], ["account.id"], name=op.f("fk_profile_version_written_by_account")),
        sa.PrimaryKeyConstraint("profile_id", "number", name=op.f("pk_profile_version")),
    )
    op.create_table(
        "intake",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sound", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("problems", sa.Integer(), nullable=False),
        sa.Column("opened_by", sa.String(length=16), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(length=16), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edition_id", sa.String(length=16), nullable=True),
        sa.CheckConstraint(
            "(state = 'confirmed') = (edition_id IS NOT NULL)", name=op.f("ck_intake_confirmed_has_edition")
        ),
        sa.CheckConstraint(
            "state <> 'open' OR (closed_at IS NULL AND closed_by IS NULL)", name=op.f("ck_intake_open_has_no_end")
        ),
        sa.CheckConstraint(
            "state = 'open' OR (closed_at IS NOT NULL AND closed_by IS NOT NULL)",
            name=op.f("ck_intake_closed_has_who_when"),
        ),
        sa.CheckConstraint("state IN ('open', 'confirmed', 'discarded')", name=op.f("ck_intake_state_known")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_intake_version_from_one")),
        sa.ForeignKeyConstraint(["closed_by"], ["account.id"], name=op.f("fk_intake_closed_by_account")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_intake_edition_id_edition")),
        sa.ForeignKeyConstraint(["opened_by"], ["account.id"], name=op.f("fk_intake_opened_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake")),
    )
    op.create_index("ix_intake_region_opened_at", "intake", ["region", "opened_at"], unique=False)
    op.create_table(
        "item",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("series_id", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.String(length=16), nullable=True),
        sa.Column("profile_id", sa.String(length=16), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("current_number", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.String(length=16), nullable=False),
        sa.Column("edition_entry", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("order_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("need_type", sa.String(length=24), nullable=True),
        sa.Column("issuer", sa.Text(), nullable=True),
        sa.Column("issuer_type", sa.String(length=24), nullable=True),
        sa.Column("sector", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("budget_min_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("budget_max_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("budget_negotiable", sa.Boolean(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=True),
        sa.Column("period_end", sa.Date(), nullable=True),
        sa.Column("duration_months", sa.Integer(), nullable=True),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_item_closed_has_time")),
        sa.CheckConstraint(
            "issuer_type IN ('government', 'soe', 'private', 'institution', 'other')",
            name=op.f("ck_item_issuer_type_known"),
        ),
        sa.CheckConstraint(
            "kind <> 'capability' OR organisation_id IS NOT NULL", name=op.f("ck_item_capability_has_organisation")
        ),
        sa.CheckConstraint("kind IN ('scenario', 'demand', 'capability')", name=op.f("ck_item_kind_known")),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_item_state_known")),
        sa.CheckConstraint("current_number >= 1", name=op.f("ck_item_current_number_known")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_item_edition_id_edition")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_item_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_item_profile_id_profile")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_item_series_id_series")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
    )
    op.create_index("ix_item_organisation_id", "item", ["organisation_id"], unique=False)
    op.create_index("ix_item_series_id_state", "item", ["series_id", "state"], unique=False)
    op.create_index("ix_item_state_kind_order_key_id", "item", ["state", "kind", "order_key", "id"], unique=False)
    op.create_index("ix_item_state_order_key_id", "item", ["state", "order_key", "id"], unique=False)
    op.create_table(
        "edition_entry",
        sa.Column("edition_id", sa.String(length=16), nullable=False),
        sa.Column("item_id", sa.String(length=16), nullable=False),
        sa.Column("item_number", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column(
            "changes",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.CheckConstraint("(outcome = 'gone') = (number IS NULL)", name=op.f("ck_edition_entry_gone_has_no_number")),
        sa.CheckConstraint(
            "outcome IN ('unchanged', 'changed', 'added', 'gone')", name=op.f("ck_edition_entry_outcome_known")
        ),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_edition_entry_edition_id_edition")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_edition_entry_item_id_item")),
        sa.PrimaryKeyConstraint("edition_id", "item_id", name=op.f("pk_edition_entry")),
        sa.UniqueConstraint("edition_id", "number", name=op.f("uq_edition_entry_edition_id_number")),
    )
    op.create_index("ix_edition_entry_item_id", "edition_entry", ["item_id"], unique=False)
    op.create_table(
        "intake_reading",
        sa.Column("intake_id", sa.String(length=16), nullable=False),
        sa.Column(
            "reading",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_intake_reading_intake_id_intake")),
        sa.PrimaryKeyConstraint("intake_id", name=op.f("pk_intake_reading")),
    )
    op.create_table(
        "item_version",
        sa.Column("item_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("need_type", sa.String(length=24), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("issuer", sa.Text(), nullable=True),
        sa.Column("issuer_type", sa.String(length=24), nullable=True),
        sa.Column("sector", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("budget_min_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("budget_max_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("budget_negotiable", sa.Boolean(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=True),
        sa.Column("period_end", sa.Date(), nullable=True),
        sa.Column("duration_months", sa.Integer(), nullable=True),
        sa.Column(
            "requirements",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "extras",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "inherited",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "places",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("file_digest", sa.String(length=64), nullable=True),
        sa.Column("sheet", sa.Text(), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("intake_id", sa.String(length=16), nullable=True),
        sa.Column("edition_id", sa.String(length=16), nullable=False),
        sa.Column("written_by", sa.String(length=16), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "issuer_type IN ('government', 'soe', 'private', 'institution', 'other')",
            name=op.f("ck_item_version_issuer_type_known"),
        ),
        sa.CheckConstraint("kind IN ('scenario', 'demand', 'capability')", name=op.f("ck_item_version_kind_known")),
        sa.CheckConstraint(
            "need_type IN ('场景验证', '采购需求', '技术攻关')", name=op.f("ck_item_version_need_type_known")
        ),
        sa.CheckConstraint("source IN ('file', 'form', 'api')", name=op.f("ck_item_version_source_known")),
        sa.CheckConstraint("title <> ''", name=op.f("ck_item_version_title_stated")),
        sa.CheckConstraint(
            "budget_max_fen IS NULL OR budget_min_fen IS NULL OR budget_max_fen >= budget_min_fen",
            name=op.f("ck_item_version_budget_ordered"),
        ),
        sa.CheckConstraint(
            "budget_min_fen IS NULL OR budget_min_fen > 0", name=op.f("ck_item_version_budget_min_positive")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_item_version_number_from_one")),
        sa.CheckConstraint(
            "source <> 'file' OR (file_digest IS NOT NULL AND \"row\" IS NOT NULL AND intake_id IS NOT NULL)",
            name=op.f("ck_item_version_file_has_place"),
        ),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_item_version_edition_id_edition")),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_item_version_intake_id_intake")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_version_item_id_item")),
        sa.ForeignKeyConstraint(["written_by"], ["account.id"], name=op.f("fk_item_version_written_by_account")),
        sa.PrimaryKeyConstraint("item_id", "number", name=op.f("pk_item_version")),
    )
    op.create_table(
        "item_private",
        sa.Column("item_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("contact_name", sa.Text(), nullable=True),
        sa.Column("contact_phone", sa.String(length=200), nullable=True),
        sa.Column("contact_email", sa.String(length=400), nullable=True),
        sa.Column(
            "raw",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["item_id", "number"],
            ["item_version.item_id", "item_version.number"],
            name=op.f("fk_item_private_item_id_number_item_version"),
        ),
        sa.PrimaryKeyConstraint("item_id", "number", name=op.f("pk_item_private")),
    )
    op.execute("INSERT INTO position_clock (id, base) VALUES (1, 0)")
    freeze()


def downgrade() -> None:
    op.drop_table("item_private")
    op.drop_table("item_version")
    op.drop_table("intake_reading")
    op.drop_index("ix_edition_entry_item_id", table_name="edition_entry")
    op.drop_table("edition_entry")
    op.drop_index("ix_item_state_order_key_id", table_name="item")
    op.drop_index("ix_item_state_kind_order_key_id", table_name="item")
    op.drop_index("ix_item_series_id_state", table_name="item")
    op.drop_index("ix_item_organisation_id", table_name="item")
    op.drop_table("item")
    op.drop_index("ix_intake_region_opened_at", table_name="intake")
    op.drop_table("intake")
    op.drop_table("profile_version")
    op.drop_index("ix_profile_sector_sector", table_name="profile_sector")
    op.drop_table("profile_sector")
    op.drop_index(
        "uq_profile_note_item_id_live",
        table_name="profile_note",
        sqlite_where=sa.text("gone_at IS NULL"),
        postgresql_where=sa.text("gone_at IS NULL"),
    )
    op.drop_index("ix_profile_note_profile_id", table_name="profile_note")
    op.drop_table("profile_note")
    op.drop_index("ix_edition_published_at_id", table_name="edition")
    op.drop_table("edition")
    op.drop_index("ix_sign_in_session_account_id", table_name="sign_in_session")
    op.drop_table("sign_in_session")
    op.drop_table("series")
    op.drop_index("ix_profile_listed_updated_at_id", table_name="profile")
    op.drop_table("profile")
    op.drop_index("ix_measure_topic", table_name="measure")
    op.drop_table("measure")
    op.drop_index("ix_grant_organisation_id", table_name="grant")
    op.drop_index("ix_grant_account_id", table_name="grant")
    op.drop_table("grant")
    op.drop_table("audit_payload")
    op.drop_index("ix_sign_in_failure_email_digest_at", table_name="sign_in_failure")
    op.drop_table("sign_in_failure")
    op.drop_table("position_clock")
    op.drop_table("policy")
    op.drop_index(
        "uq_organisation_name_key_region_key_uncoded",
        table_name="organisation",
        sqlite_where=sa.text("uscc IS NULL AND claimed_at IS NULL"),
        postgresql_where=sa.text("uscc IS NULL AND claimed_at IS NULL"),
    )
    op.drop_index("ix_organisation_name_key", table_name="organisation")
    op.drop_table("organisation")
    op.drop_table("lease")
    op.drop_index(
        "uq_job_unique_key_live",
        table_name="job",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index("ix_job_due", table_name="job")
    op.drop_table("job")
    op.drop_table("change")
    op.drop_table("audit_seal")
    op.drop_table("audit_event")
    op.drop_table("account")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")

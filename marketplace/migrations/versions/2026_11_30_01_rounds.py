"""Rounds: their texts, people, keys, bids, openings and formal checks.

Revision ID: 2026113001
Revises: 2026112904
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from marketplace.migrations.once import refuse

revision = "2026113001"
down_revision = "2026112904"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WRITTEN_ONCE = ("round_notice", "round_manifest", "round_minutes", "bid_version", "bid_opening")


def upgrade() -> None:
    op.create_table(
        "round",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.String(length=16), nullable=False),
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column("item_id", sa.String(length=16), nullable=True),
        sa.Column("rerun_of", sa.String(length=16), nullable=True),
        sa.Column("procedure_key", sa.String(length=40), nullable=False),
        sa.Column("procedure", JSON, nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("notice_number", sa.Integer(), nullable=False),
        sa.Column("published_number", sa.Integer(), nullable=False),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_check", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suspend_reason", sa.Text(), nullable=False),
        sa.Column("remaining_seconds", BIG, nullable=True),
        sa.Column("created_by", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('failed', 'cancelled')) = (ended_at IS NOT NULL)", name=op.f("ck_round_ended_has_time")
        ),
        sa.CheckConstraint(
            "(suspended_at IS NULL) = (suspend_reason = '')", name=op.f("ck_round_suspended_has_reason")
        ),
        sa.CheckConstraint("ended_at IS NULL OR end_reason <> ''", name=op.f("ck_round_ended_has_reason")),
        sa.CheckConstraint(
            "state = 'draft' OR (procedure IS NOT NULL AND notice_number >= 1)",
            name=op.f("ck_round_beyond_draft_fixed"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'internal_review', 'scheduled', 'open', 'sealed', 'eligibility', 'review', 'failed', 'cancelled')",
            name=op.f("ck_round_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('eligibility', 'review') OR opened_at IS NOT NULL", name=op.f("ck_round_was_opened")
        ),
        sa.CheckConstraint(
            "state NOT IN ('open', 'sealed', 'eligibility', 'review') OR (publish_at IS NOT NULL AND deadline IS NOT NULL AND published_at IS NOT NULL AND published_number >= 1)",
            name=op.f("ck_round_open_was_published"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('sealed', 'eligibility', 'review') OR sealed_at IS NOT NULL",
            name=op.f("ck_round_was_sealed"),
        ),
        sa.CheckConstraint(
            "deadline IS NULL OR publish_at IS NULL OR deadline > publish_at", name=op.f("ck_round_deadline_later")
        ),
        sa.CheckConstraint("opened_at IS NULL OR sealed_at IS NOT NULL", name=op.f("ck_round_opened_after_seal")),
        sa.CheckConstraint("sealed_at IS NULL OR sealed_at >= deadline", name=op.f("ck_round_sealed_after_deadline")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_round_version_from_one")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_round_created_by_account")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_round_item_id_item")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_round_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["procedure_key"], ["procedure_type.key"], name=op.f("fk_round_procedure_key_procedure_type")
        ),
        sa.ForeignKeyConstraint(["rerun_of"], ["round.id"], name=op.f("fk_round_rerun_of_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
    )
    op.create_index("ix_round_item_id", "round", ["item_id"], unique=False)
    op.create_index("ix_round_next_check", "round", ["next_check"], unique=False)
    op.create_index("ix_round_organisation_id", "round", ["organisation_id"], unique=False)
    op.create_index("ix_round_state_deadline", "round", ["state", "deadline"], unique=False)
    op.create_table(
        "bid",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.String(length=16), nullable=False),
        sa.Column("track", sa.String(length=8), nullable=False),
        sa.Column("organisation_id", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("notice_number", sa.Integer(), nullable=False),
        sa.Column("opened_by", sa.String(length=16), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'needs_reconfirm', 'withdrawn', 'lapsed', 'opened', 'correction_requested', 'eligible', 'ineligible', 'returned')",
            name=op.f("ck_bid_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('submitted', 'needs_reconfirm', 'opened', 'correction_requested', 'eligible', 'ineligible', 'returned') OR version >= 1",
            name=op.f("ck_bid_handed_in_has_version"),
        ),
        sa.CheckConstraint("(version = 0) = (submitted_at IS NULL)", name=op.f("ck_bid_version_has_time")),
        sa.ForeignKeyConstraint(["opened_by"], ["account.id"], name=op.f("fk_bid_opened_by_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_bid_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_bid_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid")),
    )
    op.create_index("ix_bid_organisation_id", "bid", ["organisation_id"], unique=False)
    op.create_index("ix_bid_round_id_state", "bid", ["round_id", "state"], unique=False)
    op.create_index(
        "uq_bid_round_id_track_organisation_id_live",
        "bid",
        ["round_id", "track", "organisation_id"],
        unique=True,
        sqlite_where=sa.text("state NOT IN ('withdrawn', 'lapsed', 'returned')"),
        postgresql_where=sa.text("state NOT IN ('withdrawn', 'lapsed', 'returned')"),
    )
    op.create_table(
        "round_appointment",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.String(length=16), nullable=False),
        sa.Column("post", sa.String(length=24), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("appointed_by", sa.String(length=16), nullable=False),
        sa.Column("appointed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("ended_at IS NULL OR end_reason <> ''", name=op.f("ck_round_appointment_ended_has_reason")),
        sa.CheckConstraint(
            "post IN ('approver', 'opener_a', 'opener_b', 'keeper', 'checker', 'objections')",
            name=op.f("ck_round_appointment_post_known"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_round_appointment_account_id_account")),
        sa.ForeignKeyConstraint(
            ["appointed_by"], ["account.id"], name=op.f("fk_round_appointment_appointed_by_account")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_appointment_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_appointment")),
    )
    op.create_index("ix_round_appointment_account_id", "round_appointment", ["account_id"], unique=False)
    op.create_index(
        "uq_round_appointment_round_id_post_account_id_live",
        "round_appointment",
        ["round_id", "post", "account_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "uq_round_appointment_round_id_post_holder",
        "round_appointment",
        ["round_id", "post"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL AND post IN ('opener_a', 'opener_b', 'keeper')"),
        postgresql_where=sa.text("ended_at IS NULL AND post IN ('opener_a', 'opener_b', 'keeper')"),
    )
    op.create_table(
        "round_consent",
        sa.Column("round_id", sa.String(length=16), nullable=False),
        sa.Column("act", sa.String(length=24), nullable=False),
        sa.Column("notice_number", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("act IN ('publish', 'cancel')", name=op.f("ck_round_consent_act_known")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_round_consent_account_id_account")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_consent_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "act", "notice_number", "account_id", name=op.f("pk_round_consent")),
    )
    op.create_table(
        "round_follower",
        sa.Column("round_id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_round_follower_account_id_account")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_follower_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "account_id", name=op.f("pk_round_follower")),
    )
    op.create_table(
        "round_holder",
        sa.Column("round_id", sa.String(length=16), nullable=False),
        sa.Column("post", sa.String(length=24), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("recipient", sa.String(length=100), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tested_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("post IN ('opener_a', 'opener_b', 'keeper')", name=op.f("ck_round_holder_post_known")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_round_holder_account_id_account")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_holder_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "post", name=op.f("pk_round_holder")),
    )
    op.create_table(
        "round_manifest",
        sa.Column("round_id", sa.String(length=16), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_manifest_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_round_manifest")),
    )
    op.create_table(
        "round_minutes",
        sa.Column("round_id", sa.String(length=16), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_minutes_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_round_minutes")),
    )
    op.create_table(
        "round_notice",
        sa.Column("round_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("authors", JSON, nullable=False),
        sa.Column("written_by", sa.String(length=16), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_round_notice_number_from_one")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_notice_round_id_round")),
        sa.ForeignKeyConstraint(["written_by"], ["account.id"], name=op.f("fk_round_notice_written_by_account")),
        sa.PrimaryKeyConstraint("round_id", "number", name=op.f("pk_round_notice")),
    )
    op.create_table(
        "round_question",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.String(length=16), nullable=True),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(length=16), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name=op.f("ck_round_question_answered_has_time")),
        sa.CheckConstraint(
            "length(question) <= 1000 AND length(answer) <= 4000", name=op.f("ck_round_question_texts_short")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_round_question_account_id_account")),
        sa.ForeignKeyConstraint(["answered_by"], ["account.id"], name=op.f("fk_round_question_answered_by_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_round_question_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_question_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_question")),
    )
    op.create_index("ix_round_question_round_id", "round_question", ["round_id"], unique=False)
    op.create_table(
        "round_review",
        sa.Column("round_id", sa.String(length=16), nullable=False),
        sa.Column("notice_number", sa.Integer(), nullable=False),
        sa.Column("is_passed", sa.Boolean(), nullable=False),
        sa.Column("reviewer", sa.String(length=120), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=False),
        sa.Column("file_bytes", BIG, nullable=False),
        sa.Column("put_by", sa.String(length=16), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("notice_number >= 1", name=op.f("ck_round_review_of_a_notice")),
        sa.ForeignKeyConstraint(["put_by"], ["account.id"], name=op.f("fk_round_review_put_by_account")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_review_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_round_review")),
    )
    op.create_table(
        "round_seal",
        sa.Column("round_id", sa.String(length=16), nullable=False),
        sa.Column("recipient", sa.String(length=100), nullable=False),
        sa.Column("envelope_ab", sa.LargeBinary(), nullable=False),
        sa.Column("envelope_as", sa.LargeBinary(), nullable=False),
        sa.Column("envelope_bs", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("identity", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(identity IS NULL) = (opened_at IS NULL)", name=op.f("ck_round_seal_secret_since_opening")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_seal_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_round_seal")),
    )
    op.create_table(
        "round_telling",
        sa.Column("round_id", sa.String(length=16), nullable=False),
        sa.Column("occasion", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_round_telling_account_id_account")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_telling_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "occasion", "account_id", name=op.f("pk_round_telling")),
    )
    op.create_table(
        "round_text",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.String(length=16), nullable=False),
        sa.Column("base_number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("clashes", JSON, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_by", sa.String(length=16), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=16), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('open', 'fixed', 'dropped')", name=op.f("ck_round_text_state_known")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_round_text_version_from_one")),
        sa.ForeignKeyConstraint(["opened_by"], ["account.id"], name=op.f("fk_round_text_opened_by_account")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_text_round_id_round")),
        sa.ForeignKeyConstraint(["updated_by"], ["account.id"], name=op.f("fk_round_text_updated_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_text")),
    )
    op.create_index(
        "uq_round_text_round_id_open",
        "round_text",
        ["round_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "round_turn",
        sa.Column("round_id", sa.String(length=16), nullable=False),
        sa.Column("post", sa.String(length=24), nullable=False),
        sa.Column("for_post", sa.String(length=24), nullable=False),
        sa.Column("handed", sa.LargeBinary(), nullable=False),
        sa.Column("turned_by", sa.String(length=16), nullable=False),
        sa.Column("turned_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("for_post IN ('opener_a', 'opener_b', 'keeper')", name=op.f("ck_round_turn_for_post_known")),
        sa.CheckConstraint("post IN ('opener_a', 'opener_b', 'keeper')", name=op.f("ck_round_turn_post_known")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_turn_round_id_round")),
        sa.ForeignKeyConstraint(["turned_by"], ["account.id"], name=op.f("fk_round_turn_turned_by_account")),
        sa.PrimaryKeyConstraint("round_id", "post", "for_post", name=op.f("pk_round_turn")),
    )
    op.create_table(
        "bid_correction",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("bid_id", sa.String(length=16), nullable=False),
        sa.Column("condition", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=16), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window_ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("files", JSON, nullable=False),
        sa.Column("answered_by", sa.String(length=16), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL)", name=op.f("ck_bid_correction_answered_by_somebody")
        ),
        sa.CheckConstraint(
            "answered_at IS NULL OR closed_at IS NOT NULL", name=op.f("ck_bid_correction_answered_is_closed")
        ),
        sa.CheckConstraint("window_ends > asked_at", name=op.f("ck_bid_correction_window_later")),
        sa.ForeignKeyConstraint(["answered_by"], ["account.id"], name=op.f("fk_bid_correction_answered_by_account")),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name=op.f("fk_bid_correction_asked_by_account")),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_bid_correction_bid_id_bid")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_correction")),
        sa.UniqueConstraint("bid_id", "condition", name=op.f("uq_bid_correction_bid_id_condition")),
    )
    op.create_table(
        "bid_draft",
        sa.Column("bid_id", sa.String(length=16), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_by", sa.String(length=16), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_bid_draft_version_from_one")),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_bid_draft_bid_id_bid")),
        sa.ForeignKeyConstraint(["updated_by"], ["account.id"], name=op.f("fk_bid_draft_updated_by_account")),
        sa.PrimaryKeyConstraint("bid_id", name=op.f("pk_bid_draft")),
    )
    op.create_table(
        "bid_file",
        sa.Column("bid_id", sa.String(length=16), nullable=False),
        sa.Column("sealed_digest", sa.String(length=64), nullable=False),
        sa.Column("sealed_bytes", BIG, nullable=False),
        sa.Column("put_by", sa.String(length=16), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_bid_file_bid_id_bid")),
        sa.ForeignKeyConstraint(["put_by"], ["account.id"], name=op.f("fk_bid_file_put_by_account")),
        sa.PrimaryKeyConstraint("bid_id", "sealed_digest", name=op.f("pk_bid_file")),
    )
    op.create_table(
        "bid_finding",
        sa.Column("bid_id", sa.String(length=16), nullable=False),
        sa.Column("condition", sa.String(length=8), nullable=False),
        sa.Column("checker_id", sa.String(length=16), nullable=False),
        sa.Column("is_met", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_bid_finding_bid_id_bid")),
        sa.ForeignKeyConstraint(["checker_id"], ["account.id"], name=op.f("fk_bid_finding_checker_id_account")),
        sa.PrimaryKeyConstraint("bid_id", "condition", "checker_id", name=op.f("pk_bid_finding")),
    )
    op.create_table(
        "bid_member",
        sa.Column("bid_id", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.String(length=16), nullable=False),
        sa.Column("asked_by", sa.String(length=16), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.String(length=16), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)", name=op.f("ck_bid_member_confirmed_by_somebody")
        ),
        sa.CheckConstraint("confirmed_at IS NULL OR declined_at IS NULL", name=op.f("ck_bid_member_answered_once")),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name=op.f("fk_bid_member_asked_by_account")),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_bid_member_bid_id_bid")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["account.id"], name=op.f("fk_bid_member_confirmed_by_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_bid_member_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("bid_id", "organisation_id", name=op.f("pk_bid_member")),
    )
    op.create_index("ix_bid_member_organisation_id", "bid_member", ["organisation_id"], unique=False)
    op.create_table(
        "bid_objection",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("bid_id", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("filed_by", sa.String(length=16), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("is_upheld", sa.Boolean(), nullable=True),
        sa.Column("decided_by", sa.String(length=16), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("decided_at IS NULL OR answer <> ''", name=op.f("ck_bid_objection_decided_has_answer")),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (is_upheld IS NULL)", name=op.f("ck_bid_objection_decided_has_time")
        ),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_bid_objection_bid_id_bid")),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_bid_objection_decided_by_account")),
        sa.ForeignKeyConstraint(["filed_by"], ["account.id"], name=op.f("fk_bid_objection_filed_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_objection")),
    )
    op.create_index(
        "uq_bid_objection_bid_id_open",
        "bid_objection",
        ["bid_id"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_table(
        "bid_opening",
        sa.Column("bid_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("answers", JSON, nullable=True),
        sa.Column("price", JSON, nullable=True),
        sa.Column("attachments", JSON, nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(failure = '') = (answers IS NOT NULL)", name=op.f("ck_bid_opening_opened_or_failed")),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_bid_opening_bid_id_bid")),
        sa.PrimaryKeyConstraint("bid_id", name=op.f("pk_bid_opening")),
    )
    op.create_table(
        "bid_verdict",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("bid_id", sa.String(length=16), nullable=False),
        sa.Column("checker_id", sa.String(length=16), nullable=False),
        sa.Column("is_eligible", sa.Boolean(), nullable=False),
        sa.Column("condition", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("void_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "is_eligible OR (condition <> '' AND reason <> '')", name=op.f("ck_bid_verdict_rejection_has_ground")
        ),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_bid_verdict_bid_id_bid")),
        sa.ForeignKeyConstraint(["checker_id"], ["account.id"], name=op.f("fk_bid_verdict_checker_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_verdict")),
    )
    op.create_index("ix_bid_verdict_bid_id", "bid_verdict", ["bid_id"], unique=False)
    op.create_index(
        "uq_bid_verdict_bid_id_checker_id_live",
        "bid_verdict",
        ["bid_id", "checker_id"],
        unique=True,
        sqlite_where=sa.text("void_at IS NULL"),
        postgresql_where=sa.text("void_at IS NULL"),
    )
    op.create_table(
        "bid_version",
        sa.Column("bid_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed_digest", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", BIG, nullable=False),
        sa.Column("files", JSON, nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("receipt_digest", sa.String(length=64), nullable=False),
        sa.Column("notice_number", sa.Integer(), nullable=False),
        sa.Column("has_own_copy", sa.Boolean(), nullable=False),
        sa.Column("submitted_by", sa.String(length=16), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("audit_position", BIG, nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_bid_version_number_from_one")),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_bid_version_size_positive")),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_bid_version_bid_id_bid")),
        sa.ForeignKeyConstraint(["submitted_by"], ["account.id"], name=op.f("fk_bid_version_submitted_by_account")),
        sa.PrimaryKeyConstraint("bid_id", "number", name=op.f("pk_bid_version")),
    )
    op.create_table(
        "round_text_save",
        sa.Column("text_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=16), nullable=False),
        sa.Column("saved_by", sa.String(length=16), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changes", JSON, nullable=False),
        sa.ForeignKeyConstraint(["saved_by"], ["account.id"], name=op.f("fk_round_text_save_saved_by_account")),
        sa.ForeignKeyConstraint(["text_id"], ["round_text.id"], name=op.f("fk_round_text_save_text_id_round_text")),
        sa.PrimaryKeyConstraint("text_id", "number", name=op.f("pk_round_text_save")),
    )
    for table in WRITTEN_ONCE:
        refuse(table, "UPDATE", "DELETE")

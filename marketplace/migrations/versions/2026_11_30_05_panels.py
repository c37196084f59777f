"""The experts' review: panels, draws, conflicts, sheets, frozen scores.

Revision ID: 2026113005
Revises: 2026113004
"""

import hashlib

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from marketplace.migrations.once import refuse

revision = "2026113005"
down_revision = "2026113004"
branch_labels = None
depends_on = None

JUDGED = "'review', 'consensus', 'decision', 'publicity', 'awarded'"
DECIDED = (
    "'in_review', 'scored', 'proposed', 'reserve', 'not_selected', 'awarded', 'not_awarded', 'declined', 'revoked'"
)


def upgrade() -> None:
    op.create_table(
        "unit_background",
        sa.Column("organisation_id", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("legal_representative", sa.String(length=60), nullable=False),
        sa.Column(
            "shareholders",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "directors",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "people",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "parents",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "former_names",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "phones",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "bank_accounts",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("stated_by", sa.String(length=16), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_unit_background_version_from_one")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_unit_background_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["stated_by"], ["account.id"], name=op.f("fk_unit_background_stated_by_account")),
        sa.PrimaryKeyConstraint("organisation_id", "version", name=op.f("pk_unit_background")),
    )
    op.create_table(
        "objection",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("publicity", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("filed_by", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.String(length=16), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.String(length=60), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accept_due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handler_id", sa.String(length=16), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decide_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ground", sa.String(length=24), nullable=True),
        sa.Column("extended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extend_reason", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("remedy", sa.String(length=24), nullable=True),
        sa.Column(
            "bid_ids",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("decided_by", sa.String(length=16), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("implemented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appeal", sa.Text(), nullable=False),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appeal_answer", sa.Text(), nullable=False),
        sa.Column("appeal_decided_by", sa.String(length=16), nullable=True),
        sa.Column("appeal_decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(extended_at IS NULL) = (extend_reason = '')", name=op.f("ck_objection_extended_has_reason")
        ),
        sa.CheckConstraint(
            "ground IN ('late', 'no_interest', 'no_evidence', 'repeated', 'out_of_scope')",
            name=op.f("ck_objection_ground_known"),
        ),
        sa.CheckConstraint("name <> '' AND (phone <> '' OR email <> '')", name=op.f("ck_objection_real_name")),
        sa.CheckConstraint(
            "remedy IN ('review_again', 'decide_again', 'correct')", name=op.f("ck_objection_remedy_known")
        ),
        sa.CheckConstraint(
            "state <> 'implemented' OR implemented_at IS NOT NULL", name=op.f("ck_objection_implemented_has_time")
        ),
        sa.CheckConstraint("state <> 'rejected' OR ground IS NOT NULL", name=op.f("ck_objection_rejected_has_ground")),
        sa.CheckConstraint(
            "state IN ('submitted', 'rejected', 'accepted', 'investigating', 'upheld', 'partly_upheld', 'dismissed', 'implemented', 'withdrawn', 'escalated', 'final')",
            name=op.f("ck_objection_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('upheld', 'partly_upheld') OR remedy IS NOT NULL",
            name=op.f("ck_objection_upheld_has_remedy"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('upheld', 'partly_upheld', 'dismissed', 'implemented', 'escalated', 'final') OR answer <> ''",
            name=op.f("ck_objection_decided_has_answer"),
        ),
        sa.CheckConstraint(
            "what <> '' AND rule <> '' AND evidence <> '' AND wanted <> ''", name=op.f("ck_objection_says_everything")
        ),
        sa.ForeignKeyConstraint(
            ["appeal_decided_by"], ["account.id"], name=op.f("fk_objection_appeal_decided_by_account")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_objection_decided_by_account")),
        sa.ForeignKeyConstraint(["filed_by"], ["account.id"], name=op.f("fk_objection_filed_by_account")),
        sa.ForeignKeyConstraint(["handler_id"], ["account.id"], name=op.f("fk_objection_handler_id_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_objection_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_objection_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_objection_round_id_number")),
    )
    op.create_index("ix_objection_filed_by", "objection", ["filed_by"], unique=False)
    op.create_index("ix_objection_round_id_state", "objection", ["round_id", "state"], unique=False)
    op.create_table(
        "panel_draw",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("track", sa.String(length=8), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column(
            "eligible",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "excluded",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "wanted",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("list_digest", sa.String(length=64), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("fixed_by", sa.String(length=16), nullable=False),
        sa.Column("fixed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.String(length=120), nullable=False),
        sa.Column(
            "drawn",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("drawn_by", sa.String(length=16), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("drop_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("(drawn_at IS NULL) = (words = '')", name=op.f("ck_panel_draw_drawn_with_words")),
        sa.CheckConstraint("(dropped_at IS NULL) = (drop_reason = '')", name=op.f("ck_panel_draw_dropped_has_reason")),
        sa.CheckConstraint("(drawn_at IS NULL) = (drawn IS NULL)", name=op.f("ck_panel_draw_drawn_has_result")),
        sa.CheckConstraint("(drawn_at IS NULL) = (drawn_by IS NULL)", name=op.f("ck_panel_draw_drawn_by_somebody")),
        sa.CheckConstraint("drawn_by IS NULL OR drawn_by <> fixed_by", name=op.f("ck_panel_draw_two_people")),
        sa.CheckConstraint("dropped_at IS NULL OR drawn_at IS NULL", name=op.f("ck_panel_draw_drawn_is_not_dropped")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_panel_draw_number_from_one")),
        sa.ForeignKeyConstraint(["drawn_by"], ["account.id"], name=op.f("fk_panel_draw_drawn_by_account")),
        sa.ForeignKeyConstraint(["fixed_by"], ["account.id"], name=op.f("fk_panel_draw_fixed_by_account")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_panel_draw_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_draw")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_panel_draw_round_id_number")),
    )
    op.create_index(
        "uq_panel_draw_round_id_track_stage_open",
        "panel_draw",
        ["round_id", "track", "stage"],
        unique=True,
        sqlite_where=sa.text("drawn_at IS NULL AND dropped_at IS NULL"),
        postgresql_where=sa.text("drawn_at IS NULL AND dropped_at IS NULL"),
    )
    op.create_table(
        "round_decision",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column(
            "record",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("scores_digest", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("void_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("(void_at IS NULL) = (void_reason = '')", name=op.f("ck_round_decision_void_has_reason")),
        sa.CheckConstraint("note <> ''", name=op.f("ck_round_decision_has_note")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_round_decision_account_id_account")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_decision_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_decision")),
    )
    op.create_index(
        "uq_round_decision_round_id_account_id_live",
        "round_decision",
        ["round_id", "account_id"],
        unique=True,
        sqlite_where=sa.text("void_at IS NULL"),
        postgresql_where=sa.text("void_at IS NULL"),
    )
    op.create_table(
        "round_publicity",
        sa.Column("round_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "record",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdraw_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdraw_reason = '')", name=op.f("ck_round_publicity_withdrawn_has_reason")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_round_publicity_lasts")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_round_publicity_number_from_one")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_publicity_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "number", name=op.f("pk_round_publicity")),
    )
    op.create_table(
        "score_table",
        sa.Column("round_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column(
            "record",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("void_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("(void_at IS NULL) = (void_reason = '')", name=op.f("ck_score_table_void_has_reason")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_score_table_number_from_one")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_score_table_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "number", name=op.f("pk_score_table")),
    )
    op.create_index(
        "uq_score_table_round_id_stage_live",
        "score_table",
        ["round_id", "stage"],
        unique=True,
        sqlite_where=sa.text("void_at IS NULL"),
        postgresql_where=sa.text("void_at IS NULL"),
    )
    op.create_table(
        "award",
        sa.Column("bid_id", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.String(length=16), nullable=False),
        sa.Column("awarded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirm_due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.String(length=16), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("(ended_at IS NULL) = (end_reason = '')", name=op.f("ck_award_ended_has_reason")),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)", name=op.f("ck_award_confirmed_by_somebody")
        ),
        sa.CheckConstraint("confirm_due > awarded_at", name=op.f("ck_award_due_later")),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_award_bid_id_bid")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["account.id"], name=op.f("fk_award_confirmed_by_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_award_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_award_round_id_round")),
        sa.PrimaryKeyConstraint("bid_id", name=op.f("pk_award")),
    )
    op.create_index("ix_award_organisation_id", "award", ["organisation_id"], unique=False)
    op.create_index("ix_award_round_id", "award", ["round_id"], unique=False)
    op.create_table(
        "bid_result",
        sa.Column("bid_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.Column("score", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_bid_result_has_reason")),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_bid_result_bid_id_bid")),
        sa.PrimaryKeyConstraint("bid_id", "number", name=op.f("pk_bid_result")),
    )
    op.create_table(
        "panel_member",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.String(length=16), nullable=False),
        sa.Column("track", sa.String(length=8), nullable=False),
        sa.Column("expert_id", sa.String(length=16), nullable=False),
        sa.Column("draw_id", sa.String(length=16), nullable=True),
        sa.Column("named_because", sa.Text(), nullable=False),
        sa.Column("field", sa.String(length=24), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("fills_gaps", sa.Boolean(), nullable=False),
        sa.Column("is_chair", sa.Boolean(), nullable=False),
        sa.Column("is_deputy", sa.Boolean(), nullable=False),
        sa.Column("added_by", sa.String(length=16), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declaration", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(declared_at IS NULL) = (declaration = '')", name=op.f("ck_panel_member_declared_has_text")
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (end_reason = '')", name=op.f("ck_panel_member_ended_has_reason")),
        sa.CheckConstraint(
            "(state IN ('declined', 'recused', 'recused_late')) = (ended_at IS NOT NULL)",
            name=op.f("ck_panel_member_ended_has_time"),
        ),
        sa.CheckConstraint("draw_id IS NOT NULL OR named_because <> ''", name=op.f("ck_panel_member_named_has_reason")),
        sa.CheckConstraint(
            "state IN ('drawn', 'invited', 'declared', 'accepted', 'in_progress', 'submitted', 'locked', 'declined', 'recused', 'recused_late')",
            name=op.f("ck_panel_member_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('declared', 'accepted', 'in_progress', 'submitted', 'locked', 'recused_late') OR declared_at IS NOT NULL",
            name=op.f("ck_panel_member_judges_after_declaring"),
        ),
        sa.CheckConstraint("NOT (is_chair AND is_deputy)", name=op.f("ck_panel_member_one_post")),
        sa.ForeignKeyConstraint(["added_by"], ["account.id"], name=op.f("fk_panel_member_added_by_account")),
        sa.ForeignKeyConstraint(["draw_id"], ["panel_draw.id"], name=op.f("fk_panel_member_draw_id_panel_draw")),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name=op.f("fk_panel_member_expert_id_expert")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_panel_member_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_member")),
    )
    op.create_index("ix_panel_member_expert_id", "panel_member", ["expert_id"], unique=False)
    op.create_index("ix_panel_member_round_id_track", "panel_member", ["round_id", "track"], unique=False)
    op.create_index(
        "uq_panel_member_round_id_expert_id_live",
        "panel_member",
        ["round_id", "expert_id"],
        unique=True,
        sqlite_where=sa.text("state NOT IN ('declined', 'recused', 'recused_late')"),
        postgresql_where=sa.text("state NOT IN ('declined', 'recused', 'recused_late')"),
    )
    op.create_index(
        "uq_panel_member_round_id_track_chair",
        "panel_member",
        ["round_id", "track"],
        unique=True,
        sqlite_where=sa.text("is_chair AND state NOT IN ('declined', 'recused', 'recused_late')"),
        postgresql_where=sa.text("is_chair AND state NOT IN ('declined', 'recused', 'recused_late')"),
    )
    op.create_index(
        "uq_panel_member_round_id_track_deputy",
        "panel_member",
        ["round_id", "track"],
        unique=True,
        sqlite_where=sa.text("is_deputy AND state NOT IN ('declined', 'recused', 'recused_late')"),
        postgresql_where=sa.text("is_deputy AND state NOT IN ('declined', 'recused', 'recused_late')"),
    )
    op.create_table(
        "recusal_request",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("bid_id", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("filed_by", sa.String(length=16), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_upheld", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=16), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(decided_at IS NULL) = (answer = '')", name=op.f("ck_recusal_request_decided_has_answer")),
        sa.CheckConstraint("person <> '' OR unit <> ''", name=op.f("ck_recusal_request_somebody_named")),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (is_upheld IS NULL)", name=op.f("ck_recusal_request_decided_has_outcome")
        ),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_recusal_request_bid_id_bid")),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_recusal_request_decided_by_account")),
        sa.ForeignKeyConstraint(["filed_by"], ["account.id"], name=op.f("fk_recusal_request_filed_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal_request")),
    )
    op.create_index("ix_recusal_request_bid_id", "recusal_request", ["bid_id"], unique=False)
    op.create_table(
        "reviewed_bid",
        sa.Column("bid_id", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("extra", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("extra BETWEEN 0 AND 10", name=op.f("ck_reviewed_bid_few_extra")),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_reviewed_bid_bid_id_bid")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_reviewed_bid_round_id_round")),
        sa.PrimaryKeyConstraint("bid_id", name=op.f("pk_reviewed_bid")),
        sa.UniqueConstraint("round_id", "code", name=op.f("uq_reviewed_bid_round_id_code")),
    )
    op.create_table(
        "confirmation",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("bid_id", sa.String(length=16), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("member_id", sa.String(length=16), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("void_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_confirmation_bid_id_bid")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["panel_member.id"], name=op.f("fk_confirmation_member_id_panel_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation")),
    )
    op.create_index(
        "uq_confirmation_bid_id_stage_live",
        "confirmation",
        ["bid_id", "stage"],
        unique=True,
        sqlite_where=sa.text("void_at IS NULL"),
        postgresql_where=sa.text("void_at IS NULL"),
    )
    op.create_table(
        "panel_conflict",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("member_id", sa.String(length=16), nullable=False),
        sa.Column("bid_id", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("is_hard", sa.Boolean(), nullable=False),
        sa.Column(
            "hits",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("excludes", sa.Boolean(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=16), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("decided_by IS NULL OR note <> ''", name=op.f("ck_panel_conflict_decision_has_note")),
        sa.CheckConstraint(
            "source IN ('found', 'declared', 'requested', 'by_hand')", name=op.f("ck_panel_conflict_source_known")
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (excludes IS NULL)", name=op.f("ck_panel_conflict_decided_has_outcome")
        ),
        sa.CheckConstraint("NOT is_hard OR excludes", name=op.f("ck_panel_conflict_hard_excludes")),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_panel_conflict_bid_id_bid")),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_panel_conflict_decided_by_account")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["panel_member.id"], name=op.f("fk_panel_conflict_member_id_panel_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_conflict")),
    )
    op.create_index("ix_panel_conflict_bid_id", "panel_conflict", ["bid_id"], unique=False)
    op.create_index("ix_panel_conflict_member_id", "panel_conflict", ["member_id"], unique=False)
    op.create_table(
        "panel_remark",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("member_id", sa.String(length=16), nullable=False),
        sa.Column("bid_id", sa.String(length=16), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("void_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("text <> ''", name=op.f("ck_panel_remark_says_something")),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_panel_remark_bid_id_bid")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["panel_member.id"], name=op.f("fk_panel_remark_member_id_panel_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_remark")),
    )
    op.create_index("ix_panel_remark_bid_id", "panel_remark", ["bid_id"], unique=False)
    op.create_table(
        "sheet",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("member_id", sa.String(length=16), nullable=False),
        sa.Column("bid_id", sa.String(length=16), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column(
            "marks",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "comments",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("(ended_at IS NULL) = (end_reason = '')", name=op.f("ck_sheet_ended_has_reason")),
        sa.CheckConstraint(
            "(state IN ('excused', 'void')) = (ended_at IS NOT NULL)", name=op.f("ck_sheet_ended_has_time")
        ),
        sa.CheckConstraint("state <> 'excused' OR version = 0", name=op.f("ck_sheet_excused_says_nothing")),
        sa.CheckConstraint(
            "state IN ('assigned', 'draft', 'submitted', 'locked', 'excused', 'void')",
            name=op.f("ck_sheet_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('submitted', 'locked') OR submitted_at IS NOT NULL", name=op.f("ck_sheet_handed_in_has_time")
        ),
        sa.CheckConstraint("version >= 0", name=op.f("ck_sheet_version_not_negative")),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_sheet_bid_id_bid")),
        sa.ForeignKeyConstraint(["member_id"], ["panel_member.id"], name=op.f("fk_sheet_member_id_panel_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet")),
    )
    op.create_index("ix_sheet_bid_id", "sheet", ["bid_id"], unique=False)
    op.create_index(
        "uq_sheet_member_id_bid_id_stage_live",
        "sheet",
        ["member_id", "bid_id", "stage"],
        unique=True,
        sqlite_where=sa.text("state <> 'void'"),
        postgresql_where=sa.text("state <> 'void'"),
    )
    op.create_table(
        "sheet_correction",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("sheet_id", sa.String(length=16), nullable=False),
        sa.Column("criterion", sa.String(length=8), nullable=False),
        sa.Column("before", sa.String(length=12), nullable=False),
        sa.Column("after", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("corrected_by", sa.String(length=16), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_sheet_correction_has_reason")),
        sa.ForeignKeyConstraint(
            ["corrected_by"], ["account.id"], name=op.f("fk_sheet_correction_corrected_by_account")
        ),
        sa.ForeignKeyConstraint(["sheet_id"], ["sheet.id"], name=op.f("fk_sheet_correction_sheet_id_sheet")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_correction")),
    )
    op.create_index("ix_sheet_correction_sheet_id", "sheet_correction", ["sheet_id"], unique=False)
    _extend_round()
    _extend_bid()
    with op.batch_alter_table("round_appointment") as table:
        table.drop_constraint(op.f("ck_round_appointment_post_known"), type_="check")
        table.create_check_constraint(
            op.f("ck_round_appointment_post_known"),
            "post IN ('approver', 'opener_a', 'opener_b', 'keeper', 'checker', 'decider', 'objections')",
        )
    refuse("sheet_correction", "UPDATE", "DELETE")
    _take_up_reviews()


def _extend_round() -> None:
    with op.batch_alter_table("round") as table:
        table.add_column(sa.Column("stage", sa.String(length=16), server_default="", nullable=False))
        table.add_column(sa.Column("publicity_starts", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("publicity_ends", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("awarded_at", sa.DateTime(timezone=True), nullable=True))
        for name in ("state_known", "open_was_published", "was_sealed", "was_opened"):
            table.drop_constraint(op.f(f"ck_round_{name}"), type_="check")
        table.create_check_constraint(
            op.f("ck_round_state_known"),
            "state IN ('draft', 'internal_review', 'scheduled', 'open', 'sealed', 'eligibility', 'review', 'consensus', "
            "'decision', 'publicity', 'awarded', 'failed', 'cancelled')",
        )
        table.create_check_constraint(
            op.f("ck_round_open_was_published"),
            f"state NOT IN ('open', 'sealed', 'eligibility', {JUDGED}) OR (publish_at IS NOT NULL AND deadline IS NOT NULL "
            "AND published_at IS NOT NULL AND published_number >= 1)",
        )
        table.create_check_constraint(
            op.f("ck_round_was_sealed"), f"state NOT IN ('sealed', 'eligibility', {JUDGED}) OR sealed_at IS NOT NULL"
        )
        table.create_check_constraint(
            op.f("ck_round_was_opened"), f"state NOT IN ('eligibility', {JUDGED}) OR opened_at IS NOT NULL"
        )
    _name_stages()
    with op.batch_alter_table("round") as table:
        table.alter_column("stage", existing_type=sa.String(length=16), existing_nullable=False, server_default=None)
        table.create_check_constraint(op.f("ck_round_judged_has_stage"), f"state NOT IN ({JUDGED}) OR stage <> ''")
        table.create_check_constraint(
            op.f("ck_round_publicity_ends_somewhen"), "state <> 'publicity' OR publicity_ends IS NOT NULL"
        )
        table.create_check_constraint(
            op.f("ck_round_publicity_lasts"), "publicity_ends IS NULL OR publicity_ends > publicity_starts"
        )
        table.create_check_constraint(op.f("ck_round_awarded_has_time"), "state <> 'awarded' OR awarded_at IS NOT NULL")
        table.create_check_constraint(
            op.f("ck_round_awarded_after_publicity"), "awarded_at IS NULL OR awarded_at >= publicity_ends"
        )


def _extend_bid() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # It names the table that is copied and put in its own place; it comes back below.
        op.execute("DROP TRIGGER no_sandbox_with_bids")
    with op.batch_alter_table("bid") as table:
        for name in ("state_known", "handed_in_has_version"):
            table.drop_constraint(op.f(f"ck_bid_{name}"), type_="check")
        table.create_check_constraint(
            op.f("ck_bid_state_known"),
            "state IN ('draft', 'submitted', 'needs_reconfirm', 'withdrawn', 'lapsed', 'opened', 'correction_requested', "
            f"'eligible', 'ineligible', {DECIDED}, 'returned')",
        )
        table.create_check_constraint(
            op.f("ck_bid_handed_in_has_version"),
            "state NOT IN ('submitted', 'needs_reconfirm', 'opened', 'correction_requested', 'eligible', 'ineligible', "
            f"{DECIDED}, 'returned') OR version >= 1",
        )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER no_sandbox_with_bids BEFORE INSERT ON sandbox_clock WHEN EXISTS (SELECT 1 FROM bid) "
            "BEGIN SELECT RAISE(ABORT, 'a database with bids never becomes a sandbox'); END"
        )


def _name_stages() -> None:
    """Rounds that were sent to the experts are in the first stage of judging that their procedure has."""
    round_ = sa.table(
        "round", sa.column("id"), sa.column("state"), sa.column("stage"), sa.column("procedure", sa.JSON())
    )
    connection = op.get_bind()
    found = connection.execute(sa.select(round_.c.id, round_.c.procedure).where(round_.c.state == "review")).all()
    for round_id, procedure in found:
        stages = [one["key"] for one in procedure["stage"] if one["key"] in {"preliminary", "review", "final"}]
        stage = stages[0] if stages else "review"
        connection.execute(sa.update(round_).where(round_.c.id == round_id).values(stage=stage))


def _take_up_reviews() -> None:
    """Their eligible bids are in the review, numbered as those of a round that is sent there now."""
    round_ = sa.table("round", sa.column("id"), sa.column("state"))
    bid = sa.table("bid", sa.column("id"), sa.column("round_id"), sa.column("state"))
    manifest = sa.table("round_manifest", sa.column("round_id"), sa.column("digest"), sa.column("frozen_at"))
    taken = sa.table(
        "reviewed_bid", sa.column("bid_id"), sa.column("round_id"), sa.column("code"), sa.column("entered_at")
    )
    connection = op.get_bind()
    for round_id, digest, moment in connection.execute(
        sa.select(round_.c.id, manifest.c.digest, manifest.c.frozen_at)
        .join(manifest, manifest.c.round_id == round_.c.id)
        .where(round_.c.state == "review")
    ).all():
        of_round = (bid.c.round_id == round_id, bid.c.state == "eligible")
        ids = sorted(
            connection.execute(sa.select(bid.c.id).where(*of_round)).scalars(),
            key=lambda one: hashlib.sha256(f"{digest}\n{one}".encode()).digest(),
        )
        for number, bid_id in enumerate(ids, start=1):
            row = {"bid_id": bid_id, "round_id": round_id, "code": f"{number:02d}", "entered_at": moment}
            connection.execute(sa.insert(taken).values(**row))
        connection.execute(sa.update(bid).where(*of_round).values(state="in_review"))

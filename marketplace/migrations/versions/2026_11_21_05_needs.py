"""Needs written by form: drafts, versions without an edition, outcomes.

Revision ID: 2026112105
Revises: 2026112104
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from marketplace.migrations.once import refuse

revision = "2026112105"
down_revision = "2026112104"
branch_labels = None
depends_on = None

JSON_DOC = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
ID = sa.String(length=16)


def upgrade() -> None:
    _drafts()
    _open_items()
    _disputes()
    _outcomes()
    refuse("item_version", "UPDATE")
    refuse("need_draft_save", "UPDATE")


def _drafts() -> None:
    op.create_table(
        "need_draft",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("item_id", ID, nullable=True),
        sa.Column("base_number", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("body", JSON_DOC, nullable=False),
        sa.Column("clashes", JSON_DOC, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_by", ID, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("updated_by", ID, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint("state IN ('open', 'published', 'discarded')", name=op.f("ck_need_draft_state_known")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_need_draft_version_from_one")),
        sa.CheckConstraint("base_number IS NULL OR item_id IS NOT NULL", name=op.f("ck_need_draft_amends_an_item")),
        sa.CheckConstraint(
            "state <> 'published' OR item_id IS NOT NULL", name=op.f("ck_need_draft_published_has_item")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_need_draft_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_need_draft_item_id_item")),
        sa.ForeignKeyConstraint(["opened_by"], ["account.id"], name=op.f("fk_need_draft_opened_by_account")),
        sa.ForeignKeyConstraint(["updated_by"], ["account.id"], name=op.f("fk_need_draft_updated_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_draft")),
    )
    op.create_index("ix_need_draft_organisation_id_state", "need_draft", ["organisation_id", "state"])
    _one_open("uq_need_draft_item_id_open", "need_draft", "item_id")
    op.create_table(
        "need_draft_save",
        sa.Column("draft_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("page", ID, nullable=False),
        sa.Column("saved_by", ID, nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("changes", JSON_DOC, nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["need_draft.id"], name=op.f("fk_need_draft_save_draft_id_need_draft")),
        sa.ForeignKeyConstraint(["saved_by"], ["account.id"], name=op.f("fk_need_draft_save_saved_by_account")),
        sa.PrimaryKeyConstraint("draft_id", "number", name=op.f("pk_need_draft_save")),
    )


def _one_open(name: str, table: str, *columns: str) -> None:
    is_open = sa.text("state = 'open'")
    op.create_index(name, table, list(columns), unique=True, sqlite_where=is_open, postgresql_where=is_open)


def _open_items() -> None:
    with op.batch_alter_table("item") as item:
        item.alter_column("series_id", existing_type=ID, nullable=True)
        item.alter_column("edition_id", existing_type=ID, nullable=True)
        item.alter_column("edition_entry", existing_type=sa.Integer(), nullable=True)
        item.add_column(sa.Column("is_anonymous", sa.Boolean(), server_default=sa.false(), nullable=False))
        item.drop_constraint(op.f("ck_item_state_known"), type_="check")
        item.create_check_constraint(op.f("ck_item_state_known"), "state IN ('open', 'paused', 'closed')")
        item.create_check_constraint(op.f("ck_item_only_needs_pause"), "state <> 'paused' OR kind <> 'capability'")
        item.create_check_constraint(
            op.f("ck_item_listed_whole"),
            "(series_id IS NULL) = (edition_id IS NULL) AND (edition_id IS NULL) = (edition_entry IS NULL)",
        )
        item.create_check_constraint(
            op.f("ck_item_listed_or_owned"), "series_id IS NOT NULL OR organisation_id IS NOT NULL"
        )
        item.create_check_constraint(op.f("ck_item_listed_has_name"), "NOT is_anonymous OR (series_id IS NULL)")
    with op.batch_alter_table("item_version") as version:
        version.alter_column("edition_id", existing_type=ID, nullable=True)
        version.add_column(sa.Column("draft_id", ID, nullable=True))
        version.drop_constraint(op.f("ck_item_version_file_has_place"), type_="check")
        version.create_check_constraint(
            op.f("ck_item_version_file_has_place"),
            "source <> 'file' OR (file_digest IS NOT NULL AND \"row\" IS NOT NULL AND intake_id IS NOT NULL "
            "AND edition_id IS NOT NULL)",
        )
        version.create_foreign_key(op.f("fk_item_version_draft_id_need_draft"), "need_draft", ["draft_id"], ["id"])
        version.create_unique_constraint(op.f("uq_item_version_draft_id"), ["draft_id"])


def _disputes() -> None:
    op.create_table(
        "item_dispute",
        sa.Column("id", ID, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("listed_number", sa.Integer(), nullable=False),
        sa.Column("owned_number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.CheckConstraint("state IN ('open', 'kept', 'taken', 'void')", name=op.f("ck_item_dispute_state_known")),
        sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", name=op.f("ck_item_dispute_decided_has_time")),
        sa.CheckConstraint(
            "state NOT IN ('kept', 'taken') OR decided_by IS NOT NULL", name=op.f("ck_item_dispute_a_person_decides")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_dispute_item_id_item")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_item_dispute_edition_id_edition")),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_item_dispute_decided_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_dispute")),
        sa.UniqueConstraint(
            "item_id", "field", "listed_number", name=op.f("uq_item_dispute_item_id_field_listed_number")
        ),
    )
    _one_open("uq_item_dispute_item_id_field_open", "item_dispute", "item_id", "field")


def _outcomes() -> None:
    op.create_table(
        "need_outcome",
        sa.Column("item_id", ID, nullable=False),
        sa.Column("deal", sa.String(length=24), nullable=False),
        sa.Column("profile_id", ID, nullable=True),
        sa.Column("supplier_name", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("amount_fen", BIG, nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", ID, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.CheckConstraint("deal IN ('profile', 'other', 'none')", name=op.f("ck_need_outcome_deal_known")),
        sa.CheckConstraint("(deal = 'profile') = (profile_id IS NOT NULL)", name=op.f("ck_need_outcome_profile_named")),
        sa.CheckConstraint("(deal = 'other') = (supplier_name IS NOT NULL)", name=op.f("ck_need_outcome_other_named")),
        sa.CheckConstraint("(deal = 'none') = (reason IS NOT NULL)", name=op.f("ck_need_outcome_none_has_reason")),
        sa.CheckConstraint(
            "deal <> 'none' OR (amount_fen IS NULL AND signed_on IS NULL)",
            name=op.f("ck_need_outcome_none_has_no_deal"),
        ),
        sa.CheckConstraint("deal = 'none' OR signed_on IS NOT NULL", name=op.f("ck_need_outcome_deal_has_day")),
        sa.CheckConstraint("amount_fen IS NULL OR amount_fen >= 0", name=op.f("ck_need_outcome_amount_not_negative")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_need_outcome_item_id_item")),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_need_outcome_profile_id_profile")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_need_outcome_recorded_by_account")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_need_outcome")),
    )
    op.create_index("ix_need_outcome_signed_on", "need_outcome", ["signed_on"])

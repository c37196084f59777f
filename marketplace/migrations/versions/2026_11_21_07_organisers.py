"""Communities, joint releases, events and targets.

Revision ID: 2026112107
Revises: 2026112106
"""

import sqlalchemy as sa
from alembic import op

from marketplace.migrations.once import refuse

revision = "2026112107"
down_revision = "2026112106"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column("current_number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('路演', '沙龙', '对接会', '培训', '大赛', '其他')", name=op.f("ck_event_kind_known")
        ),
        sa.CheckConstraint("current_number >= 1", name=op.f("ck_event_current_number_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index("ix_event_region_held_on", "event", ["region", "held_on"], unique=False)
    op.create_table(
        "community",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("services", sa.Text(), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("registered_by", sa.String(length=16), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.String(length=16), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('community', 'sicn')", name=op.f("ck_community_kind_known")),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)", name=op.f("ck_community_confirmed_has_who_when")
        ),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name=op.f("ck_community_capacity_positive")),
        sa.CheckConstraint(
            "closed_at IS NULL OR confirmed_at IS NOT NULL", name=op.f("ck_community_closed_was_confirmed")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_community_version_from_one")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["account.id"], name=op.f("fk_community_confirmed_by_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_community_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["registered_by"], ["account.id"], name=op.f("fk_community_registered_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_community_organisation_id")),
    )
    op.create_index("ix_community_region", "community", ["region"], unique=False)
    op.create_table(
        "event_version",
        sa.Column("event_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("organiser", sa.Text(), nullable=False),
        sa.Column("attendance", sa.Integer(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.Column("written_by", sa.String(length=16), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('路演', '沙龙', '对接会', '培训', '大赛', '其他')", name=op.f("ck_event_version_kind_known")
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_event_version_title_stated")),
        sa.CheckConstraint(
            "attendance IS NULL OR attendance >= 0", name=op.f("ck_event_version_attendance_not_negative")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_event_version_number_from_one")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_version_event_id_event")),
        sa.ForeignKeyConstraint(["written_by"], ["account.id"], name=op.f("fk_event_version_written_by_account")),
        sa.PrimaryKeyConstraint("event_id", "number", name=op.f("pk_event_version")),
    )
    op.create_table(
        "target",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column("measure", sa.String(length=24), nullable=False),
        sa.Column("per", sa.String(length=24), nullable=False),
        sa.Column("span", sa.String(length=24), nullable=False),
        sa.Column("first_year", sa.Integer(), nullable=False),
        sa.Column("last_year", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("entered_by", sa.String(length=16), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "measure IN ('scenarios', 'landed', 'ordered', 'events', 'communities', 'opcs')",
            name=op.f("ck_target_measure_known"),
        ),
        sa.CheckConstraint("per IN ('city', 'county')", name=op.f("ck_target_per_known")),
        sa.CheckConstraint("quote <> ''", name=op.f("ck_target_quote_stated")),
        sa.CheckConstraint("span IN ('yearly', 'total')", name=op.f("ck_target_span_known")),
        sa.CheckConstraint("status IN ('征求意见', '施行')", name=op.f("ck_target_status_known")),
        sa.CheckConstraint("first_year <= last_year", name=op.f("ck_target_years_ordered")),
        sa.CheckConstraint("value > 0", name=op.f("ck_target_value_positive")),
        sa.ForeignKeyConstraint(["entered_by"], ["account.id"], name=op.f("fk_target_entered_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
    )
    op.create_index("ix_target_region", "target", ["region"], unique=False)
    op.create_table(
        "target_adoption",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("adopted_by", sa.String(length=16), nullable=False),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("region <> reference", name=op.f("ck_target_adoption_not_itself")),
        sa.ForeignKeyConstraint(["adopted_by"], ["account.id"], name=op.f("fk_target_adoption_adopted_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_adoption")),
    )
    op.create_index(
        "uq_target_adoption_region_live",
        "target_adoption",
        ["region"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "affiliation",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("community_id", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("asked_by_side", sa.String(length=24), nullable=False),
        sa.Column("asked_by", sa.String(length=16), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=16), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name=op.f("ck_affiliation_decided_has_time")),
        sa.CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name=op.f("ck_affiliation_ended_has_time")),
        sa.CheckConstraint("asked_by_side IN ('community', 'opc')", name=op.f("ck_affiliation_asked_by_side_known")),
        sa.CheckConstraint(
            "state IN ('asked', 'confirmed', 'declined', 'ended')", name=op.f("ck_affiliation_state_known")
        ),
        sa.CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name=op.f("ck_affiliation_decided_has_who")),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name=op.f("fk_affiliation_asked_by_account")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_affiliation_community_id_community")),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_affiliation_decided_by_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_affiliation_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_affiliation")),
    )
    op.create_index("ix_affiliation_organisation_id", "affiliation", ["organisation_id"], unique=False)
    op.create_index(
        "uq_affiliation_community_id_organisation_id_live",
        "affiliation",
        ["community_id", "organisation_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('asked', 'confirmed')"),
        postgresql_where=sa.text("state IN ('asked', 'confirmed')"),
    )
    op.create_table(
        "edition_appendix",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("edition_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("attached_by", sa.String(length=16), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_edition_appendix_size_positive")),
        sa.ForeignKeyConstraint(["attached_by"], ["account.id"], name=op.f("fk_edition_appendix_attached_by_account")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_edition_appendix_edition_id_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_appendix")),
        sa.UniqueConstraint("edition_id", "file_digest", name=op.f("uq_edition_appendix_edition_id_file_digest")),
    )
    op.create_table(
        "release",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column("series_id", sa.String(length=16), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("lead_name", sa.Text(), nullable=False),
        sa.Column("intake_id", sa.String(length=16), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_by", sa.String(length=16), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(length=16), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edition_id", sa.String(length=16), nullable=True),
        sa.CheckConstraint(
            "(state = 'published') = (edition_id IS NOT NULL)", name=op.f("ck_release_published_has_edition")
        ),
        sa.CheckConstraint("(state = 'waiting') = (closed_at IS NULL)", name=op.f("ck_release_closed_has_time")),
        sa.CheckConstraint("state IN ('waiting', 'published', 'withdrawn')", name=op.f("ck_release_state_known")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_release_version_from_one")),
        sa.ForeignKeyConstraint(["closed_by"], ["account.id"], name=op.f("fk_release_closed_by_account")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_release_edition_id_edition")),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_release_intake_id_intake")),
        sa.ForeignKeyConstraint(["opened_by"], ["account.id"], name=op.f("fk_release_opened_by_account")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_release_series_id_series")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("edition_id", name=op.f("uq_release_edition_id")),
    )
    op.create_index("ix_release_region_opened_at", "release", ["region", "opened_at"], unique=False)
    op.create_table(
        "release_item",
        sa.Column("release_id", sa.String(length=16), nullable=False),
        sa.Column("item_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_release_item_item_id_item")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_release_item_release_id_release")),
        sa.PrimaryKeyConstraint("release_id", "item_id", name=op.f("pk_release_item")),
    )
    op.create_table(
        "release_publisher",
        sa.Column("release_id", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.String(length=16), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.String(length=16), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_digest", sa.String(length=64), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role IN ('lead', 'joint')", name=op.f("ck_release_publisher_role_known")),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)", name=op.f("ck_release_publisher_confirmed_has_who_when")
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_digest IS NULL)",
            name=op.f("ck_release_publisher_confirmed_has_digest"),
        ),
        sa.CheckConstraint("confirmed_at IS NULL OR declined_at IS NULL", name=op.f("ck_release_publisher_one_answer")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["account.id"], name=op.f("fk_release_publisher_confirmed_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_release_publisher_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_release_publisher_release_id_release")),
        sa.PrimaryKeyConstraint("release_id", "organisation_id", name=op.f("pk_release_publisher")),
    )
    op.create_index("ix_release_publisher_organisation_id", "release_publisher", ["organisation_id"], unique=False)
    _let_editions_be_compiled()
    refuse("event_version", "UPDATE", "DELETE")
    refuse("edition_appendix", "UPDATE", "DELETE")


def _let_editions_be_compiled() -> None:
    # An edition that was compiled from posted needs has no file and no intake.
    with op.batch_alter_table("edition") as edition:
        edition.alter_column("intake_id", existing_type=sa.String(length=16), nullable=True)
        edition.alter_column("file_name", existing_type=sa.Text(), nullable=True)
        edition.alter_column("file_digest", existing_type=sa.String(length=64), nullable=True)
        edition.create_check_constraint(
            op.f("ck_edition_file_or_compiled"),
            "(intake_id IS NULL) = (file_digest IS NULL) AND (intake_id IS NULL) = (file_name IS NULL)",
        )
    refuse("edition", "UPDATE", "DELETE")

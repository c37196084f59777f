"""Working days, announcements, settings of the platform.

Revision ID: 2026112108
Revises: 2026112107
"""

import sqlalchemy as sa
from alembic import op

from marketplace.migrations.once import refuse

revision = "2026112108"
down_revision = "2026112107"
branch_labels = None
depends_on = None

LEVEL = "level IN ('info', 'warn', 'urgent')"
AUDIENCE = "audience IN ('everybody', 'organisers', 'enterprises', 'opcs')"


def upgrade() -> None:
    # Who did something, and what one request did, is asked of the whole chain.
    op.create_index("ix_audit_event_actor_id", "audit_event", ["actor_id"])
    op.create_index("ix_audit_event_request_id", "audit_event", ["request_id"])
    _workdays()
    op.create_table(
        "platform_setting",
        sa.Column("key", sa.String(length=48), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=16), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_platform_setting_version_from_one")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_platform_setting")),
    )
    _announcements()
    refuse("announcement_version", "UPDATE", "DELETE")


def _workdays() -> None:
    op.create_table(
        "workday_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("confirmed_by", sa.String(length=16), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_workday_year_version_from_one")),
        sa.CheckConstraint("year BETWEEN 2000 AND 2200", name=op.f("ck_workday_year_year_sound")),
        sa.CheckConstraint("source <> ''", name=op.f("ck_workday_year_source_stated")),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_workday_year")),
    )
    op.create_table(
        "workday_exception",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.CheckConstraint("kind IN ('off', 'work')", name=op.f("ck_workday_exception_kind_known")),
        sa.ForeignKeyConstraint(["year"], ["workday_year.year"], name=op.f("fk_workday_exception_year_workday_year")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_workday_exception")),
    )
    op.create_index("ix_workday_exception_year", "workday_exception", ["year"])


def _announcements() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("level", sa.String(length=24), nullable=False),
        sa.Column("audience", sa.String(length=24), nullable=False),
        sa.Column("shows_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shows_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=16), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(LEVEL, name=op.f("ck_announcement_level_known")),
        sa.CheckConstraint(AUDIENCE, name=op.f("ck_announcement_audience_known")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_announcement_version_from_one")),
        sa.CheckConstraint(
            "shows_until IS NULL OR shows_until > shows_from", name=op.f("ck_announcement_ends_after_start")
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name=op.f("ck_announcement_withdrawn_has_who")
        ),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["account.id"], name=op.f("fk_announcement_withdrawn_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
    op.create_index("ix_announcement_shows_from", "announcement", ["shows_from"])
    op.create_table(
        "announcement_version",
        sa.Column("announcement_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("level", sa.String(length=24), nullable=False),
        sa.Column("audience", sa.String(length=24), nullable=False),
        sa.Column("shows_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shows_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("written_by", sa.String(length=16), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(LEVEL, name=op.f("ck_announcement_version_level_known")),
        sa.CheckConstraint(AUDIENCE, name=op.f("ck_announcement_version_audience_known")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_announcement_version_number_from_one")),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcement.id"],
            name=op.f("fk_announcement_version_announcement_id_announcement"),
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["account.id"], name=op.f("fk_announcement_version_written_by_account")
        ),
        sa.PrimaryKeyConstraint("announcement_id", "number", name=op.f("pk_announcement_version")),
    )

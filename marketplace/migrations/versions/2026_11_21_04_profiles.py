"""What a profile says: offers, cases with evidence, visibility.

Revision ID: 2026112104
Revises: 2026112103
"""

import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from marketplace.migrations.once import refuse

revision = "2026112104"
down_revision = "2026112103"
branch_labels = None
depends_on = None

LONGEST_TITLE = 200
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NEW = {"offers": [], "visibility": {}}


def upgrade() -> None:
    _widen_versions()
    op.create_table(
        "profile_draft",
        sa.Column("profile_id", sa.String(length=16), nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("base_number", sa.Integer(), nullable=False),
        sa.Column("saved_by", sa.String(length=16), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_profile_draft_version_from_one")),
        sa.CheckConstraint("base_number >= 0", name=op.f("ck_profile_draft_base_number_known")),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_profile_draft_profile_id_profile")),
        sa.ForeignKeyConstraint(["saved_by"], ["account.id"], name=op.f("fk_profile_draft_saved_by_account")),
        sa.PrimaryKeyConstraint("profile_id", name=op.f("pk_profile_draft")),
    )
    op.create_table(
        "profile_evidence",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("profile_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", BIG, nullable=False),
        sa.Column("added_by", sa.String(length=16), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_profile_evidence_size_positive")),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_profile_evidence_profile_id_profile")),
        sa.ForeignKeyConstraint(["added_by"], ["account.id"], name=op.f("fk_profile_evidence_added_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_evidence")),
    )
    op.create_index("ix_profile_evidence_profile_id", "profile_evidence", ["profile_id"])
    op.create_index("ix_profile_evidence_digest", "profile_evidence", ["digest"])
    op.create_table(
        "case_check",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("profile_id", sa.String(length=16), nullable=False),
        sa.Column("case_digest", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("checked_by", sa.String(length=16), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_case_check_profile_id_profile")),
        sa.ForeignKeyConstraint(["checked_by"], ["account.id"], name=op.f("fk_case_check_checked_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_check")),
        sa.UniqueConstraint("profile_id", "case_digest", name=op.f("uq_case_check_profile_id_case_digest")),
    )
    op.create_table(
        "profile_visit",
        sa.Column("profile_id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("before_at IS NULL OR before_at <= seen_at", name=op.f("ck_profile_visit_times_ordered")),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_profile_visit_profile_id_profile")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_profile_visit_account_id_account")),
        sa.PrimaryKeyConstraint("profile_id", "account_id", name=op.f("pk_profile_visit")),
    )


def _widen_versions() -> None:
    # Versions are written once; this one time the database lets their cases and filings become objects.
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute(f"DROP TRIGGER IF EXISTS frozen_profile_version_update{' ON profile_version' if is_postgresql else ''}")
    for name in NEW:
        op.add_column("profile_version", sa.Column(name, JSON, nullable=True))
    op.add_column("profile_version", sa.Column("founded_year", sa.Integer(), nullable=True))
    _restate_versions()
    with op.batch_alter_table("profile_version") as table:
        for name in NEW:
            table.alter_column(name, existing_type=JSON, nullable=False)
        table.create_check_constraint(
            op.f("ck_profile_version_founded_year_sound"), "founded_year IS NULL OR founded_year BETWEEN 1900 AND 2200"
        )
    refuse("profile_version", "UPDATE")


def _restate_versions() -> None:
    versions = sa.table(
        "profile_version",
        sa.column("profile_id", sa.String()),
        sa.column("number", sa.Integer()),
        *(sa.column(name, JSON) for name in ("cases", "filings", *NEW)),
    )
    rows = op.get_bind().execute(
        sa.select(versions.c.profile_id, versions.c.number, versions.c.cases, versions.c.filings)
    )
    changed = [
        {
            "of": row.profile_id,
            "at": row.number,
            "cases": [_case(said) for said in _list(row.cases)],
            "filings": [{"kind": "other", "number": "", "note": said} for said in _list(row.filings)],
            **NEW,
        }
        for row in rows
    ]
    if changed:
        same = (versions.c.profile_id == sa.bindparam("of")) & (versions.c.number == sa.bindparam("at"))
        values = {name: sa.bindparam(name, type_=JSON) for name in ("cases", "filings", *NEW)}
        op.get_bind().execute(versions.update().where(same).values(values), changed)


def _list(value: object) -> list[str]:
    return json.loads(value) if isinstance(value, str) else list(value)  # type: ignore[call-overload]


def _case(said: str) -> dict[str, object]:
    title, done = (said, "") if len(said) <= LONGEST_TITLE else ("", said)
    return {"title": title, "client": "", "year": None, "done": done, "result": "", "evidence": []}

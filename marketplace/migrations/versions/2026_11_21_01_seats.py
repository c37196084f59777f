"""Members of organisations, sides they take, and for whom somebody acts.

Revision ID: 2026112101
Revises: 2026112001
"""

import sqlalchemy as sa
from alembic import op

revision = "2026112101"
down_revision = "2026112001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("posts_needs", "offers_work"):
        op.add_column("organisation", sa.Column(column, sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("organisation", sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "membership",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("standing", sa.String(length=24), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("standing IN ('owner', 'editor', 'reader')", name=op.f("ck_membership_standing_known")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_membership_account_id_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_membership_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    op.create_index("ix_membership_account_id", "membership", ["account_id"])
    op.create_index(
        "uq_membership_organisation_id_account_id_live",
        "membership",
        ["organisation_id", "account_id"],
        unique=True,
        sqlite_where=sa.text("left_at IS NULL"),
        postgresql_where=sa.text("left_at IS NULL"),
    )
    _move_grants()
    with op.batch_alter_table("grant") as grant:
        grant.drop_constraint(op.f("ck_grant_opc_has_organisation"), type_="check")
        grant.drop_constraint(op.f("ck_grant_enterprise_has_organisation"), type_="check")
        grant.create_check_constraint(op.f("ck_grant_staff_only"), "role NOT IN ('enterprise', 'opc')")
    _renew_sessions()


def _move_grants() -> None:
    # What a grant said of an enterprise or an OPC, its membership says from now on; the audit chain keeps both.
    for role, side in (("enterprise", "posts_needs"), ("opc", "offers_work")):
        op.execute(
            f"UPDATE organisation SET {side} = {sa.true().compile(op.get_bind())} WHERE id IN "
            f"(SELECT organisation_id FROM \"grant\" WHERE role = '{role}' AND withdrawn_at IS NULL)"
        )
    op.execute(
        "INSERT INTO membership (id, organisation_id, account_id, standing, joined_at) "
        "SELECT min(id), organisation_id, account_id, 'owner', min(given_at) FROM \"grant\" "
        "WHERE role IN ('enterprise', 'opc') AND withdrawn_at IS NULL GROUP BY organisation_id, account_id"
    )
    op.execute("DELETE FROM \"grant\" WHERE role IN ('enterprise', 'opc')")


def _renew_sessions() -> None:
    # Everybody signs in again: a session from before says neither for whom nor from where.
    op.drop_table("sign_in_session")
    op.create_table(
        "sign_in_session",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.String(length=16), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_factor_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_session_account_id_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_sign_in_session_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("id", name=op.f("uq_sign_in_session_id")),
    )
    op.create_index("ix_sign_in_session_account_id", "sign_in_session", ["account_id"])

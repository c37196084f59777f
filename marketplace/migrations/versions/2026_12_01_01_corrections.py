"""What people put right in files on their way in, files that are read while nobody waits, editions that undo another.

Revision ID: 2026120101
Revises: 2026113007
"""

import sqlalchemy as sa
from alembic import op

from marketplace.migrations.once import refuse

revision = "2026120101"
down_revision = "2026113007"
branch_labels = None
depends_on = None

ID = sa.String(16)
ENDED = "state IN ('confirmed', 'discarded')"


def upgrade() -> None:
    with op.batch_alter_table("intake") as intake:
        intake.add_column(sa.Column("kind", sa.String(24), nullable=True))
        intake.add_column(sa.Column("pages_done", sa.Integer(), nullable=True))
        intake.add_column(sa.Column("pages_total", sa.Integer(), nullable=True))
        intake.add_column(sa.Column("failure", sa.Text(), nullable=True))
        for name in ("state_known", "closed_has_who_when", "open_has_no_end"):
            intake.drop_constraint(op.f(f"ck_intake_{name}"), type_="check")
        intake.create_check_constraint(
            op.f("ck_intake_state_known"), "state IN ('reading', 'failed', 'open', 'confirmed', 'discarded')"
        )
        intake.create_check_constraint(
            op.f("ck_intake_closed_has_who_when"),
            "state NOT IN ('confirmed', 'discarded') OR (closed_at IS NOT NULL AND closed_by IS NOT NULL)",
        )
        intake.create_check_constraint(
            op.f("ck_intake_open_has_no_end"), f"{ENDED} OR (closed_at IS NULL AND closed_by IS NULL)"
        )
        intake.create_check_constraint(op.f("ck_intake_failed_says_why"), "state <> 'failed' OR failure IS NOT NULL")
    op.create_table(
        "intake_correction",
        sa.Column("intake_id", ID, sa.ForeignKey("intake.id"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("sheet", sa.Text(), nullable=True),
        sa.Column("in_table", sa.Integer(), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("made_by", ID, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_intake_correction_number_from_one")),
    )
    op.create_table(
        "column_mapping",
        sa.Column("region", sa.String(120), primary_key=True),
        sa.Column("publisher_key", sa.Text(), primary_key=True),
        sa.Column("layout", sa.Text(), primary_key=True),
        sa.Column("header", sa.Text(), primary_key=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("decided_by", ID, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
    )
    with op.batch_alter_table("edition") as edition:
        edition.add_column(sa.Column("restores_id", ID, nullable=True))
        edition.add_column(sa.Column("restored_because", sa.Text(), nullable=True))
        edition.create_foreign_key(op.f("fk_edition_restores_id_edition"), "edition", ["restores_id"], ["id"])
        edition.create_check_constraint(
            op.f("ck_edition_restored_says_why"), "(restores_id IS NULL) = (restored_because IS NULL)"
        )
        edition.create_check_constraint(
            op.f("ck_edition_restored_has_no_file"), "restores_id IS NULL OR intake_id IS NULL"
        )
    refuse("edition", "UPDATE", "DELETE")


def downgrade() -> None:
    with op.batch_alter_table("edition") as edition:
        for name in ("restored_says_why", "restored_has_no_file"):
            edition.drop_constraint(op.f(f"ck_edition_{name}"), type_="check")
        edition.drop_constraint(op.f("fk_edition_restores_id_edition"), type_="foreignkey")
        edition.drop_column("restored_because")
        edition.drop_column("restores_id")
    refuse("edition", "UPDATE", "DELETE")
    op.drop_table("column_mapping")
    op.drop_table("intake_correction")
    with op.batch_alter_table("intake") as intake:
        for name in ("state_known", "closed_has_who_when", "open_has_no_end", "failed_says_why"):
            intake.drop_constraint(op.f(f"ck_intake_{name}"), type_="check")
        intake.create_check_constraint(op.f("ck_intake_state_known"), "state IN ('open', 'confirmed', 'discarded')")
        intake.create_check_constraint(
            op.f("ck_intake_closed_has_who_when"),
            "state = 'open' OR (closed_at IS NOT NULL AND closed_by IS NOT NULL)",
        )
        intake.create_check_constraint(
            op.f("ck_intake_open_has_no_end"), "state <> 'open' OR (closed_at IS NULL AND closed_by IS NULL)"
        )
        for name in ("kind", "pages_done", "pages_total", "failure"):
            intake.drop_column(name)

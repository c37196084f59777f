"""On what ground an organiser introduced a pair: a match, or its own judgement.

Revision ID: 2026112901
Revises: 2026112112
"""

import sqlalchemy as sa
from alembic import op

revision = "2026112901"
down_revision = "2026112112"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("dealing") as dealing:
        dealing.add_column(sa.Column("ground", sa.String(length=24), nullable=True))
        dealing.create_check_constraint(op.f("ck_dealing_ground_known"), "ground IN ('match', 'judgement')")

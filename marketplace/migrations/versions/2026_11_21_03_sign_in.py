"""Second factors, recovery, reset links, messages and the outbox.

Revision ID: 2026112103
Revises: 2026112102
"""

import sqlalchemy as sa
from alembic import op

revision = "2026112103"
down_revision = "2026112102"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outbox_mail",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("is_secret", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "NOT is_secret OR state = 'waiting' OR (text IS NULL AND link = '')",
            name=op.f("ck_outbox_mail_secret_not_kept"),
        ),
        sa.CheckConstraint("state <> 'failed' OR last_error IS NOT NULL", name=op.f("ck_outbox_mail_failed_has_error")),
        sa.CheckConstraint("state <> 'sent' OR sent_at IS NOT NULL", name=op.f("ck_outbox_mail_sent_has_time")),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'failed', 'kept', 'withheld', 'passed_on')",
            name=op.f("ck_outbox_mail_state_known"),
        ),
        sa.CheckConstraint("is_secret OR text IS NOT NULL", name=op.f("ck_outbox_mail_erased_is_secret")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_mail")),
    )
    op.create_index("ix_outbox_mail_put_at_id", "outbox_mail", ["put_at", "id"])
    op.create_index("ix_outbox_mail_state_put_at", "outbox_mail", ["state", "put_at"])
    op.create_table(
        "reset_request",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reset_request")),
    )
    op.create_table(
        "assisted_code",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("first_by", sa.String(length=16), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_digest", sa.String(length=64), nullable=False),
        sa.Column("second_by", sa.String(length=16), nullable=True),
        sa.Column("second_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("second_digest", sa.String(length=64), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(second_by IS NULL) = (second_at IS NULL) AND (second_by IS NULL) = (second_digest IS NULL)",
            name=op.f("ck_assisted_code_second_whole"),
        ),
        sa.CheckConstraint("first_by <> account_id", name=op.f("ck_assisted_code_first_not_owner")),
        sa.CheckConstraint(
            "second_by IS NULL OR (second_by <> account_id AND second_by <> first_by)",
            name=op.f("ck_assisted_code_two_persons"),
        ),
        sa.CheckConstraint("used_at IS NULL OR second_at IS NOT NULL", name=op.f("ck_assisted_code_used_is_whole")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_assisted_code_account_id_account")),
        sa.ForeignKeyConstraint(["first_by"], ["account.id"], name=op.f("fk_assisted_code_first_by_account")),
        sa.ForeignKeyConstraint(["second_by"], ["account.id"], name=op.f("fk_assisted_code_second_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assisted_code")),
    )
    op.create_index("ix_assisted_code_account_id", "assisted_code", ["account_id"])
    op.create_table(
        "message",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_message_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index("ix_message_account_id_read_at_put_at", "message", ["account_id", "read_at", "put_at"])
    op.create_table(
        "outbox_try",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("mail_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["mail_id"], ["outbox_mail.id"], name=op.f("fk_outbox_try_mail_id_outbox_mail")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_try")),
        sa.UniqueConstraint("mail_id", "number", name=op.f("uq_outbox_try_mail_id_number")),
    )
    op.create_table(
        "passkey",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("credential_id", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("sign_count >= 0", name=op.f("ck_passkey_sign_count_from_zero")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_passkey_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index("ix_passkey_account_id", "passkey", ["account_id"])
    op.create_table(
        "passkey_challenge",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("purpose", sa.String(length=24), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=True),
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("purpose IN ('add', 'sign_in', 'confirm')", name=op.f("ck_passkey_challenge_purpose_known")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_passkey_challenge_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey_challenge")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id_account")),
        sa.PrimaryKeyConstraint("code_digest", name=op.f("pk_recovery_code")),
    )
    op.create_index("ix_recovery_code_account_id", "recovery_code", ["account_id"])
    op.create_table(
        "reset_link",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_reset_link_account_id_account")),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_reset_link")),
    )
    op.create_index("ix_reset_link_account_id", "reset_link", ["account_id"])
    op.create_table(
        "sign_in_place",
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("place_digest", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_place_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", "place_digest", name=op.f("pk_sign_in_place")),
    )
    op.create_table(
        "totp",
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_counter", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pending_secret", sa.String(length=64), nullable=True),
        sa.Column("pending_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(pending_secret IS NULL) = (pending_at IS NULL)", name=op.f("ck_totp_pending_has_time")),
        sa.CheckConstraint("(secret IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_totp_secret_is_confirmed")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_totp_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_totp")),
    )
    # Failed tries from before count no longer: what was tried is said differently from now on.
    op.drop_index("ix_sign_in_failure_email_digest_at", table_name="sign_in_failure")
    op.drop_table("sign_in_failure")
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("subject_digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    op.create_index("ix_sign_in_failure_subject_digest_at", "sign_in_failure", ["subject_digest", "at"])

"""Rows of signing in: registrations, live sign-ins, failed ones, second factors, and ways back in."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from marketplace.accounts.words import PasskeyPurpose
from marketplace.kernel.columns import BIG, Choice, Instant, one_of
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import DIGEST, ID


class SignInSession(Row, table=True):
    """A live sign-in; only the SHA-256 of its token is kept, so a copy of the database opens no door.

    `organisation_id` is for whom the person acts in it; `confirmed_at` when it last proved who it is (password or
    passkey), `second_factor_at` when it last gave its second factor; `id` names it in the list of sign-ins.
    """

    __table_args__ = (UniqueConstraint("id"), Index("ix_sign_in_session_account_id", "account_id"))
    token_digest: str = Field(sa_column=Column(DIGEST, primary_key=True))
    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    opened_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    seen_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    id: str = Field(sa_column=Column(ID, nullable=False))
    organisation_id: str | None = Field(
        default=None, sa_column=Column(ID, ForeignKey("organisation.id"), nullable=True)
    )
    confirmed_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    second_factor_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    agent: str = Field(sa_column=Column(String(200), nullable=False))
    address: str = Field(sa_column=Column(String(64), nullable=False))


class SignInFailure(Row, table=True):
    """A failed try, counted for what was tried (an e-mail address known or not, a network address, a factor)."""

    __table_args__ = (Index("ix_sign_in_failure_subject_digest_at", "subject_digest", "at"),)
    id: str = Field(sa_column=Column(ID, primary_key=True))
    subject_digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    at: datetime = Field(sa_column=Column(Instant, nullable=False))


class SignInPlace(Row, table=True):
    """A kind of browser in a network from which an account has signed in; another one is told to its owner."""

    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), primary_key=True))
    place_digest: str = Field(sa_column=Column(DIGEST, primary_key=True))
    seen_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class Totp(Row, table=True):
    """The authenticator app of an account; `last_counter` is the time step whose code was used last.

    The secret must be readable to check a code, so whoever has the database has it. A secret that is being set up
    waits in `pending_secret` until a code proves that the app has it.
    """

    __table_args__ = (
        CheckConstraint("(secret IS NULL) = (confirmed_at IS NULL)", name="secret_is_confirmed"),
        CheckConstraint("(pending_secret IS NULL) = (pending_at IS NULL)", name="pending_has_time"),
    )
    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), primary_key=True))
    secret: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    confirmed_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    last_counter: int = Field(default=0, sa_column=Column(BIG, nullable=False))
    pending_secret: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    pending_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class Passkey(Row, table=True):
    """A passkey of an account: only its public key is here."""

    __table_args__ = (
        UniqueConstraint("credential_id"),
        CheckConstraint("sign_count >= 0", name="sign_count_from_zero"),
        Index("ix_passkey_account_id", "account_id"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    credential_id: str = Field(sa_column=Column(Text, nullable=False))
    public_key: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    sign_count: int = Field(sa_column=Column(BIG, nullable=False))
    name: str = Field(sa_column=Column(String(60), nullable=False))
    added_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    used_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class PasskeyChallenge(Row, table=True):
    """What a passkey is asked to sign; taken once, within minutes. No account: anybody may answer, to sign in."""

    __table_args__ = (one_of("purpose", PasskeyPurpose),)
    id: str = Field(sa_column=Column(ID, primary_key=True))
    purpose: PasskeyPurpose = Field(sa_column=Column(Choice(PasskeyPurpose), nullable=False))
    account_id: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    challenge: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    asked_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class RecoveryCode(Row, table=True):
    """A code that stands in for the second factor, once; only its SHA-256 is kept (it is random)."""

    __table_args__ = (Index("ix_recovery_code_account_id", "account_id"),)
    code_digest: str = Field(sa_column=Column(DIGEST, primary_key=True))
    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    made_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    used_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class ResetRequest(Row, table=True):
    """Somebody asked to reset the password of an address, known or not; a job answers it and deletes the row."""

    id: str = Field(sa_column=Column(ID, primary_key=True))
    email: str = Field(sa_column=Column(String(320), nullable=False))
    asked_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class ResetLink(Row, table=True):
    """A link by which an account sets a new password, once; only the SHA-256 of its token is kept."""

    __table_args__ = (Index("ix_reset_link_account_id", "account_id"),)
    token_digest: str = Field(sa_column=Column(DIGEST, primary_key=True))
    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    made_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    used_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class FirstLink(Row, table=True):
    """A link by which somebody who never signed in sets its first password, once; only its token's digest is kept."""

    __table_args__ = (
        UniqueConstraint("token_digest"),
        CheckConstraint("made_by <> account_id", name="made_by_other"),
        CheckConstraint("expires_at > made_at", name="expires_later"),
        CheckConstraint("used_at IS NULL OR ended_at IS NOT NULL", name="used_is_ended"),
        Index(
            "uq_first_link_account_id_open",
            "account_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    token_digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    made_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    made_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    expires_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    used_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    ended_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class AssistedCode(Row, table=True):
    """A one-time code that two persons in charge issue together, each seeing one half; only digests are kept."""

    __table_args__ = (
        CheckConstraint("first_by <> account_id", name="first_not_owner"),
        CheckConstraint("second_by IS NULL OR (second_by <> account_id AND second_by <> first_by)", name="two_persons"),
        CheckConstraint(
            "(second_by IS NULL) = (second_at IS NULL) AND (second_by IS NULL) = (second_digest IS NULL)",
            name="second_whole",
        ),
        CheckConstraint("used_at IS NULL OR second_at IS NOT NULL", name="used_is_whole"),
        Index("ix_assisted_code_account_id", "account_id"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    reason: str = Field(sa_column=Column(Text, nullable=False))
    first_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    first_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    first_digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    second_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    second_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    second_digest: str | None = Field(default=None, sa_column=Column(DIGEST, nullable=True))
    used_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    ended_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class FactorVoiding(Row, table=True):
    """Two persons in charge void a second factor that its owner has lost together with the recovery codes."""

    __table_args__ = (
        CheckConstraint("first_by <> account_id", name="first_not_owner"),
        CheckConstraint("second_by IS NULL OR (second_by <> account_id AND second_by <> first_by)", name="two_persons"),
        CheckConstraint("(second_by IS NULL) = (second_at IS NULL)", name="second_whole"),
        Index(
            "uq_factor_voiding_account_id_open",
            "account_id",
            unique=True,
            sqlite_where=text("second_by IS NULL AND ended_at IS NULL"),
            postgresql_where=text("second_by IS NULL AND ended_at IS NULL"),
        ),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    reason: str = Field(sa_column=Column(Text, nullable=False))
    first_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    first_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    second_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    second_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    ended_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class EmailChange(Row, table=True):
    """Somebody wants another address: proved by a link sent there, or (no `token_digest`) by a person in charge."""

    __table_args__ = (
        UniqueConstraint("token_digest"),
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("expires_at > asked_at", name="expires_later"),
        CheckConstraint(
            "confirmed_by IS NULL OR (confirmed_by <> account_id AND done_at IS NOT NULL)", name="by_other"
        ),
        CheckConstraint(
            "done_at IS NULL OR (token_digest IS NULL) = (confirmed_by IS NOT NULL)", name="done_is_proved"
        ),
        Index("ix_email_change_account_id", "account_id"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    email: str = Field(sa_column=Column(String(254), nullable=False))
    token_digest: str | None = Field(default=None, sa_column=Column(DIGEST, nullable=True))
    asked_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    expires_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    done_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    confirmed_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))


class Registration(Row, table=True):
    """Somebody asked for an account, or to prove an address; only the digest of the link that was sent is kept.

    `account_id` is set where the account is there already. Rows are swept a week after they end.
    """

    __table_args__ = (
        CheckConstraint("expires_at >= asked_at", name="expires_later"),
        Index("ix_registration_email_asked_at", "email", "asked_at"),
        Index("ix_registration_address_asked_at", "address", "asked_at"),
    )
    token_digest: str = Field(sa_column=Column(DIGEST, primary_key=True))
    email: str = Field(sa_column=Column(String(254), nullable=False))
    name: str = Field(sa_column=Column(String(120), nullable=False))
    password_hash: str = Field(sa_column=Column(String(200), nullable=False))
    account_id: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    address: str = Field(sa_column=Column(String(64), nullable=False))
    asked_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    expires_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    used_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))

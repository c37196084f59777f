"""Rows of dealings: the pair, what happened to it, requests for contact, the contacts given, and the limits."""

from datetime import date, datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlmodel import Field

from marketplace.accounts.tables import REGION
from marketplace.dealings.words import Ending, Event, Ground, Party, Refusal, RequestState, Stage
from marketplace.kernel.columns import BIG, Choice, Instant, one_of
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import ID

TOGETHER = "stage IN ('claimed', 'signed')"


class Dealing(Row, table=True):
    """One need and one supplier, and how far they have come; `version` grows with every move.

    `region` is the need's, `profile_region` the supplier's: organisers of either may broker. `opened_by`, `moved_by`
    and `claimed_by` name parties; the accounts stand in the notes. A signing counts from `confirmed_at` on. `ground`
    is that of the last introduction, None where no organiser made one or nobody noted it.
    """

    __table_args__ = (
        UniqueConstraint("item_id", "profile_id"),
        one_of("stage", Stage),
        one_of("opened_by", Party),
        one_of("moved_by", Party),
        one_of("claimed_by", Party),
        one_of("ending", Ending),
        one_of("ground", Ground),
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint("(stage = 'signed') = (confirmed_at IS NOT NULL)", name="signed_is_confirmed"),
        CheckConstraint("(stage = 'ended') = (ending IS NOT NULL)", name="ended_has_reason"),
        CheckConstraint(
            f"({TOGETHER}) = (signed_fen IS NOT NULL AND signed_on IS NOT NULL AND claimed_by IS NOT NULL)",
            name="signing_is_whole",
        ),
        CheckConstraint("signed_fen IS NULL OR signed_fen > 0", name="signed_positive"),
        CheckConstraint("intent_fen IS NULL OR intent_fen > 0", name="intent_positive"),
        Index("ix_dealing_profile_id", "profile_id"),
        Index("ix_dealing_stage_signed_on", "stage", "signed_on"),
        Index("ix_dealing_introduced_at", "introduced_at"),
        Index("ix_dealing_region_moved_at", "region", "moved_at"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    item_id: str = Field(sa_column=Column(ID, ForeignKey("item.id"), nullable=False))
    profile_id: str = Field(sa_column=Column(ID, ForeignKey("profile.id"), nullable=False))
    team_id: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("team.id"), nullable=True))
    region: str = Field(sa_column=Column(REGION, nullable=False))
    profile_region: str = Field(sa_column=Column(REGION, nullable=False))
    stage: Stage = Field(sa_column=Column(Choice(Stage), nullable=False))
    version: int = Field(nullable=False)
    opened_by: Party = Field(sa_column=Column(Choice(Party), nullable=False))
    opened_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    moved_by: Party = Field(sa_column=Column(Choice(Party), nullable=False))
    moved_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    introduced_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    ground: Ground | None = Field(default=None, sa_column=Column(Choice(Ground), nullable=True))
    intent_fen: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    signed_fen: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    signed_on: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    claimed_by: Party | None = Field(default=None, sa_column=Column(Choice(Party), nullable=True))
    claimant_id: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    confirmed_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    confirmed_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    ending: Ending | None = Field(default=None, sa_column=Column(Choice(Ending), nullable=True))
    need_publishes: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=false()))
    opc_publishes: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=false()))


class DealingNote(Row, table=True):
    """What happened to a dealing, numbered without gaps; a trigger refuses every change.

    `shared` false: for organisers and supervisors alone. `organisation_id` is for whom the account acted.
    """

    __table_args__ = (
        one_of("party", Party),
        one_of("event", Event),
        one_of("stage", Stage),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("shared OR party = 'organiser'", name="private_is_organisers"),
    )
    dealing_id: str = Field(sa_column=Column(ID, ForeignKey("dealing.id"), primary_key=True))
    number: int = Field(primary_key=True)
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    organisation_id: str | None = Field(
        default=None, sa_column=Column(ID, ForeignKey("organisation.id"), nullable=True)
    )
    party: Party = Field(sa_column=Column(Choice(Party), nullable=False))
    event: Event = Field(sa_column=Column(Choice(Event), nullable=False))
    stage: Stage = Field(sa_column=Column(Choice(Stage), nullable=False))
    text: str = Field(sa_column=Column(Text, nullable=False))
    amount_fen: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    shared: bool = Field(sa_column=Column(Boolean, nullable=False))


class ContactRequest(Row, table=True):
    """One side asks for the other's contact; at most one stands open for a pair."""

    __table_args__ = (
        one_of("asked_by", Party),
        one_of("state", RequestState),
        one_of("reason", Refusal),
        CheckConstraint("asked_by <> 'organiser'", name="asked_by_side"),
        CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answered_has_time"),
        CheckConstraint("(state = 'declined') = (reason IS NOT NULL)", name="declined_has_reason"),
        CheckConstraint("length(message) <= 500", name="message_short"),
        Index(
            "uq_contact_request_dealing_id_open",
            "dealing_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_contact_request_organisation_id_asked_at", "organisation_id", "asked_at"),
        Index("ix_contact_request_dealing_id", "dealing_id"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    dealing_id: str = Field(sa_column=Column(ID, ForeignKey("dealing.id"), nullable=False))
    organisation_id: str = Field(sa_column=Column(ID, ForeignKey("organisation.id"), nullable=False))
    asked_by: Party = Field(sa_column=Column(Choice(Party), nullable=False))
    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    message: str = Field(sa_column=Column(Text, nullable=False))
    state: RequestState = Field(sa_column=Column(Choice(RequestState), nullable=False))
    asked_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    answered_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    answered_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    reason: Refusal | None = Field(default=None, sa_column=Column(Choice(Refusal), nullable=True))
    answer: str = Field(default="", sa_column=Column(Text, nullable=False))


class DealingContact(Row, table=True):
    """Whom to ask on one side of a dealing: personal data, apart so that it can be erased."""

    __table_args__ = (one_of("party", Party), CheckConstraint("party <> 'organiser'", name="of_a_side"))
    dealing_id: str = Field(sa_column=Column(ID, ForeignKey("dealing.id"), primary_key=True))
    party: Party = Field(sa_column=Column(Choice(Party), primary_key=True))
    name: str = Field(sa_column=Column(String(120), nullable=False))
    phone: str = Field(sa_column=Column(String(60), nullable=False))
    email: str = Field(sa_column=Column(String(254), nullable=False))
    given_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    given_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class DealingLimit(Row, table=True):
    """One limit of a region ("" is everywhere) by name; what no row states stands in `rules.limits`."""

    __table_args__ = (CheckConstraint("value >= 0", name="value_not_negative"),)
    region: str = Field(sa_column=Column(REGION, primary_key=True))
    name: str = Field(sa_column=Column(String(40), primary_key=True))
    value: int = Field(nullable=False)
    set_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    set_at: datetime = Field(sa_column=Column(Instant, nullable=False))

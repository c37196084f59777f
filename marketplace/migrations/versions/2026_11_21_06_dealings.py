"""Dealings between needs and suppliers, teams, looks and saves.

Revision ID: 2026112106
Revises: 2026112105
"""

import sqlalchemy as sa
from alembic import op

from marketplace.migrations.once import refuse

revision = "2026112106"
down_revision = "2026112105"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "visit",
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("subject_id", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('item', 'profile')", name=op.f("ck_visit_kind_known")),
        sa.CheckConstraint("times >= 1", name=op.f("ck_visit_times_from_one")),
        sa.PrimaryKeyConstraint("kind", "subject_id", "day", name=op.f("pk_visit")),
    )
    op.create_table(
        "dealing_limit",
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.String(length=16), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("value >= 0", name=op.f("ck_dealing_limit_value_not_negative")),
        sa.ForeignKeyConstraint(["set_by"], ["account.id"], name=op.f("fk_dealing_limit_set_by_account")),
        sa.PrimaryKeyConstraint("region", "name", name=op.f("pk_dealing_limit")),
    )
    op.create_table(
        "look",
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("subject_id", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("viewer_id", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.String(length=16), nullable=True),
        sa.CheckConstraint("kind IN ('item', 'profile')", name=op.f("ck_look_kind_known")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_look_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("kind", "subject_id", "day", "viewer_id", name=op.f("pk_look")),
    )
    op.create_index("ix_look_viewer_id_day", "look", ["viewer_id", "day"], unique=False)
    op.create_table(
        "look_naming",
        sa.Column("organisation_id", sa.String(length=16), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("set_by", sa.String(length=16), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_look_naming_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["set_by"], ["account.id"], name=op.f("fk_look_naming_set_by_account")),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_look_naming")),
    )
    op.create_table(
        "save",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("holder_id", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.String(length=16), nullable=True),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("subject_id", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('item', 'profile')", name=op.f("ck_save_kind_known")),
        sa.CheckConstraint("holder_id = coalesce(organisation_id, account_id)", name=op.f("ck_save_holder_known")),
        sa.CheckConstraint("length(note) <= 500", name=op.f("ck_save_note_short")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_save_account_id_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_save_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_save")),
        sa.UniqueConstraint("holder_id", "kind", "subject_id", name=op.f("uq_save_holder_id_kind_subject_id")),
    )
    op.create_table(
        "team",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("lead_id", sa.String(length=16), nullable=False),
        sa.Column("item_id", sa.String(length=16), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("founded_by", sa.String(length=16), nullable=False),
        sa.Column("founded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dissolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_team_version_from_one")),
        sa.ForeignKeyConstraint(["founded_by"], ["account.id"], name=op.f("fk_team_founded_by_account")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_team_item_id_item")),
        sa.ForeignKeyConstraint(["lead_id"], ["profile.id"], name=op.f("fk_team_lead_id_profile")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
    )
    op.create_index("ix_team_item_id", "team", ["item_id"], unique=False)
    op.create_index(
        "uq_team_lead_id_general_live",
        "team",
        ["lead_id"],
        unique=True,
        sqlite_where=sa.text("dissolved_at IS NULL AND item_id IS NULL"),
        postgresql_where=sa.text("dissolved_at IS NULL AND item_id IS NULL"),
    )
    op.create_index(
        "uq_team_lead_id_item_id_live",
        "team",
        ["lead_id", "item_id"],
        unique=True,
        sqlite_where=sa.text("dissolved_at IS NULL AND item_id IS NOT NULL"),
        postgresql_where=sa.text("dissolved_at IS NULL AND item_id IS NOT NULL"),
    )
    op.create_table(
        "dealing",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("item_id", sa.String(length=16), nullable=False),
        sa.Column("profile_id", sa.String(length=16), nullable=False),
        sa.Column("team_id", sa.String(length=16), nullable=True),
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column("profile_region", sa.String(length=120), nullable=False),
        sa.Column("stage", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_by", sa.String(length=24), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_by", sa.String(length=24), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("introduced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("intent_fen", BIG, nullable=True),
        sa.Column("signed_fen", BIG, nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("claimed_by", sa.String(length=24), nullable=True),
        sa.Column("claimant_id", sa.String(length=16), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.String(length=16), nullable=True),
        sa.Column("ending", sa.String(length=24), nullable=True),
        sa.Column("need_publishes", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("opc_publishes", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("(stage = 'ended') = (ending IS NOT NULL)", name=op.f("ck_dealing_ended_has_reason")),
        sa.CheckConstraint(
            "(stage = 'signed') = (confirmed_at IS NOT NULL)", name=op.f("ck_dealing_signed_is_confirmed")
        ),
        sa.CheckConstraint(
            "(stage IN ('claimed', 'signed')) = (signed_fen IS NOT NULL AND signed_on IS NOT NULL AND claimed_by IS NOT NULL)",
            name=op.f("ck_dealing_signing_is_whole"),
        ),
        sa.CheckConstraint("claimed_by IN ('need', 'opc', 'organiser')", name=op.f("ck_dealing_claimed_by_known")),
        sa.CheckConstraint(
            "ending IN ('not_fitting', 'price', 'time', 'other_chosen', 'need_gone', 'no_answer', 'other')",
            name=op.f("ck_dealing_ending_known"),
        ),
        sa.CheckConstraint("moved_by IN ('need', 'opc', 'organiser')", name=op.f("ck_dealing_moved_by_known")),
        sa.CheckConstraint("opened_by IN ('need', 'opc', 'organiser')", name=op.f("ck_dealing_opened_by_known")),
        sa.CheckConstraint(
            "stage IN ('interest', 'introduced', 'contact', 'met', 'intent', 'claimed', 'signed', 'ended')",
            name=op.f("ck_dealing_stage_known"),
        ),
        sa.CheckConstraint("intent_fen IS NULL OR intent_fen > 0", name=op.f("ck_dealing_intent_positive")),
        sa.CheckConstraint("signed_fen IS NULL OR signed_fen > 0", name=op.f("ck_dealing_signed_positive")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_dealing_version_from_one")),
        sa.ForeignKeyConstraint(["claimant_id"], ["account.id"], name=op.f("fk_dealing_claimant_id_account")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["account.id"], name=op.f("fk_dealing_confirmed_by_account")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_dealing_item_id_item")),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_dealing_profile_id_profile")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_dealing_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dealing")),
        sa.UniqueConstraint("item_id", "profile_id", name=op.f("uq_dealing_item_id_profile_id")),
    )
    op.create_index("ix_dealing_introduced_at", "dealing", ["introduced_at"], unique=False)
    op.create_index("ix_dealing_profile_id", "dealing", ["profile_id"], unique=False)
    op.create_index("ix_dealing_region_moved_at", "dealing", ["region", "moved_at"], unique=False)
    op.create_index("ix_dealing_stage_signed_on", "dealing", ["stage", "signed_on"], unique=False)
    op.create_table(
        "team_member",
        sa.Column("team_id", sa.String(length=16), nullable=False),
        sa.Column("profile_id", sa.String(length=16), nullable=False),
        sa.Column("place", sa.String(length=24), nullable=False),
        sa.Column("work", sa.Text(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=16), nullable=True),
        sa.CheckConstraint(
            "(place = 'invited') = (answered_at IS NULL)", name=op.f("ck_team_member_answered_has_time")
        ),
        sa.CheckConstraint(
            "place IN ('lead', 'invited', 'joined', 'declined', 'left', 'removed')",
            name=op.f("ck_team_member_place_known"),
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["account.id"], name=op.f("fk_team_member_answered_by_account")),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_team_member_profile_id_profile")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_member_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "profile_id", name=op.f("pk_team_member")),
    )
    op.create_index("ix_team_member_profile_id", "team_member", ["profile_id"], unique=False)
    op.create_table(
        "contact_request",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("dealing_id", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.String(length=16), nullable=False),
        sa.Column("asked_by", sa.String(length=24), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.String(length=24), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'declined') = (reason IS NOT NULL)", name=op.f("ck_contact_request_declined_has_reason")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (answered_at IS NULL)", name=op.f("ck_contact_request_answered_has_time")
        ),
        sa.CheckConstraint("asked_by <> 'organiser'", name=op.f("ck_contact_request_asked_by_side")),
        sa.CheckConstraint("asked_by IN ('need', 'opc', 'organiser')", name=op.f("ck_contact_request_asked_by_known")),
        sa.CheckConstraint(
            "reason IN ('filled', 'not_fitting', 'not_now', 'unclear', 'other')",
            name=op.f("ck_contact_request_reason_known"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'granted', 'declined', 'withdrawn', 'closed')",
            name=op.f("ck_contact_request_state_known"),
        ),
        sa.CheckConstraint("length(message) <= 500", name=op.f("ck_contact_request_message_short")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_contact_request_account_id_account")),
        sa.ForeignKeyConstraint(["answered_by"], ["account.id"], name=op.f("fk_contact_request_answered_by_account")),
        sa.ForeignKeyConstraint(["dealing_id"], ["dealing.id"], name=op.f("fk_contact_request_dealing_id_dealing")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_contact_request_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_request")),
    )
    op.create_index("ix_contact_request_dealing_id", "contact_request", ["dealing_id"], unique=False)
    op.create_index(
        "ix_contact_request_organisation_id_asked_at", "contact_request", ["organisation_id", "asked_at"], unique=False
    )
    op.create_index(
        "uq_contact_request_dealing_id_open",
        "contact_request",
        ["dealing_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "dealing_contact",
        sa.Column("dealing_id", sa.String(length=16), nullable=False),
        sa.Column("party", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=60), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("given_by", sa.String(length=16), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("party <> 'organiser'", name=op.f("ck_dealing_contact_of_a_side")),
        sa.CheckConstraint("party IN ('need', 'opc', 'organiser')", name=op.f("ck_dealing_contact_party_known")),
        sa.ForeignKeyConstraint(["dealing_id"], ["dealing.id"], name=op.f("fk_dealing_contact_dealing_id_dealing")),
        sa.ForeignKeyConstraint(["given_by"], ["account.id"], name=op.f("fk_dealing_contact_given_by_account")),
        sa.PrimaryKeyConstraint("dealing_id", "party", name=op.f("pk_dealing_contact")),
    )
    op.create_table(
        "dealing_note",
        sa.Column("dealing_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.String(length=16), nullable=True),
        sa.Column("party", sa.String(length=24), nullable=False),
        sa.Column("event", sa.String(length=24), nullable=False),
        sa.Column("stage", sa.String(length=24), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("amount_fen", BIG, nullable=True),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "event IN ('express', 'introduce', 'ask', 'grant', 'decline', 'withdraw', 'meet', 'intend', 'sign', 'confirm', 'dispute', 'retract', 'end', 'reopen', 'note')",
            name=op.f("ck_dealing_note_event_known"),
        ),
        sa.CheckConstraint("party IN ('need', 'opc', 'organiser')", name=op.f("ck_dealing_note_party_known")),
        sa.CheckConstraint("shared OR party = 'organiser'", name=op.f("ck_dealing_note_private_is_organisers")),
        sa.CheckConstraint(
            "stage IN ('interest', 'introduced', 'contact', 'met', 'intent', 'claimed', 'signed', 'ended')",
            name=op.f("ck_dealing_note_stage_known"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_dealing_note_number_from_one")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_dealing_note_account_id_account")),
        sa.ForeignKeyConstraint(["dealing_id"], ["dealing.id"], name=op.f("fk_dealing_note_dealing_id_dealing")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_dealing_note_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("dealing_id", "number", name=op.f("pk_dealing_note")),
    )
    refuse("dealing_note", "UPDATE", "DELETE")

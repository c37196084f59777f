"""A small market in which every kind of thing stands in every state that the tables name."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import pyotp
from argon2 import PasswordHasher
from sqlalchemy import update
from sqlmodel import Session, col

from marketplace.accounts import accounts, grants, organisations
from marketplace.accounts.actors import Actor
from marketplace.accounts.joining import memberships
from marketplace.accounts.signing_in import second_factors, sessions, tokens
from marketplace.accounts.signing_in.tables import SignInSession
from marketplace.accounts.signing_in.token_tables import ApiToken
from marketplace.accounts.tables import Account
from marketplace.accounts.words import OrganisationKind, Role, Standing
from marketplace.kernel.db import Store
from tests.marketplace.market import NEW_ID, NOW, REGION
from web.installation import Installation

OTHER_REGION: Final = "江西省/抚州市"
STALE: Final = timedelta(minutes=20)
"""How long ago somebody proved who it is whose proof no longer counts for sensitive acts."""
MISSING: Final = "2222222222222222"
"""An id as ids are, which nothing has."""
MALFORMED: Final = "x'--"
"""What is no id at all."""

UNITS: Final = {
    "unit": ("澄江水务集团有限公司", OrganisationKind.SOE, REGION, True),
    "rival": ("临港集团有限公司", OrganisationKind.SOE, REGION, True),
    "third": ("丰溪园区运营有限公司", OrganisationKind.COMPANY, REGION, True),
    "supplier": ("木语视觉科技有限公司", OrganisationKind.COMPANY, REGION, False),
    "second": ("接线员工作室", OrganisationKind.COMPANY, REGION, False),
    "office": ("临川市数据局", OrganisationKind.GOVERNMENT, REGION, True),
}
"""Organisations that somebody acts for: name, kind, region, whether verified."""
CODES: Final = {"unit": "91350100MA2Y0001AE"}
SEATS: Final[dict[str, tuple[tuple[str, Role, Standing], ...]]] = {
    "EO": (("unit", Role.ENTERPRISE, Standing.OWNER),),
    "EE": (("unit", Role.ENTERPRISE, Standing.EDITOR),),
    "ER": (("unit", Role.ENTERPRISE, Standing.READER),),
    "D": (("unit", Role.ENTERPRISE, Standing.OWNER),),
    "XO": (("rival", Role.ENTERPRISE, Standing.OWNER),),
    "PO": (("supplier", Role.OPC, Standing.OWNER),),
    "PR": (("supplier", Role.OPC, Standing.READER),),
    "QO": (("second", Role.OPC, Standing.OWNER),),
    "W": (
        ("third", Role.ENTERPRISE, Standing.OWNER),
        ("unit", Role.ENTERPRISE, Standing.OWNER),
        ("supplier", Role.OPC, Standing.OWNER),
    ),
}
"""For whom somebody may act; the first is for whom it acts."""
STAFF: Final[dict[str, tuple[Role, str]]] = {
    "O": (Role.ORGANISER, REGION),
    "O2": (Role.ORGANISER, OTHER_REGION),
    "X": (Role.EXPERT, REGION),
    "S": (Role.SUPERVISOR, REGION),
    "S2": (Role.SUPERVISOR, OTHER_REGION),
    "A": (Role.ADMINISTRATOR, ""),
    "F": (Role.ORGANISER, REGION),
    "H": (Role.ORGANISER, REGION),
}
KNOWN_PASSWORD: Final = "eleven quiet herons wade"
QUICK: Final = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Everybody's password, hashed so that a thousand checks of it take no time."""
_READS: Final = (tokens.READ, tokens.DEALINGS, tokens.BIDS_READ)
TOKENS: Final = {
    "EO": (*_READS, tokens.NEEDS, tokens.BIDS_WRITE),
    "EE": (*_READS, tokens.NEEDS, tokens.BIDS_WRITE),
    "ER": _READS,
    "XO": (*_READS, tokens.NEEDS, tokens.BIDS_WRITE),
    "PO": (*_READS, tokens.PROFILE, tokens.BIDS_WRITE),
    "PR": _READS,
    "QO": (*_READS, tokens.PROFILE, tokens.BIDS_WRITE),
    "W": (*_READS, tokens.NEEDS, tokens.BIDS_WRITE),
}
"""Which personas have a token of programs, and for what: made in the seat they act in, all that the seat allows."""


@dataclass
class World:
    """The market and who is in it; `subjects` are the path parameters of each named thing, `values` the rest."""

    installation: Installation
    actors: dict[str, Actor] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    subjects: dict[str, dict[str, str]] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        """Its database."""
        return self.installation.store

    def session_of(self, key: str, *, stale: bool = False) -> str:
        """The secret of a persona's sign-in."""
        return f"session-{key}{'-stale' if stale else ''}".ljust(43, "x")

    def secret_of(self, key: str) -> str:
        """The secret of a persona's token for programs."""
        return f"{tokens.PREFIX}{key}".ljust(46, "k")

    def csrf_of(self, key: str, *, stale: bool = False) -> str:
        """What the forms of a persona's sign-in carry."""
        return sessions._csrf(self.session_of(key, stale=stale))


def people(world: World) -> None:
    """Open the organisations, the accounts, and a place for each person."""
    with world.store.writing() as session:
        for key, (name, kind, region, is_verified) in UNITS.items():
            unit = organisations.find_or_create(
                session, name=name, uscc=CODES.get(key), region=region, kind=kind, now=NOW, new_id=NEW_ID
            )
            world.units[key] = unit.id
            organisations.claim(session, unit.id, actor_id=None, now=NOW)
            if is_verified:
                organisations.verify(session, unit.id, actor_id=None, now=NOW)
        for key in ("N", *SEATS, *STAFF, "B", "A3"):
            account_id = accounts.create(
                session,
                email=f"{key.lower()}@example.com",
                name=f"{key}某",
                password_hash=QUICK.hash(KNOWN_PASSWORD),
                now=NOW,
                new_id=NEW_ID,
            )
            world.subjects[f"account {key}"] = {"account_id": account_id}
        session.execute(update(Account).values(email_confirmed_at=NOW))
        _seat(session, world)


def _seat(session: Session, world: World) -> None:
    for key, held in SEATS.items():
        for unit, role, standing in held:
            memberships.open_side(session, world.units[unit], role, actor_id=None, now=NOW)
            memberships.add(
                session,
                organisation_id=world.units[unit],
                account_id=world.subjects[f"account {key}"]["account_id"],
                standing=standing,
                now=NOW,
                new_id=NEW_ID,
            )
    for key, (role, region) in {**STAFF, "A3": (Role.ADMINISTRATOR, "")}.items():
        grants.give(
            session,
            account_id=world.subjects[f"account {key}"]["account_id"],
            role=role,
            region=region,
            organisation_id=world.units["office"] if key == "O" else None,
            now=NOW,
            new_id=NEW_ID,
        )


def sign_ins(world: World) -> None:
    """Open for each persona a sign-in, one whose proof is old, and a token where it may have one."""
    with world.store.writing() as session:
        for key in ("N", *SEATS, *STAFF, "B", "A3"):
            account_id = world.subjects[f"account {key}"]["account_id"]
            held = SEATS.get(key)
            unit_id = world.units[held[0][0]] if held else world.units["office"] if key == "O" else None
            actor = accounts.actor(session, account_id, organisation_id=unit_id)
            world.actors[key] = actor
            has_factor = key in STAFF and key != "F"
            if has_factor:
                secret = second_factors.begin_app(session, actor, now=NOW).secret
                second_factors.finish_app(session, actor, pyotp.TOTP(secret).at(NOW), now=NOW, new_id=NEW_ID)
            given_at = NOW if has_factor and key != "H" else None
            for stale in (False, True):
                token = world.session_of(key, stale=stale)
                sessions.start(session, actor, token=token, now=NOW, second_factor_at=given_at)
                if stale:
                    digest = sessions.digest_of(token)
                    session.get_one(SignInSession, digest).confirmed_at = NOW - STALE
            if key in TOKENS:
                tokens.make(
                    session,
                    actor,
                    secret=world.secret_of(key),
                    name="内部系统",
                    scopes=TOKENS[key],
                    days=30,
                    now=NOW,
                    new_id=NEW_ID,
                )
        session.execute(update(Account).where(col(Account.email) == "d@example.com").values(disabled_at=NOW))
        session.execute(update(ApiToken).values(used_at=NOW))

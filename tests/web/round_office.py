"""A round in the sample market with everybody whom it needs, and their sessions: for the tests of its pages."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from sqlmodel import select
from starlette.testclient import TestClient

from marketplace.accounts import accounts, grants
from marketplace.accounts.actors import Actor
from marketplace.accounts.joining import memberships
from marketplace.accounts.signing_in import sessions
from marketplace.accounts.words import Role, Standing
from marketplace.kernel import workdays
from marketplace.kernel.calendar import DayKind
from marketplace.kernel.chinese_time import BEIJING
from marketplace.kernel.files import StoredFile
from marketplace.kernel.office_tables import WorkdayYear
from marketplace.kernel.workdays import ExceptionalDay
from marketplace.lists import items
from marketplace.lists.views import ItemCard
from marketplace.rounds import clock, keys
from marketplace.rounds.making import appointments, approval, beginnings, texts
from marketplace.rounds.making.approval import Review
from marketplace.rounds.round_tables import Round
from marketplace.rounds.sealing import age
from marketplace.rounds.sealing.holders import Holder
from marketplace.rounds.words import Post
from tests.marketplace.round_market import NOTICE
from tests.web.conftest import Market
from web.demo.loading import REGION

STAFF: Final[Mapping[str, tuple[Post, Role]]] = {
    "审批甲": (Post.APPROVER, Role.ORGANISER),
    "审批乙": (Post.APPROVER, Role.ORGANISER),
    "开启甲": (Post.OPENER_A, Role.ORGANISER),
    "开启乙": (Post.OPENER_B, Role.ORGANISER),
    "保管人": (Post.KEEPER, Role.SUPERVISOR),
    "审查甲": (Post.CHECKER, Role.ORGANISER),
    "审查乙": (Post.CHECKER, Role.ORGANISER),
    "受理人": (Post.OBJECTIONS, Role.ORGANISER),
}
"""Everybody who has a post; 审批甲 and 审批乙 approve, and so on."""
DEMO: Final = ("需求方", "主办方", "OPC", "专家", "监督", "管理员")
PDF: Final = b"%PDF-1.7\nreview"


@dataclass
class Office:
    """The market with its people by title; `round_id` is the round that the tests work at."""

    market: Market
    actors: dict[str, Actor] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    round_id: str = ""

    def write(self, verb: Any) -> Any:
        """One act, one transaction."""
        with self.market.installation.store.writing() as session:
            return verb(session)

    def read(self, verb: Any) -> Any:
        """Read something."""
        with self.market.installation.store.reading() as session:
            return verb(session)

    @property
    def now(self) -> Any:
        return self.market.installation.clock()

    @property
    def new_id(self) -> Any:
        return self.market.installation.new_id

    def row(self) -> Round:
        """The round's row as it stands."""
        found: Round = self.read(lambda session: session.get_one(Round, self.round_id))
        return found

    def enter(self, client: TestClient, title: str, *, stale: bool = False) -> str:
        """Sit down as somebody; gives the anti-forgery token. `stale`: who proved who it is an hour ago."""
        token = secrets.token_urlsafe(32)
        at = self.now - timedelta(hours=1) if stale else self.now
        self.write(lambda session: sessions.start(session, self.actors[title], token=token, now=at))
        if stale:
            self.write(lambda session: sessions.touch(session, token, now=self.now))
        client.cookies.clear()
        client.cookies.set("jiebang", token)
        found = self.read(lambda session: sessions.find(session, token, now=self.now, staff_needs_second_factor=False))
        assert found is not None
        return str(found.csrf_token)

    def page(self, rest: str = "") -> str:
        """The address of a page of the round."""
        return f"/rounds/{self.round_id}{rest}"


def make_office(market: Market) -> Office:
    """The sample market with staff for a round, and its years' working days confirmed."""
    office = Office(market)
    for title in DEMO:
        email = market.sign_ins[title].email
        office.actors[title] = office.read(
            lambda session, email=email: accounts.actor(session, accounts.find_by_email(session, email))
        )
    for number, (title, (_post, role)) in enumerate(STAFF.items()):
        office.actors[title] = office.write(
            lambda session, title=title, role=role, number=number: _staff(office, session, title, role, number)
        )
    office.write(lambda session: _confirm_years(office, session))
    return office


def own_item(office: Office, *, of: str = "需求方") -> ItemCard:
    """An open need of somebody's unit."""
    cards = office.read(lambda session: items.of_organisation(session, office.actors[of].organisation_id))
    card: ItemCard = next(card for card in cards if card.state.value == "open" and card.kind.value != "capability")
    return card


def notice_fields(office: Office, **changed: str) -> dict[str, str]:
    """A notice that lacks nothing, published the day after tomorrow, with some fields changed."""
    publish = (office.now + timedelta(days=2)).astimezone(BEIJING)
    return {**NOTICE, "publish_at": f"{publish:%Y-%m-%d}T09:00", **changed}


def begin(office: Office, *, fields: Mapping[str, str] | None = None, procedure: str = "challenge") -> Office:
    """A round in draft from a need of 需求方, its notice written."""
    issuer = office.actors["需求方"]
    item_id = own_item(office).id
    office.round_id = office.write(
        lambda session: beginnings.begin(
            session, issuer, procedure, item_id=item_id, now=office.now, new_id=office.new_id
        )
    )
    given = notice_fields(office) if fields is None else fields
    office.write(
        lambda session: texts.save(
            session, issuer, office.round_id, given, version=1, page="aaaaaaaaaaaaaaaa", now=office.now
        )
    )
    return office


def appoint(office: Office) -> Office:
    """Everybody at their posts."""
    for title, (post, _role) in STAFF.items():
        who = office.actors[title].account_id
        office.write(
            lambda session, post=post, who=who: appointments.appoint(
                session, office.actors["需求方"], office.round_id, post, who, now=office.now, new_id=office.new_id
            )
        )
    return office


def set_up_keys(office: Office) -> None:
    """Each holder's passphrase set up and tested, without the slow stretching."""
    for title in ("开启甲", "开启乙", "保管人"):
        identity, actor = age.new_identity(), office.actors[title]

        def work(session: Any, identity: str = identity, actor: Actor = actor) -> None:
            made = Holder(age.recipient_of(identity), b"locked")
            keys.put(session, actor, office.round_id, made, now=office.now)
            keys.confirm(session, actor, office.round_id, identity, now=office.now)

        office.write(work)


def put_review(office: Office, *, is_passed: bool = True, label: str = "审查意见.pdf") -> None:
    """A 公平竞争审查 with its document."""
    stored: StoredFile = office.market.installation.files.put(PDF, limit_bytes=1000)
    given = Review(is_passed, "临川市市场监督管理局", date(2026, 1, 5), label)
    office.write(
        lambda session: approval.review(
            session, office.actors["需求方"], office.round_id, given, stored, now=office.now
        )
    )


def hand_in(office: Office) -> int:
    """The draft handed in; gives the notice's number."""
    issuer = office.actors["需求方"]

    def work(session: Any) -> int:
        version = texts.get(session, issuer, office.round_id).version
        return approval.hand_in(session, issuer, office.round_id, version=version, now=office.now, new_id=office.new_id)

    return int(office.write(work))


def schedule(office: Office) -> None:
    """From a draft with everybody appointed to its hour of publication."""
    set_up_keys(office)
    number = hand_in(office)
    put_review(office)
    for title in ("审批甲", "审批乙"):
        office.write(
            lambda session, title=title: approval.approve(
                session, office.actors[title], office.round_id, number=number, now=office.now
            )
        )


def open_round(office: Office) -> Office:
    """A round that takes bids; the clock of publication ticked ahead of time."""
    schedule(office)
    row = office.row()
    assert row.publish_at is not None
    office.write(
        lambda session: clock.tick(
            session, office.round_id, now=row.publish_at, new_id=office.new_id, under_way=lambda _moment: 0
        )
    )
    return office


def _staff(office: Office, session: Any, title: str, role: Role, number: int) -> Actor:
    account_id = accounts.create(
        session,
        email=f"yuan{number}@office.example",
        name=title,
        password_hash="$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$never",
        now=office.now,
        new_id=office.new_id,
    )
    grants.give(
        session,
        account_id=account_id,
        role=role,
        organisation_id=None,
        region=REGION,
        now=office.now,
        new_id=office.new_id,
    )
    return accounts.actor(session, account_id)


def colleague(office: Office, title: str, *, standing: Standing = Standing.EDITOR) -> Actor:
    """Somebody else of the issuing unit."""
    unit = office.actors["需求方"].organisation_id

    def work(session: Any) -> Actor:
        account_id = accounts.create(
            session,
            email=f"{secrets.token_hex(4)}@office.example",
            name=title,
            password_hash="$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$never",
            now=office.now,
            new_id=office.new_id,
        )
        memberships.add(
            session,
            organisation_id=unit,
            account_id=account_id,
            standing=standing,
            now=office.now,
            new_id=office.new_id,
        )
        return accounts.actor(session, account_id)

    office.actors[title] = office.write(work)
    return office.actors[title]


def _confirm_years(office: Office, session: Any) -> None:
    known = set(session.exec(select(WorkdayYear.year)))
    for year in {office.now.year, office.now.year + 1} - known:
        new_year = ExceptionalDay(date(year, 1, 1), DayKind.OFF, "元旦")
        workdays.confirm(
            session,
            year=year,
            version=0,
            days=(new_year,),
            source="国办发明电",
            issued_on=None,
            actor_id=office.actors["管理员"].account_id,
            now=office.now,
        )

"""Everybody who takes part in the story of a round, in windows of their own, over a market whose clock a test moves."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from argon2 import PasswordHasher
from playwright.sync_api import Locator
from sqlmodel import Session, select

from marketplace.accounts import accounts, organisations
from marketplace.accounts.actors import Actor
from marketplace.accounts.joining import memberships
from marketplace.accounts.words import OrganisationKind, Role, Standing
from marketplace.kernel import workdays
from marketplace.kernel.calendar import DayKind
from marketplace.kernel.office_tables import WorkdayYear
from marketplace.kernel.workdays import ExceptionalDay
from marketplace.rounds import clock, schedule
from marketplace.rounds.round_tables import Round
from tests.browser.conftest import OpenWindow, Site
from tests.browser.hands import Hand
from tests.browser.windows import Way, Window
from web.demo.loading import REGION, SignIn
from web.installation import Installation, now
from web.sandbox import SandboxedClock

UNITS: Final = {
    "听泵": "听泵声学技术（临川）有限公司",
    "云图": "云图巡检工作室",
    "接线": "接线员系统集成工作室",
    "远帆": "远帆数据（临川）科技有限公司",
}
"""The OPCs beside the one of the sample, by a short name."""
STAFF: Final = ("需求方", "主办方", "审批人", "开启人", "审查人", "监督")
"""A county's office: the organiser, three colleagues and a supervisor, beside the unit whose need it is."""
_QUICK: Final = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Ahead(SandboxedClock):
    """The real clock, put forward by a test; sign-ins go by the real one, as in a sandbox."""

    def __init__(self, installation: Installation) -> None:
        super().__init__(installation.store, now)
        self.by = timedelta()

    def __call__(self) -> datetime:
        """What the clock shows now."""
        return self.real() + self.by

    def move_to(self, moment: datetime) -> None:
        """Put the clock forward to a moment."""
        self.by = moment - self.real()


def prepare(site: Site) -> Ahead:
    """Put the clock into a test's hands, confirm the days of this year and the next, and let the other OPCs join."""
    installation = site.installation
    ahead = Ahead(installation)
    installation.clock = ahead
    with installation.store.writing() as session:
        organiser = accounts.find_by_email(session, site.sign_ins["主办方"].email)
        known, year = set(session.exec(select(WorkdayYear.year))), ahead().year
        for one in {year, year + 1} - known:
            days = (ExceptionalDay(date(one, 1, 1), DayKind.OFF, "元旦"),)
            workdays.confirm(
                session,
                year=one,
                version=0,
                days=days,
                source="国办发明电",
                issued_on=None,
                actor_id=str(organiser),
                now=ahead(),
            )
        for number, (short, name) in enumerate(UNITS.items()):
            site.sign_ins[short] = _join(site, session, short, name, f"opc{number}@story.example", by=str(organiser))
    return ahead


def _join(site: Site, session: Session, short: str, name: str, email: str, *, by: str) -> SignIn:
    at, new_id, password = site.installation.clock(), site.installation.new_id, secrets.token_urlsafe(9)
    unit = organisations.find_or_create(
        session, name=name, uscc=None, region=REGION, kind=OrganisationKind.COMPANY, now=at, new_id=new_id
    )
    organisations.claim(session, unit.id, actor_id=by, now=at)
    organisations.verify(session, unit.id, actor_id=by, now=at)
    memberships.open_side(session, unit.id, Role.OPC, actor_id=by, now=at)
    account = accounts.create(
        session, email=email, name=f"{short[0]}负责", password_hash=_QUICK.hash(password), now=at, new_id=new_id
    )
    memberships.add(
        session,
        organisation_id=unit.id,
        account_id=account,
        standing=Standing.OWNER,
        actor_id=by,
        now=at,
        new_id=new_id,
    )
    return SignIn(short, email, password)


@dataclass(slots=True)
class Cast:
    """The people of a story, each at a window; `round_id` is the round that it is about."""

    site: Site
    clock: Ahead
    way: Way
    windows: Mapping[str, Window]
    round_id: str = ""

    def __getitem__(self, title: str) -> Window:
        return self.windows[title]

    @property
    def base(self) -> str:
        """The address of the round."""
        return f"/rounds/{self.round_id}"

    @property
    def row(self) -> Round:
        """The round as it stands."""
        with self.site.installation.store.reading() as session:
            return session.get_one(Round, self.round_id)

    @property
    def title(self) -> str:
        """What the round is called."""
        return self.row.title

    def actor(self, title: str) -> Actor:
        """One of the people, at the seat that it takes by itself."""
        with self.site.installation.store.reading() as session:
            account = accounts.find_by_email(session, self.site.sign_ins[title].email)
            return accounts.actor(session, str(account))

    def unit(self, title: str) -> str:
        """The name of the unit for which one of the people acts."""
        with self.site.installation.store.reading() as session:
            return organisations.get(session, str(self.actor(title).organisation_id)).name

    def line(self, window: Window, heading: str) -> Locator:
        """The line of this story's round under a heading of what waits for somebody."""
        return window.main.get_by_role("region", name=heading).get_by_role("row").filter(has_text=self.title)

    def tick(self, moment: datetime) -> None:
        """Put the clock to a moment and let it do what is due; the server's own worker comes a little later."""
        self.clock.move_to(moment)
        installation = self.site.installation
        with installation.store.reading() as session:
            due = schedule.due(session, now=installation.now())
        for round_id in due:
            with installation.store.writing() as session:
                clock.tick(session, round_id, now=installation.now(), new_id=installation.new_id)


def gather(site: Site, ahead: Ahead, open_window: OpenWindow, way: Way) -> Cast:
    """Let everybody come signed in to a window of their own; how one signs in is another story."""
    windows = {}
    for title in (*STAFF, "OPC", *UNITS):
        windows[title] = open_window(way)
        who = site.sign_ins[title]
        windows[title].context.add_cookies(Hand(site.address, who.email, who.password).cookies(site.address))  # type: ignore[arg-type]
    return Cast(site, ahead, way, windows)

"""Rounds of the sample market that have gone beyond the bids: one is judged, one in its publicity, one awarded.

Each is played from its draft on through the verbs that pages call, every act at the hour at which it would have happened,
so that nothing in them is other than what a real round leaves behind.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any, Final

from sqlmodel import Session

from marketplace.accounts import accounts, messages, organisations
from marketplace.accounts.actors import Actor
from marketplace.accounts.joining import memberships
from marketplace.accounts.signing_in import passwords
from marketplace.accounts.words import OrganisationKind, Role, Standing
from marketplace.kernel import outbox, workdays
from marketplace.kernel.calendar import Calendar, is_workday, workdays_between
from marketplace.kernel.chinese_time import BEIJING
from marketplace.kernel.errors import Conflict
from marketplace.rounds import procedures
from marketplace.rounds.rules.timetable import timetable
from web.demo import played_bids, played_outcomes, played_reviews
from web.demo.played_scene import Scene, Staff
from web.demo.rounds import People
from web.installation import Installation

SAMPLE: Final = "rounds.toml"
PROCEDURE: Final = "challenge"
AT_NINE: Final = timedelta(hours=9)
MOST_DAYS: Final = 120
"""So many days back a publication is looked for; no holiday is that long."""
UNKNOWN_YEAR: Final = frozenset({"workdays_missing", "incomplete"})
DEPTH: Final[Mapping[str, int]] = {"review": 1, "publicity": 2, "awarded": 3}


@dataclass(frozen=True, slots=True)
class _Plan:
    said: Mapping[str, Any]
    publish_at: datetime


def play(installation: Installation, people: People, expert: str) -> None:
    """Play the sample's rounds; one whose days fall into a year that nobody has confirmed is left out.

    `expert` is the address of the demo's expert, who has a place in the panel that judges now.
    """
    for said in tomllib.loads((files("web") / "samples" / SAMPLE).read_text("utf-8"))["round"]:
        try:
            with installation.store.writing(durable=True) as session:
                _play(installation, session, said, people, expert)
        except Conflict as refusal:
            if refusal.code not in UNKNOWN_YEAR:
                raise


def _play(installation: Installation, session: Session, said: Mapping[str, Any], people: People, expert: str) -> None:
    now, new_id = installation.clock(), installation.new_id
    calendar = workdays.calendar(session)
    publish_at = _publication(session, calendar, days=said["days"], now=now)
    judge = accounts.actor(session, str(accounts.find_by_email(session, expert)))
    staff = Staff(**{name: accounts.actor(session, getattr(people, name)) for name in Staff.__slots__})
    bidders = {one["unit"]: _bidder(session, one, staff, at=publish_at, new_id=new_id) for one in said["bid"]}
    scene = Scene(session, installation.files, said, staff, bidders, publish_at, calendar, new_id)
    played_bids.publish(scene)
    played_bids.take(scene)
    played_bids.check(scene)
    depth = DEPTH[said["goes"]]
    played_reviews.seat(scene, expert="" if depth > DEPTH["review"] else expert)
    if depth == DEPTH["review"]:
        played_reviews.begin_marking(scene, expert)
        return
    _read(session, [*staff.all, *bidders.values(), judge], now=now)
    played_reviews.mark(scene)
    played_outcomes.decide(scene)
    played_outcomes.object_to(scene)
    if depth == DEPTH["awarded"]:
        played_outcomes.award(scene)
        _read(session, [*staff.all, *bidders.values(), judge], now=now)


def _publication(session: Session, calendar: Calendar, *, days: int, now: datetime) -> datetime:
    """The latest morning at which a round could be published whose deadline lies so many working days back."""
    stages = procedures.get(session, PROCEDURE).procedure.stages[:1]
    today = now.astimezone(BEIJING).date()
    for ago in range(stages[0].length, MOST_DAYS):
        day = today - timedelta(days=ago)
        if not is_workday(day, calendar):
            continue
        publish_at = _nine(day)
        deadline = timetable(stages, publish_at, calendar)[0].ends.astimezone(BEIJING).date()
        if workdays_between(deadline, today, calendar) >= days:
            return publish_at
    raise AssertionError("no publication within four months")


def _nine(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), tzinfo=BEIJING) + AT_NINE


def _bidder(
    session: Session, said: Mapping[str, Any], staff: Staff, *, at: datetime, new_id: Callable[[], str]
) -> Actor:
    """Whoever hands in for a unit, in its seat: the demo's own OPC for its unit, for another somebody who joins it."""
    unit = organisations.find_or_create(
        session, name=said["unit"], uscc=None, region="", kind=OrganisationKind.OTHER, now=at, new_id=new_id
    )
    if unit.id == staff.opc.organisation_id:
        return staff.opc
    known = accounts.find_by_email(session, said["email"])
    if known is not None:
        return accounts.actor(session, known, organisation_id=unit.id)
    account_id = accounts.create(
        # Nobody signs in as these people.
        session,
        email=said["email"],
        name=said["person"],
        password_hash=passwords.UNUSABLE,
        now=at,
        new_id=new_id,
    )
    organisations.claim(session, unit.id, actor_id=staff.organiser.account_id, now=at)
    organisations.verify(session, unit.id, actor_id=staff.organiser.account_id, now=at)
    memberships.open_side(session, unit.id, Role.OPC, actor_id=staff.organiser.account_id, now=at)
    memberships.add(
        session,
        organisation_id=unit.id,
        account_id=account_id,
        standing=Standing.OWNER,
        actor_id=staff.organiser.account_id,
        now=at,
        new_id=new_id,
    )
    return accounts.actor(session, account_id, organisation_id=unit.id)


def _read(session: Session, people: Iterable[Actor], *, now: datetime) -> None:
    """Let everybody have read what they were told so far; mails of months ago would only stand in the demo's way."""
    for one in people:
        messages.read_all(session, one, now=now)
        outbox.forget(session, one.email)

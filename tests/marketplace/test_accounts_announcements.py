"""Announcements: for an audience, from when to when, in versions that nobody rewrites."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor
from marketplace.accounts.office import announcements
from marketplace.accounts.office.announcement_words import Audience, Level
from marketplace.accounts.office.announcements import AnnouncementForm
from marketplace.accounts.words import OrganisationKind, Role
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.marketplace.market import NEW_ID, NOW, make_person

HOUR = timedelta(hours=1)


def make_administrator(store: Store) -> Actor:
    """Who may write announcements."""
    return make_person(store, role=Role.ADMINISTRATOR, region="", name="王管理", email="gl@example.com")


def make_form(
    title: str = "停机维护",
    *,
    level: Level = Level.INFO,
    audience: Audience = Audience.EVERYBODY,
    shows_from: datetime = NOW,
    shows_until: datetime | None = None,
    body: str = "周六 22 时起停机两小时。",
) -> AnnouncementForm:
    """What an announcement says."""
    return AnnouncementForm(title, body, level, audience, shows_from, shows_until)


def publish(store: Store, actor: Actor, *forms: AnnouncementForm) -> list[str]:
    """Publish announcements; gives their ids."""
    with store.writing() as session:
        return [announcements.publish(session, actor, form, now=NOW, new_id=NEW_ID).id for form in forms]


def make_opc(store: Store) -> Actor:
    """A member of an organisation that offers its work."""
    with store.writing() as session:
        unit = organisations.find_or_create(
            session, name="木语视觉", uscc=None, region="", kind=OrganisationKind.COMPANY, now=NOW, new_id=NEW_ID
        )
    return make_person(store, role=Role.OPC, organisation_id=unit.id, email="opc@example.com")


def test_current_shows_each_audience_its_own_the_most_urgent_first(store: Store) -> None:
    boss, opc, organiser = make_administrator(store), make_opc(store), make_person(store)
    publish(
        store,
        boss,
        make_form("给所有人"),
        make_form("给 OPC", audience=Audience.OPCS, level=Level.URGENT),
        make_form("给主办方", audience=Audience.ORGANISERS, level=Level.WARN),
    )

    with store.reading() as session:
        shown = [[one.title for one in announcements.current(session, who, now=NOW)] for who in (None, opc, organiser)]
    assert shown == [["给所有人"], ["给 OPC", "给所有人"], ["给主办方", "给所有人"]]


def test_current_keeps_to_its_time(store: Store) -> None:
    boss = make_administrator(store)
    publish(store, boss, make_form(shows_from=NOW + HOUR, shows_until=NOW + 2 * HOUR))

    with store.reading() as session:
        shown = [
            len(announcements.current(session, None, now=NOW + later))
            for later in (timedelta(0), HOUR, 2 * HOUR - timedelta(seconds=1), 2 * HOUR)
        ]
    assert shown == [0, 1, 1, 0]


def test_amend_keeps_what_was_said_before_as_a_version(store: Store) -> None:
    boss = make_administrator(store)
    (one,) = publish(store, boss, make_form())
    with store.writing() as session:
        announcements.amend(session, boss, one, make_form("改期"), version=1, now=NOW + HOUR)
    with pytest.raises(Conflict, match="第 2 版"), store.writing() as session:
        announcements.amend(session, boss, one, make_form("我也改"), version=1, now=NOW + HOUR)

    with store.reading() as session:
        versions = announcements.versions(session, boss, one)
    assert [(v.number, v.title, v.written_by, v.written_at) for v in versions] == [
        (2, "改期", "王管理", NOW + HOUR),
        (1, "停机维护", "王管理", NOW),
    ]


def test_withdrawn_is_gone_for_readers_and_for_good(store: Store) -> None:
    boss = make_administrator(store)
    (one,) = publish(store, boss, make_form())
    with store.writing() as session:
        announcements.withdraw(session, boss, one, version=1, now=NOW)

    with store.reading() as session:
        with pytest.raises(NotFound):
            announcements.get(session, None, one, now=NOW)
        seen = (announcements.listed(session, None, now=NOW), len(announcements.listed(session, boss, now=NOW)))
    assert seen == ([], 1)
    with pytest.raises(Conflict, match="已经撤下"), store.writing() as session:
        announcements.amend(session, boss, one, make_form(), version=1, now=NOW)


def test_others_read_no_foreign_or_coming_announcement(store: Store) -> None:
    boss, organiser = make_administrator(store), make_person(store)
    foreign, coming = publish(store, boss, make_form(audience=Audience.OPCS), make_form(shows_from=NOW + HOUR))

    with store.reading() as session:
        for one in (foreign, coming, "a" * 16):
            with pytest.raises(NotFound):
                announcements.get(session, organiser, one, now=NOW)
    with pytest.raises(NotAllowed), store.writing() as session:
        announcements.publish(session, organiser, make_form(), now=NOW, new_id=NEW_ID)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (make_form(" "), "title"),
        (make_form("长" * 121), "title"),
        (make_form(body=""), "text"),
        (make_form(body="长" * 4001), "text"),
        (make_form(shows_until=NOW), "shows_until"),
    ],
)
def test_publish_refuses_what_cannot_be_shown(store: Store, form: AnnouncementForm, field: str) -> None:
    boss = make_administrator(store)

    with pytest.raises(Invalid) as refusal:
        publish(store, boss, form)

    assert list(refusal.value.fields) == [field]


def test_the_database_refuses_to_rewrite_a_version(store: Store) -> None:
    publish(store, make_administrator(store), make_form())

    with pytest.raises(DatabaseError, match="written once"), store.writing() as session:
        session.execute(text("UPDATE announcement_version SET title = 'x'"))

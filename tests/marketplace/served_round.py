"""A round that takes bids, made by the product's own verbs on a real installation: every file it names is in the store."""

import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from sqlmodel import select

from ingest.records import reading_to_record
from marketplace.accounts.actors import Actor
from marketplace.accounts.signing_in import sessions
from marketplace.accounts.words import Role
from marketplace.kernel import workdays
from marketplace.kernel.calendar import DayKind
from marketplace.kernel.chinese_time import BEIJING
from marketplace.kernel.db import Store
from marketplace.kernel.files import FileStore
from marketplace.kernel.workdays import ExceptionalDay
from marketplace.lists.intakes import intakes
from marketplace.lists.item_tables import Item
from marketplace.rounds import clock, keys, procedures
from marketplace.rounds.making import appointments, approval, beginnings
from marketplace.rounds.making.approval import Review
from marketplace.rounds.sealing import age
from marketplace.rounds.sealing.holders import Holder
from marketplace.rounds.words import Post
from tests.marketplace import round_market as rounds
from tests.marketplace.dealing_market import Table
from tests.marketplace.market import NEW_ID, REGION, make_draft, make_person, make_reading
from tests.marketplace.round_market import Scene

TIME_FORM = "%Y-%m-%dT%H:%M"
FILE_BYTES = 200_000
Locked = tuple[str, Holder]
"""A holder's identity, and what is stored of it."""


def open_round(
    store: Store,
    files: FileStore,
    published: datetime,
    holders: Mapping[Post, Locked] | None = None,
    *,
    procedure: str = "challenge",
    notice: Mapping[str, str] = rounds.NOTICE,
) -> Scene:
    """A round that takes bids from a given hour on, as far as the earliest deadline that there may be.

    `holders` have real passphrases; without them the slow stretching is left out, and nobody can open.
    """
    before = published - timedelta(days=3)
    notice = {**notice, "publish_at": published.astimezone(BEIJING).strftime(TIME_FORM)}
    table = _table(store, files, before)
    with store.writing() as session:
        procedures.load(session, now=before)
        for year in range(published.year, published.year + 2):
            known = workdays.proposed(year) or (ExceptionalDay(date(year, 1, 1), DayKind.OFF, "元旦"),)
            workdays.confirm(
                session,
                year=year,
                version=0,
                days=known,
                source="国办发明电",
                issued_on=None,
                actor_id=table.organiser.account_id,
                now=before,
            )
        round_id = beginnings.begin(
            session, table.enterprise, procedure, item_id=table.item_id, now=before, new_id=NEW_ID
        )
    rounds.write(store, table.enterprise, round_id, notice, now=before)
    posts = {post: _staff(store, post, email, name) for post, (email, name) in rounds.OFFICES.items()}
    approvers = (posts[Post.APPROVER], make_person(store, email="shenpi-2@example.com", name="审批二"))
    checkers = (posts[Post.CHECKER], make_person(store, email="shencha-2@example.com", name="审查二"))
    appointed = [
        *posts.items(),
        (Post.APPROVER, approvers[1]),
        (Post.CHECKER, checkers[1]),
    ]
    with store.writing() as session:
        for post, person in appointed:
            appointments.appoint(
                session, table.enterprise, round_id, post, person.account_id, now=before, new_id=NEW_ID
            )
    identities = {post: age.new_identity() for post in keys.HOLDERS}
    locked = holders or {post: (one, Holder(age.recipient_of(one), b"locked")) for post, one in identities.items()}
    scene = Scene(table, round_id, posts, approvers, checkers, {post: one for post, (one, _) in locked.items()}, files)
    for post, (identity, holder) in locked.items():
        with store.writing() as session:
            keys.put(session, posts[post], round_id, holder, now=before)
            keys.confirm(session, posts[post], round_id, identity, now=before)
    number = rounds.hand_in(store, scene, now=before)
    given = Review(True, "临川市市场监督管理局", before.astimezone(BEIJING).date(), "审查意见.pdf")
    with store.writing() as session:
        approval.review(
            session, scene.issuer, round_id, given, files.put(b"%PDF-1.7 opinion", limit_bytes=FILE_BYTES), now=before
        )
    for approver in approvers:
        with store.writing() as session:
            approval.approve(session, approver, round_id, number=number, now=before)
    with store.writing() as session:
        clock.tick(session, round_id, now=published, new_id=NEW_ID)
    return scene


def _staff(store: Store, post: Post, email: str, name: str) -> Actor:
    role = Role.SUPERVISOR if post is Post.KEEPER else Role.ORGANISER
    return make_person(store, role=role, region=REGION, email=email, name=name)


def _table(store: Store, files: FileStore, now: datetime) -> Table:
    """A published need whose list is in the store, and the unit that asks."""
    organiser = make_person(store)
    reading = make_reading([make_draft()])
    stored = files.put(b"list", limit_bytes=FILE_BYTES)
    with store.writing() as session:
        record, name = reading_to_record(reading), "三张清单.xlsx"
        opened = intakes.open(
            session, organiser, file=stored, reading=record, name=name, region=REGION, now=now, new_id=NEW_ID
        )
    with store.writing() as session:
        intakes.confirm(
            session,
            organiser,
            opened.card.id,
            version=opened.version,
            series_title="临川市三张清单",
            now=now,
            new_id=NEW_ID,
        )
    with store.reading() as session:
        item = session.exec(select(Item)).one()
    assert item.organisation_id is not None
    issuer = make_person(
        store, role=Role.ENTERPRISE, organisation_id=item.organisation_id, email="xuqiu@example.com", name="周经办"
    )
    return Table(item.id, "", item.organisation_id, "", issuer, issuer, organiser)


def signed_in(store: Store, actor: Actor) -> tuple[str, str]:
    """Sign somebody in; the session's token and its anti-forgery token."""
    token, now = secrets.token_urlsafe(32), datetime.now(UTC)
    with store.writing() as session:
        sessions.start(session, actor, token=token, now=now)
    with store.reading() as session:
        found = sessions.find(session, token, now=now)
    assert found is not None
    return token, found.csrf_token

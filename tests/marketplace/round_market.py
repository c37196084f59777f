"""A round and everybody who takes part in it, for the tests of rounds: every factory shows every argument."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role
from marketplace.kernel import workdays
from marketplace.kernel.calendar import DayKind
from marketplace.kernel.db import Store
from marketplace.kernel.files import FileStore, StoredFile
from marketplace.kernel.workdays import ExceptionalDay
from marketplace.rounds import clock, keys, procedures
from marketplace.rounds.bidding import drafts, submissions
from marketplace.rounds.bidding.submissions import Handed
from marketplace.rounds.making import appointments, approval, beginnings, texts
from marketplace.rounds.making.approval import Review
from marketplace.rounds.round_tables import Round
from marketplace.rounds.sealing import age
from marketplace.rounds.sealing.holders import Holder
from marketplace.rounds.words import Post, RoundState
from tests.marketplace.dealing_market import Table, make_supplier, make_table
from tests.marketplace.kept import Kept
from tests.marketplace.market import NEW_ID, NOW, REGION, make_person

PUBLISH_AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""Monday, 09:00 in Beijing."""
DEADLINE = datetime(2026, 12, 9, 9, 30, tzinfo=UTC)
"""Wednesday 9 December, 17:30 in Beijing: 15 days after the day of publication end on Tuesday 8 December."""
OFFICES = {
    Post.APPROVER: ("shenpi-1@example.com", "审批一"),
    Post.OPENER_A: ("kaiqi-a@example.com", "开启甲"),
    Post.OPENER_B: ("kaiqi-b@example.com", "开启乙"),
    Post.KEEPER: ("baoguan@example.com", "监督保管"),
    Post.CHECKER: ("shencha-1@example.com", "审查一"),
    Post.OBJECTIONS: ("yiyi@example.com", "异议受理"),
}
NOTICE: Mapping[str, str] = {
    "title": "行道树健康巡查揭榜挂帅",
    "summary": "用图像识别巡查全市行道树，发现病害和倒伏风险。",
    "track-1-question": "巡查全市三万株行道树，识别病害，预警倒伏。",
    "track-1-indicators": "病害识别率不低于 88%\n倾斜超限 10 分钟内预警",
    "bidders": "依法登记的一人公司（OPC）或个人。",
    "condition-1-text": "注册地在福建省内",
    "condition-1-hard": "yes",
    "condition-1-proof": "营业执照载明的住所",
    "condition-2-text": "有同类项目经验",
    "condition-2-hard": "",
    "condition-2-proof": "",
    "paper-1-title": "实施方案",
    "paper-1-required": "yes",
    "funds_amount": "90",
    "funds_source": "市级科技专项资金",
    "price_ceiling": "90",
    "asks_price": "yes",
    "ownership": "成果归双方共有。",
    "contact_name": "周敏",
    "contact_phone": "0591-12345678",
    "objection_name": "林正",
    "objection_email": "yiyi@example.com",
    "publish_at": "2026-11-23T09:00",
    "deadline": "",
}
BID: Mapping[str, str] = {
    "plan": "以巡查车拍摄，端侧识别。",
    "schedule": "三个月内完成部署。",
    "team": "两人，做过园林巡检。",
    "indicator-1": "抽检准确率 91%。",
    "indicator-2": "倾角贴片三分钟推送。",
    "condition-c1-met": "yes",
    "condition-c1-answer": "注册于福州。",
    "condition-c2-met": "yes",
    "condition-c2-answer": "",
    "contact_name": "何一人",
    "contact_phone": "13800000000",
    "price_amount": "86.5",
    "price_note": "含一年维护",
}


@dataclass(frozen=True)
class Scene:
    """A round with its people; `posts` hold whoever is appointed, `identities` what the holders' passphrases open."""

    table: Table
    round_id: str
    posts: Mapping[Post, Actor]
    approvers: tuple[Actor, Actor]
    checkers: tuple[Actor, Actor]
    identities: Mapping[Post, str]
    files: FileStore

    @property
    def issuer(self) -> Actor:
        """Who writes for the issuing unit."""
        return self.table.enterprise


def confirm_years(session: Session, by: str) -> None:
    """Confirm the working days of 2026 as the calendar package knows them; of 2027 New Year's Day alone."""
    new_year = ExceptionalDay(date(2027, 1, 1), DayKind.OFF, "元旦")
    for year, days in ((2026, workdays.proposed(2026)), (2027, (new_year,))):
        workdays.confirm(
            session, year=year, version=0, days=days, source="国办发明电", issued_on=None, actor_id=by, now=NOW
        )


def make_draft_round(
    store: Store, folder: Path, *, procedure: str = "challenge", notice: Mapping[str, str] = NOTICE
) -> Scene:
    """A round in draft, begun from a need by its unit, its notice written and everybody appointed."""
    table = make_table(store)
    with store.writing() as session:
        procedures.load(session, now=NOW)
        confirm_years(session, table.organiser.account_id)
        round_id = beginnings.begin(session, table.enterprise, procedure, item_id=table.item_id, now=NOW, new_id=NEW_ID)
    write(store, table.enterprise, round_id, notice)
    posts = {post: _staff(store, post, email, name) for post, (email, name) in OFFICES.items()}
    second = _staff(store, Post.APPROVER, "shenpi-2@example.com", "审批二")
    other = _staff(store, Post.CHECKER, "shencha-2@example.com", "审查二")
    wanted = [*posts.items(), (Post.APPROVER, second), (Post.CHECKER, other)]
    with store.writing() as session:
        for post, person in wanted:
            appointments.appoint(session, table.enterprise, round_id, post, person.account_id, now=NOW, new_id=NEW_ID)
    identities = {post: age.new_identity() for post in keys.HOLDERS}
    return Scene(
        table=table,
        round_id=round_id,
        posts=posts,
        approvers=(posts[Post.APPROVER], second),
        checkers=(posts[Post.CHECKER], other),
        identities=identities,
        files=FileStore(folder / "files"),
    )


def write(store: Store, actor: Actor, round_id: str, fields: Mapping[str, str], *, now: datetime = NOW) -> None:
    """Save some fields of the text that is being written."""
    with store.writing() as session:
        version = texts.get(session, actor, round_id).version
        texts.save(session, actor, round_id, fields, version=version, page="aaaaaaaaaaaaaaaa", now=now)


def set_up_keys(store: Store, scene: Scene, *, now: datetime = NOW) -> None:
    """Let each holder set up and test its passphrase; the slow stretching of it is left to the tests of the pages."""
    for post in keys.HOLDERS:
        identity, person = scene.identities[post], scene.posts[post]
        with store.writing() as session:
            keys.put(session, person, scene.round_id, Holder(age.recipient_of(identity), b"locked"), now=now)
            keys.confirm(session, person, scene.round_id, identity, now=now)


def hand_in(store: Store, scene: Scene, *, now: datetime = NOW) -> int:
    """Hand the draft in; gives the notice's number."""
    with store.writing() as session:
        version = texts.get(session, scene.issuer, scene.round_id).version
        return approval.hand_in(session, scene.issuer, scene.round_id, version=version, now=now, new_id=NEW_ID)


def put_review(store: Store, scene: Scene, *, is_passed: bool = True, now: datetime = NOW) -> None:
    """Put down the 公平竞争审查."""
    given = Review(is_passed, "临川市市场监督管理局", date(2026, 11, 19), "审查意见.pdf")
    with store.writing() as session:
        approval.review(session, scene.issuer, scene.round_id, given, StoredFile("a" * 64, 100), now=now)


def schedule(store: Store, scene: Scene, *, now: datetime = NOW) -> None:
    """Take a draft to its hour of publication: keys, hand-in, review, two approvals."""
    set_up_keys(store, scene, now=now)
    number = hand_in(store, scene, now=now)
    put_review(store, scene, now=now)
    for approver in scene.approvers:
        with store.writing() as session:
            approval.approve(session, approver, scene.round_id, number=number, now=now)


def tick(store: Store, scene: Scene, *, now: datetime, being_admitted: int = 0) -> RoundState:
    """Let the clock look at the round."""
    with store.writing() as session:
        return clock.tick(session, scene.round_id, now=now, new_id=NEW_ID, under_way=lambda _moment: being_admitted)


def open_round(
    store: Store, folder: Path, *, procedure: str = "challenge", notice: Mapping[str, str] = NOTICE
) -> Scene:
    """A round that takes bids."""
    if procedure != "challenge" or notice is not NOTICE:
        return _opened(store, folder, procedure, notice)
    scene = _OPEN.put(store, lambda: _opened(store, folder, procedure, notice))
    return replace(scene, files=FileStore(folder / "files"))


_OPEN: Kept[Scene] = Kept()


def _opened(store: Store, folder: Path, procedure: str, notice: Mapping[str, str]) -> Scene:
    scene = make_draft_round(store, folder, procedure=procedure, notice=notice)
    schedule(store, scene)
    assert tick(store, scene, now=PUBLISH_AT) is RoundState.OPEN
    return scene


def make_bidder(store: Store, name: str, *, email: str) -> Actor:
    """A person of an OPC, in its seat."""
    return make_supplier(store, name, email=email)[2]


def begin_bid(store: Store, scene: Scene, bidder: Actor, *, track: str = "t1", now: datetime = PUBLISH_AT) -> str:
    """Begin a bid; gives its id."""
    with store.writing() as session:
        return drafts.begin(session, bidder, scene.round_id, track, now=now, new_id=NEW_ID)


def fill(
    store: Store,
    scene: Scene,
    bidder: Actor,
    bid_id: str,
    *,
    fields: Mapping[str, str] = BID,
    now: datetime = PUBLISH_AT,
) -> int:
    """Write everything that the notice asks for, with a sealed file for its paper; gives the draft's version."""
    with store.writing() as session:
        version = drafts.get(session, bidder, bid_id).draft_version
        drafts.save(session, bidder, bid_id, fields, version=version, now=now)
    attach(store, scene, bidder, bid_id, now=now)
    with store.reading() as session:
        return drafts.get(session, bidder, bid_id).draft_version


def attach(
    store: Store,
    scene: Scene,
    bidder: Actor,
    bid_id: str,
    *,
    paper: str = "p1",
    data: bytes = b"%PDF-1.7 plan",
    now: datetime = PUBLISH_AT,
) -> None:
    """Seal a file to the round's key, keep it and add it to the draft."""
    from marketplace.rounds.bidding import attaching

    with store.reading() as session:
        recipient = attaching.recipient_for(session, bidder, bid_id)
    sealed = attaching.seal(data, "实施方案.pdf", paper=paper, recipients=[recipient], files=scene.files, new_id=NEW_ID)
    with store.writing() as session:
        drafts.attach(session, bidder, bid_id, sealed, now=now)


def submit(
    store: Store,
    scene: Scene,
    bidder: Actor,
    bid_id: str,
    *,
    version: int,
    arrived: datetime = PUBLISH_AT,
    now: datetime | None = None,
) -> Handed:
    """Hand a bid in."""
    with store.writing(durable=True) as session:
        return submissions.submit(
            session,
            bidder,
            bid_id,
            version=version,
            arrived=arrived,
            now=now or arrived,
            files=scene.files,
            new_id=NEW_ID,
        )


def make_bid(
    store: Store, scene: Scene, bidder: Actor, *, fields: Mapping[str, str] = BID, at: datetime = PUBLISH_AT
) -> Handed:
    """A bid that is handed in."""
    bid_id = begin_bid(store, scene, bidder, now=at)
    version = fill(store, scene, bidder, bid_id, fields=fields, now=at)
    return submit(store, scene, bidder, bid_id, version=version, arrived=at)


def row_of(store: Store, scene: Scene) -> Round:
    """The round's row as it stands."""
    with store.reading() as session:
        return session.get_one(Round, scene.round_id)


def _staff(store: Store, post: Post, email: str, name: str) -> Actor:
    role = Role.SUPERVISOR if post is Post.KEEPER else Role.ORGANISER
    return make_person(store, role=role, region=REGION, email=email, name=name)

"""The rounds of the matrix's market and the bids in them: one in every state, named for the tables.

EO begins and writes, so that EE may approve. Where a name ends in "others", the posts are held by people who are no
personas: there O is an organiser of the region and nothing more, S a supervisor and nothing more.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final

from sqlmodel import select

from marketplace.accounts import accounts, grants
from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role
from marketplace.kernel.files import StoredFile
from marketplace.rounds import keys, questions
from marketplace.rounds.bid_tables import Bid, BidFile, BidVersion
from marketplace.rounds.bidding import drafts, members, submissions
from marketplace.rounds.checking import corrections, objections, verdicts
from marketplace.rounds.making import addenda, appointments, approval, beginnings, stopping, texts
from marketplace.rounds.making.approval import Review
from marketplace.rounds.round_tables import Round, RoundAppointment, RoundQuestion
from marketplace.rounds.sealing import age
from marketplace.rounds.sealing.holders import Holder
from marketplace.rounds.words import Post, RoundState
from tests.marketplace import round_acts as acts
from tests.marketplace import round_market as market
from tests.marketplace.dealing_market import Table
from tests.marketplace.market import NEW_ID, NOW, REGION
from tests.marketplace.round_market import Scene
from tests.web.matrix import review_things
from tests.web.matrix.world import QUICK, World

STAFF: Final = {"C": Role.ORGANISER, "K": Role.ORGANISER, "L": Role.SUPERVISOR}
"""Who holds posts beside the personas."""
Held = Mapping[Post, tuple[str, ...]]
USUAL: Final[Held] = {
    Post.APPROVER: ("O", "C"),
    Post.OPENER_A: ("EE",),
    Post.OPENER_B: ("C",),
    Post.KEEPER: ("S",),
    Post.CHECKER: ("EE", "C"),
    Post.OBJECTIONS: ("O",),
}
OTHERS: Final[Held] = {
    Post.APPROVER: ("EE", "C"),
    Post.OPENER_A: ("C",),
    Post.OPENER_B: ("K",),
    Post.KEEPER: ("L",),
    Post.CHECKER: ("C", "K"),
    Post.OBJECTIONS: ("L",),
}
APART: Final[Held] = {**USUAL, Post.CHECKER: ("EE", "C", "W")}
"""W belongs to a unit that bids, though it acts for another one now."""
WROTE: Final = datetime(2026, 10, 15, 2, tzinfo=UTC)
PUBLISHED: Final = datetime(2026, 10, 20, 1, tzinfo=UTC)
BID_AT: Final = datetime(2026, 10, 26, 2, tzinfo=UTC)
DEADLINE: Final = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
OPENED: Final = datetime(2026, 11, 19, 2, tzinfo=UTC)
PAST: Final = {"publish_at": "2026-10-20T09:00", "deadline": "2026-11-18T17:30"}
RUNNING: Final = {"publish_at": "2026-10-20T09:00", "deadline": "2026-11-27T17:30"}
COMING: Final = {"publish_at": "2026-11-24T09:00", "deadline": ""}
OPINION: Final = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF"
REASON: Final = "说明理由"


def fill(world: World) -> None:
    """Put every round and every bid in its place."""
    _staff(world)
    _making(world)
    _running(world)
    _closed(world)
    _checked(world)
    review_things.fill(world, lambda name: opened(world, name))
    _ended(world)


def note(world: World) -> None:
    """Remember the numbers and versions that sound forms would carry."""
    with world.store.reading() as session:
        for row in session.exec(select(Round)):
            text = texts.find(session, row.id)
            world.values[f"notice of {row.id}"] = str(row.notice_number or 1)
            world.values[f"text of {row.id}"] = str(1 if text is None else text.version)
        for bid in session.exec(select(Bid)):
            lead = next(key for key in ("PO", "QO") if world.actors[key].organisation_id == bid.organisation_id)
            page = drafts.get(session, world.actors[lead], bid.id)
            world.values[f"draft of {bid.id}"] = str(page.draft_version or 1)
            world.values[f"notice of {bid.id}"] = str(page.notice_number)
        held = world.subjects["bid submitted"]["bid_id"]
        world.values["receipt"] = session.get_one(BidVersion, (held, 1)).receipt
        world.values["file of draft"] = (
            drafts.get(session, world.actors["PO"], world.subjects["bid draft"]["bid_id"]).files[0].id
        )
        _state, standing = keys.wrapped(session, world.actors["EE"], world.subjects["round draft"]["round_id"])
        world.values["standing"] = standing


def _staff(world: World) -> None:
    with world.store.writing() as session:
        for key, role in STAFF.items():
            account_id = accounts.create(
                session,
                email=f"{key.lower()}@example.com",
                name=f"{key}某",
                password_hash=QUICK.hash("a pass phrase of nobody"),
                now=NOW,
                new_id=NEW_ID,
            )
            grants.give(
                session, account_id=account_id, role=role, region=REGION, organisation_id=None, now=NOW, new_id=NEW_ID
            )
            world.actors[key] = accounts.actor(session, account_id)
            world.values[f"account of {key}"] = account_id


def _making(world: World) -> None:
    scene = _begin(world, "draft", COMING, at=NOW)
    _set_up(world, scene, Post.OPENER_A, is_tested=False)
    _set_up(world, scene, Post.KEEPER)
    with world.store.reading() as session:
        held = session.exec(
            select(RoundAppointment).where(
                RoundAppointment.round_id == scene.round_id, RoundAppointment.post == Post.OBJECTIONS
            )
        ).one()
    world.subjects["appointment"] = {"round_id": scene.round_id, "appointment_id": held.id}
    for name, posts in (("review", USUAL), ("review others", OTHERS)):
        _hand_in(world, _begin(world, name, COMING, posts=posts, at=NOW), at=NOW)
    scene = _begin(world, "scheduled", COMING, at=NOW)
    _approve(world, scene, at=NOW)
    with world.store.reading() as session:
        opener = session.exec(
            select(RoundAppointment).where(
                RoundAppointment.round_id == scene.round_id, RoundAppointment.post == Post.OPENER_A
            )
        ).one()
    world.subjects["appointment opener"] = {"round_id": scene.round_id, "appointment_id": opener.id}


def _running(world: World) -> None:
    supplier, other = world.actors["PO"], world.actors["QO"]
    scene = open_one(world, "open", RUNNING)
    _bid(world, scene, "draft", is_sent=False)
    for name in ("asked", "answered"):
        with world.store.writing() as session:
            questions.ask(session, supplier, scene.round_id, f"{name}：按株还是按照片？", now=BID_AT, new_id=NEW_ID)
        with world.store.reading() as session:
            found = session.exec(select(RoundQuestion).where(RoundQuestion.question.startswith(name))).one()
        world.subjects[f"question {name}"] = {"round_id": scene.round_id, "question_id": found.id}
    with world.store.writing() as session:
        questions.answer(session, world.actors["EO"], found.id, "按株。", now=BID_AT, new_id=NEW_ID)
    scene = open_one(world, "suspended", RUNNING)
    _bid(world, scene, "suspended", is_sent=False)
    with world.store.writing() as session:
        stopping.suspend(session, world.actors["O"], scene.round_id, reason=REASON, now=NOW, new_id=NEW_ID)
    scene = open_one(world, "amended", RUNNING)
    _bid(world, scene, "submitted")
    with world.store.writing() as session:
        addenda.begin(session, scene.issuer, scene.round_id, now=NOW, new_id=NEW_ID)
    market.write(world.store, scene.issuer, scene.round_id, {"condition-2-text": "有两个同类项目经验"}, now=NOW)
    scene = open_one(world, "unsettled", RUNNING)
    _bid(world, scene, "unsettled")
    acts.amend(world.store, scene, {"condition-2-text": "有两个同类项目经验"}, now=NOW)
    scene = open_one(world, "withdrawn", RUNNING)
    gone = _bid(world, scene, "withdrawn")
    with world.store.writing() as session:
        submissions.withdraw(session, supplier, gone, arrived=BID_AT, now=BID_AT)
    for name in ("asked", "joined"):
        scene = open_one(world, name, RUNNING)
        bid_id = _bid(world, scene, name, is_sent=False)
        _ask(world, bid_id)
        if name == "joined":
            with world.store.writing() as session:
                members.answer(session, other, bid_id, confirms=True, now=BID_AT)


def _closed(world: World) -> None:
    for name, posts in (("sealed", USUAL), ("sealed others", OTHERS), ("turned", USUAL)):
        scene = open_one(world, name, PAST, posts=posts)
        _bid(world, scene, name)
        acts.seal(world.store, scene, at=DEADLINE)
        if name == "turned":
            acts.turn(world.store, scene, Post.OPENER_B, now=OPENED)


def _checked(world: World) -> None:
    store = world.store
    scene, bid_id = opened(world, "opened")
    for name in ("opened", "sealed"):
        own = world.subjects[f"bid {name}"]
        with store.reading() as session:
            file = session.exec(select(BidFile).where(BidFile.bid_id == own["bid_id"])).one()
        world.subjects[f"file {name}"] = {**own, "sealed_digest": file.sealed_digest}
    astray = scene.round_id
    scene, bid_id = opened(world, "corrected", bid="correction")
    world.subjects["bid astray"] = {"round_id": astray, "bid_id": bid_id}
    with store.writing() as session:
        corrections.ask(
            session, world.actors["C"], bid_id, "c1", reason="执照不清晰", hours=72, now=OPENED, new_id=NEW_ID
        )
    for name, posts in (("refused", USUAL), ("objected", USUAL), ("objected others", OTHERS)):
        scene, bid_id = opened(world, name, posts=posts)
        acts.judge(store, scene, bid_id, is_eligible=False, now=OPENED)
        if name != "refused":
            with store.writing() as session:
                objections.file(session, world.actors["PO"], bid_id, text="执照已附。", now=OPENED, new_id=NEW_ID)
    scene, bid_id = opened(world, "checked", bid="eligible")
    acts.judge(store, scene, bid_id, now=OPENED)
    scene, bid_id = opened(world, "reviewed")
    acts.judge(store, scene, bid_id, now=OPENED)
    with store.writing() as session:
        verdicts.send_to_review(session, world.actors["C"], scene.round_id, now=OPENED)
    opened(world, "apart", posts=APART, has_partner=True)


def _ended(world: World) -> None:
    scene = open_one(world, "failed", PAST)
    _bid(world, scene, "lapsed", is_sent=False)
    assert market.tick(world.store, scene, now=DEADLINE) is RoundState.FAILED
    scene = open_one(world, "cancelled", RUNNING)
    _bid(world, scene, "returned")
    _cancel(world, scene)
    scene = _begin(world, "dropped", COMING, at=NOW)
    _hand_in(world, scene, at=NOW)
    _cancel(world, scene)


def _cancel(world: World, scene: Scene) -> None:
    for key in ("O", "C"):
        with world.store.writing() as session:
            stopping.cancel(session, world.actors[key], scene.round_id, reason=REASON, now=NOW, new_id=NEW_ID)


def _begin(world: World, name: str, times: Mapping[str, str], *, posts: Held = USUAL, at: datetime = WROTE) -> Scene:
    writer = world.actors["EO"]
    with world.store.writing() as session:
        round_id = beginnings.begin(session, writer, "challenge", now=at, new_id=NEW_ID)
    said = {**market.NOTICE, **times, "title": f"{name}：行道树健康巡查"}
    market.write(world.store, writer, round_id, said, now=at)
    with world.store.writing() as session:
        for post, held in posts.items():
            for key in held:
                who = world.actors[key].account_id
                appointments.appoint(session, writer, round_id, post, who, now=at, new_id=NEW_ID)
    world.subjects[f"round {name}"] = {"round_id": round_id}
    first = {post: world.actors[held[0]] for post, held in posts.items()}
    approvers, checkers = posts[Post.APPROVER], posts[Post.CHECKER]
    return Scene(
        table=_table(world),
        round_id=round_id,
        posts=first,
        approvers=(world.actors[approvers[0]], world.actors[approvers[1]]),
        checkers=(world.actors[checkers[0]], world.actors[checkers[1]]),
        identities={post: age.new_identity() for post in keys.HOLDERS},
        files=world.installation.files,
    )


def _table(world: World) -> Table:
    actors, units = world.actors, world.units
    return Table("", "", units["unit"], units["supplier"], actors["EO"], actors["PO"], actors["O"])


def _set_up(world: World, scene: Scene, post: Post, *, is_tested: bool = True) -> None:
    identity, person = scene.identities[post], scene.posts[post]
    with world.store.writing() as session:
        keys.put(session, person, scene.round_id, Holder(age.recipient_of(identity), b"locked"), now=NOW)
        if is_tested:
            keys.confirm(session, person, scene.round_id, identity, now=NOW)


def _hand_in(world: World, scene: Scene, *, at: datetime) -> int:
    market.set_up_keys(world.store, scene, now=at)
    number = market.hand_in(world.store, scene, now=at)
    stored: StoredFile = world.installation.files.put(OPINION, limit_bytes=len(OPINION))
    given = Review(
        is_passed=True, reviewer="临川市市场监督管理局", reviewed_on=date(2026, 10, 14), file_name="意见.pdf"
    )
    with world.store.writing() as session:
        approval.review(session, scene.issuer, scene.round_id, given, stored, now=at)
    return number


def _approve(world: World, scene: Scene, *, at: datetime) -> None:
    number = _hand_in(world, scene, at=at)
    for person in scene.approvers:
        with world.store.writing() as session:
            approval.approve(session, person, scene.round_id, number=number, now=at)


def open_one(world: World, name: str, times: Mapping[str, str], *, posts: Held = USUAL) -> Scene:
    scene = _begin(world, name, times, posts=posts)
    _approve(world, scene, at=WROTE)
    assert market.tick(world.store, scene, now=PUBLISHED) is RoundState.OPEN
    return scene


def opened(
    world: World, name: str, *, bid: str = "", posts: Held = USUAL, has_partner: bool = False
) -> tuple[Scene, str]:
    scene = open_one(world, name, PAST, posts=posts)
    bid_id = _bid(world, scene, bid or name, has_partner=has_partner)
    acts.seal(world.store, scene, at=DEADLINE)
    acts.open_bids(world.store, scene, now=OPENED)
    return scene, bid_id


def _bid(world: World, scene: Scene, name: str, *, is_sent: bool = True, has_partner: bool = False) -> str:
    lead: Actor = world.actors["PO"]
    bid_id = market.begin_bid(world.store, scene, lead, now=BID_AT)
    world.subjects[f"bid {name}"] = {"bid_id": bid_id, "round_id": scene.round_id}
    version = market.fill(world.store, scene, lead, bid_id, now=BID_AT)
    if has_partner:
        _ask(world, bid_id)
        with world.store.writing() as session:
            members.answer(session, world.actors["QO"], bid_id, confirms=True, now=BID_AT)
    if is_sent:
        market.submit(world.store, scene, lead, bid_id, version=version, arrived=BID_AT)
    return bid_id


def _ask(world: World, bid_id: str) -> None:
    with world.store.writing() as session:
        members.ask(session, world.actors["PO"], bid_id, world.units["second"], now=BID_AT, new_id=NEW_ID)

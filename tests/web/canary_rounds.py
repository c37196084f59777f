"""Rounds in every state, in which whatever may be hidden carries a word of its own; what the bids say is in `canary_bids`.

The issuing unit has people of its own (发榜人 writes), so that nobody of the market around it makes or oversees a round
but the organiser, who approves and takes objections, and the supervisor, who keeps the third key.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

from sqlmodel import Session, select

from marketplace.accounts.actors import Actor
from marketplace.accounts.signing_in import passwords
from marketplace.accounts.words import Role, Standing
from marketplace.kernel.db import Store
from marketplace.rounds import filed, occasions, questions
from marketplace.rounds.bidding import keyring
from marketplace.rounds.making import addenda, appointments, approval, beginnings, stopping
from marketplace.rounds.making.approval import Review
from marketplace.rounds.parts import HOLDERS
from marketplace.rounds.round_tables import RoundAppointment, RoundQuestion
from marketplace.rounds.sealing import age
from marketplace.rounds.words import Post, RoundState
from tests.marketplace import round_acts, round_market
from tests.marketplace.dealing_market import Table
from tests.marketplace.round_market import NOTICE, Scene
from tests.web.canary_market import PASSWORD, Built, make_person, make_token, make_unit, pdf
from tests.web.canary_seen_rounds import NOTICE as TEXTS

WROTE: Final = datetime(2026, 10, 15, 2, tzinfo=UTC)
PUBLISHED: Final = datetime(2026, 10, 20, 1, tzinfo=UTC)
BID_AT: Final = datetime(2026, 10, 26, 2, tzinfo=UTC)
DEADLINE: Final = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
OPENED: Final = datetime(2026, 11, 19, 2, tzinfo=UTC)
PAST: Final = {"publish_at": "2026-10-20T09:00", "deadline": "2026-11-18T17:30"}
RUNNING: Final = {"publish_at": "2026-10-20T09:00", "deadline": "2026-11-27T17:30"}
COMING: Final = {"publish_at": "2026-11-24T09:00", "deadline": ""}
HELD: Final[Mapping[Post, tuple[str, ...]]] = {
    Post.APPROVER: ("主办方", "审查人"),
    Post.OPENER_A: ("发榜经办",),
    Post.OPENER_B: ("审查人",),
    Post.KEEPER: ("监督",),
    Post.CHECKER: ("发榜经办", "审查人"),
    Post.OBJECTIONS: ("主办方",),
}
"""Who holds which post of every round."""


class Acting(Store):
    """A store in which somebody acts for its unit, as a request would say it to the log."""

    acting: tuple[str, str] | None = None

    @contextmanager
    def writing(
        self, *, request_id: str | None = None, acting: tuple[str, str] | None = None, durable: bool = False
    ) -> Iterator[Session]:
        with super().writing(request_id=request_id, acting=acting or self.acting, durable=durable) as session:
            yield session


@dataclass
class Making:
    """The market while its rounds are made; its letters wait for a mail server, private ones too."""

    market: Built
    store: Acting
    people: dict[str, Actor] = field(default_factory=dict)

    def word(self, label: str) -> str:
        """A word of its own."""
        return self.market.canaries.text(label)

    def actor(self, title: str) -> Actor:
        """Somebody in its seat, for whose unit everything is done from now on."""
        if title not in self.people:
            self.people[title] = self.market.actor(title)
        actor = self.people[title]
        self.store.acting = None if actor.organisation_id is None else (actor.account_id, actor.organisation_id)
        return actor


def begin(market: Built) -> Making:
    """Everybody who makes rounds, oversees them and bids."""
    installation = market.installation
    info = {
        "sends_mail": True,
        keyring.INFO: keyring.Keyring(installation.settings.draft_keys_dir),
        filed.INFO: installation.files,
    }
    making = Making(market, Acting(installation.store.engine, info=info))
    hashed = passwords.make(PASSWORD)
    issuer = make_unit(market, "issuer", "翠鸟园林集团")
    make_person(market, "发榜人", role=Role.ENTERPRISE, unit=issuer, hashed=hashed)
    make_person(market, "发榜经办", role=Role.ENTERPRISE, unit=issuer, standing=Standing.EDITOR, hashed=hashed)
    make_person(market, "发榜查看", role=Role.ENTERPRISE, unit=issuer, standing=Standing.READER, hashed=hashed)
    make_person(market, "审查人", role=Role.ORGANISER, hashed=hashed)
    bidder = make_unit(market, "bidder", market.canaries.text("申报方的单位名"))
    make_person(market, "申报方", role=Role.OPC, unit=bidder, hashed=hashed)
    make_person(market, "申报方查看", role=Role.OPC, unit=bidder, standing=Standing.READER, hashed=hashed)
    gone = make_unit(market, "gone", market.canaries.text("撤回方的单位名"))
    make_person(market, "撤回方", role=Role.OPC, unit=gone, hashed=hashed)
    for title in ("发榜人", "申报方"):
        make_token(market, title)
    with making.store.writing() as session:
        round_market.confirm_years(session, making.actor("管理员").account_id)
    return making


def draft(making: Making) -> None:
    """Sent back with a reason, after somebody was replaced with a reason."""
    scene = _begun(making, "起草", COMING, texts=TEXTS)
    with making.store.reading() as session:
        standing = session.exec(
            select(RoundAppointment.id).where(
                RoundAppointment.round_id == scene.round_id, RoundAppointment.post == Post.OBJECTIONS
            )
        ).one()
    with making.store.writing() as session:
        reason = making.word("起草活动的更换理由")
        appointments.end(session, scene.issuer, scene.round_id, standing, reason=reason, now=making.market.now)
    _appoint(making, scene.round_id, Post.OBJECTIONS, "主办方", making.market.now)
    number = _hand_in(making, scene, "起草", at=making.market.now, is_said=True)
    with making.store.writing() as session:
        approval.send_back(
            session,
            making.actor("主办方"),
            scene.round_id,
            number=number,
            reason=making.word("起草活动的退回理由"),
            now=making.market.now,
            new_id=making.market.new_id,
        )


def before(making: Making) -> None:
    """One that is being approved, one that is announced, one that was ended before it was announced."""
    now = making.market.now
    _hand_in(making, _begun(making, "审批", COMING, texts=("title",)), "审批", at=now)
    _approved(making, _begun(making, "预告", COMING, texts=TEXTS), "预告", at=now)
    scene = _begun(making, "撤销", COMING, texts=TEXTS)
    _hand_in(making, scene, "撤销", at=now)
    cancel(making, scene, making.word("撤销活动的终止理由"), None)


def questioned(making: Making, scene: Scene) -> None:
    """Two questions of one who bids; one is answered for everybody."""
    for label in ("待答提问", "已答提问"):
        words = making.word(f"申报活动的{label}") + "按株还是按照片？"
        with making.store.writing() as session:
            questions.ask(
                session, making.actor("申报方"), scene.round_id, words, now=BID_AT, new_id=making.market.new_id
            )
    with making.store.reading() as session:
        asked = session.exec(select(RoundQuestion.id).where(RoundQuestion.question == words)).one()
    with making.store.writing() as session:
        answer = making.word("申报活动的答复") + "按株。"
        questions.answer(session, making.actor("发榜人"), asked, answer, now=BID_AT, new_id=making.market.new_id)


def amended(making: Making, scene: Scene, key: str, changed: tuple[str, ...], reason: str = "") -> None:
    """An addendum begun, and published where a reason is given."""
    making.actor("发榜人")
    with making.store.writing() as session:
        addenda.begin(session, scene.issuer, scene.round_id, now=making.market.now, new_id=making.market.new_id)
    words = {name: making.word(f"{key}的{name}") + "另行约定。" for name in changed}
    round_market.write(making.store, scene.issuer, scene.round_id, words, now=making.market.now)
    if reason:
        number = round_acts.publish_addendum(making.store, scene, now=making.market.now, reason=reason)
        tell(making, scene, f"addendum-{number}")


def tell(making: Making, scene: Scene, occasion: str) -> None:
    """Do what the job does that tells people of a round."""
    with making.store.writing() as session:
        occasions.tell(session, scene.round_id, occasion, (), now=making.market.now, new_id=making.market.new_id)


def suspend(making: Making, scene: Scene, reason: str) -> None:
    """Stop a round's clocks."""
    with making.store.writing() as session:
        stopping.suspend(
            session,
            making.actor("监督"),
            scene.round_id,
            reason=reason,
            now=making.market.now,
            new_id=making.market.new_id,
        )


def cancel(making: Making, scene: Scene, reason: str, first: str | None) -> None:
    """End a round by two approvers; the first may give a reason of its own."""
    for title, said in (("主办方", first or reason), ("审查人", reason)):
        with making.store.writing() as session:
            stopping.cancel(
                session,
                making.actor(title),
                scene.round_id,
                reason=said,
                now=making.market.now,
                new_id=making.market.new_id,
            )


def opened(
    making: Making, key: str, times: Mapping[str, str], *, texts: tuple[str, ...] = ("title",), is_said: bool = False
) -> Scene:
    """A round that takes bids; somebody has followed it since it was announced."""
    scene = _begun(making, key, times, texts=texts, at=WROTE)
    _approved(making, scene, key, at=WROTE, is_said=is_said)
    if is_said:
        with making.store.writing() as session:
            questions.follow(session, making.actor("个人"), scene.round_id, now=WROTE)
    assert round_market.tick(making.store, scene, now=PUBLISHED) is RoundState.OPEN
    tell(making, scene, "published")
    return scene


def _begun(
    making: Making, key: str, times: Mapping[str, str], *, texts: tuple[str, ...], at: datetime | None = None
) -> Scene:
    at = at or making.market.now
    writer = making.actor("发榜人")
    with making.store.writing() as session:
        round_id = beginnings.begin(session, writer, "challenge", now=at, new_id=making.market.new_id)
    making.market.things[f"{key}活动"] = round_id
    said = {**NOTICE, **times, "title": f"{key}行道树健康巡查"}
    said |= {name: _text(making, f"{key}活动的{name}", name) for name in texts}
    round_market.write(making.store, writer, round_id, said, now=at)
    for post, titles in HELD.items():
        for title in titles:
            _appoint(making, round_id, post, title, at)
    posts = {post: making.actor(titles[0]) for post, titles in HELD.items()}
    pairs = {post: tuple(map(making.actor, HELD[post])) for post in (Post.APPROVER, Post.CHECKER)}
    units, organiser, bidder = making.market.units, making.actor("主办方"), making.actor("申报方")
    return Scene(
        table=Table("", "", units["issuer"], units["bidder"], making.actor("发榜人"), bidder, organiser),
        round_id=round_id,
        posts=posts,
        approvers=(pairs[Post.APPROVER][0], pairs[Post.APPROVER][1]),
        checkers=(pairs[Post.CHECKER][0], pairs[Post.CHECKER][1]),
        identities={post: age.new_identity() for post in HOLDERS},
        files=making.market.installation.files,
    )


def _text(making: Making, label: str, name: str) -> str:
    canaries = making.market.canaries
    if name.endswith("_phone"):
        return canaries.phone(label)
    if name.endswith("_email"):
        return canaries.mail(label)
    return canaries.text(label) + {"title": "行道树健康巡查", "summary": "：用图像识别巡查全市行道树。"}.get(name, "")


def _appoint(making: Making, round_id: str, post: Post, title: str, at: datetime) -> None:
    who = making.actor(title).account_id
    writer = making.actor("发榜人")
    with making.store.writing() as session:
        appointments.appoint(session, writer, round_id, post, who, now=at, new_id=making.market.new_id)


def _hand_in(making: Making, scene: Scene, key: str, *, at: datetime, is_said: bool = False) -> int:
    making.actor("发榜人")
    number = round_market.hand_in(making.store, scene, now=at)
    words = {
        label: making.word(f"{key}活动的{label}") if is_said else "公平竞争审查"
        for label in ("审查机构", "审查意见的文件名", "审查意见的内容")
    }
    given = Review(
        is_passed=True,
        reviewer=words["审查机构"],
        reviewed_on=date(2026, 10, 14),
        file_name=f"{words['审查意见的文件名']}.pdf",
    )
    stored = making.market.file(pdf(words["审查意见的内容"]))
    with making.store.writing() as session:
        approval.review(session, scene.issuer, scene.round_id, given, stored, now=at)
    return number


def _approved(making: Making, scene: Scene, key: str, *, at: datetime, is_said: bool = False) -> None:
    round_market.set_up_keys(making.store, scene, now=at)
    number = _hand_in(making, scene, key, at=at, is_said=is_said)
    for approver in scene.approvers:
        with making.store.writing() as session:
            approval.approve(session, approver, scene.round_id, number=number, now=at)

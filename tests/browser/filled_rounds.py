"""Rounds of the browser's market in later states than those of the sample, made with the product's verbs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import select

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor
from marketplace.kernel.chinese_time import BEIJING
from marketplace.kernel.db import Store
from marketplace.rounds import clock, opening
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.bidding import drafts, members
from marketplace.rounds.checking import bids, corrections, objections, verdicts
from marketplace.rounds.making import addenda, appointments, approval, beginnings
from marketplace.rounds.making.approval import Review
from marketplace.rounds.round_tables import Round
from marketplace.rounds.sealing import age
from marketplace.rounds.words import BidState, Post, RoundState
from tests.browser.conftest import Site
from tests.browser.hands import PDF
from tests.marketplace import round_market as market
from tests.marketplace.dealing_market import Table
from tests.marketplace.round_market import Scene

TITLE: Final = "泵站机电设备健康监测、故障预警与检修辅助决策一体化应用揭榜挂帅（第二批）"
POSTS: Final = (
    (Post.APPROVER, "主办方"),
    (Post.APPROVER, "审批人"),
    (Post.OPENER_A, "主办方"),
    (Post.OPENER_B, "开启人"),
    (Post.KEEPER, "监督"),
    (Post.CHECKER, "审查人"),
    (Post.CHECKER, "开启人"),
    (Post.OBJECTIONS, "监督"),
)
WROTE, PUBLISHED, BID_AT = timedelta(days=32), timedelta(days=30), timedelta(days=20)
CLOSED, OPENED = timedelta(days=2), timedelta(days=1)
STILL_OPEN: Final = timedelta(days=-12)


@dataclass(frozen=True)
class Stage:
    """The market with the people who take part, and the ids of what was made."""

    site: Site
    people: Mapping[str, Actor]
    ids: dict[str, str]
    now: datetime

    def at(self, ago: timedelta) -> datetime:
        """A moment so long ago."""
        return self.now - ago

    @property
    def new_id(self) -> Callable[[], str]:
        """Makes ids."""
        return self.site.installation.new_id

    @property
    def store(self) -> Store:
        """The database."""
        return self.site.installation.store


def fill(site: Site, emails: Mapping[str, str], ids: dict[str, str]) -> Stage:
    """Make a round for each later state; `emails` are those of the people by title. Gives the market with its people."""
    with site.installation.store.reading() as session:
        found = {title: accounts.find_by_email(session, email) for title, email in emails.items()}
        people = {title: accounts.actor(session, one) for title, one in found.items() if one is not None}
    stage = Stage(site, people, ids, site.installation.clock())
    _sample(stage)
    _approving(stage)
    _running(stage)
    _sealed(stage)
    _checked(stage)
    return stage


def _sample(stage: Stage) -> None:
    """What the sample market holds already."""
    with stage.store.reading() as session:
        for name, state in (("round", RoundState.OPEN), ("draft round", RoundState.DRAFT)):
            stage.ids[name] = session.exec(select(Round.id).where(Round.state == state)).one()
        stage.ids["bid"] = session.exec(select(Bid.id).where(Bid.state == BidState.DRAFT)).one()


def _approving(stage: Stage) -> None:
    scene = _begin(stage, "review round", at=timedelta(hours=1), publish=timedelta(days=-3), closes=timedelta(days=-30))
    _hand_in(stage, scene, timedelta(hours=1))


def _running(stage: Stage) -> None:
    """A round with an addendum that bids wait to be confirmed under, and another one being written; a joint bid."""
    scene = _open(stage, "amended round", closes=STILL_OPEN)
    stage.ids["unsettled bid"] = _bid(stage, scene, "OPC")
    for reason, changed in (("条件表述不清", "有两个同类项目经验"), ("", "有三个同类项目经验，附合同关键页")):
        with stage.store.writing() as session:
            addenda.begin(session, scene.issuer, scene.round_id, now=stage.now, new_id=stage.new_id)
        market.write(stage.store, scene.issuer, scene.round_id, {"condition-2-text": changed}, now=stage.now)
        if reason:
            with stage.store.writing() as session:
                text = addenda.get(session, scene.issuer, scene.round_id, now=stage.now).text
                addenda.publish(
                    session,
                    scene.issuer,
                    scene.round_id,
                    version=text.version,
                    reason=reason,
                    now=stage.now,
                    new_id=stage.new_id,
                )
    scene = _open(stage, "joint round", closes=STILL_OPEN)
    lead = stage.people["OPC"]
    stage.ids["joint bid"] = bid_id = _draft(stage, scene, lead)
    market.fill(stage.store, scene, lead, bid_id, now=stage.at(BID_AT))
    with stage.store.writing() as session:
        partner = stage.people["创始人"].organisation_id
        assert partner is not None
        members.ask(session, lead, bid_id, partner, now=stage.at(BID_AT), new_id=stage.new_id)


def _sealed(stage: Stage) -> None:
    scene = _open(stage, "sealed round", closes=CLOSED)
    stage.ids["sealed bid"] = _bid(stage, scene, "OPC")
    _close(stage, scene)
    _turn(stage, scene, Post.OPENER_B)


def _checked(stage: Stage) -> None:
    """Of its bids one is refused with an objection, one has something to put right."""
    scene = _open(stage, "checked round", closes=CLOSED)
    refused, other = _bid(stage, scene, "OPC"), _bid(stage, scene, "创始人")
    stage.ids["refused bid"], stage.ids["corrected bid"] = refused, other
    _close(stage, scene)
    _turn(stage, scene, Post.OPENER_A)
    _turn(stage, scene, Post.KEEPER)
    at = stage.at(OPENED)
    reason = "营业执照载明的住所不在福建省内，与申报表所填不一致。"
    for title in ("审查人", "开启人"):
        checker = stage.people[title]
        with stage.store.writing() as session:
            bids.find(session, checker, refused, "c1", is_met=False, evidence=reason, now=at)
            bids.find(session, checker, refused, "c2", is_met=True, evidence="合同第 3 页。", now=at)
            verdicts.give(
                session,
                checker,
                refused,
                is_eligible=False,
                condition="c1",
                reason=reason,
                now=at,
                new_id=stage.new_id,
            )
    with stage.store.writing() as session:
        text = "我单位已于本月初完成住所变更登记，变更后的执照见附件第 1 页。"
        objections.file(session, stage.people["OPC"], refused, text=text, now=at, new_id=stage.new_id)
        corrections.ask(
            session,
            stage.people["审查人"],
            other,
            "c1",
            reason="执照扫描件不清晰，请重新上传。",
            hours=72,
            now=at,
            new_id=stage.new_id,
        )


def _begin(stage: Stage, name: str, *, at: timedelta, publish: timedelta, closes: timedelta) -> Scene:
    issuer = stage.people["需求方"]
    with stage.store.writing() as session:
        round_id = beginnings.begin(session, issuer, "challenge", now=stage.at(at), new_id=stage.new_id)
    said = {
        **market.NOTICE,
        "title": TITLE,
        "publish_at": f"{stage.at(publish).astimezone(BEIJING):%Y-%m-%d}T09:00",
        "deadline": f"{stage.at(closes).astimezone(BEIJING):%Y-%m-%d}T17:30",
    }
    market.write(stage.store, issuer, round_id, said, now=stage.at(at))
    with stage.store.writing() as session:
        for post, title in POSTS:
            who = stage.people[title].account_id
            appointments.appoint(session, issuer, round_id, post, who, now=stage.at(at), new_id=stage.new_id)
    stage.ids[name] = round_id
    people, need = stage.people, issuer.organisation_id
    assert need is not None
    return Scene(
        table=Table("", "", need, "", issuer, people["OPC"], people["主办方"]),
        round_id=round_id,
        posts={post: people[title] for post, title in POSTS},
        approvers=(people["主办方"], people["审批人"]),
        checkers=(people["审查人"], people["开启人"]),
        identities={post: age.new_identity() for post in (Post.OPENER_A, Post.OPENER_B, Post.KEEPER)},
        files=stage.site.installation.files,
    )


def _hand_in(stage: Stage, scene: Scene, at: timedelta) -> int:
    market.set_up_keys(stage.store, scene, now=stage.at(at))
    number = market.hand_in(stage.store, scene, now=stage.at(at))
    day = stage.at(at).astimezone(BEIJING).date()
    given = Review(is_passed=True, reviewer="临川市市场监督管理局", reviewed_on=day, file_name="公平竞争审查意见.pdf")
    stored = stage.site.installation.files.put(PDF, limit_bytes=len(PDF))
    with stage.store.writing() as session:
        approval.review(session, scene.issuer, scene.round_id, given, stored, now=stage.at(at))
    return number


def _open(stage: Stage, name: str, *, closes: timedelta) -> Scene:
    scene = _begin(stage, name, at=WROTE, publish=PUBLISHED, closes=closes)
    number = _hand_in(stage, scene, WROTE)
    with stage.store.writing() as session:
        for person in scene.approvers:
            approval.approve(session, person, scene.round_id, number=number, now=stage.at(WROTE))
        clock.tick(session, scene.round_id, now=stage.at(BID_AT), new_id=stage.new_id)
        # The clock of the running server must not come before the bids have.
        session.get_one(Round, scene.round_id).next_check = None
    return scene


def _bid(stage: Stage, scene: Scene, title: str) -> str:
    person, at = stage.people[title], stage.at(BID_AT)
    bid_id = _draft(stage, scene, person)
    version = market.fill(stage.store, scene, person, bid_id, now=at)
    market.submit(stage.store, scene, person, bid_id, version=version, arrived=at)
    return bid_id


def _draft(stage: Stage, scene: Scene, person: Actor) -> str:
    with stage.store.writing() as session:
        return drafts.begin(session, person, scene.round_id, "t1", now=stage.at(BID_AT), new_id=stage.new_id)


def _close(stage: Stage, scene: Scene) -> None:
    assert market.tick(stage.store, scene, now=stage.at(OPENED)) is RoundState.SEALED


def _turn(stage: Stage, scene: Scene, post: Post) -> None:
    with stage.store.writing() as session:
        opening.turn(
            session,
            scene.posts[post],
            scene.round_id,
            scene.identities[post],
            files=scene.files,
            now=stage.at(OPENED),
            new_id=stage.new_id,
        )

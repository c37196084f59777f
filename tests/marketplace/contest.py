"""A contest of 60 bidders on three tracks and in two stages, step by step: what each of its people does, in one call."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import orjson
from sqlmodel import col, select

from marketplace.accounts.actors import Actor
from marketplace.experts.rules.drawing import Wanted
from marketplace.experts.tables import PoolExpert
from marketplace.kernel.db import Store
from marketplace.rounds import held
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.bidding import submissions
from marketplace.rounds.checking import verdicts
from marketplace.rounds.deciding import awards, effects, handling, objections, publishing
from marketplace.rounds.deciding.objections import Told
from marketplace.rounds.outcome_tables import Award
from marketplace.rounds.outcome_words import Ground, ObjectionEvent, Remedy
from marketplace.rounds.panel_tables import PanelMember
from marketplace.rounds.panel_words import MemberState, SheetState
from marketplace.rounds.panels import candidates, draws, inviting, members, recusals, requests, rows
from marketplace.rounds.panels.members import Answer, Said
from marketplace.rounds.reviewing import consensus, progress, sheets, stages, tables
from marketplace.rounds.sheet_tables import Sheet
from marketplace.rounds.words import BidState, Post, RoundState
from tests.marketplace import outcome_acts as acts
from tests.marketplace import review_market as market
from tests.marketplace import round_market as rounds
from tests.marketplace.market import NEW_ID
from tests.marketplace.review_market import Panel
from tests.marketplace.round_acts import amend, judge, open_bids, seal
from tests.marketplace.round_market import BID, NOTICE, PUBLISH_AT, Scene

TRACKS = ("t1", "t2", "t3")
EACH = 20
CONTEST: Mapping[str, str] = {
    **NOTICE,
    "title": "OPC 场景专项赛",
    "funds_amount": "100",
    **{
        f"track-{n}-{part}": words
        for n, title in enumerate(("智慧园林", "智慧文旅", "工业质检"), start=1)
        for part, words in (
            ("title", title),
            ("question", f"{title}赛道的场景题。"),
            ("indicators", "识别率不低于 88%\n十分钟内预警"),
        )
    },
}
DEADLINE = datetime(2026, 12, 24, 9, 30, tzinfo=UTC)
"""Thirty days after Monday 23 November end with Wednesday the 23rd of December; 17:30 of the next working day."""
REVIEW = DEADLINE + timedelta(days=1)
FINAL = (BidState.AWARDED, BidState.NOT_AWARDED, BidState.DECLINED, BidState.INELIGIBLE, BidState.LAPSED)


class Contest:
    """The contest as it goes on: every step is what somebody does."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.scene: Scene = rounds.open_round(store, folder, procedure="contest", notice=CONTEST)
        self.round_id = self.scene.round_id
        self.bidders: dict[str, Actor] = {}
        self.experts: dict[str, Actor] = {}
        self.now = REVIEW
        self.random = random.Random(20261130)

    def bid(self, number: int, track: str, *, at: datetime = PUBLISH_AT) -> str:
        """One more bidder hands in."""
        bidder = rounds.make_bidder(self.store, f"第{number}号工作室", email=f"kaifa-{number}@gongzuoshi{number}.cn")
        bid_id = rounds.begin_bid(self.store, self.scene, bidder, track=track, now=at)
        fields = {**BID, "price_amount": "20", "contact_name": f"联系{number}", "contact_phone": f"139{number:08d}"}
        version = rounds.fill(self.store, self.scene, bidder, bid_id, fields=fields, now=at)
        rounds.submit(self.store, self.scene, bidder, bid_id, version=version, arrived=at)
        self.bidders[bid_id] = bidder
        return bid_id

    def take_bids(self) -> None:
        """Three come before the amendment: two confirm again, the third lapses; sixty are there at the deadline."""
        early = [self.bid(number, "t1") for number in (1, 2, 3)]
        later = PUBLISH_AT + timedelta(days=5)
        number = amend(self.store, self.scene, {"terms": "分两期付款。"}, now=later)
        for bid_id in early[:2]:
            with self.store.writing(durable=True) as session:
                submissions.reconfirm(session, self.bidders[bid_id], bid_id, number=number, arrived=later, now=later)
        numbers = count(4)
        for track in TRACKS:
            for _ in range(EACH - (2 if track == "t1" else 0)):
                self.bid(next(numbers), track, at=later)
        seal(self.store, self.scene, at=DEADLINE)
        open_bids(self.store, self.scene, now=DEADLINE + timedelta(hours=1))

    def check(self) -> None:
        """One bid of each track is found not eligible; the others go to the experts."""
        for track in TRACKS:
            for place, bid_id in enumerate(self.bids_in(BidState.OPENED, track=track)):
                judge(self.store, self.scene, bid_id, is_eligible=place != 0, now=REVIEW)
        with self.store.writing() as session:
            verdicts.send_to_review(session, self.scene.checkers[0], self.round_id, now=REVIEW)

    def bids_in(self, *states: BidState, track: str = "") -> list[str]:
        """The bids that stand somewhere, in their order."""
        with self.store.reading() as session:
            query = select(Bid).where(Bid.round_id == self.round_id, col(Bid.state).in_(states)).order_by(col(Bid.id))
            return [one.id for one in session.exec(query) if not track or one.track == track]

    def draw(self) -> None:
        """Five experts and four reserves for each track, of a pool of forty; two people draw."""
        for number in range(40):
            person = market.make_expert(
                self.store, f"评审{number:02d}", email=f"pingshen-{number}@zhuanjia{number}.cn", most_at_once=1
            )
            self.experts[person.account_id] = person
        for place, track in enumerate(TRACKS):
            with self.store.writing() as session:
                draw = draws.fix(
                    session,
                    self.scene.issuer,
                    self.round_id,
                    track,
                    [Wanted("", 5, 4)],
                    seed=bytes([place]) * 32,
                    now=self.now,
                    new_id=NEW_ID,
                )
            with self.store.writing() as session:
                draws.draw(
                    session,
                    self.scene.table.organiser,
                    self.round_id,
                    draw,
                    words=f"第{place}次 4 2 6",
                    now=self.now,
                    new_id=NEW_ID,
                )

    def seats(self, track: str, *states: MemberState) -> list[PanelMember]:
        """The members of a track in the order in which they came."""
        with self.store.reading() as session:
            query = select(PanelMember).where(PanelMember.round_id == self.round_id, PanelMember.track == track)
            found = session.exec(query.order_by(col(PanelMember.added_at), col(PanelMember.place), col(PanelMember.id)))
            return [one for one in found if not states or one.state in states]

    def who(self, member: PanelMember) -> Actor:
        """The person of a seat."""
        with self.store.reading() as session:
            return self.experts[session.get_one(PoolExpert, member.expert_id).account_id]

    def declare(self, member: PanelMember, said: Mapping[str, Said] | None = None) -> MemberState:
        """Declare on every bid of the track."""
        with self.store.reading() as session:
            asked = [one.id for one in rows.in_stage(session, held.get(session, self.round_id), track=member.track)]
        answers = {**{one: Said(Answer.NONE) for one in asked}, **(said or {})}
        with self.store.writing() as session:
            return members.declare(
                session, self.who(member), self.round_id, answers, agrees=True, now=self.now, new_id=NEW_ID
            )

    def call(self, track: str) -> PanelMember:
        """Call the next reserve of a track, or name somebody by hand where there is none; it declares."""
        waiting = self.seats(track, MemberState.DRAWN)
        if waiting:
            member = min(waiting, key=lambda one: one.place)
            with self.store.writing() as session:
                inviting.call_reserve(session, self.scene.issuer, self.round_id, member.id, now=self.now, new_id=NEW_ID)
        else:
            with self.store.reading() as session:
                found = candidates.of(session, held.get(session, self.round_id), track, now=self.now)
                expert = next(one.expert.id for one in found if not one.against)
            with self.store.writing() as session:
                named = inviting.name(
                    session,
                    self.scene.issuer,
                    self.round_id,
                    track,
                    expert,
                    reason="候补已用完，经研究指定。",
                    now=self.now,
                    new_id=NEW_ID,
                )
            with self.store.reading() as session:
                member = session.get_one(PanelMember, named)
        self.declare(member)
        with self.store.reading() as session:
            return session.get_one(PanelMember, member.id)

    def panels(self) -> None:
        """Everybody declares; one recuses itself from a bid, one from all, one is kept away by the office."""
        for track in TRACKS:
            invited = self.seats(track, MemberState.INVITED)
            bids = self.bids_in(BidState.IN_REVIEW, track=track)
            for place, member in enumerate(invited):
                said = {}
                if track == "t2" and place == 4:
                    said = {one: Said(Answer.CONFLICT, "与各单位均有往来。") for one in bids}
                self.declare(member, said)
            if track == "t2":
                self.call("t2")
            seats = self.seats(track, MemberState.ACCEPTED)
            for member, as_deputy in ((seats[0], False), (seats[1], True)):
                with self.store.writing() as session:
                    members.lead(
                        session, self.scene.issuer, self.round_id, member.id, as_deputy=as_deputy, now=self.now
                    )

    def mark_everything(self) -> None:
        """Every open sheet of the stage is filled in and handed in, one bid after the other."""
        for number, (sheet_id, account_id) in enumerate(self.open_sheets()):
            given = {
                "mark-c1": str(self.random.randint(24, 35)),
                "mark-c2": f"{self.random.randint(44, 68) / 2:g}",
                "mark-c3": str(self.random.randint(9, 14)),
                "mark-c4": str(self.random.randint(9, 14)),
                **{f"comment-c{n}": "理由见材料。" for n in (1, 2, 3, 4)},
            }
            person = self.experts[account_id]
            with self.store.writing() as session:
                sheets.save(session, person, sheet_id, given, now=self.now)
                sheets.submit(session, person, sheet_id, now=self.now + timedelta(seconds=number))

    def open_sheets(self) -> list[tuple[str, str]]:
        """The sheets that wait, with the accounts of their experts."""
        query = (
            select(Sheet.id, PoolExpert.account_id)
            .join(PanelMember, col(PanelMember.id) == col(Sheet.member_id))
            .join(PoolExpert, col(PoolExpert.id) == col(PanelMember.expert_id))
            .where(PanelMember.round_id == self.round_id, col(Sheet.state).in_((SheetState.ASSIGNED, SheetState.DRAFT)))
            .order_by(col(Sheet.id))
        )
        with self.store.reading() as session:
            return list(session.exec(query).all())

    def agree(self) -> RoundState:
        """Each chair says why its panel differs where it does, and confirms; the deputy what the chair must not."""
        state = self.state()
        for track in TRACKS:
            for post in ("is_chair", "is_deputy"):
                if state is not RoundState.CONSENSUS:
                    return state
                leader = next(one for one in self.seats(track, MemberState.LOCKED) if getattr(one, post))
                with self.store.reading() as session:
                    row = held.get(session, self.round_id)
                    mine = progress.led_by(session, row, session.get_one(PanelMember, leader.id))
                    open_ones = [one for one in progress.uncommented(session, row) if one in mine]
                for bid_id in open_ones:
                    with self.store.writing() as session:
                        consensus.remark(
                            session,
                            self.who(leader),
                            self.round_id,
                            bid_id,
                            text="各专家对演示的看法不同。",
                            now=self.now,
                            new_id=NEW_ID,
                        )
                if mine and self.state() is RoundState.CONSENSUS:
                    with self.store.writing() as session:
                        state = consensus.confirm(session, self.who(leader), self.round_id, now=self.now, new_id=NEW_ID)
        return state

    def close(self) -> None:
        """Let the clock close the review; where a panel is short on a bid the office does, with a reason."""
        if self.tick() is RoundState.REVIEW:
            with self.store.writing() as session:
                stages.close(
                    session, self.scene.issuer, self.round_id, reason="回避后不再补充。", now=self.now, new_id=NEW_ID
                )

    def tick(self, now: datetime | None = None) -> RoundState:
        """Let the clock look."""
        return rounds.tick(self.store, self.scene, now=now or self.now)

    def state(self) -> RoundState:
        """Where the round stands."""
        with self.store.reading() as session:
            return held.get(session, self.round_id).state

    @property
    def panel(self) -> Panel:
        """As the one-line acts want it."""
        return Panel(self.scene, tuple(self.bidders.values()), tuple(self.bidders), {}, (), ())

    def ask_for_recusal(self) -> None:
        """A bidder asks that an expert does not judge it, the office agrees; another takes the place for that bid."""
        asked = self.bids_in(BidState.IN_REVIEW, track="t1")[0]
        kept_away = self.seats("t1", MemberState.ACCEPTED)[4]
        with self.store.writing() as session:
            request = requests.file(
                session,
                self.bidders[asked],
                asked,
                person=self.who(kept_away).name,
                unit="",
                text="曾为我方竞争对手做咨询。",
                now=self.now,
                new_id=NEW_ID,
            )
        with self.store.writing() as session:
            requests.answer(
                session,
                self.scene.issuer,
                self.round_id,
                request,
                is_upheld=True,
                member_id=kept_away.id,
                text="情况属实，同意回避。",
                now=self.now,
                new_id=NEW_ID,
            )
        self.call("t1")

    def recuse_late(self) -> str:
        """After the first stage is frozen an expert finds out about a tie to a bid; gives the bid."""
        begun = (MemberState.IN_PROGRESS, MemberState.LOCKED, MemberState.SUBMITTED)
        member = self.seats("t3", *begun)[3]
        bid_id = self.bids_in(BidState.IN_REVIEW, track="t3")[0]
        with self.store.writing() as session:
            recusals.declare_late(
                session,
                self.who(member),
                self.round_id,
                bid_id,
                text="刚得知其负责人是我的学生。",
                now=self.now,
                new_id=NEW_ID,
            )
        self.call("t3")
        return bid_id

    def stage(self) -> RoundState:
        """Everything open is marked, the review closed, what came of it confirmed."""
        self.mark_everything()
        self.close()
        return self.agree()

    def hear_objections(self) -> None:
        """Three objections of bidders that are not chosen: one is not taken, one dismissed, one upheld and brought about."""
        unlucky = self.bids_in(BidState.NOT_SELECTED, track="t1")[:3]
        handler = self.scene.posts[Post.OBJECTIONS]
        told = Told("联系人", "13900000000", "", "评分有误。", "公告评审办法。", "演示当日设备故障。", "重新评审。")
        filed = []
        for bid_id in unlucky:
            with self.store.writing() as session:
                filed.append(
                    objections.file(session, self.bidders[bid_id], self.round_id, told, now=self.now, new_id=NEW_ID)
                )
        with self.store.writing() as session:
            ground = Ground.NO_EVIDENCE
            handling.refuse(
                session, handler, filed[0], ground=ground, answer="未提供证据。", now=self.now, new_id=NEW_ID
            )
        for objection_id in filed[1:]:
            acts.take(self.store, self.panel, objection_id, now=self.now)
        acts.settle(self.store, self.panel, filed[1], ObjectionEvent.DISMISS, now=self.now)
        review, concerned = Remedy.REVIEW_AGAIN, (unlucky[2],)
        acts.settle(
            self.store, self.panel, filed[2], ObjectionEvent.UPHOLD, remedy=review, bids=concerned, now=self.now
        )
        with self.store.writing() as session:
            effects.bring_about(
                session,
                self.scene.posts[Post.KEEPER],
                self.round_id,
                reason="第 3 号异议成立，另请专家评审。",
                now=self.now,
                new_id=NEW_ID,
            )
        for _ in range(5):
            self.call("t1")

    def publicity_ends(self) -> datetime:
        """When the publicity of now is over."""
        with self.store.reading() as session:
            ends = held.get(session, self.round_id).publicity_ends
        assert ends is not None
        return ends

    def decline_one(self, now: datetime) -> None:
        """One winner declines."""
        declining = self.bids_in(BidState.AWARDED)[0]
        with self.store.writing() as session:
            awards.decline(session, self.bidders[declining], declining, reason="团队变动。", now=now, new_id=NEW_ID)

    def confirm_all(self, now: datetime) -> None:
        """Every winner that has not confirmed does."""
        for bid_id in self.bids_in(BidState.AWARDED):
            with self.store.writing() as session:
                award = session.get(Award, bid_id)
                if award is not None and award.confirmed_at is None:
                    awards.confirm(session, self.bidders[bid_id], bid_id, now=now, new_id=NEW_ID)

    def exported(self) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """What is exported of the result, through JSON and back: the publicity, and the tables that stand."""
        with self.store.reading() as session:
            public = publishing.standing(session, self.round_id)
            assert public is not None
            live = [one.record for one in tables.all_of(session, self.round_id) if one.void_at is None]
            return orjson.loads(orjson.dumps(public.record)), [orjson.loads(orjson.dumps(one)) for one in live]

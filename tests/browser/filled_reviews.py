"""Rounds of the browser's market that an expert judges: invited, waiting for a decision, judging, together, out of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from marketplace.accounts import accounts, grants
from marketplace.accounts.actors import Actor
from marketplace.accounts.signing_in import passwords
from marketplace.accounts.words import Role
from marketplace.kernel.db import Store
from marketplace.rounds.panels import members
from marketplace.rounds.reviewing import consensus, sheets
from marketplace.rounds.sheet_tables import ReviewedBid, Sheet
from tests.marketplace import review_seats as seats
from tests.marketplace.market import NEW_ID, REGION
from tests.marketplace.review_market import marks
from tests.marketplace.round_market import Scene

OTHERS: Final = ("顾明远", "沈知秋", "韩立群", "苏见山")
SAID: Final = "方案逐条对应了指标，但夜间识别没有实测数据，第三方抽检的办法也没有写清楚，建议补充检测报告。"


@dataclass(frozen=True)
class Desk:
    """Where the rounds are made: `opened` makes one of a name, opened, and gives it with its two bids."""

    store: Store
    expert: Actor
    by: Actor
    opened: Callable[[str], tuple[Scene, list[str]]]
    ids: dict[str, str]
    now: datetime


def fill(desk: Desk) -> None:
    """Make a round for each state of an expert's desk."""
    others = _people(desk)
    seats.enter(desk.store, [desk.expert, *others], region=REGION, by=desk.by, now=desk.now)
    for name in ("invited", "doubted", "judging", "left", "together"):
        scene, bid_ids = desk.opened(f"{name} round")
        seats.begin(desk.store, scene, bid_ids, now=desk.now)
        seats.name(desk.store, scene, desk.expert, now=desk.now)
        if name == "left":
            with desk.store.writing() as session:
                members.decline(
                    session, desk.expert, scene.round_id, reason="当周在外地授课。", now=desk.now, new_id=NEW_ID
                )
        if name == "doubted":
            seats.declare(desk.store, scene, desk.expert, bid_ids, now=desk.now, doubts=bid_ids[:1])
        if name == "judging":
            _judge(desk, scene, bid_ids)
        if name == "together":
            _sit_together(desk, scene, bid_ids, others)


def _judge(desk: Desk, scene: Scene, bid_ids: list[str]) -> None:
    seats.declare(desk.store, scene, desk.expert, bid_ids, now=desk.now)
    first, second = seats.own_sheets(desk.store, scene, desk.expert)
    with desk.store.writing() as session:
        sheets.save(session, desk.expert, first, {"mark-c1": "20", "comment-all": SAID}, now=desk.now)
        sheets.save(session, desk.expert, second, marks(34, why=SAID), now=desk.now)
    with desk.store.writing() as session:
        sheets.submit(session, desk.expert, second, now=desk.now)
    desk.ids["sheet"], desk.ids["handed sheet"] = first, second


def _sit_together(desk: Desk, scene: Scene, bid_ids: list[str], others: list[Actor]) -> None:
    for one in others:
        seats.name(desk.store, scene, one, now=desk.now)
    for points, one in zip((34, 36, 35, 33, 10), (desk.expert, *others), strict=True):
        seats.declare(desk.store, scene, one, bid_ids, now=desk.now)
        seats.mark(desk.store, scene, one, now=desk.now, fields=marks(points, why=SAID))
    seats.lead(desk.store, scene, desk.expert, others[0], now=desk.now)
    seats.close(desk.store, scene, now=desk.now)
    sheet_id = seats.own_sheets(desk.store, scene, desk.expert)[0]
    with desk.store.writing() as session:
        bid_id = session.get_one(Sheet, sheet_id).bid_id
        desk.ids["code"] = session.get_one(ReviewedBid, bid_id).code
        consensus.remark(session, others[3], scene.round_id, bid_id, text=SAID, now=desk.now, new_id=NEW_ID)
        consensus.correct(
            session,
            desk.expert,
            scene.round_id,
            sheet_id,
            "c1",
            points="31.5",
            reason="合议中核对了附件第 3 页，抽检样本不足。",
            now=desk.now,
            new_id=NEW_ID,
        )


def _people(desk: Desk) -> list[Actor]:
    found = []
    with desk.store.writing() as session:
        for number, name in enumerate(OTHERS):
            account_id = accounts.create(
                session,
                email=f"zhuanjia-{number}@pingshen.example",
                name=name,
                password_hash=passwords.make("a pass phrase of nobody"),
                now=desk.now,
                new_id=NEW_ID,
            )
            grants.give(
                session,
                account_id=account_id,
                role=Role.EXPERT,
                region=REGION,
                organisation_id=None,
                now=desk.now,
                new_id=NEW_ID,
            )
            found.append(accounts.actor(session, account_id))
    return found

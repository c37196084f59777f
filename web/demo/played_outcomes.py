"""The outcome of a sample round: decided by two, public, objected to, awarded."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from sqlmodel import select

from marketplace.accounts.joining.evidence import GivenFile
from marketplace.accounts.words import EvidenceKind
from marketplace.rounds import held
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.deciding import awards, decisions, handling, objections
from marketplace.rounds.deciding.objections import Told
from marketplace.rounds.outcome_words import ObjectionEvent
from marketplace.rounds.rules.deciding import proposed
from marketplace.rounds.words import BidState, RoundState
from web.demo import papers
from web.demo.played_scene import Scene

DECIDED: Final = 12
"""The working day after the deadline on which the deciders meet."""
NOTE: Final = "{day}召开专题会，市数据局、需求单位和驻局纪检组共 5 人参加，听取评审情况，逐份讨论后一致同意按评审名次确定拟中选和候补单位。"


def decide(scene: Scene) -> None:
    """Let both deciders follow the ranking, each with the reasons that every bidder is told."""
    reasons = {scene.bids[one["unit"]]: one.get("reason", "") for one in scene.said["bid"]}
    met = scene.at(DECIDED, 15)
    state = RoundState.DECISION
    for hour, decider in ((16, scene.staff.organiser), (17, scene.staff.approver)):
        page = decisions.get(scene.session, decider, scene.round_id)
        picks = {
            bid_id: replace(pick, reason=reasons[bid_id])
            for bid_id, pick in proposed(page.ranking.standings, page.ranking.limits).items()
        }
        state = decisions.decide(
            scene.session,
            decider,
            scene.round_id,
            picks,
            note=NOTE.format(day=f"{met.month}月{met.day}日"),
            scores_digest=page.ranking.digest,
            now=scene.at(DECIDED, hour),
            new_id=scene.new_id,
        )
    assert state is RoundState.PUBLICITY


def object_to(scene: Scene) -> None:
    """Let a bidder object with its evidence; who takes objections takes it, and answers it where the sample says so."""
    for said in scene.said["objection"]:
        person = next(one for one in scene.said["bid"] if one["unit"] == said["by"])
        told = Told(
            name=person["person"],
            phone=person["phone"],
            email=person["email"],
            **{name: said[name] for name in ("what", "rule", "evidence", "wanted")},
        )
        data = papers.make(said["file"].removesuffix(".pdf"), (f"提交单位：{said['by']}", said["evidence"]))
        given = GivenFile(said["file"], EvidenceKind.PDF, scene.files.put(data, limit_bytes=len(data)))
        objection_id = objections.file(
            scene.session,
            scene.bidders[said["by"]],
            scene.round_id,
            told,
            files=[given],
            now=scene.at(said["day"], 10),
            new_id=scene.new_id,
        )
        handler = scene.staff.supervisor
        handling.take(scene.session, handler, objection_id, now=scene.at(said["day"], 15), new_id=scene.new_id)
        handling.investigate(scene.session, handler, objection_id, now=scene.at(said["day"] + 1, 9))
        if "answered" in said:
            handling.decide(
                scene.session,
                handler,
                objection_id,
                ObjectionEvent.DISMISS,
                answer=said["answer"],
                now=scene.at(said["answered"], 16),
                new_id=scene.new_id,
            )


def award(scene: Scene) -> None:
    """Let the publicity end; the clock awards, the winner confirms."""
    ends = held.get(scene.session, scene.round_id).publicity_ends
    assert ends is not None
    assert scene.tick(ends) is RoundState.AWARDED
    winners = select(Bid.id).where(Bid.round_id == scene.round_id, Bid.state == BidState.AWARDED)
    units = {bid_id: unit for unit, bid_id in scene.bids.items()}
    for bid_id in scene.session.exec(winners).all():
        confirmed = ends + timedelta(hours=34)
        awards.confirm(scene.session, scene.bidders[units[bid_id]], bid_id, now=confirmed, new_id=scene.new_id)
    scene.tick(ends + timedelta(hours=35))

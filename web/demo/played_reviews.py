"""The experts of a sample round: drawn by two people, declared, marking, agreed."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor
from marketplace.experts import pool
from marketplace.experts.rules import drawing
from marketplace.experts.rules.drawing import Wanted
from marketplace.experts.words import ExpertField
from marketplace.rounds import held
from marketplace.rounds.panel_tables import PanelDraw, PanelMember
from marketplace.rounds.panel_words import MemberState, Source
from marketplace.rounds.panels import conflicts, draws, inviting, members, recusals, requests, rows
from marketplace.rounds.panels.members import Answer, Said
from marketplace.rounds.reviewing import consensus, desks, progress, sheets
from marketplace.rounds.rules import draw_records
from marketplace.rounds.words import RoundState
from web.demo.played_scene import Scene

WANTED: Final = (
    Wanted(ExpertField.TECHNOLOGY.value, 2, 1),
    Wanted(ExpertField.INDUSTRY.value, 2, 1),
    Wanted(ExpertField.MANAGEMENT.value, 1, 1),
)
TIE: Final = "去年受该单位聘请担任过一个项目的技术顾问，收取过咨询费。"
DOUBT: Final = "今年在行业会议上与该单位负责人同组做过报告，没有经济往来，请认定是否需要回避。"
AWAY: Final = "评审期间在外地参加验收，无法按时完成。"
SHARED: Final = "邮箱域名由演示环境统一分配，双方没有任职、投资或业务关系，不需要回避。"
DIFFERS: Final = "各专家对案例与本题的相近程度看法不同，经讨论维持各自评分。"
LOW: Final = "与公告要求有明显差距，材料中没有可以查证的依据。"
HIGH: Final = "超出公告要求，并有可以查证的材料。"
MEANWHILE: Final = timedelta(minutes=5)


def seat(scene: Scene, *, expert: str) -> None:
    """Draw a panel and let it declare; one recuses itself from a bid or cannot come, a reserve takes the place.

    `expert`: the address of somebody who is on the panel in any case.
    """
    session, staff = scene.session, scene.staff
    draw_id = draws.fix(
        session,
        scene.office,
        scene.round_id,
        "t1",
        WANTED,
        seed=hashlib.sha256(scene.round_id.encode()).digest(),
        now=scene.at(4, 10),
        new_id=scene.new_id,
    )
    # The demo's own expert is drawn like everybody else; of the words that could be spoken those are that draw it.
    words = _words(scene, draw_id, expert)
    draws.draw(
        session, staff.supervisor, scene.round_id, draw_id, words=words, now=scene.at(4, 10, 20), new_id=scene.new_id
    )
    invited = [one for one in rows.members(session, scene.round_id) if one.state is MemberState.INVITED]
    others = [one for one in invited if scene.expert(one).email != expert]
    last = others[-1]
    for minute, member in enumerate(invited):
        now = scene.at(5, 9, minute * 7)
        if member is last and not expert:
            members.decline(session, scene.expert(member), scene.round_id, reason=AWAY, now=now, new_id=scene.new_id)
        else:
            said = {list(scene.bids.values())[1]: Said(Answer.CONFLICT, TIE)} if member is others[0] else {}
            if member is last:
                said = {next(iter(scene.bids.values())): Said(Answer.DOUBT, DOUBT)}
            _declare(scene, member, said, now=now)
    _call_reserves(scene, day=5)
    judging = [one for one in rows.members(session, scene.round_id) if one.state is MemberState.ACCEPTED]
    whole = [one for one in judging if not one.fills_gaps and one is not others[0]]
    for chosen, as_deputy in ((whole[0], False), (whole[1], True)):
        members.lead(session, scene.office, scene.round_id, chosen.id, as_deputy=as_deputy, now=scene.at(5, 16))


def begin_marking(scene: Scene, expert: str) -> None:
    """Let the panel be in the middle of its work: some have finished, the demo's expert has one bid done and one begun."""
    for number, member in enumerate(_judging(scene)):
        person = scene.expert(member)
        if person.email == expert:
            _mark_some(scene, person, number, done=1, begun=1)
        else:
            _mark_some(scene, person, number, done=(9, 2, 9, 0)[number % 4], begun=0)
    asking = next((one for one in scene.said["bid"] if "asks_recusal" in one), None)
    if asking is not None:
        requests.file(
            scene.session,
            scene.bidders[asking["unit"]],
            scene.bids[asking["unit"]],
            person="",
            unit=asking["asks_recusal"][0],
            text=asking["asks_recusal"][1],
            now=scene.at(6, 15),
            new_id=scene.new_id,
        )


def mark(scene: Scene) -> None:
    """Let everybody hand in everything; the clock closes the review, the chair confirms, the scores are frozen."""
    for number, member in enumerate(_judging(scene)):
        _mark_some(scene, scene.expert(member), number, done=len(scene.bids), begun=0)
    assert scene.tick(scene.at(10, 9)) is RoundState.CONSENSUS
    for member in _judging(scene):
        if member.is_chair or member.is_deputy:
            _agree(scene, member)
    assert held.get(scene.session, scene.round_id).state is RoundState.DECISION


def _words(scene: Scene, draw_id: str, expert: str) -> str:
    """What is spoken at the draw: the throw of dice under which the demo's expert is drawn."""
    found = scene.session.get_one(PanelDraw, draw_id)
    for number in count():
        said = " ".join(str(one % 6 + 1) for one in hashlib.sha256(b"%d" % number).digest()[:6])
        drawn = drawing.draw(draw_records.mixed(bytes.fromhex(found.seed), said), found.eligible, WANTED)
        entries = {one for each in drawn for one in each.experts}
        if not expert or expert in {_email(scene, one) for one in entries}:
            return said
    raise AssertionError


def _email(scene: Scene, expert_id: str) -> str:
    return accounts.actor(scene.session, pool.row(scene.session, expert_id).account_id).email


def _declare(scene: Scene, member: PanelMember, said: Mapping[str, Said], *, now: datetime) -> None:
    asked = [one.id for one in rows.in_stage(scene.session, held.get(scene.session, scene.round_id), track="t1")]
    answers = {**{one: Said(Answer.NONE) for one in asked}, **said}
    members.declare(
        scene.session, scene.expert(member), scene.round_id, answers, agrees=True, now=now, new_id=scene.new_id
    )
    _decide_found(scene, now=now + MEANWHILE)


def _call_reserves(scene: Scene, *, day: int) -> None:
    """Call who stands by until every bid has its sheets, in the order of the draw."""
    row = held.get(scene.session, scene.round_id)
    for minute in count():
        waiting = [one for one in rows.members(scene.session, row.id) if one.state is MemberState.DRAWN]
        short = inviting.lacking(scene.session, row, "t1") or inviting.needs_another(scene.session, row, "t1")
        if not (waiting and short):
            return
        called, now = min(waiting, key=lambda one: one.place), scene.at(day, 14, minute * 10)
        inviting.call_reserve(scene.session, scene.office, row.id, called.id, now=now, new_id=scene.new_id)
        _declare(scene, called, {}, now=scene.at(day, 15, minute * 10))


def _decide_found(scene: Scene, *, now: datetime) -> None:
    """Let the office decide what the rules found and nobody declared: the demo's own addresses share one domain."""
    seated = [one.id for one in rows.members(scene.session, scene.round_id)]
    found = [one for one in conflicts.standing(scene.session, seated) if one.excludes is None]
    for one in found:
        if one.source is Source.FOUND:
            recusals.decide(
                scene.session,
                scene.office,
                scene.round_id,
                one.id,
                excludes=False,
                note=SHARED,
                now=now,
                new_id=scene.new_id,
            )


def _judging(scene: Scene) -> list[PanelMember]:
    return [one for one in rows.members(scene.session, scene.round_id) if one.state in rows.JUDGING]


def _mark_some(scene: Scene, person: Actor, number: int, *, done: int, begun: int) -> None:
    """Hand in the first sheets of somebody, and begin the next."""
    said = {scene.bids[one["unit"]]: one for one in scene.said["bid"]}
    lines = [one for one in desks.lines(scene.session, person, scene.round_id) if not one.is_closed]
    for place, line in enumerate(lines[: done + begun]):
        given = _given(scene, said[line.bid_id], number)
        now = scene.at(6 + place % 2, 9 + number, place * 11)
        if place >= done:
            given = {name: words for name, words in given.items() if name in {"mark-c1", "comment-all"}}
        sheets.save(scene.session, person, line.sheet_id, given, now=now)
        if place < done:
            sheets.submit(scene.session, person, line.sheet_id, now=now)


def _given(scene: Scene, said: Mapping[str, Any], number: int) -> dict[str, str]:
    """The marks of an expert with what it says of the bid; marks outside their band each want a reason of their own."""
    points = said["marks"][number % len(said["marks"])]
    given = {"comment-all": said["said"][number % len(said["said"])]}
    for one, mark in zip(sheets.criteria(scene.session, held.get(scene.session, scene.round_id)), points, strict=True):
        given[f"mark-{one.key}"] = f"{mark:g}"
        if not one.low <= mark <= one.high:
            given[f"comment-{one.key}"] = LOW if mark < one.low else HIGH
    return given


def _agree(scene: Scene, member: PanelMember) -> None:
    """Let a leader say why its panel differs, where it does, and confirm."""
    session, person = scene.session, scene.expert(member)
    row = held.get(session, scene.round_id)
    if row.state is not RoundState.CONSENSUS:
        return
    mine = progress.led_by(session, row, member)
    for bid_id in [one for one in progress.uncommented(session, row) if one in mine]:
        consensus.remark(session, person, row.id, bid_id, text=DIFFERS, now=scene.at(10, 10), new_id=scene.new_id)
    if mine:
        consensus.confirm(session, person, row.id, now=scene.at(10, 11), new_id=scene.new_id)

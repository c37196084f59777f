"""Rounds of the crawl that are decided: one whose reserve is public after the winner declined, one that is awarded.

Five experts judge each: one who reads in the crawl (专家), another one (另一专家), and three who only fill the panel.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from marketplace.accounts.actors import Actor
from marketplace.accounts.joining.evidence import GivenFile
from marketplace.accounts.signing_in import passwords
from marketplace.accounts.words import EvidenceKind, Role
from marketplace.rounds.deciding import awards, decisions, handling, objections
from marketplace.rounds.deciding.objections import Told
from marketplace.rounds.making import appointments
from marketplace.rounds.outcome_words import ObjectionEvent
from marketplace.rounds.panels import requests
from marketplace.rounds.reviewing import consensus, desks, sheets
from marketplace.rounds.rules.deciding import Pick, proposed
from marketplace.rounds.words import Post, RoundState
from tests.marketplace import review_seats as seats
from tests.marketplace import round_market
from tests.marketplace.review_market import marks
from tests.marketplace.round_market import Scene
from tests.web.canary_market import PASSWORD, REGION, make_person, pdf
from tests.web.canary_rounds import Making

ENDED: Final = {"publish_at": "2026-10-20T09:00", "deadline": "2026-11-05T09:00"}
DEADLINE: Final = datetime(2026, 11, 5, 1, tzinfo=UTC)
OPENED: Final = datetime(2026, 11, 5, 2, tzinfo=UTC)
JUDGED: Final = datetime(2026, 11, 5, 6, tzinfo=UTC)
DECIDED: Final = datetime(2026, 11, 5, 8, tzinfo=UTC)
"""A Thursday: five working days of publicity end with Thursday the 12th."""
AWARDED: Final = datetime(2026, 11, 12, 16, tzinfo=UTC)
DECLINED: Final = datetime(2026, 11, 13, 2, tzinfo=UTC)
"""A Friday: five more working days end with Friday the 20th, after the crawl."""
PANEL: Final = ("专家", "另一专家", "第三专家", "第四专家", "第五专家")
POINTS: Final = ((38, 30, 26), (37, 29, 25), (38, 30, 26), (37, 31, 25), (38, 30, 40))
"""For the first criterion, by expert and bid: the last expert sees the third bid quite differently."""
WRITING: Final = ("评语", "另一评语")
"""What the first two experts write about the first bid."""
DECIDERS: Final = ("发榜经办", "审查人")


def judged(making: Making, scene: Scene, key: str, bids: Sequence[str], *, asking: str) -> None:
    """Everybody declares, one bidder asks for a recusal and gets its answer, every sheet is in and confirmed."""
    _seat(making)
    seats.begin(making.store, scene, bids, now=OPENED)
    people = [making.actor(title) for title in PANEL]
    seats.enter(making.store, people, region=REGION, by=making.actor("主办方"), now=JUDGED)
    for person in people:
        seats.name(making.store, scene, person, now=JUDGED)
    for person in people:
        seats.declare(making.store, scene, person, bids, now=JUDGED)
    seats.lead(making.store, scene, people[1], people[2], now=JUDGED)
    _ask_for_recusal(making, scene, key, asking)
    first, *_ = [_mark(making, scene, key, number, bids) for number in range(len(people))]
    seats.close(making.store, scene, now=JUDGED)
    ask: dict[str, Any] = {"now": JUDGED, "new_id": making.market.new_id}
    reason = making.word(f"{key}活动的更正理由")
    with making.store.writing() as session:
        consensus.correct(session, people[0], scene.round_id, first, "c2", points="25", reason=reason, **ask)
    text = making.word(f"{key}活动的合议意见")
    for bid_id in bids:
        with making.store.writing() as session:
            consensus.remark(session, people[1], scene.round_id, bid_id, text=text, **ask)
    with making.store.writing() as session:
        assert consensus.confirm(session, people[1], scene.round_id, **ask) is RoundState.DECISION


def published(making: Making, scene: Scene, key: str) -> None:
    """Two decide alike, each with a note of its own; the result is public."""
    for title in DECIDERS:
        writer, who = making.actor("发榜人"), making.actor(title).account_id
        with making.store.writing() as session:
            appointments.appoint(
                session, writer, scene.round_id, Post.DECIDER, who, now=JUDGED, new_id=making.market.new_id
            )
    reason = making.word(f"{key}活动的决定理由")
    for title in DECIDERS:
        decider = making.actor(title)
        note = making.word(f"{key}活动的{title}的研究情况")
        with making.store.reading() as session:
            page = decisions.get(session, decider, scene.round_id)
        picks = _picks(page.ranking, reason)
        with making.store.writing() as session:
            decisions.decide(
                session,
                decider,
                scene.round_id,
                picks,
                note=note,
                scores_digest=page.ranking.digest,
                now=DECIDED,
                new_id=making.market.new_id,
            )
    assert round_market.row_of(making.store, scene).state is RoundState.PUBLICITY


def contested(making: Making, scene: Scene, key: str) -> None:
    """Somebody objects with its evidence, the time to answer is extended, the answer is no; another one still waits."""
    ask: dict[str, Any] = {"now": DECIDED, "new_id": making.market.new_id}
    word = f"{key}活动的异议的"
    evidence = GivenFile(
        making.word(f"{word}证据名") + ".pdf", EvidenceKind.PDF, making.market.file(pdf(making.word(f"{word}证据内容")))
    )
    canaries = making.market.canaries
    told = Told(
        name=making.word(f"{word}姓名栏"),
        phone=canaries.phone(f"{word}电话"),
        email=canaries.mail(f"{word}邮箱栏"),
        **{name: making.word(f"{word}{name}") for name in ("what", "rule", "evidence", "wanted")},
    )
    filer, taker = making.actor("别的OPC"), making.actor("主办方")
    with making.store.writing(acting=_seat_of(filer)) as session:
        objection = objections.file(session, filer, scene.round_id, told, files=[evidence], **ask)
    with making.store.writing() as session:
        handling.take(session, taker, objection, **ask)
    with making.store.writing() as session:
        handling.extend(session, taker, objection, reason=making.word(f"{word}延期理由"), **ask)
    with making.store.writing() as session:
        handling.investigate(session, taker, objection, now=DECIDED)
    answer = making.word(f"{word}答复")
    with making.store.writing() as session:
        handling.decide(session, taker, objection, ObjectionEvent.DISMISS, answer=answer, **ask)


def objected(making: Making, scene: Scene, key: str) -> None:
    """A person objects to the result that is public now; nobody has looked at it yet."""
    person = making.actor("个人")
    what = making.word(f"{key}活动的待受理异议")
    told = Told("何一人", "13900000000", "", what, "公告第三条。", "营业执照。", "重新评审。")
    with making.store.writing() as session:
        objections.file(session, person, scene.round_id, told, now=making.market.now, new_id=making.market.new_id)


def awarded(making: Making, scene: Scene) -> None:
    """The publicity is over."""
    assert round_market.tick(making.store, scene, now=AWARDED) is RoundState.AWARDED


def confirmed(making: Making, bidder: Actor, bid_id: str) -> None:
    """The winner takes the award."""
    with making.store.writing() as session:
        awards.confirm(session, bidder, bid_id, now=DECLINED, new_id=making.market.new_id)


def declined(making: Making, scene: Scene, key: str, bidder: Actor, bid_id: str) -> None:
    """The winner does not take the award, for a reason of its own; the reserve is public in its place."""
    reason = making.word(f"{key}活动的放弃理由")
    with making.store.writing() as session:
        awards.decline(session, bidder, bid_id, reason=reason, now=DECLINED, new_id=making.market.new_id)
    assert round_market.row_of(making.store, scene).state is RoundState.PUBLICITY


def _seat(making: Making) -> None:
    hashed = passwords.make(PASSWORD)
    for title in PANEL[2:]:
        if title not in making.market.people:
            make_person(making.market, title, role=Role.EXPERT, hashed=hashed)


def _mark(making: Making, scene: Scene, key: str, number: int, bids: Sequence[str]) -> str:
    """Hand in everything; gives the sheet for the first bid, on which the two who are named say a word of their own."""
    person = making.actor(PANEL[number])
    with making.store.reading() as session:
        own = {one.bid_id: one.sheet_id for one in desks.lines(session, person, scene.round_id)}
    for bid_id, points in zip(bids, POINTS[number], strict=False):
        fields = marks(points)
        if number < len(WRITING) and bid_id == bids[0]:
            fields["comment-c1"] = making.word(f"{key}活动的{WRITING[number]}")
        with making.store.writing() as session:
            sheets.save(session, person, own[bid_id], fields, now=JUDGED)
        with making.store.writing() as session:
            sheets.submit(session, person, own[bid_id], now=JUDGED)
    return own[bids[0]]


def _ask_for_recusal(making: Making, scene: Scene, key: str, bid_id: str) -> None:
    ask: dict[str, Any] = {"now": JUDGED, "new_id": making.market.new_id}
    text, answer = making.word(f"{key}活动的回避申请"), making.word(f"{key}活动的回避申请的答复")
    bidder = making.actor("申报方")
    with making.store.writing() as session:
        request = requests.file(session, bidder, bid_id, person="宋不在", unit="", text=text, **ask)
    making.actor("发榜人")
    with making.store.writing() as session:
        requests.answer(session, scene.issuer, scene.round_id, request, is_upheld=False, text=answer, **ask)


def _picks(ranking: Any, reason: str) -> dict[str, Pick]:
    picks = proposed(ranking.standings, ranking.limits)
    return {bid: replace(pick, reason=reason) if pick.order == 1 else pick for bid, pick in picks.items()}


def _seat_of(actor: Actor) -> tuple[str, str] | None:
    return None if actor.organisation_id is None else (actor.account_id, actor.organisation_id)

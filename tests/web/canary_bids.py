"""The bids of the crawl's rounds: drafts, sealed ones, withdrawn ones, opened ones with everything that a check says."""

from collections.abc import Iterable
from typing import Any

from marketplace.accounts.actors import Actor
from marketplace.rounds import opening
from marketplace.rounds.bidding import attaching, drafts, members, submissions
from marketplace.rounds.checking import attachments, bids, corrections, objections, verdicts
from marketplace.rounds.rules.bid_forms import Attached
from marketplace.rounds.sealing import age
from marketplace.rounds.words import Post, RoundState
from tests.marketplace import round_acts, round_market
from tests.marketplace.round_market import BID, Scene
from tests.web import canary_outcomes, canary_review
from tests.web import canary_rounds as rounds
from tests.web.canary_market import Built, pdf
from tests.web.canary_rounds import BID_AT, DEADLINE, OPENED, PAST, RUNNING, Making
from tests.web.canary_seen_rounds import ANSWERS, NOTICE

HOURS = 72
WAN = 10_000
"""So many yuan are one 万元."""


def fill(market: Built) -> None:
    """Put every round and every bid in its place."""
    making = rounds.begin(market)
    rounds.draft(making)
    rounds.before(making)
    _running(making)
    _sealed(making)
    _checked(making)
    _judged(making)
    _published(making)
    _awarded(making)
    _ended(making)


def _running(making: Making) -> None:
    scene = rounds.opened(making, "申报", RUNNING, texts=NOTICE, is_said=True)
    bid_id = _bid(making, scene, "申报方", "申报活动的草稿", is_sent=False)
    _ask(making, bid_id, "opc", declines="OPC")
    _ask(making, bid_id, "other opc")
    _withdrawn(making, scene, "申报")
    rounds.questioned(making, scene)
    rounds.amended(making, scene, "申报活动的补遗草稿", ("terms", "condition-2-text"))
    scene = rounds.opened(making, "补遗", RUNNING, texts=("title", "condition-2-text"))
    _bid(making, scene, "申报方", "补遗活动的申报")
    reason = making.word("补遗活动的补遗的理由")
    rounds.amended(making, scene, "补遗活动的补遗", ("terms", "condition-2-text"), reason)
    rounds.suspend(making, scene, making.word("补遗活动的中止理由"))


def _sealed(making: Making) -> None:
    scene = rounds.opened(making, "封存", PAST)
    _bid(making, scene, "申报方", "封存活动的申报", partners=True)
    round_acts.seal(making.store, scene, at=DEADLINE)
    round_acts.turn(making.store, scene, Post.OPENER_B, now=OPENED)


def _checked(making: Making) -> None:
    scene = rounds.opened(making, "审查", PAST)
    first = _bid(making, scene, "申报方", "审查活动的申报", partners=True, is_declined=False)
    second = _bid(making, scene, "OPC", "审查活动的另一申报")
    _withdrawn(making, scene, "审查")
    round_acts.seal(making.store, scene, at=DEADLINE)
    round_acts.open_bids(making.store, scene, now=OPENED)
    with making.store.reading() as session:
        making.market.canaries.say("审查活动的开启记录校验值", opening.minutes(session, scene.round_id)[1])
    _rejected(making, scene, first)
    _corrected(making, scene, second)


def _rejected(making: Making, scene: Scene, bid_id: str) -> None:
    ask: dict[str, Any] = {"now": OPENED, "new_id": making.market.new_id}
    first, second = scene.checkers
    with making.store.writing() as session:
        evidence = making.word("审查活动的审查依据")
        bids.find(session, first, bid_id, "c1", is_met=False, evidence=evidence, now=OPENED)
    for checker, whose in ((first, "甲"), (second, "乙")):
        reason = making.word(f"审查活动的{whose}的不通过理由")
        with making.store.writing() as session:
            verdicts.give(session, checker, bid_id, is_eligible=False, condition="c1", reason=reason, **ask)
    for label in ("异议", "待答异议"):
        with making.store.writing() as session:
            text = making.word(f"审查活动的{label}")
            objections.file(session, making.actor("申报方"), bid_id, text=text, **ask)
        if label == "异议":
            answer = making.word("审查活动的异议的答复")
            with making.store.writing() as session:
                objections.decide(session, making.actor("主办方"), bid_id, is_upheld=False, answer=answer, **ask)


def _corrected(making: Making, scene: Scene, bid_id: str) -> None:
    first, second = scene.checkers
    ask: dict[str, Any] = {"now": OPENED, "new_id": making.market.new_id}
    with making.store.writing() as session:
        reason = making.word("审查活动的补正事项")
        corrections.ask(session, second, bid_id, "c1", reason=reason, hours=HOURS, **ask)
    other = making.actor("OPC")
    sealed = _file(making, scene, other, bid_id, "审查活动的补正附件", paper="")
    with making.store.writing() as session:
        answer, files = making.word("审查活动的补正说明"), [attachments.as_label(sealed)]
        corrections.answer(session, other, bid_id, text=answer, files=files, arrived=OPENED, now=OPENED)
    with making.store.writing() as session:
        reason = making.word("审查活动的未定结论的理由")
        verdicts.give(session, first, bid_id, is_eligible=False, condition="c1", reason=reason, **ask)


def _judged(making: Making) -> None:
    scene = rounds.opened(making, "评审", PAST)
    bid_id = _bid(making, scene, "申报方", "评审活动的申报")
    round_acts.seal(making.store, scene, at=DEADLINE)
    round_acts.open_bids(making.store, scene, now=OPENED)
    canary_review.judged(making, scene, bid_id)


def _published(making: Making) -> None:
    scene, first, *_ = _decided(making, "公示", ("OPC", "申报方", "别的OPC"))
    canary_outcomes.contested(making, scene, "公示")
    canary_outcomes.awarded(making, scene)
    canary_outcomes.declined(making, scene, "公示", making.actor("OPC"), first)
    canary_outcomes.objected(making, scene, "公示")


def _awarded(making: Making) -> None:
    scene, first, _ = _decided(making, "定榜", ("申报方", "别的OPC"))
    canary_outcomes.awarded(making, scene)
    canary_outcomes.confirmed(making, making.actor("申报方"), first)


def _decided(making: Making, key: str, titles: tuple[str, ...]) -> tuple[Any, ...]:
    scene = rounds.opened(making, key, canary_outcomes.ENDED)
    bids = [_one_of(making, scene, key, title) for title in titles]
    round_acts.seal(making.store, scene, at=canary_outcomes.DEADLINE)
    round_acts.open_bids(making.store, scene, now=canary_outcomes.OPENED)
    canary_outcomes.judged(making, scene, key, bids, asking=bids[titles.index("申报方")])
    canary_outcomes.published(making, scene, key)
    return (scene, *bids)


def _one_of(making: Making, scene: Scene, key: str, title: str) -> str:
    # One of them says words of its own; what the others say is nobody's question.
    if title == "申报方":
        return _bid(making, scene, title, f"{key}活动的申报")
    fields = {**BID, "contact_email": "lianxi@example.cn"}
    return round_market.make_bid(making.store, scene, making.actor(title), fields=fields, at=BID_AT).bid_id


def _ended(making: Making) -> None:
    scene = rounds.opened(making, "流榜", PAST)
    _bid(making, scene, "申报方", "流榜活动的申报", is_sent=False)
    _withdrawn(making, scene, "流榜")
    assert round_market.tick(making.store, scene, now=DEADLINE) is RoundState.FAILED
    scene = rounds.opened(making, "终止", RUNNING)
    _bid(making, scene, "申报方", "终止活动的申报")
    first = making.word("终止活动的第一人的理由")
    rounds.cancel(making, scene, making.word("终止活动的终止理由"), first)


def _bid(
    making: Making,
    scene: Scene,
    title: str,
    key: str,
    *,
    is_sent: bool = True,
    partners: bool = False,
    is_declined: bool = True,
) -> str:
    bidder = making.actor(title)
    bid_id = round_market.begin_bid(making.store, scene, bidder, now=BID_AT)
    if partners and is_declined:
        _ask(making, bid_id, "opc", declines="OPC")
    if partners:
        _ask(making, bid_id, "other opc", confirms="别的OPC")
    _write(making, scene, making.actor(title), bid_id, key)
    if is_sent:
        version = round_acts.draft_version(making.store, bidder, bid_id)
        round_market.submit(making.store, scene, bidder, bid_id, version=version, arrived=BID_AT)
    return bid_id


def _write(making: Making, scene: Scene, bidder: Actor, bid_id: str, key: str) -> None:
    canaries = making.market.canaries
    said = {**BID, **dict(_words(making, key, ANSWERS))}
    yuan = 710_001 + 130 * len(canaries.words)
    said["price_amount"] = canaries.say(f"{key}的报价", f"{yuan / WAN:.4f}")
    if key.startswith(("审查活动的", "评审活动的", "公示活动的", "定榜活动的")) and "撤回" not in key:
        canaries.say(f"{key}的报价（元）", f"{yuan:,}.00")
    said["own_key"] = canaries.say(f"{key}的自留公钥", age.recipient_of(age.new_identity()))
    with making.store.writing() as session:
        version = drafts.get(session, bidder, bid_id).draft_version
        drafts.save(session, bidder, bid_id, said, version=version, now=BID_AT)
    sealed = _file(making, scene, bidder, bid_id, f"{key}的附件", paper="p1")
    with making.store.writing() as session:
        drafts.attach(session, bidder, bid_id, sealed, now=BID_AT)


def _words(making: Making, key: str, names: Iterable[str]) -> Iterable[tuple[str, str]]:
    canaries = making.market.canaries
    for name in names:
        make = {"contact_phone": canaries.phone, "contact_email": canaries.mail}.get(name, canaries.text)
        yield name, make(f"{key}的{name}")


def _file(making: Making, scene: Scene, bidder: Actor, bid_id: str, key: str, *, paper: str) -> Attached:
    with making.store.reading() as session:
        recipient = attaching.recipient_for(session, bidder, bid_id)
    return attaching.seal(
        pdf(making.word(f"{key}内容")),
        making.word(f"{key}名") + ".pdf",
        paper=paper,
        recipients=[recipient],
        files=scene.files,
        new_id=making.market.new_id,
    )


def _withdrawn(making: Making, scene: Scene, key: str) -> None:
    bid_id = _bid(making, scene, "撤回方", f"{key}活动撤回的申报")
    with making.store.writing() as session:
        submissions.withdraw(session, making.actor("撤回方"), bid_id, arrived=BID_AT, now=BID_AT)


def _ask(making: Making, bid_id: str, partner: str, *, confirms: str = "", declines: str = "") -> None:
    lead, asked = making.actor("申报方"), making.market.units[partner]
    with making.store.writing() as session:
        members.ask(session, lead, bid_id, asked, now=BID_AT, new_id=making.market.new_id)
    answers = confirms or declines
    if answers:
        with making.store.writing() as session:
            members.answer(session, making.actor(answers), bid_id, confirms=bool(confirms), now=BID_AT)

"""How the product says dealings: stages, events, reasons, and who waits for whom."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from marketplace.dealings.views import DealingCard, DealingPage, NoteView
from marketplace.dealings.words import Ending, Event, Ground, Party, Place, Refusal, RequestState, Stage
from marketplace.kernel.chinese_time import BEIJING

STAGES: Final[Mapping[Stage, str]] = {
    Stage.INTEREST: "感兴趣",
    Stage.INTRODUCED: "介绍",
    Stage.CONTACT: "互通联系",
    Stage.MET: "对接",
    Stage.INTENT: "意向",
    Stage.CLAIMED: "签约待确认",
    Stage.SIGNED: "签约",
    Stage.ENDED: "已结束",
}
TONES: Final[Mapping[Stage, str]] = {
    Stage.INTEREST: "waiting",
    Stage.INTRODUCED: "open",
    Stage.CONTACT: "open",
    Stage.MET: "open",
    Stage.INTENT: "open",
    Stage.CLAIMED: "waiting",
    Stage.SIGNED: "done",
    Stage.ENDED: "closed",
}
EVENTS: Final[Mapping[Event, str]] = {
    Event.EXPRESS: "表示感兴趣",
    Event.INTRODUCE: "主办方介绍双方",
    Event.ASK: "请求联系方式",
    Event.GRANT: "同意联系请求，双方互通联系方式",
    Event.DECLINE: "谢绝联系请求",
    Event.WITHDRAW: "撤回联系请求",
    Event.MEET: "完成对接洽谈",
    Event.INTEND: "登记合作意向",
    Event.SIGN: "登记签约，等待确认",
    Event.CONFIRM: "确认签约",
    Event.DISPUTE: "退回签约登记",
    Event.RETRACT: "撤回签约登记",
    Event.END: "结束对接",
    Event.REOPEN: "重新发起",
    Event.NOTE: "记录",
}
GROUNDS: Final[Mapping[Ground, str]] = {
    Ground.MATCH: "系统匹配推荐",
    Ground.JUDGEMENT: "主办方自行判断，不是系统匹配",
}
REFUSALS: Final[Mapping[Refusal, str]] = {
    Refusal.FILLED: "已选定合作方",
    Refusal.NOT_FITTING: "能力与需求不合",
    Refusal.NOT_NOW: "目前没有时间或安排",
    Refusal.UNCLEAR: "请求没有说清楚",
    Refusal.OTHER: "其他原因",
}
ENDINGS: Final[Mapping[Ending, str]] = {
    Ending.NOT_FITTING: "能力与需求不合",
    Ending.PRICE: "价格没有谈拢",
    Ending.TIME: "时间不合适",
    Ending.OTHER_CHOSEN: "选定了其他合作方",
    Ending.NEED_GONE: "需求取消或已变化",
    Ending.NO_ANSWER: "长时间没有回应",
    Ending.OTHER: "其他原因",
}
REQUESTS: Final[Mapping[RequestState, str]] = {
    RequestState.OPEN: "等待答复",
    RequestState.GRANTED: "已同意",
    RequestState.DECLINED: "已谢绝",
    RequestState.WITHDRAWN: "已撤回",
    RequestState.CLOSED: "已随对接结束",
}
PLACES: Final[Mapping[Place, str]] = {
    Place.LEAD: "牵头",
    Place.INVITED: "已邀请，等待答复",
    Place.JOINED: "已加入",
    Place.DECLINED: "已谢绝",
    Place.LEFT: "已退出",
    Place.REMOVED: "不再列入",
}
PARTIES: Final[Mapping[Party, str]] = {Party.NEED: "发榜方", Party.OPC: "OPC", Party.ORGANISER: "主办方"}
ROAD: Final = (Stage.INTEREST, Stage.CONTACT, Stage.MET, Stage.INTENT, Stage.SIGNED)
"""The road as a stepper shows it; an introduction stands where contact does."""
_ON_ROAD: Final[Mapping[Stage, int]] = {
    Stage.INTEREST: 1,
    Stage.INTRODUCED: 2,
    Stage.CONTACT: 2,
    Stage.MET: 3,
    Stage.INTENT: 4,
    Stage.CLAIMED: 5,
    Stage.SIGNED: 6,
}


def road(page: DealingPage) -> list[tuple[str, str]]:
    """The steps of a dealing with "done", "skipped", "now" or "todo" for each; empty where it has ended."""
    card = page.card
    at = _ON_ROAD.get(card.stage)
    if at is None:
        return []
    names = [STAGES[stage] for stage in ROAD]
    if card.stage is Stage.INTRODUCED:
        names[1] = STAGES[Stage.INTRODUCED]
    if card.stage is Stage.CLAIMED:
        names[4] = STAGES[Stage.CLAIMED]
    taken = _taken(page.notes)
    passed = ["done" if number in taken else "skipped" for number in range(1, at)]
    states = [*passed, "now", *("todo" for _ in names)]
    return list(zip(names, states, strict=False))


def _taken(notes: Sequence[NoteView]) -> set[int]:
    """The steps that a dealing has been through since it was taken up last; notes come newest first."""
    taken: set[int] = set()
    for note in notes:
        if note.event is not Event.NOTE and note.stage in _ON_ROAD:
            taken.add(_ON_ROAD[note.stage])
        if note.event in {Event.GRANT, Event.INTRODUCE}:
            taken.add(_ON_ROAD[Stage.CONTACT])
        if note.event is Event.REOPEN:
            break
    return taken


def days_since(since: datetime, now: datetime) -> int:
    """How many calendar days in Beijing have gone by."""
    return (now.astimezone(BEIJING).date() - since.astimezone(BEIJING).date()).days


def next_act(card: DealingCard, now: datetime) -> str:
    """What is to be done next and by whom, as the reader sees it."""
    if card.stage is Stage.SIGNED:
        return f"签约已确认（{card.confirmation}），计入统计。"
    if card.stage is Stage.ENDED:
        return f"已结束：{ENDINGS[card.ending]}。" if card.ending else "已结束。"
    if not card.waits_for:
        return _UNDER_WAY[card.stage]
    return _awaited(card, now)


def _awaited(card: DealingCard, now: datetime) -> str:
    waited = 0 if card.waiting_since is None else days_since(card.waiting_since, now)
    since = f"，已 {waited} 天" if waited else ""
    due = "，已超过期限" if card.is_overdue else ""
    if card.request is not None and card.request.state is RequestState.OPEN:
        if card.waits_for_reader:
            return f"对方请求联系方式，等您答复{since}{due}。"
        asker = (
            "已发出联系请求，"
            if card.request.asked_by is card.party
            else f"{PARTIES[card.request.asked_by]}已请求联系，"
        )
        return f"{asker}等待答复{since}{due}。"
    if card.stage is Stage.CLAIMED:
        return f"{'等您确认签约' if card.waits_for_reader else '等待确认签约'}{since}{due}。"
    return f"{'对方感兴趣，等您回应' if card.waits_for_reader else '已表示感兴趣，等对方回应'}{since}{due}。"


_UNDER_WAY: Final[Mapping[Stage, str]] = {
    Stage.INTEREST: "可以请求联系方式。",
    Stage.INTRODUCED: "主办方已介绍双方，可以请求联系方式或安排洽谈。",
    Stage.CONTACT: "双方已互通联系方式，洽谈后请登记进展。",
    Stage.MET: "已完成洽谈，谈妥后请登记意向或签约。",
    Stage.INTENT: "已有合作意向，签约后请登记金额和日期。",
    Stage.CLAIMED: "签约等待确认。",
}

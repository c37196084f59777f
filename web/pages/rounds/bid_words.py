"""Bids in the words of those who hand them in: how one stands, what comes next and by when, how much time is left."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from marketplace.rounds.bidding.attaching import NAMES as KINDS
from marketplace.rounds.own_bids import BidCard
from marketplace.rounds.words import BidState, RoundState
from web.pages import wording
from web.pages.rounds.left import time_left

IN_REVIEW: Final = "专家评审中"
"""So it is called to its bidder from the review until the result is public, whatever goes on inside."""
STATES: Final[Mapping[BidState, tuple[str, str]]] = {
    BidState.DRAFT: ("草稿，还没有提交", "draft"),
    BidState.SUBMITTED: ("已提交，已封存", "done"),
    BidState.NEEDS_RECONFIRM: ("待重新确认", "waiting"),
    BidState.WITHDRAWN: ("已撤回", "closed"),
    BidState.LAPSED: ("已失效", "refused"),
    BidState.OPENED: ("资格审查中", "open"),
    BidState.CORRECTION_REQUESTED: ("待补正", "waiting"),
    BidState.ELIGIBLE: ("通过资格审查", "done"),
    BidState.INELIGIBLE: ("未通过资格审查", "refused"),
    BidState.IN_REVIEW: (IN_REVIEW, "open"),
    BidState.SCORED: (IN_REVIEW, "open"),
    BidState.PROPOSED: ("拟中选，公示中", "done"),
    BidState.RESERVE: ("候补", "waiting"),
    BidState.NOT_SELECTED: ("未入选", "closed"),
    BidState.AWARDED: ("中选", "done"),
    BidState.NOT_AWARDED: ("未中选", "closed"),
    BidState.DECLINED: ("已放弃中选", "closed"),
    BidState.REVOKED: ("中选已取消", "refused"),
    BidState.RETURNED: ("没有开启，已退回", "closed"),
}
"""How a bid stands, and the shape of its mark."""
REPLACING: Final = "已提交，正在修改"
DONE: Final[Mapping[str, str]] = {
    "begun": "已开始申报。填写的内容自动保存，截止前核对并提交。",
    "saved": "已保存。",
    "chosen": "已按您选定的内容保存。",
    "uploaded": "已加密上传。",
    "removed": "已移除。",
    "asked": "已邀请，对方确认后才能提交。",
    "submitted": "申报已收到并封存，这是您的回执，请保存。",
    "withdrawn": "申报已撤回。",
    "reconfirmed": "已重新确认，申报继续有效。",
    "taken-up": "已打开新的草稿。提交之前，原来封存的那一版仍然有效。",
    "discarded": "草稿已删除。",
    "corrected": "补正已收到，申报回到资格审查。",
    "objected": "异议已提交，处理结果会通知您。",
    "recusal": "回避申请已提交，答复会通知您。",
    "confirmed": "已确认参加，牵头单位可以提交了。",
    "declined": "已谢绝，牵头单位在申报页面会看到。",
    "award_confirmed": "已确认中选，发布单位会与您单位联系签约。",
    "award_declined": "已放弃中选，理由已告知发布单位。",
}
"""What is said once something was done."""


def said(card: BidCard) -> tuple[str, str]:
    """How a bid stands in its bidder's words, and the shape of its mark."""
    if card.has_draft and card.state in {BidState.SUBMITTED, BidState.NEEDS_RECONFIRM}:
        return (REPLACING, "waiting") if card.state is BidState.SUBMITTED else STATES[card.state]
    return STATES[card.state]


def coming(card: BidCard) -> tuple[str, datetime | None]:
    """What comes next for a bid, and by when; None: no day is set."""
    if card.member is not None and card.member.declined_at is not None:
        return "您单位已谢绝；改变主意的，可以在截止前确认参加", card.deadline
    if card.member is not None and card.member.confirmed_at is None and card.round_state is RoundState.OPEN:
        return "请答复是否参加这份联合申报", card.deadline
    if card.is_suspended:
        return "活动已中止，恢复后剩余时间照旧，届时会通知您", None
    if card.round_state is RoundState.OPEN:
        return _while_open(card), None if card.state is BidState.LAPSED else card.deadline
    if card.state is BidState.CORRECTION_REQUESTED:
        return "请按要求补正，逾期按现有材料审查", card.window_ends
    return _afterwards(card), card.confirm_due if card.confirmed_at is None and card.state is BidState.AWARDED else None


def _afterwards(card: BidCard) -> str:
    if card.state is BidState.LAPSED:
        return _LAPSED[card.version > 0]
    if card.state is BidState.AWARDED and card.confirmed_at is not None:
        return _WON
    return _AFTERWARDS.get((card.state, card.round_state), _LATER.get(card.state, "没有后续"))


def _while_open(card: BidCard) -> str:
    if card.member is not None:
        return "由牵头单位在截止前提交"
    return {
        BidState.DRAFT: "请填好后核对并提交，截止后草稿自动失效",
        BidState.SUBMITTED: "修改完请重新提交；不提交的，原来那一版仍然有效"
        if card.has_draft
        else "等待截止；截止前可以修改或撤回",
        BidState.NEEDS_RECONFIRM: "公告有修改，请看过后重新确认，未确认的截止后失效",
        BidState.WITHDRAWN: "需要时可以在截止前重新起草并提交",
    }.get(card.state, "没有后续")


_WON: Final = "已确认中选，等待签约"
_LAPSED: Final = {
    True: "公告修改以后，到截止没有重新确认，申报失效，没有开启；可以关注同类活动",
    False: "到截止没有提交，草稿失效并已清除；可以关注同类活动",
}
"""Why a bid lapsed, by whether it was handed in."""
_LATER: Final[Mapping[BidState, str]] = {
    BidState.SUBMITTED: "等待两名开启人共同开启",
    BidState.OPENED: "等待资格审查，需要补正时会通知您",
    BidState.ELIGIBLE: "等待其他申报审查完毕，随后进入专家评审",
    BidState.INELIGIBLE: "请查看理由",
    BidState.IN_REVIEW: "等待专家评审结果",
    BidState.SCORED: "等待专家评审结果",
    BidState.PROPOSED: "公示期满且没有未办结的异议，即确定中选",
    BidState.RESERVE: "有中选方放弃或被取消时递补",
    BidState.NOT_SELECTED: "请查看得分和理由；不认同的，可以在公示期内提出异议",
    BidState.AWARDED: "请在期限内确认是否接受中选，逾期视为放弃",
    BidState.NOT_AWARDED: "请查看得分和理由",
    BidState.DECLINED: "没有后续",
    BidState.REVOKED: "请查看理由",
    BidState.WITHDRAWN: "截止前已经撤回，没有开启；可以关注同类活动",
    BidState.RETURNED: "活动没有开启申报就结束了，封存的内容没有人看过",
}
_AFTERWARDS: Final[Mapping[tuple[BidState, RoundState], str]] = {
    (BidState.INELIGIBLE, RoundState.ELIGIBILITY): "请查看理由；不认同的，可以在资格审查期间提出异议",
}


def left(until: datetime | None, now: datetime) -> str:
    """How much time is left by the server's clock, as counting.js goes on from it: 还有 3 天 4 小时; 已截止."""
    if until is None:
        return ""
    return "已截止" if until <= now else time_left(until, now)


def fen(amount: int | None) -> str:
    """Say an amount in 万元 with the exact figure: 86.5 万元（865,000.00 元）."""
    if amount is None:
        return "不要求报价"
    yuan = Decimal(amount) / 100
    return f"{wording.amount(yuan)}（{wording.exactly(yuan)}）"


def kind(name: str) -> str:
    """What kind of file it is, in words."""
    return KINDS.get(name, name)

"""How pages and documents say outcomes: what a decision makes of a bid, how an objection stands, what follows from it."""

from collections.abc import Mapping, Sequence
from typing import Final

from marketplace.rounds.outcome_words import ObjectionEvent, ObjectionState, Outcome, Remedy
from marketplace.rounds.rules.objection_moves import GROUNDS, MACHINE
from marketplace.rounds.words import BidState, RoundState
from web.pages.procedure_forms import METHODS

OUTCOMES: Final[Mapping[Outcome, tuple[str, str]]] = {
    Outcome.PROPOSE: ("拟中选", "done"),
    Outcome.RESERVE: ("候补", "waiting"),
    Outcome.LEAVE_OUT: ("未入选", "closed"),
}
"""What a decision makes of a bid, and the shape of its mark."""
FINALS: Final[Mapping[BidState, tuple[str, str]]] = {
    BidState.AWARDED: ("中选", "done"),
    BidState.NOT_AWARDED: ("未中选", "closed"),
    BidState.DECLINED: ("已放弃中选", "closed"),
    BidState.REVOKED: ("中选已取消", "refused"),
}
OBJECTIONS: Final[Mapping[ObjectionState, tuple[str, str]]] = {
    state: (MACHINE.names[state], look)
    for state, look in {
        ObjectionState.SUBMITTED: "waiting",
        ObjectionState.REJECTED: "refused",
        ObjectionState.ACCEPTED: "open",
        ObjectionState.INVESTIGATING: "open",
        ObjectionState.UPHELD: "waiting",
        ObjectionState.PARTLY_UPHELD: "waiting",
        ObjectionState.DISMISSED: "closed",
        ObjectionState.IMPLEMENTED: "done",
        ObjectionState.WITHDRAWN: "closed",
        ObjectionState.ESCALATED: "waiting",
        ObjectionState.FINAL: "closed",
    }.items()
}
"""How an objection stands, and the shape of its mark."""
REMEDIES: Final[Mapping[Remedy, tuple[str, str]]] = {
    Remedy.REVIEW_AGAIN: ("另请专家重新评审", "涉及的申报由没有评审过它们的专家重新评审，重新决定，重新完整公示"),
    Remedy.DECIDE_AGAIN: ("重新研究决定", "得分不变，由决定人重新研究决定，重新完整公示"),
    Remedy.CORRECT: ("更正公示内容", "结果不变，更正公示的内容，重新完整公示"),
}
"""What an upheld objection brings about, and what that means."""
CONCLUSIONS: Final[Mapping[ObjectionEvent, str]] = {
    ObjectionEvent.UPHOLD: "异议成立",
    ObjectionEvent.UPHOLD_PARTLY: "异议部分成立",
    ObjectionEvent.DISMISS: "异议不成立",
}
APPEALED: Final[Mapping[ObjectionEvent, str]] = {
    ObjectionEvent.OVERTURN: "申诉成立，异议成立",
    ObjectionEvent.CONFIRM: "维持原答复",
}
NOT_TAKEN: Final = GROUNDS
HOW_SCORED: Final[Mapping[str, str]] = {method.value: said for method, said in METHODS.items()}
WHAT_NEXT: Final[Mapping[ObjectionState, str]] = {
    ObjectionState.SUBMITTED: "等待受理人决定是否受理",
    ObjectionState.REJECTED: "不予受理；不服的，可以在申诉期限内向监督部门申诉",
    ObjectionState.ACCEPTED: "受理人核查后书面答复",
    ObjectionState.INVESTIGATING: "受理人正在核查，核查后书面答复",
    ObjectionState.UPHELD: "等待监督人员落实，落实之前不能定榜",
    ObjectionState.PARTLY_UPHELD: "等待监督人员落实，落实之前不能定榜",
    ObjectionState.DISMISSED: "已答复；不服的，可以在申诉期限内向监督部门申诉",
    ObjectionState.IMPLEMENTED: "已经落实，办理完毕",
    ObjectionState.WITHDRAWN: "已经撤回，不再办理",
    ObjectionState.ESCALATED: "等待监督人员决定申诉，决定之前不能定榜",
    ObjectionState.FINAL: "申诉已经决定，办理完毕",
}
"""What comes next for an objection, in words for whoever reads it."""


def workdays(days: Sequence[int]) -> str:
    """Say how fast objections were answered: 平均 2.5 个工作日，最长 4 个工作日."""
    if not days:
        return ""
    if max(days) == 0:
        return "都在提出当天答复"
    mean = f"{sum(days) / len(days):.1f}".removesuffix(".0")
    return f"平均 {mean} 个工作日，最长 {max(days)} 个工作日"


def ordered(outcome: str, order: int, *, most: int = 1) -> str:
    """Say an outcome with its order where there are several: 候补第 2; `most` is how many win."""
    said = OUTCOMES[Outcome(outcome)][0]
    is_alone = outcome == Outcome.LEAVE_OUT or (outcome == Outcome.PROPOSE and most == 1)
    return said if is_alone else f"{said}第 {order}"


PUBLIC_STATES: Final[Mapping[RoundState, str]] = {
    RoundState.PUBLICITY: "公示中",
    RoundState.AWARDED: "已定榜",
    RoundState.FAILED: "流榜",
    RoundState.CANCELLED: "活动已终止",
}
"""How a result stands by the state of its round; in all others it was withdrawn and is made anew."""

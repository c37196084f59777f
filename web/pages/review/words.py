"""The review in the words of the experts: where a place stands, what waits for its expert, how numbers are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from marketplace.rounds.panel_words import MemberState, SheetState
from marketplace.rounds.panels import rows
from marketplace.rounds.reviewing.places import Place
from marketplace.rounds.rules import scores
from marketplace.rounds.words import RoundState
from web.pages import procedure_forms

STATES: Final[Mapping[MemberState, tuple[str, str]]] = {
    MemberState.INVITED: ("待您答复", "waiting"),
    MemberState.DECLARED: ("已承诺，等待认定", "paused"),
    MemberState.ACCEPTED: ("待评审", "waiting"),
    MemberState.IN_PROGRESS: ("评审中", "open"),
    MemberState.SUBMITTED: ("评分表已交齐", "done"),
    MemberState.LOCKED: ("评分表已锁定", "closed"),
    MemberState.DECLINED: ("不参加", "closed"),
    MemberState.RECUSED: ("已回避", "closed"),
    MemberState.RECUSED_LATE: ("已退出，评分作废", "closed"),
}
"""How a place in a panel is called to its expert, and the shape of its mark."""
SHEETS: Final[Mapping[SheetState, tuple[str, str]]] = {
    SheetState.ASSIGNED: ("未开始", "waiting"),
    SheetState.DRAFT: ("评分中", "open"),
    SheetState.SUBMITTED: ("已提交", "done"),
    SheetState.LOCKED: ("已锁定", "closed"),
}
METHODS: Final = procedure_forms.METHODS
GROUPS: Final = ("等您答复", "评审中", "合议中", "等待认定", "已结束")
"""What waits for the expert comes first."""
DONE: Final[Mapping[str, str]] = {
    "accepted": "已接受邀请。评分表列在下面，请逐份评审。",
    "declared": "承诺已提交。主办方认定利害关系之后，评分表会列在这里。",
    "declined": "已答复不参加，主办方会另请专家。",
    "recused": "已申报利害关系，这份申报对您关闭，您给它的评分作废。",
    "left": "您已退出评审，您的评分全部作废。",
    "added": "已提请增加一名专家，活动回到专家评审；新专家交齐评分表后再合议。",
    "frozen": "全部申报都已确认，得分已固定，活动进入集体研究。",
    "confirmed": "已确认。还有申报等待另一位组长或代组长确认。",
    "saved": "评分表已保存。",
    "submitted": "评分表已提交。评审结束之前可以取回修改。",
    "taken-back": "评分表已取回，修改后请重新提交。",
    "remarked": "意见已记下，评审组成员都能看到。",
    "corrected": "分数已更正，原来的分数和理由留痕。已经确认过的，需要重新确认。",
}
"""What is said once something was done."""


@dataclass(frozen=True, slots=True)
class Group:
    """Places that wait for the same."""

    title: str
    places: tuple[Place, ...]


def groups(places: Sequence[Place]) -> list[Group]:
    """An expert's places by what waits, what waits for the expert first; without empty groups."""
    found: dict[str, list[Place]] = {title: [] for title in GROUPS}
    for one in places:
        found[_group(one)].append(one)
    return [Group(title, tuple(some)) for title, some in found.items() if some]


def waiting(places: Sequence[Place]) -> list[tuple[Place, str]]:
    """What an expert has to do now, place by place."""
    return [(one, said) for one in places if (said := to_do(one))]


def to_do(place: Place) -> str:
    """What an expert has to do for a place now; "" where nothing waits for it."""
    if place.is_suspended:
        return ""
    left = place.sheets - place.handed_in
    if place.round_state is RoundState.REVIEW:
        if place.state is MemberState.INVITED:
            return "请说明利害关系，答复是否参加"
        return f"还有 {left} 份评分表要提交" if place.state in rows.JUDGING and left else ""
    if place.round_state is RoundState.CONSENSUS and place.state in rows.JUDGING:
        return "请看合议，由您确认结果" if place.is_chair or place.is_deputy else "请参加合议"
    return ""


def coming(place: Place) -> str:
    """What comes next for a place, said also where nothing waits for its expert."""
    if place.is_suspended:
        return "活动已中止，恢复后会继续；已填的内容都保留着"
    if place.state in rows.OUT:
        return "没有后续"
    return to_do(place) or _LATER.get(place.state, "") or _AFTERWARDS.get(place.round_state, "评审已经结束")


def points(value: Fraction | None) -> str:
    """Show points as tables of scores do; a dash where there are none."""
    return "—" if value is None else str(scores.rounded(value))


def _group(place: Place) -> str:
    if place.state in rows.OUT or place.round_state not in {RoundState.REVIEW, RoundState.CONSENSUS}:
        return "已结束"
    if place.state is MemberState.INVITED:
        return "等您答复"
    if place.state is MemberState.DECLARED:
        return "等待认定"
    return "评审中" if place.round_state is RoundState.REVIEW else "合议中"


_LATER: Final[Mapping[MemberState, str]] = {
    MemberState.DECLARED: "等待主办方认定利害关系，认定后会列出评分表",
}
_AFTERWARDS: Final[Mapping[RoundState, str]] = {
    RoundState.REVIEW: "等待其他专家交齐评分表，随后合议",
    RoundState.CONSENSUS: "等待合议确认",
    RoundState.DECISION: "评审已经结束，等待集体研究",
    RoundState.PUBLICITY: "评审已经结束，结果正在公示",
    RoundState.CANCELLED: "活动已终止，没有后续",
    RoundState.FAILED: "活动流榜，没有后续",
}

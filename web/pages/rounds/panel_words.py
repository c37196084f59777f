"""Panels in the words of their office: how somebody stands in one, why it must not judge, how far a panel is."""

from collections.abc import Mapping, Sequence
from typing import Final

from marketplace.experts.rules.conflicts import NAMES
from marketplace.experts.words import ExpertField
from marketplace.rounds.panel_words import MemberState, Source
from marketplace.rounds.reviewing.board_views import Board, TrackBoard
from marketplace.rounds.rules.panel_moves import MACHINE
from marketplace.rounds.words import RoundState

ANY: Final = "不限"
FIELDS: Final[Mapping[str, str]] = {
    ExpertField.TECHNOLOGY: "技术",
    ExpertField.INDUSTRY: "行业应用",
    ExpertField.FINANCE: "财务",
    ExpertField.LAW: "法律",
    ExpertField.MANAGEMENT: "管理",
}
STATES: Final[Mapping[MemberState, str]] = MACHINE.names
LOOKS: Final[Mapping[MemberState, str]] = {
    MemberState.DRAWN: "draft",
    MemberState.INVITED: "waiting",
    MemberState.DECLARED: "waiting",
    MemberState.ACCEPTED: "open",
    MemberState.IN_PROGRESS: "open",
    MemberState.SUBMITTED: "done",
    MemberState.LOCKED: "done",
    MemberState.DECLINED: "closed",
    MemberState.RECUSED: "closed",
    MemberState.RECUSED_LATE: "refused",
}
"""As which of the kit's states each is marked."""
SOURCES: Final[Mapping[Source, str]] = {
    Source.FOUND: "按规则发现",
    Source.DECLARED: "专家本人申报",
    Source.REQUESTED: "申报单位申请",
    Source.BY_HAND: "办理人员认定",
}
RULES: Final[Mapping[str, str]] = {ground.value: name for ground, name in NAMES.items()}
DONE: Final[Mapping[str, str]] = {
    "fixed": "抽取名单已固定，承诺值已公布。请另一名办理人员或监督人员抽取。",
    "drawn": "已抽取，并向抽中的专家发出邀请。",
    "dropped": "这份名单已作废，它的种子不再使用。",
    "called": "已递补，并向这位专家发出邀请。",
    "named": "已指定，并向这位专家发出邀请。",
    "expired": "已按逾期未答复处理，请递补。",
    "led": "已指定。",
    "excepted": "已记录：这位专家不再评审该份申报，已打的分作废。",
    "removed": "这位专家已退出评审组，打过的分作废。",
    "decided": "已认定。",
    "answered": "已答复，申报单位会收到通知。",
    "closed": "评审已结束，转入合议。",
}
"""What is said once something was done."""
_OVER: Final[Mapping[RoundState, str]] = {
    RoundState.CONSENSUS: "评分已结束，评审组正在合议，等组长确认得分。",
    RoundState.DECISION: "评审已完成，得分已固定，等决定人集体研究。",
    RoundState.PUBLICITY: "评审已完成，结果正在公示。",
    RoundState.AWARDED: "评审已完成，结果已经确定。",
    RoundState.FAILED: "活动已按流榜结束。",
    RoundState.CANCELLED: "活动已终止。",
}


def field(key: str) -> str:
    """What a speciality is called; "" takes any."""
    return FIELDS.get(key, ANY)


def how_far(board: Board, track: TrackBoard) -> str:
    """How far the panel of a track is, in one sentence: what is missing and for whom it waits."""
    if board.state is not RoundState.REVIEW:
        return _OVER.get(board.state, "")
    if board.is_suspended:
        return "活动已中止，恢复后继续评审。"
    if track.open_draw is not None:
        return "抽取名单已固定，等另一名办理人员或监督人员抽取。"
    if not track.members and not track.reserves:
        return f"还没有评审组。需要专家 {board.panel} 名，另抽候补 {board.reserves} 名，请先固定抽取名单。"
    lacks = [*_lacking(track), *_asked(track), *_leading(track), *_marking(track)]
    return "；".join(lacks) + "。" if lacks else "评分表已全部交齐，等系统转入合议。"


def _lacking(track: TrackBoard) -> list[str]:
    if track.lacking:
        how = "等主办方按次序递补" if track.reserves else "没有候补，请再抽取或指定专家"
        return [f"还缺 {track.lacking} 名专家，{how}"]
    if track.wants_more:
        return ["有申报的评分表不够，需要再请一名专家"]
    return []


def _asked(track: TrackBoard) -> list[str]:
    asked = [one.name for one in track.members if one.state is MemberState.INVITED]
    found = [f"等{_names(asked)}答复邀请"] if asked else []
    return found + ([f"有 {len(track.waiting)} 项利害关系等待认定"] if track.waiting else [])


def _leading(track: TrackBoard) -> list[str]:
    judging = [one for one in track.members if one.judges]
    if not judging:
        return []
    chair = next((one for one in judging if one.is_chair), None)
    if chair is None:
        return ["还没有指定组长"]
    is_excepted = any(one.member_id == chair.member_id and one.excludes is not False for one in track.findings)
    return ["组长须回避部分申报，还没有指定代组长"] if is_excepted and not any(one.is_deputy for one in judging) else []


def _marking(track: TrackBoard) -> list[str]:
    judging = [one for one in track.members if one.judges]
    late = [one.name for one in judging if one.sheets_in < one.sheets]
    if not late:
        return []
    given, whole = sum(one.sheets_in for one in judging), sum(one.sheets for one in judging)
    return [f"评分表交了 {given} 张，共 {whole} 张，等{_names(late)}提交"]


def _names(people: Sequence[str]) -> str:
    most = 3
    return "、".join(people[:most]) + (f" 等 {len(people)} 人" if len(people) > most else "")

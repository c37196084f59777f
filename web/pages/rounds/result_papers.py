"""The official document of a published result: 结果公示, and what became of it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from marketplace.kernel.chinese_time import BEIJING
from marketplace.rounds.deciding.outcomes import Final as FinalState
from marketplace.rounds.deciding.outcomes import ResultPage
from marketplace.rounds.deciding.publishing import Publicity
from marketplace.rounds.deciding.reading import Statistics
from marketplace.rounds.outcome_words import Outcome
from marketplace.rounds.words import BidState, RoundState
from web.documents.model import Block, Document, Facts, Grid, Heading, Listing, Note, Paragraph, Signature
from web.pages import wording
from web.pages.rounds import outcome_words as words

PUBLICITY: Final = "结果公示"


def result(page: ResultPage, publicity: Publicity) -> Document:
    """A publicity with what became of it, as everybody reads it."""
    record = publicity.record
    day = publicity.starts_at.astimezone(BEIJING).date()
    return Document(
        kind=PUBLICITY,
        title=f"{record['title']}\n{PUBLICITY}",
        issuer=page.organisation,
        number="",
        dated=day,
        subtitle=standing(page, publicity),
        blocks=(
            Paragraph(_beginning(record)),
            Facts(tuple(_facts(page, publicity))),
            *_tracks(page, publicity),
            *_gone(record),
            *_judged(record),
            *_objecting(page, publicity),
            *_numbers(page.statistics),
            Signature(lines=(page.organisation, wording.day(day))),
            Note(
                f"本公示（第 {publicity.number} 次）的 SHA-256 校验值：{publicity.digest}\n"
                f"得分表的 SHA-256 校验值：{record['scores']}\n活动页面：/rounds/{page.round_id}"
            ),
        ),
    )


def standing(page: ResultPage, publicity: Publicity) -> str:
    """How a publicity stands, as it is marked under its title; "" while it is public and first."""
    if publicity.withdrawn_at is not None:
        return f"（第 {publicity.number} 次公示，已于 {wording.local_day(publicity.withdrawn_at)}撤回，不再有效）"
    if not page.is_standing(publicity.number):
        return f"（第 {publicity.number} 次公示，已由后一次公示代替）"
    said = {RoundState.AWARDED: "已定榜", RoundState.FAILED: "流榜", RoundState.CANCELLED: "活动已终止"}
    parts = [
        *([f"第 {publicity.number} 次公示"] if publicity.number > 1 else []),
        *([said[page.state]] if page.state in said else ["活动已中止"] if page.is_suspended else []),
    ]
    return f"（{'，'.join(parts)}）" if parts else ""


def ends(page: ResultPage, publicity: Publicity) -> datetime:
    """When a publicity ends: put off where the round stood still meanwhile."""
    return page.ends_at if page.ends_at is not None and page.is_standing(publicity.number) else publicity.ends_at


def final(state: FinalState | None, entry: Mapping[str, Any]) -> str:
    """What became of a bid, or what it is proposed to be while nothing is final."""
    if state is None:
        return words.OUTCOMES[Outcome(entry["outcome"])][0]
    said = words.FINALS[state.state][0]
    if state.state is BidState.AWARDED:
        if state.confirmed_at is not None:
            return f"{said}，{wording.local_day(state.confirmed_at)}确认"
        due = "" if state.confirm_due is None else f"，应在 {wording.ending(state.confirm_due)} 前确认"
        return f"{said}{due}"
    return f"{said}。理由：{state.reason}" if state.reason else said


def _beginning(record: Mapping[str, Any]) -> str:
    said = f"“{record['title']}”经资格审查、专家评审和集体研究，现将结果公示如下。"
    return f"{said}\n{record['note']}" if record["note"] else said


def _facts(page: ResultPage, publicity: Publicity) -> Iterator[tuple[str, str]]:
    record, until = publicity.record, ends(page, publicity)
    put_off = f"（活动曾中止，由 {wording.ending(publicity.ends_at)} 顺延）" if until != publicity.ends_at else ""
    yield "公示期", f"{record['length']}，开始的当天不算"
    yield "开始", f"{wording.moment(publicity.starts_at)}（北京时间）"
    yield "结束", f"{wording.ending(until)}（北京时间）{put_off}"
    if publicity.withdrawn_at is not None:
        yield "撤回", f"{wording.moment(publicity.withdrawn_at)}\n理由：{publicity.withdraw_reason}"
    elif page.is_standing(publicity.number):
        if page.is_suspended:
            yield "现状", "活动已中止，公示期停止计算，恢复后顺延"
        elif page.state is RoundState.AWARDED and page.awarded_at is not None:
            yield "定榜", f"{wording.moment(page.awarded_at)}"
        elif page.state in {RoundState.FAILED, RoundState.CANCELLED} and page.ended_at is not None:
            yield words.PUBLIC_STATES[page.state], f"{wording.moment(page.ended_at)}\n理由：{page.end_reason}"


def _tracks(page: ResultPage, publicity: Publicity) -> Iterator[Block]:
    tracks = publicity.record["tracks"]
    for place, track in enumerate(tracks, start=1):
        title = track["title"] or f"赛道 {place}"
        yield Heading(f"{title}的结果" if len(tracks) > 1 else "结果")
        shown = len(track["entries"])
        hidden = track["judged"] - shown - sum(one["track"] == track["key"] for one in publicity.record["dropped"])
        left = f"，其余 {hidden} 份不公开" if hidden else ""
        yield Paragraph(f"评审申报 {track['judged']} 份，以下列出 {shown} 份{left}。")
        yield _entries(page, publicity, track)


def _entries(page: ResultPage, publicity: Publicity, track: Mapping[str, Any]) -> Grid:
    stands = page.is_standing(publicity.number)
    is_final = stands and bool(page.finals)
    most = sum(one["outcome"] == Outcome.PROPOSE for one in track["entries"])
    headers = ("公示结果", "申报单位", "名次", "得分", "理由", *(("最终结果",) if is_final else ()))
    rows = tuple(
        (
            words.ordered(Outcome(one["outcome"]), one["order"], most=most),
            "、".join(one["names"]),
            str(one["place"]),
            one["score"],
            one["reason"],
            *((final(page.finals.get(one["bid"]), one),) if is_final else ()),
        )
        for one in track["entries"]
    )
    return Grid(
        headers,
        rows,
        ("left", "left", "right", "right", "left", *(("left",) if is_final else ())),
    )


def _gone(record: Mapping[str, Any]) -> Iterator[Block]:
    """The winners of publicities before that are none any more: their bids are no entry of this one."""
    if record["dropped"]:
        yield Heading("不再中选的单位")
        rows = tuple(("、".join(one["names"]), one["reason"]) for one in record["dropped"])
        yield Grid(("单位", "原因"), rows, ("left", "left"))


def _judged(record: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading("评审")
    yield Paragraph(f"得分方法：{words.HOW_SCORED[record['method']]}。")
    if record["experts"]:
        yield Paragraph(f"评审专家（按姓名排列）：{'、'.join(record['experts'])}。")
    yield Heading("没有公开的内容")
    yield Listing(tuple(record["withheld"]), numbered=True)


def _objecting(page: ResultPage, publicity: Publicity) -> Iterator[Block]:
    person = publicity.record["contact"]
    yield Heading("异议")
    yield Paragraph(
        "对结果有异议的，请在公示期内实名提出，写明异议事项、依据的规定、事实和证据、请求。"
        "可以登录平台在本活动的结果公示页面提出，也可以向异议受理人提出。受理和答复的期限从提出之日起按工作日计算，"
        "办结之前不定榜。"
    )
    rows = [("异议受理人", "，".join(person[key] for key in ("name", "phone", "email") if person[key]))]
    rows.append(("异议截止", f"{wording.ending(ends(page, publicity))}（北京时间）"))
    yield Facts(tuple(rows))


def _numbers(found: Statistics) -> Iterator[Block]:
    yield Heading("异议统计")
    yield Facts(tuple(statistics(found)))


def statistics(found: Statistics) -> Iterator[tuple[str, str]]:
    """The numbers of a round's objections, as everybody reads them."""
    if not found.filed:
        yield "收到异议", "没有"
        return
    yield "收到异议", f"{found.filed} 项，其中正在办理 {found.is_open} 项"
    decided = (("不予受理", found.refused), ("成立或部分成立", found.upheld), ("不成立", found.dismissed))
    said = [f"{name} {number} 项" for name, number in (*decided, ("撤回", found.withdrawn)) if number]
    yield "办理结果", "，".join(said) or "还没有办结"
    if found.appealed:
        yield "申诉", f"{found.appealed} 项"
    if found.days:
        yield "从提出到答复", words.workdays(found.days)

"""The official document that tells a unit that it has won: 定榜通知书."""

from datetime import datetime
from typing import Final

from marketplace.kernel.chinese_time import BEIJING
from marketplace.rounds.own_bids import BidPage
from marketplace.rounds.rules.notice_forms import wan
from web.documents.model import Document, Facts, Heading, Note, Paragraph, Signature
from web.pages import wording

AWARD: Final = "定榜通知书"


def award(page: BidPage) -> Document | None:
    """The notice of an award, or None where the bid has not won."""
    outcome = page.outcome
    if outcome is None or outcome.award is None or outcome.result is None:
        return None
    given, card = outcome.award, page.card
    day = given.awarded_at.astimezone(BEIJING).date()
    rows = [("活动", card.round_title)]
    if card.track:
        rows.append(("赛道", card.track))
    rows += [("中选单位", "、".join((card.lead, *(one.name for one in page.team if one.confirmed_at is not None))))]
    rows += [("评审得分", f"{outcome.result.score} 分，第 {outcome.result.place} 名")]
    if outcome.price_fen is not None:
        rows.append(("报价", f"{wan(outcome.price_fen)} 万元"))
    rows.append(("定榜时间", f"{wording.moment(given.awarded_at)}（北京时间）"))
    return Document(
        kind=AWARD,
        title=AWARD,
        issuer=page.issuer,
        number="",
        dated=day,
        subtitle=_standing(given.confirmed_at, given.ended_at),
        blocks=(
            Paragraph(
                f"{card.lead}：\n“{card.round_title}”经资格审查、专家评审、集体研究和结果公示，"
                "公示期满且没有未办结的异议，确定您单位中选。"
            ),
            Facts(tuple(rows)),
            Paragraph(
                f"请在 {wording.ending(given.confirm_due)}（北京时间）前登录平台确认。逾期没有确认的，视为放弃，"
                "由候补按次序递补并重新公示。确认后，按公告的约定签约。"
            ),
            *_ended(given.ended_at, given.end_reason),
            Signature(lines=(page.issuer, wording.day(day))),
            Note(
                f"申报编号：{card.bid_id}\n依据：第 {outcome.result.number} 次结果公示，/rounds/{card.round_id}/result"
            ),
        ),
    )


def _standing(confirmed_at: datetime | None, ended_at: datetime | None) -> str:
    if ended_at is not None:
        return "（已不再有效）"
    return "" if confirmed_at is None else f"（已于 {wording.local_day(confirmed_at)}确认）"


def _ended(ended_at: datetime | None, reason: str) -> tuple[Heading | Paragraph, ...]:
    if ended_at is None:
        return ()
    return (
        Heading("结束"),
        Paragraph(f"这项中选已于 {wording.moment(ended_at)}（北京时间）结束。理由：{reason}"),
    )

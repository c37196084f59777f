"""The official documents that publish a round: its notice (公告) and each addendum (补遗)."""

from collections.abc import Iterator

from marketplace.kernel.chinese_time import BEIJING
from marketplace.rounds.making.notices import NoticeVersion
from marketplace.rounds.rounds import RoundPage
from marketplace.rounds.rules.notice_changes import Change, changes
from marketplace.rounds.rules.notice_forms import wan
from marketplace.rounds.rules.notices import Condition, Notice, Person, Track, Weighed
from web.documents.model import Block, Document, Facts, Grid, Heading, Listing, Note, Paragraph, Signature
from web.pages import wording

NOTICE = "公告"
ADDENDUM = "补遗"


def notice(page: RoundPage) -> Document:
    """The notice that stands, whole."""
    version = page.versions[-1]
    said = version.notice
    day = (page.card.published_at or version.written_at).astimezone(BEIJING).date()
    return Document(
        kind=NOTICE,
        title=f"{said.title}公告" if not said.title.endswith(NOTICE) else said.title,
        issuer=page.card.organisation,
        number="",
        dated=day,
        subtitle=_with_addenda(len(page.versions) - 1),
        blocks=(
            *_asked(said),
            *_bidders(said),
            *_judged(said),
            *_money(said),
            *_when(page, said),
            *_contacts(said),
            Signature(lines=(page.card.organisation, wording.day(day))),
            Note(_proof(page, version)),
        ),
    )


def addendum(page: RoundPage, number: int) -> Document | None:
    """What a later notice changed in the one before, with its reason; None where there is no such addendum."""
    at = next((place for place, one in enumerate(page.versions) if one.number == number), 0)
    if not at:
        return None
    before, this = page.versions[at - 1], page.versions[at]
    day = this.written_at.astimezone(BEIJING).date()
    rows = tuple(_went(one) for one in changes(before.notice, this.notice))
    return Document(
        kind=ADDENDUM,
        title=f"{this.notice.title}\n补遗 {at}",
        issuer=page.card.organisation,
        number="",
        dated=day,
        blocks=(
            Paragraph(f"本单位 {wording.moment(this.written_at)}（北京时间）对“{before.notice.title}”公告作如下修改。"),
            Heading("修改理由"),
            Paragraph(this.reason),
            Heading("修改内容"),
            Grid(("事项", "原为", "改为"), rows),
            Heading("对申报的影响"),
            Paragraph(
                "已提交的申报须由申报单位在截止前按修改后的公告重新确认，内容不变的一键确认即可；没有确认的，到截止时失效。"
                f"申报截止时间：{wording.moment(this.notice.deadline)}（北京时间）。"
            ),
            Signature(lines=(page.card.organisation, wording.day(day))),
            Note(f"修改前公告的 SHA-256 校验值：{before.digest}\n修改后公告的 SHA-256 校验值：{this.digest}"),
        ),
    )


def _with_addenda(count: int) -> str:
    return "" if not count else "（含补遗 1）" if count == 1 else f"（含补遗 1 至 {count}）"


def _asked(said: Notice) -> Iterator[Block]:
    yield Paragraph(said.summary)
    if said.background:
        yield Heading("背景")
        yield Paragraph(said.background)
    yield Heading("榜题")
    for place, track in enumerate(said.tracks, start=1):
        if len(said.tracks) > 1 or track.title:
            yield Heading(_track_name(track, place, alone=len(said.tracks) == 1), level=2)
        yield Paragraph(track.question)
        yield Paragraph("须达到的指标：")
        yield Listing(track.indicators, numbered=True)


def _track_name(track: Track, place: int, *, alone: bool) -> str:
    return track.title if alone and track.title else f"赛道{place}：{track.title}" if track.title else f"赛道{place}"


def _bidders(said: Notice) -> Iterator[Block]:
    yield Heading("申报主体和条件")
    yield Paragraph(said.bidders)
    yield Grid(
        ("序号", "条件", "性质", "检验方法"),
        tuple(map(_condition, range(1, 1 + len(said.conditions)), said.conditions)),
    )
    yield Heading("申报材料")
    yield Paragraph("在平台填写方案、进度、团队以及对各项指标和条件的应答。")
    yield Listing(
        tuple(f"{one.title}（{'必交' if one.is_required else '可选'}）" for one in said.papers), numbered=True
    )


def _condition(place: int, one: Condition) -> tuple[str, str, str, str]:
    return str(place), one.text, "必须满足" if one.is_hard else "供评审参考", one.proof or "评审时酌情考虑"


def _judged(said: Notice) -> Iterator[Block]:
    yield Heading("评审办法")
    yield Grid(("指标", "权重", "最低分"), tuple(map(_weighed, said.criteria)), ("left", "right", "right"))
    yield Paragraph(said.scoring)
    yield Heading("回避", level=2)
    yield Paragraph(said.recusal)


def _weighed(one: Weighed) -> tuple[str, str, str]:
    return one.title, str(one.weight), "不设" if one.minimum is None else str(one.minimum)


def _money(said: Notice) -> Iterator[Block]:
    yield Heading("资金和约定")
    rows = [
        ("资金", "未定" if said.funds_fen is None else f"{wan(said.funds_fen)} 万元"),
        ("资金来源", said.funds_source),
        ("报价", _price(said)),
        ("成果归属", said.ownership),
    ]
    yield Facts((*rows, *((("其他约定", said.terms),) if said.terms else ())))


def _price(said: Notice) -> str:
    if not said.asks_price:
        return "不需要报价"
    if said.price_ceiling_fen is None:
        return "需要报价，不设最高限价"
    return f"需要报价，不超过 {wan(said.price_ceiling_fen)} 万元；超过的申报无效"


def _when(page: RoundPage, said: Notice) -> Iterator[Block]:
    yield Heading("时间安排")
    yield Paragraph(f"申报截止时间：{wording.moment(said.deadline)}（北京时间）。以平台收到最后一个字节的时间为准。")
    rows = tuple((step.stage.title, wording.moment(step.starts), wording.ending(step.ends)) for step in page.steps)
    if rows:
        yield Grid(("环节", "开始", "最晚结束"), rows)
    yield Paragraph(
        f"按“{page.procedure.title}”程序办理，有效申报不少于 {page.procedure.limits['least_bids'].value} 份，少于此数按流榜处理。"
    )


def _contacts(said: Notice) -> Iterator[Block]:
    yield Heading("咨询和异议")
    yield Facts((("咨询联系人", _person(said.contact)), ("异议受理人", _person(said.objections))))


def _person(one: Person) -> str:
    return "，".join(part for part in (one.name, one.phone, one.email) if part)


def _proof(page: RoundPage, version: NoticeVersion) -> str:
    return f"公告第 {version.number} 版，SHA-256 校验值：{version.digest}\n活动页面：/rounds/{page.card.id}"


def _went(change: Change) -> tuple[str, str, str]:
    return change.name, change.old or "（没有）", change.new or "（删去）"

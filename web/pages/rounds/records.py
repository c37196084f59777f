"""The official documents that record what was done with bids: 开启记录 and 资格审查结果."""

from collections.abc import Mapping, Sequence
from typing import Final

from marketplace.kernel.chinese_time import BEIJING
from marketplace.rounds.checking.results import Result
from marketplace.rounds.openings import OpenedBid, Opener, OpeningView, Sight
from marketplace.rounds.rounds import RoundPage
from marketplace.rounds.rules.notice_forms import wan
from marketplace.rounds.words import PASSED, BidState, Post
from web.documents.model import Alignment, Block, Document, Facts, Grid, Heading, Note, Paragraph, Signature
from web.pages import wording

MINUTES: Final = "开启记录"
RESULTS: Final = "资格审查结果"
POSTS: Final[Mapping[Post, str]] = {Post.OPENER_A: "开启人甲", Post.OPENER_B: "开启人乙", Post.KEEPER: "监督保管人"}
VERDICTS: Final[Mapping[BidState, str]] = {
    BidState.OPENED: "审查中",
    BidState.CORRECTION_REQUESTED: "补正中",
    **dict.fromkeys(PASSED, "通过"),
    BidState.INELIGIBLE: "不通过",
}
WITHOUT: Final[Mapping[Sight, str]] = {
    Sight.PRICES: "本记录供参加本活动的申报单位查阅，列出各份报价，不列其他申报单位的名称；名称在结果公示时公开。",
    Sight.BARE: "本记录为公开本，不列申报单位和报价；名称在结果公示时公开。",
}


def minutes(page: RoundPage, seen: OpeningView) -> Document:
    """The minutes of an opening as its reader may see them."""
    is_whole = seen.sight is Sight.WHOLE
    tracks = {one.key: one.title for one in page.versions[-1].notice.tracks}
    failed = sum(bool(one.failure) for one in seen.bids)
    blocks: list[Block] = [
        Facts(
            (
                ("活动", seen.round_title),
                ("开启时间", f"{wording.moment(seen.opened_at)}（北京时间）"),
                ("申报", f"共 {len(seen.bids)} 份" + (f"，其中 {failed} 份未能打开" if failed else "，全部打开")),
            )
        ),
        Heading("开启人"),
        Paragraph("由以下两名口令保管人先后输入口令，共同开启。任何一人都不能单独开启。"),
        Grid(
            ("职责", "姓名", "输入口令的时间") if is_whole else ("职责", "输入口令的时间"),
            _openers(seen.openers, is_whole=is_whole),
        ),
        Heading("申报"),
        _bids(seen, tracks),
    ]
    if not is_whole:
        blocks.append(Paragraph(WITHOUT[seen.sight]))
    if failed:
        blocks += [
            Heading("未能打开的申报"),
            Paragraph("未能打开的申报作为事故记录，不作废，由监督人员核查后处理。"),
        ]
    if is_whole:
        signers = tuple(f"{POSTS[one.post]}（{one.name}）" for one in seen.openers)
        blocks.append(Signature(lines=(page.card.organisation, wording.local_day(seen.opened_at)), signers=signers))
    digest = f"\n本记录的 SHA-256 校验值：{seen.digest}" if seen.digest else ""
    blocks.append(Note(f"封存清单的 SHA-256 校验值：{seen.manifest_digest}{digest}"))
    return Document(
        kind=MINUTES,
        title=f"{seen.round_title}\n{MINUTES}"
        + ("" if is_whole else "（公开本）" if seen.sight is Sight.BARE else "（申报单位查阅本）"),
        issuer=page.card.organisation,
        number="",
        dated=seen.opened_at.astimezone(BEIJING).date(),
        blocks=tuple(blocks),
    )


def _openers(openers: Sequence[Opener], *, is_whole: bool) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (POSTS[one.post], *((one.name,) if is_whole else ()), wording.moment(one.turned_at)) for one in openers
    )


def _bids(seen: OpeningView, tracks: Mapping[str, str]) -> Grid:
    has_names, has_prices = seen.sight is Sight.WHOLE, seen.sight is not Sight.BARE
    with_tracks = len(tracks) > 1
    headers = ["序号"]
    sides: list[Alignment] = ["right"]
    for name, is_there, side in (
        ("赛道", with_tracks, "left"),
        ("申报单位", has_names, "left"),
        ("您的申报", seen.sight is Sight.PRICES, "left"),
        ("收到时间", True, "left"),
        ("报价（万元）", has_prices, "right"),
        ("开启结果", True, "left"),
        ("封存文件 SHA-256", True, "left"),
    ):
        if is_there:
            headers.append(name)
            sides.append("right" if side == "right" else "left")
    rows = tuple(
        tuple(_line(place, one, seen.sight, tracks.get(one.track, "") if with_tracks else None))
        for place, one in enumerate(seen.bids, start=1)
    )
    return Grid(tuple(headers), rows, tuple(sides))


def _line(place: int, one: OpenedBid, sight: Sight, track: str | None) -> list[str]:
    line = [str(place)]
    if track is not None:
        line.append(track)
    if sight is Sight.WHOLE:
        line.append("、".join((one.organisation, *one.partners)))
    if sight is Sight.PRICES:
        line.append("是" if one.is_own else "")
    line.append(_to_the_second(one))
    if sight is not Sight.BARE:
        line.append("" if one.amount_fen is None else wan(one.amount_fen))
    line += [f"未能打开：{one.failure}" if one.failure else f"打开，第 {one.version} 版，与回执一致", one.sha256]
    return line


def _to_the_second(one: OpenedBid) -> str:
    local = one.received_at.astimezone(BEIJING)
    return f"{wording.day(local)}{local:%H:%M:%S}"


def results(page: RoundPage, found: Sequence[Result]) -> Document:
    """The results of the formal check, for those who make or oversee the round."""
    passed = sum(one.state in PASSED for one in found)
    failed = sum(one.state is BidState.INELIGIBLE for one in found)
    open_ones = len(found) - passed - failed
    judged = [one.judged_at for one in found if one.judged_at is not None]
    rows = tuple(
        (
            str(place),
            "、".join((one.organisation, *one.partners)),
            VERDICTS[one.state],
            one.rule or "—",
            _reason(one),
        )
        for place, one in enumerate(found, start=1)
    )
    head = (
        f"共 {len(found)} 份申报，通过 {passed} 份，不通过 {failed} 份"
        + (f"，尚无结论 {open_ones} 份" if open_ones else "")
        + "。"
    )
    return Document(
        kind=RESULTS,
        title=f"{page.card.title}\n{RESULTS}",
        issuer=page.card.organisation,
        number="",
        dated=None if open_ones or not judged else max(judged).astimezone(BEIJING).date(),
        subtitle="（尚未全部完成）" if open_ones else "",
        blocks=(
            Paragraph("对照公告的申报条件逐份、逐条审查，每份申报由两名审查人分别作出结论，结论一致的为准。"),
            Paragraph(head),
            Grid(
                ("序号", "申报单位", "结论", "依据的条件", "理由和说明"),
                rows,
                ("right", "left", "left", "left", "left"),
            ),
            Signature(signers=("审查人", "审查人")),
            Note(
                f"依据的公告：第 {page.versions[-1].number} 版，SHA-256 校验值：{page.versions[-1].digest}\n仅供办理和监督人员使用，不对外公开。"
            ),
        ),
    )


def _reason(one: Result) -> str:
    said = [one.reason] if one.reason else []
    if one.corrections:
        said.append(f"补正 {one.corrections} 项")
    if one.objections:
        said.append(f"异议 {one.objections} 项")
    if one.has_incident:
        said.append("开启时未能打开")
    return "；".join(said) or "—"

"""What a notice says, field by field in the words of a reader, and what of it changed from one to the next."""

from collections.abc import Iterator
from dataclasses import dataclass

from marketplace.kernel.chinese_time import spoken
from marketplace.rounds.rules.notice_forms import wan
from marketplace.rounds.rules.notices import Notice, Person


@dataclass(frozen=True, slots=True)
class Said:
    """One field of a notice as a reader reads it."""

    field: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after; None: it was not there."""

    field: str
    name: str
    old: str | None
    new: str | None


def said(notice: Notice) -> Iterator[Said]:
    """Every field of a notice, in the order of the page."""
    yield Said("title", "名称", notice.title)
    yield Said("summary", "摘要", notice.summary)
    yield Said("background", "背景", notice.background)
    for track in notice.tracks:
        name = track.title or "榜题"
        yield Said(f"{track.key}-question", f"{name}：要求", track.question)
        yield Said(f"{track.key}-indicators", f"{name}：指标", "\n".join(track.indicators))
    yield Said("bidders", "谁可以申报", notice.bidders)
    for number, one in enumerate(notice.conditions, start=1):
        hard = "（必须满足）" if one.is_hard else ""
        proof = f"\n检验方法：{one.proof}" if one.proof else ""
        yield Said(one.key, f"申报条件 {number}", f"{one.text}{hard}{proof}")
    for number, paper in enumerate(notice.papers, start=1):
        yield Said(paper.key, f"申报材料 {number}", paper.title + ("（必交）" if paper.is_required else "（可选）"))
    yield Said("criteria", "评审指标", "\n".join(_weighed(notice)))
    yield Said("scoring", "评分办法", notice.scoring)
    yield Said("recusal", "回避规则", notice.recusal)
    yield Said("funds", "资金", _amount(notice.funds_fen, "未定"))
    yield Said("funds_source", "资金来源", notice.funds_source)
    yield Said("price", "报价", _price(notice))
    yield Said("ownership", "成果归属", notice.ownership)
    yield Said("terms", "其他约定", notice.terms)
    yield Said("contact", "咨询联系人", _person(notice.contact))
    yield Said("objections", "异议受理人", _person(notice.objections))
    yield Said("deadline", "截止时间", spoken(notice.deadline))


def changes(old: Notice, new: Notice) -> tuple[Change, ...]:
    """What changed from one notice to another, in the order of the page; what is gone stands last."""
    before = {one.field: one for one in said(old)}
    after = {one.field: one for one in said(new)}
    found = [
        Change(field, one.name, before[field].value if field in before else None, one.value)
        for field, one in after.items()
        if field not in before or before[field].value != one.value
    ]
    gone = [Change(field, one.name, one.value, None) for field, one in before.items() if field not in after]
    return (*found, *gone)


def _weighed(notice: Notice) -> Iterator[str]:
    for one in notice.criteria:
        least = "" if one.minimum is None else f"，最低 {one.minimum} 分"
        yield f"{one.title}：{one.weight} 分{least}"


def _amount(fen: int | None, nothing: str) -> str:
    return nothing if fen is None else f"{wan(fen)} 万元"


def _price(notice: Notice) -> str:
    if not notice.asks_price:
        return "不需要报价"
    return "需要报价，" + (
        "不设最高限价" if notice.price_ceiling_fen is None else f"不超过 {wan(notice.price_ceiling_fen)} 万元"
    )


def _person(person: Person) -> str:
    return "　".join(one for one in (person.name, person.phone, person.email) if one)

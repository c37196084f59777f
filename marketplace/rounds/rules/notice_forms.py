"""The form of a notice: a body of texts by field, with numbered rows for tracks, conditions, papers and criteria."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from marketplace.kernel.chinese_time import BEIJING
from marketplace.rounds.rules.notices import Notice
from marketplace.rounds.rules.procedures import WHOLE, Procedure

MOST_TRACKS: Final = 12
MOST_CONDITIONS: Final = 20
MOST_PAPERS: Final = 12
MOST_CRITERIA: Final = 12
MAX_TITLE: Final = 60
MAX_LINE: Final = 300
MAX_TEXT: Final = 4_000
LEAST_SUMMARY: Final = 10
TIME_FORM: Final = "%Y-%m-%dT%H:%M"
YEARS: Final = range(2000, 2201)
"""No time of a round lies elsewhere; beyond, days can no longer be counted at all."""
_AMOUNT: Final = re.compile(r"\d{1,9}(\.\d{1,6})?")
FEN_IN_WAN: Final = 1_000_000


SCORING: Final = "评审专家按评审指标独立打分，去掉一个最高分和一个最低分后取平均分，按得分由高到低排序。"
RECUSAL: Final = (
    "与申报单位有隶属、投资、任职、亲属、近三年劳动或合作关系，或有其他可能影响公正评审的关系的专家应当回避；"
    "申报单位可以申请专家回避。"
)
DEFAULTS: Final[Mapping[str, str]] = {"scoring": SCORING, "recusal": RECUSAL, "asks_price": "yes"}
REQUIRED: Final[Mapping[str, tuple[str, int]]] = {
    "title": ("请填写名称", MAX_TITLE),
    "summary": ("请用一两句话说明要解决什么问题", MAX_LINE),
    "bidders": ("请写明哪些单位可以申报", MAX_TEXT),
    "scoring": ("请写明怎样评分", MAX_TEXT),
    "recusal": ("请写明回避规则", MAX_TEXT),
    "funds_source": ("请写明资金来源；没有资金的，写“不涉及资金”", MAX_LINE),
    "ownership": ("请写明成果归谁所有", MAX_TEXT),
}
OPTIONAL: Final[Mapping[str, int]] = {"background": MAX_TEXT, "terms": MAX_TEXT}
ROWS: Final[Mapping[str, tuple[int, tuple[str, ...]]]] = {
    "track": (MOST_TRACKS, ("title", "question", "indicators")),
    "condition": (MOST_CONDITIONS, ("text", "hard", "proof")),
    "paper": (MOST_PAPERS, ("title", "required")),
    "criterion": (MOST_CRITERIA, ("title", "weight", "minimum")),
}
"""Numbered rows of the form: how many at most, and their fields; a row counts where its first fields hold something."""
SINGLE: Final = (
    *REQUIRED,
    *OPTIONAL,
    *("funds_amount", "asks_price", "price_ceiling"),
    *(f"{who}_{part}" for who in ("contact", "objection") for part in ("name", "phone", "email")),
    *("publish_at", "deadline"),
)
FIELDS: Final = frozenset(SINGLE) | {
    f"{kind}-{row}-{part}" for kind, (most, parts) in ROWS.items() for row in range(1, most + 1) for part in parts
}
"""Every field that a body may hold."""


def first_body(procedure: Procedure, *, title: str = "", summary: str = "") -> dict[str, str]:
    """Return the body that a new notice of a procedure begins with."""
    body = {**DEFAULTS, "title": title[:MAX_TITLE], "summary": summary[:MAX_LINE]}
    for row, one in enumerate(procedure.criteria[:MOST_CRITERIA], start=1):
        minimum = "" if one.minimum is None else str(one.minimum)
        body |= {
            f"criterion-{row}-title": one.title,
            f"criterion-{row}-weight": str(one.weight),
            f"criterion-{row}-minimum": minimum,
        }
    return body


def rows(body: Mapping[str, str], kind: str) -> list[int]:
    """Return the numbers of the rows of a kind that hold something; ticks alone do not count."""
    most, parts = ROWS[kind]
    written = [part for part in parts if part not in {"hard", "required"}]
    return [row for row in range(1, most + 1) if any(body.get(f"{kind}-{row}-{part}", "").strip() for part in written)]


def moment(text: str) -> datetime | None:
    """Return the minute of Beijing that a field says ("2026-12-01T09:00"), or None; also for a year out of all reason."""
    try:
        found = datetime.strptime(text.strip(), TIME_FORM).replace(tzinfo=BEIJING)
    except ValueError:
        return None
    return found if found.year in YEARS else None


def fen(text: str) -> int | None:
    """Return the fen of an amount in 万元, or None where it is none."""
    amount = text.strip().replace(",", "").replace("，", "")
    if not _AMOUNT.fullmatch(amount):
        return None
    whole, _, part = amount.partition(".")
    return int(whole) * FEN_IN_WAN + int(part.ljust(6, "0") or 0)


def body_of(notice: Notice) -> dict[str, str]:
    """Return the fields that say a notice: what an addendum begins with. Rows keep their numbers, which are their keys."""
    body = {name: getattr(notice, name) for name in (*REQUIRED, *OPTIONAL)}
    for track in notice.tracks:
        row = int(track.key[1:])
        said = (track.title, track.question, "\n".join(track.indicators))
        body |= _row("track", row, said)
    for one in notice.conditions:
        body |= _row("condition", int(one.key[1:]), (one.text, _tick(one.is_hard), one.proof))
    for paper in notice.papers:
        body |= _row("paper", int(paper.key[1:]), (paper.title, _tick(paper.is_required)))
    for row, weighed in enumerate(notice.criteria, start=1):
        minimum = "" if weighed.minimum is None else str(weighed.minimum)
        body |= _row("criterion", row, (weighed.title, str(weighed.weight), minimum))
    for who, person in (("contact", notice.contact), ("objection", notice.objections)):
        body |= {f"{who}_name": person.name, f"{who}_phone": person.phone, f"{who}_email": person.email}
    return body | {
        "funds_amount": wan(notice.funds_fen),
        "asks_price": _tick(notice.asks_price),
        "price_ceiling": wan(notice.price_ceiling_fen),
        "publish_at": notice.publish_at.astimezone(BEIJING).strftime(TIME_FORM),
        "deadline": notice.deadline.astimezone(BEIJING).strftime(TIME_FORM),
    }


def wan(amount_fen: int | None) -> str:
    """Return an amount in 万元 without needless zeros; "" for none."""
    if amount_fen is None:
        return ""
    whole, part = divmod(amount_fen, FEN_IN_WAN)
    return f"{whole}.{part:06d}".rstrip("0").rstrip(".")


def lines(text: str) -> list[str]:
    """Return the lines of a text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def whole(text: str) -> int | None:
    """Return the whole number that a field says, at most three digits, or None."""
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= len(str(WHOLE)) else None


def _row(kind: str, row: int, said: tuple[str, ...]) -> dict[str, str]:
    return {f"{kind}-{row}-{part}": value for part, value in zip(ROWS[kind][1], said, strict=True)}


def _tick(value: bool) -> str:
    return "yes" if value else ""

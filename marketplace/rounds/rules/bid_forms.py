"""The form of a bid: what a unit answers to a notice, its price apart, and what is still missing, by field."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from marketplace.kernel.errors import Invalid
from marketplace.rounds.rules.notice_forms import fen, wan
from marketplace.rounds.rules.notices import Notice, Track
from marketplace.rounds.sealing import seals

TEXTS: Final[Mapping[str, tuple[str, int, bool]]] = {
    "plan": ("方案概述", 6_000, True),
    "schedule": ("进度安排", 2_000, True),
    "team": ("团队与案例", 3_000, True),
    "others": ("其他说明", 2_000, False),
}
"""The free texts: their name, how long at most, and whether they must be there."""
MAX_ANSWER: Final = 1_000
MAX_NAME: Final = 60
MOST_SIGNS: Final = 8_000
"""So long may one field be while it is being written."""
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_SINGLE: Final = (*TEXTS, "contact_name", "contact_phone", "contact_email", "price_amount", "price_note", "own_key")
PRICE: Final = frozenset({"price_amount", "price_note"})


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a bid: for which paper ("" for none), as it was called, and the digests of both its forms."""

    id: str
    paper: str
    name: str
    kind: str
    size_bytes: int
    digest: str
    sealed_digest: str
    sealed_bytes: int


@dataclass(frozen=True, slots=True)
class Tick:
    """One thing that a bid needs, and whether it is there: for the list beside the form."""

    field: str
    name: str
    is_done: bool


def fields(notice: Notice, track: Track) -> frozenset[str]:
    """Every field that the form of a bid on a track holds."""
    asked = {f"condition-{one.key}-{part}" for one in notice.conditions for part in ("met", "answer")}
    return frozenset(_SINGLE) | asked | {f"indicator-{n}" for n in range(1, len(track.indicators) + 1)}


def faults(body: Mapping[str, str], files: Sequence[Attached], notice: Notice, track: Track) -> dict[str, str]:
    """Return what is missing or wrong, by field, in the order of the form; nothing: it may be handed in."""
    return dict((*_faults(body, files, notice, track), *_faults_of_key(body)))


def ticks(body: Mapping[str, str], files: Sequence[Attached], notice: Notice, track: Track) -> tuple[Tick, ...]:
    """Return what the notice asks for, each with whether the bid has it."""
    wrong = faults(body, files, notice, track)
    named = [
        *((f"indicator-{n}", f"指标：{words}") for n, words in enumerate(track.indicators, start=1)),
        *((f"condition-{one.key}", f"条件：{one.text}") for one in notice.conditions),
        *((f"paper-{one.key}", f"材料：{one.title}") for one in notice.papers if one.is_required),
        *((name, said) for name, (said, _, is_required) in TEXTS.items() if is_required),
        ("contact", "联系人"),
        *([("price_amount", "报价")] if notice.asks_price else []),
    ]
    return tuple(Tick(field, said, not any(_is_of(name, field) for name in wrong)) for field, said in named)


def _is_of(name: str, field: str) -> bool:
    # "condition-c1-met" is a part of "condition-c1", "condition-c10-met" is none.
    return name == field or name.startswith((f"{field}-", f"{field}_"))


def answers(body: Mapping[str, str], notice: Notice, track: Track) -> dict[str, Any]:
    """Return what a complete body says, without the price, as JSON for the sealed version."""
    return {
        "track": {"key": track.key, "title": track.title},
        "texts": {name: _words(body, name) for name in TEXTS},
        "indicators": [
            {"text": text, "answer": _words(body, f"indicator-{n}")} for n, text in enumerate(track.indicators, start=1)
        ],
        "conditions": [
            {
                "key": one.key,
                "text": one.text,
                "met": _words(body, f"condition-{one.key}-met") == "yes",
                "answer": _words(body, f"condition-{one.key}-answer"),
            }
            for one in notice.conditions
        ],
        "contact": {part: _words(body, f"contact_{part}") for part in ("name", "phone", "email")},
    }


def price(body: Mapping[str, str], notice: Notice) -> dict[str, Any]:
    """Return the price that a complete body names, as JSON: a file of its own within the sealed version."""
    if not notice.asks_price:
        return {}
    return {"amount_fen": fen(_words(body, "price_amount")), "note": _words(body, "price_note")}


def _faults(
    body: Mapping[str, str], files: Sequence[Attached], notice: Notice, track: Track
) -> Iterator[tuple[str, str]]:
    for name, (said, most, is_required) in TEXTS.items():
        words = _words(body, name)
        if is_required and not words:
            yield name, f"请填写{said}。"
        elif len(words) > most:
            yield name, f"{said}不超过 {most} 个字，现在有 {len(words)} 个字。"
    for number in range(1, len(track.indicators) + 1):
        words = _words(body, f"indicator-{number}")
        if not words or len(words) > MAX_ANSWER:
            yield f"indicator-{number}", f"请写明怎样达到第 {number} 项指标，不超过 {MAX_ANSWER} 个字。"
    yield from _faults_of_conditions(body, notice)
    there = {one.paper for one in files}
    for paper in notice.papers:
        if paper.is_required and paper.key not in there:
            yield f"paper-{paper.key}", f"请上传“{paper.title}”。"
    yield from _faults_of_contact(body)
    if notice.asks_price:
        yield from _faults_of_price(body, notice)


def _faults_of_conditions(body: Mapping[str, str], notice: Notice) -> Iterator[tuple[str, str]]:
    for number, one in enumerate(notice.conditions, start=1):
        met, answer = _words(body, f"condition-{one.key}-met"), _words(body, f"condition-{one.key}-answer")
        if met not in {"yes", "no"}:
            yield f"condition-{one.key}-met", f"请说明是否满足第 {number} 项条件。"
        elif met == "no" and one.is_hard:
            yield f"condition-{one.key}-met", f"第 {number} 项条件必须满足，不满足的不能申报。"
        if (one.is_hard and not answer) or len(answer) > MAX_ANSWER:
            yield f"condition-{one.key}-answer", f"请写明怎样满足第 {number} 项条件，不超过 {MAX_ANSWER} 个字。"


def _faults_of_contact(body: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    name, phone, email = (_words(body, f"contact_{part}") for part in ("name", "phone", "email"))
    if not name or len(name) > MAX_NAME:
        yield "contact_name", f"请填写联系人，不超过 {MAX_NAME} 个字。"
    if not phone and not email:
        yield "contact_phone", "请至少填写电话或邮箱，补正通知等会用到。"
    if email and not _EMAIL.fullmatch(email):
        yield "contact_email", "邮箱格式不对，应类似 name@example.com。"


def _faults_of_price(body: Mapping[str, str], notice: Notice) -> Iterator[tuple[str, str]]:
    words = _words(body, "price_amount")
    amount = fen(words) if words else None
    if not amount:
        yield "price_amount", "请填写报价，以万元为单位，例如 86 或 12.5。"
    elif notice.price_ceiling_fen is not None and amount > notice.price_ceiling_fen:
        yield "price_amount", f"报价超过最高限价 {wan(notice.price_ceiling_fen)} 万元。"
    if len(_words(body, "price_note")) > MAX_ANSWER:
        yield "price_note", f"报价说明不超过 {MAX_ANSWER} 个字。"


def _faults_of_key(body: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if own_key := _words(body, "own_key"):
        try:
            seals.recipient(own_key)
        except Invalid as refusal:
            yield "own_key", refusal.message


def _words(body: Mapping[str, str], name: str) -> str:
    return body.get(name, "").strip()

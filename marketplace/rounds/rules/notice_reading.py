"""Reading the form of a notice: what it says, and a sentence for each field that is missing or wrong."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from marketplace.rounds.rules.notice_forms import (
    LEAST_SUMMARY,
    MAX_LINE,
    MAX_TEXT,
    MAX_TITLE,
    MOST_CONDITIONS,
    OPTIONAL,
    REQUIRED,
    fen,
    lines,
    moment,
    rows,
    whole,
)
from marketplace.rounds.rules.notices import Condition, Notice, Paper, Person, Track, Weighed
from marketplace.rounds.rules.procedures import WHOLE

_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE: Final = re.compile(r"[0-9+()（）\-— 转]{5,40}")


@dataclass(frozen=True, slots=True)
class Read:
    """What a body says: the notice where nothing is wrong, and what is wrong by field, in the order of the form."""

    notice: Notice | None
    faults: Mapping[str, str]


def read(body: Mapping[str, str], *, has_tracks: bool) -> Read:
    """Read a body. Times are minutes of Beijing; a deadline left empty is a fault here: it is computed before."""
    faults = dict(_faults(body, has_tracks=has_tracks))
    if faults:
        return Read(None, faults)
    return Read(_notice(body), {})


def _faults(body: Mapping[str, str], *, has_tracks: bool) -> Iterator[tuple[str, str]]:
    yield from _faults_of_texts(body, REQUIRED.keys() & {"title", "summary"})
    yield from _faults_of_tracks(body, has_tracks=has_tracks)
    yield from _faults_of_texts(body, {"background", "bidders"})
    yield from _faults_of_conditions(body)
    yield from _faults_of_papers(body)
    yield from _faults_of_criteria(body)
    yield from _faults_of_texts(body, {"scoring", "recusal"})
    yield from _faults_of_money(body)
    yield from _faults_of_texts(body, {"funds_source", "ownership", "terms"})
    yield from _faults_of_person(body, "contact", "咨询联系人")
    yield from _faults_of_person(body, "objection", "异议受理人")
    yield from _faults_of_times(body)


def _faults_of_texts(body: Mapping[str, str], names: set[str]) -> Iterator[tuple[str, str]]:
    for name in sorted(names, key=(*REQUIRED, *OPTIONAL).index):
        words = body.get(name, "").strip()
        most = REQUIRED[name][1] if name in REQUIRED else OPTIONAL[name]
        if name in REQUIRED and not words:
            yield name, f"{REQUIRED[name][0]}。"
        elif name == "summary" and len(words) < LEAST_SUMMARY:
            yield name, f"太短，别人看不出要做什么，请至少写 {LEAST_SUMMARY} 个字。"
        elif len(words) > most:
            yield name, f"不超过 {most} 个字，现在有 {len(words)} 个字。"


def _faults_of_tracks(body: Mapping[str, str], *, has_tracks: bool) -> Iterator[tuple[str, str]]:
    found = rows(body, "track")
    if not found:
        yield "track-1-question", "请写明榜题：要解决的问题和要达到的结果。"
    if len(found) > 1 and not has_tracks:
        yield f"track-{found[1]}-question", "这种程序类型不分赛道，只能有一道榜题。"
    titles: set[str] = set()
    for row in found:
        title = body.get(f"track-{row}-title", "").strip()
        if has_tracks and not title:
            yield f"track-{row}-title", "请给这个赛道一个名称。"
        elif title in titles and title:
            yield f"track-{row}-title", "已有同名的赛道，请换一个名称。"
        elif len(title) > MAX_TITLE:
            yield f"track-{row}-title", f"不超过 {MAX_TITLE} 个字。"
        titles.add(title)
        question = body.get(f"track-{row}-question", "").strip()
        if not question or len(question) > MAX_TEXT:
            yield f"track-{row}-question", f"请写明榜题，不超过 {MAX_TEXT} 个字。"
        yield from _faults_of_indicators(body, row)


def _faults_of_indicators(body: Mapping[str, str], row: int) -> Iterator[tuple[str, str]]:
    found = lines(body.get(f"track-{row}-indicators", ""))
    if not found:
        yield f"track-{row}-indicators", "请至少写一条可检验的指标，每行一条。"
    elif len(found) > MOST_CONDITIONS or max(map(len, found)) > MAX_LINE:
        yield f"track-{row}-indicators", f"最多 {MOST_CONDITIONS} 条，每条不超过 {MAX_LINE} 个字。"


def _faults_of_conditions(body: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    found = rows(body, "condition")
    if not found:
        yield "condition-1-text", "请至少写一条申报条件。"
    for row in found:
        text, proof = (body.get(f"condition-{row}-{part}", "").strip() for part in ("text", "proof"))
        if not text or len(text) > MAX_LINE:
            yield f"condition-{row}-text", f"请写明条件，不超过 {MAX_LINE} 个字。"
        if body.get(f"condition-{row}-hard") == "yes" and not proof:
            yield f"condition-{row}-proof", "必须满足的条件要写明怎样检验，例如看哪份材料、达到什么数值。"
        elif len(proof) > MAX_LINE:
            yield f"condition-{row}-proof", f"不超过 {MAX_LINE} 个字。"


def _faults_of_papers(body: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for row in rows(body, "paper"):
        if len(body[f"paper-{row}-title"].strip()) > MAX_TITLE:
            yield f"paper-{row}-title", f"不超过 {MAX_TITLE} 个字。"


def _faults_of_criteria(body: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    found = rows(body, "criterion")
    weights = [whole(body.get(f"criterion-{row}-weight", "")) for row in found]
    for row, weight in zip(found, weights, strict=True):
        title, minimum = (body.get(f"criterion-{row}-{part}", "").strip() for part in ("title", "minimum"))
        if not title or len(title) > MAX_TITLE:
            yield f"criterion-{row}-title", f"请填写指标名称，不超过 {MAX_TITLE} 个字。"
        if weight is None or not 1 <= weight <= WHOLE:
            yield f"criterion-{row}-weight", f"请填写 1 到 {WHOLE} 的整数。"
        least = whole(minimum)
        if minimum and (least is None or not 0 < least <= (weight or WHOLE)):
            yield f"criterion-{row}-minimum", "最低分应是大于 0、不超过该项权重的整数；不设最低分的留空。"
    total = sum(weight or 0 for weight in weights)
    if total != WHOLE:
        at = f"criterion-{found[0]}-weight" if found else "criterion-1-title"
        yield at, f"各项权重之和应为 {WHOLE}，现在是 {total}。"


def _faults_of_money(body: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in ("funds_amount", "price_ceiling"):
        words = body.get(name, "").strip()
        if words and fen(words) is None:
            yield name, "请填写以万元为单位的数字，例如 90 或 12.5；没有的留空。"
        elif words and not fen(words):
            yield name, "金额应大于 0；没有的留空。"


def _faults_of_person(body: Mapping[str, str], who: str, said: str) -> Iterator[tuple[str, str]]:
    name, phone, email = (body.get(f"{who}_{part}", "").strip() for part in ("name", "phone", "email"))
    if not name or len(name) > MAX_TITLE:
        yield f"{who}_name", f"请填写{said}，不超过 {MAX_TITLE} 个字。"
    if not phone and not email:
        yield f"{who}_phone", f"请至少填写{said}的电话或邮箱。"
    if phone and not _PHONE.fullmatch(phone):
        yield f"{who}_phone", "电话只能由数字、加号、括号、短横和“转”组成。"
    if email and not _EMAIL.fullmatch(email):
        yield f"{who}_email", "邮箱格式不对，应类似 name@example.com。"


def _faults_of_times(body: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    publish_at, deadline = moment(body.get("publish_at", "")), moment(body.get("deadline", ""))
    if publish_at is None:
        yield "publish_at", "请填写发布时间，例如 2026-12-01 09:00。"
    if deadline is None:
        yield "deadline", "请填写截止时间，例如 2026-12-16 17:30。"
    elif publish_at is not None and deadline <= publish_at:
        yield "deadline", "截止时间应晚于发布时间。"


def _notice(body: Mapping[str, str]) -> Notice:
    def words(name: str) -> str:
        return body.get(name, "").strip()

    publish_at, deadline = moment(body["publish_at"]), moment(body["deadline"])
    assert publish_at is not None
    assert deadline is not None
    return Notice(
        **{name: words(name) for name in (*REQUIRED, *OPTIONAL)},
        tracks=tuple(
            Track(
                f"t{row}",
                words(f"track-{row}-title"),
                words(f"track-{row}-question"),
                tuple(lines(body.get(f"track-{row}-indicators", ""))),
            )
            for row in rows(body, "track")
        ),
        conditions=tuple(
            Condition(
                f"c{row}",
                words(f"condition-{row}-text"),
                words(f"condition-{row}-hard") == "yes",
                words(f"condition-{row}-proof"),
            )
            for row in rows(body, "condition")
        ),
        papers=tuple(
            Paper(f"p{row}", words(f"paper-{row}-title"), words(f"paper-{row}-required") == "yes")
            for row in rows(body, "paper")
        ),
        criteria=tuple(
            Weighed(
                words(f"criterion-{row}-title"),
                whole(words(f"criterion-{row}-weight")) or 0,
                whole(words(f"criterion-{row}-minimum")),
            )
            for row in rows(body, "criterion")
        ),
        funds_fen=fen(words("funds_amount")),
        asks_price=words("asks_price") == "yes",
        price_ceiling_fen=fen(words("price_ceiling")) if words("asks_price") == "yes" else None,
        contact=Person(*(words(f"contact_{part}") for part in ("name", "phone", "email"))),
        objections=Person(*(words(f"objection_{part}") for part in ("name", "phone", "email"))),
        publish_at=publish_at,
        deadline=deadline,
    )

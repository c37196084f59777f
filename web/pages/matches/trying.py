"""A need or an ability that somebody pastes to see what answers it: read from a form, matched, kept nowhere."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from starlette.datastructures import FormData

from ingest.fields import ListKind
from ingest.values import points
from marketplace.lists.views import ItemRecord
from marketplace.profiles.views import ProfileRecord

MOST_TITLE: Final = 100
MOST_TEXT: Final = 4_000
LEAST: Final = 4
"""Fewer letters and characters than this say nothing that could be held against anything."""
MOST_POINTS: Final = 30
TITLE_CUT: Final = 60
_SENTENCE_ENDS: Final = "。！？；!?;"


class Asks(StrEnum):
    """What the text is: a need that looks for suppliers, or an ability that looks for needs."""

    NEED = "need"
    ABILITY = "ability"


@dataclass(frozen=True, slots=True)
class Tried:
    """What was pasted, as far as it can be shown again, and what is wrong with it by field."""

    asks: Asks = Asks.NEED
    title: str = ""
    text: str = ""
    errors: tuple[tuple[str, str], ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether it can be matched."""
        return not self.errors


def read(form: FormData) -> Tried:
    """Read the form; of what is too long the beginning is kept."""
    asks = Asks.ABILITY if form.get("asks") == Asks.ABILITY else Asks.NEED
    title, text = (_given(form, name) for name in ("title", "text"))
    errors = []
    if len(title) > MOST_TITLE:
        errors.append(("title", f"最多 {MOST_TITLE} 个字，您写了 {len(title)} 个字。请写短些，细节放到下面的说明里。"))
    problem = _problem(title, text)
    if problem:
        errors.append(("text", problem))
    return Tried(asks, title[:MOST_TITLE], text[:MOST_TEXT], tuple(errors))


def _given(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""


def _problem(title: str, text: str) -> str:
    if len(text) > MOST_TEXT:
        return (
            f"最多 {MOST_TEXT:,} 个字，您粘贴了 {len(text):,} 个字；下面留着开头的 {MOST_TEXT:,} 个字。"
            "请只留一条需求或一项能力，再试一次。"
        )
    if not title and not text:
        return "还没有内容。请写一段话，或从文件里粘贴一段。"
    said = sum(map(str.isalnum, title + text))
    if not said:
        return "没有读到文字：只有表情或符号时无法比对。请用文字说明要做什么、用在哪里。"
    if said < LEAST:
        return f"只有 {said} 个字，看不出要做什么。请至少写清“对什么、做什么”，例如“识别行道树病虫害”。"
    return ""


def need(tried: Tried) -> ItemRecord:
    """The need as matching reads it: without a name of its own it is called by its first sentence."""
    title, rest = (tried.title, tried.text) if tried.title else _parted(tried.text)
    return ItemRecord(
        id="",
        title=title,
        description="",
        requirements=points.split(rest)[:MOST_POINTS],
        list_kind=ListKind.DEMAND.value,
        sector=None,
        region=None,
        budget_min=None,
        budget_max=None,
        period_start=None,
        period_end=None,
        duration_months=None,
        issuer=None,
        issuer_type=None,
    )


def profile(tried: Tried) -> ProfileRecord:
    """The ability as matching reads a profile."""
    headline, rest = (tried.title, tried.text) if tried.title else _parted(tried.text)
    return ProfileRecord(
        id="",
        name="",
        headline=headline,
        description=rest,
        skills=(),
        sectors=(),
        cases=(),
        notes=(),
        not_offered=(),
        team_size=None,
        region=None,
        price_text=None,
        filings=(),
    )


def _parted(text: str) -> tuple[str, str]:
    """The first sentence of a text, and what follows it."""
    line, _, below = text.partition("\n")
    end = min((at for mark in _SENTENCE_ENDS if (at := line.find(mark)) > 0), default=len(line))
    if min(end, len(line)) <= TITLE_CUT:
        return line[:end].strip(), "\n".join(part for part in (line[end + 1 :].strip(), below.strip()) if part)
    comma = max(line.rfind(mark, 0, TITLE_CUT) for mark in "，,、 ")
    cut = comma if comma > 0 else TITLE_CUT
    return line[:cut].strip(), "\n".join(part for part in (line[cut:].strip("，,、 "), below.strip()) if part)

"""What lists of profiles show and filter by, drawn from the form and the notes of lists."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from marketplace.kernel.text import collapsed

SUMMARY_LENGTH = 120
MAX_SECTORS = 12
MAX_SECTOR = 60
_DIVIDERS = re.compile(r"[、，,;；/／|\n]+")


class Note(Protocol):
    """What of a note counts here."""

    headline: str
    text: str
    sector: str | None
    region: str | None
    team_size: int | None


class Form(Protocol):
    """What of a form counts here: what it says to everybody."""

    @property
    def headline(self) -> str: ...

    @property
    def description(self) -> str: ...

    @property
    def sectors(self) -> Sequence[str]: ...

    @property
    def region(self) -> str | None: ...

    @property
    def team_size(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Summary:
    """The searched columns of a profile; `listed` is False where it says nothing at all."""

    listed: bool
    headline: str
    summary: str
    sectors: tuple[str, ...]
    region: str | None
    team_size: int | None


def draw(name: str, form: Form | None, notes: Sequence[Note]) -> Summary:
    """The form where it states something, else the notes in their order; the name where neither has a headline."""
    headline = (form.headline if form else "") or next((note.headline for note in notes if note.headline), "")
    text = (form.description if form else "") or next((note.text for note in notes if note.text), "")
    stated = list(form.sectors) if form else []
    sectors = split_sectors(stated or [note.sector for note in notes if note.sector])
    region = (form.region if form else None) or next((note.region for note in notes if note.region), None)
    team_size = form.team_size if form and form.team_size else None
    if team_size is None:
        team_size = next((note.team_size for note in notes if note.team_size), None)
    listed = form is not None or bool(notes)
    return Summary(listed, collapsed(headline) or name, shortened(text), sectors, region, team_size)


def split_sectors(stated: Sequence[str]) -> tuple[str, ...]:
    """Single sectors in order of first mention; a cell may name several."""
    single = (part.strip()[:MAX_SECTOR] for text in stated for part in _DIVIDERS.split(text))
    return tuple(dict.fromkeys(sector for sector in single if sector))[:MAX_SECTORS]


def shortened(text: str) -> str:
    """The beginning of a text on one line."""
    line = collapsed(text)
    return line if len(line) <= SUMMARY_LENGTH else line[: SUMMARY_LENGTH - 1] + "…"


def head_count(text: str | None) -> int | None:
    """A number of people from a cell such as "3人"; None where it states none or a range."""
    numbers = re.findall(r"\d+", collapsed(text or ""))
    return int(numbers[0]) if len(numbers) == 1 and 0 < int(numbers[0]) < 100_000 else None  # noqa: PLR2004 - a row of digits that long is a code

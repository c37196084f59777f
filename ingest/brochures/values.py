"""What leaves the reading of a brochure (介绍文件): what a supplier says of itself, each thing with the place where it stands.

Every text is a piece of the file, letter by letter; white space and line breaks inside are one space. Nothing is inferred.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ingest.fields import RUNNING_TEXT
from ingest.grid import Place

SINGLE: Final = ("name", "headline", "team_size", "region", "founded_year")
TEXT: Final = "text"
"""The format whose paragraphs are counted by its own lines."""
SEVERAL: Final = ("description", "statements", "skills", "sectors", "prices", "filings", "not_offered")


@dataclass(frozen=True, slots=True)
class Stated:
    """One thing that a brochure states: its words, where they stand, and the paragraph or row that they were taken from.

    `number` is what the words say as a whole number (从业人数, 成立年份); None where they are no number.
    """

    text: str
    place: Place
    passage: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class OfferStated:
    """A service: what is done, for whom, out of which input, with which output, and what is handed over."""

    what: str
    place: Place
    passage: str
    for_whom: str = ""
    given: str = ""
    made: str = ""
    deliverable: str = ""


@dataclass(frozen=True, slots=True)
class CaseStated:
    """A piece of work done; `period` is the time as it is stated, `year` the last year that it names."""

    place: Place
    passage: str
    title: str = ""
    client: str = ""
    period: str = ""
    year: int | None = None
    done: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True)
class Brochure:
    """A whole introduction as understood; None and empty where it states nothing.

    `description` are the paragraphs on the supplier as such, `statements` sentences and points on what it can do.
    """

    file: str
    digest: str
    format: str
    name: Stated | None = None
    headline: Stated | None = None
    team_size: Stated | None = None
    region: Stated | None = None
    founded_year: Stated | None = None
    description: tuple[Stated, ...] = ()
    statements: tuple[Stated, ...] = ()
    skills: tuple[Stated, ...] = ()
    sectors: tuple[Stated, ...] = ()
    prices: tuple[Stated, ...] = ()
    filings: tuple[Stated, ...] = ()
    not_offered: tuple[Stated, ...] = ()
    offers: tuple[OfferStated, ...] = ()
    cases: tuple[CaseStated, ...] = ()

    @property
    def stated(self) -> Iterator[tuple[str, Stated]]:
        """Everything but services and cases, with the name of its field."""
        for name in SINGLE:
            one = getattr(self, name)
            if one is not None:
                yield name, one
        for name in SEVERAL:
            for one in getattr(self, name):
                yield name, one

    @property
    def says_anything(self) -> bool:
        """Whether there is anything a profile could take."""
        return bool(self.offers or self.cases) or any(name != "name" for name, _ in self.stated)


def where(place: Place, format_name: str = "") -> str:
    """A place in words: 第 2 页，第 5 段; 第 1 页，表 2 第 3 行; in a plain text 第 8 行."""
    page = f"第 {place.page} 页，" if place.page else ""
    if place.table in {None, RUNNING_TEXT}:
        return f"{page}第 {place.row} {'行' if format_name == TEXT else '段'}"
    return f"{page}表 {place.table} 第 {place.row} 行"

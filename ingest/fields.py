"""The values that leave ingest: drafts of items, problems, and how a file was understood.

Everything here is plain, frozen and free of file formats, so that the marketplace may keep it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class ListKind(StrEnum):
    """The three lists (三张清单)."""

    SCENARIO = "scenario"
    DEMAND = "demand"
    CAPABILITY = "capability"


class NeedType(StrEnum):
    """What kind of help a need asks for."""

    TRIAL = "场景验证"
    PURCHASE = "采购需求"
    RESEARCH = "技术攻关"


class IssuerType(StrEnum):
    """Who stands behind an item, as the list states it."""

    GOVERNMENT = "government"
    SOE = "soe"
    PRIVATE = "private"
    INSTITUTION = "institution"
    OTHER = "other"


class Severity(StrEnum):
    """How grave a problem is: the row is refused, somebody should look, or it is worth knowing."""

    REJECT = "reject"
    TODO = "todo"
    NOTE = "note"


RUNNING_TEXT = 0
"""The number of the table that running text stands in: none."""

Where = tuple[str | None, int | None, int | None, int | None]
"""Sheet, table, page and row: what tells one row of a file from all others."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a file, a sheet, a row or a cell, with what to do, in Chinese.

    `row` is 1-based in its sheet or table, `column` the letter of a column ("C"); `table` numbers the tables of a document
    from 1, and is 0 where `row` counts the paragraphs of its running text.
    """

    file: str
    severity: Severity
    code: str
    message: str
    sheet: str | None = None
    page: int | None = None
    row: int | None = None
    column: str | None = None
    table: int | None = None

    @property
    def where(self) -> "Where":
        """The row that it is about."""
        return (self.sheet, self.table, self.page, self.row)


@dataclass(frozen=True, slots=True)
class Draft:
    """One item as a list states it; a field the list does not state is None.

    Money is in yuan with two places. `raw` maps each header to the cell as it stood; `places` maps a field
    of this class to the cells it was read from ("C5"), or to the paragraphs ("第5段"); `extras` holds what has no field of its own:
    `uscc`, `team_size`, `cases`, `cooperation`, `support`, `remarks`, `qualifications`,
    and for capabilities `price_text`, the price in the list's own words. `corrected` names what a person has put right
    (`ingest.corrections`), which `raw` does not show.
    """

    file: str
    row: int
    list_kind: ListKind
    title: str
    sheet: str | None = None
    page: int | None = None
    need_type: NeedType | None = None
    description: str | None = None
    issuer: str | None = None
    issuer_type: IssuerType | None = None
    sector: str | None = None
    region: str | None = None
    budget_min: Decimal | None = None
    budget_max: Decimal | None = None
    budget_negotiable: bool = False
    period_start: date | None = None
    period_end: date | None = None
    duration_months: int | None = None
    requirements: tuple[str, ...] = ()
    contact_name: str | None = None
    contact_phone: str | None = None
    contact_email: str | None = None
    inherited: tuple[str, ...] = ()
    raw: Mapping[str, str] = field(default_factory=dict)
    extras: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    table: int | None = None
    corrected: tuple[str, ...] = ()

    @property
    def where(self) -> Where:
        """The row that it was read from."""
        return (self.sheet, self.table, self.page, self.row)


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """What one column of a grid was taken for; `confidence` is 0 to 1, `reason` a Chinese phrase."""

    column: str
    header: str
    field: str | None
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class SheetReading:
    """How one sheet was understood; `ignored` says in Chinese why a sheet holds no list.

    `title` is the line above the table that names the list, `publisher` the unit that the head says fills in or
    publishes it (填报单位, 发布单位, 牵头单位, 主办单位); None where it says nothing. `table` numbers the tables of a document
    that has no sheets. `layout` tells this set of columns from others, `unit` is the unit of money above the table, in
    yuan; `refused` are the rows that are no items because they have no title.
    """

    name: str | None
    list_kind: ListKind | None = None
    header_rows: tuple[int, int] | None = None
    columns: tuple[ColumnReading, ...] = ()
    drafts: tuple[Draft, ...] = ()
    ignored: str | None = None
    title: str | None = None
    publisher: str | None = None
    table: int | None = None
    layout: str | None = None
    unit: Decimal | None = None
    refused: tuple[Draft, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole file as understood: its sheets in order and everything that was wrong with it.

    `digest` is the SHA-256 of the bytes in hexadecimal.
    """

    file: str
    digest: str
    format: str
    sheets: tuple[SheetReading, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def drafts(self) -> Iterator[Draft]:
        """Every draft of the file in reading order."""
        for sheet in self.sheets:
            yield from sheet.drafts

"""A list as a file that leaves the product: CSV with a byte order mark, or an Excel workbook.

Every text is neutralised, so that no spreadsheet program takes it for a formula. In a workbook amounts are numbers
and days are dates, so that they can be added up and sorted.
"""

import csv as csv_format
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from sqlmodel import Session

from ingest.fields import ListKind
from ingest.neutralise import neutralise
from marketplace.kernel.paging import MAX_SIZE, Page
from marketplace.lists import items
from marketplace.lists.edition_views import EditionPage
from marketplace.lists.views import EditionEntryView, ItemCard, ItemRecord, Source
from marketplace.lists.words import Outcome, SourceKind
from marketplace.profiles import profiles
from marketplace.profiles.views import ProfileCard, ProfileRecord
from web.pages import wording
from web.pages.lists.asking import Asked

CSV: Final = "text/csv; charset=utf-8"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST_COLUMN: Final = 48
PLACES_AT_MOST: Final = 1_000
"""Up to how many rows a list names the place of each."""
MONEY_FORMAT: Final = "#,##0.00"
DAY_FORMAT: Final = "yyyy-mm-dd"
Cell = str | Decimal | int | date | None
Card = TypeVar("Card", ItemCard, ProfileCard)

NEED_COLUMNS: Final[tuple[str, ...]] = (
    "编号", "期", "类别", "名称", "说明", "要点", "需求类型", "单位", "单位性质", "行业领域", "地区",
    "预算下限（元）", "预算上限（元）", "面议", "开始时间", "完成时间", "工期（月）", "公布日期",
    "来源（文件/工作表/行）", "标识",
)  # fmt: skip
EDITION_COLUMNS: Final[tuple[str, ...]] = (
    "编号", "与上一期相比", "类别", "名称", "说明", "需求类型", "单位", "单位性质", "行业领域", "地区",
    "预算或报价下限（元）", "预算或报价上限（元）", "面议", "开始时间", "完成时间", "工期（月）", "来源文件", "标识", "发布单位",
)  # fmt: skip
OUTCOMES: Final[Mapping[Outcome, str]] = {
    Outcome.ADDED: "新增",
    Outcome.CHANGED: "有变化",
    Outcome.UNCHANGED: "没有变化",
    Outcome.RETURNED: "重新列入",
    Outcome.GONE: "不再列入",
}
PROFILE_COLUMNS: Final[tuple[str, ...]] = (
    "单位", "一句话介绍", "能力说明", "服务", "专长", "服务行业", "案例", "清单所载能力", "不承接", "人数", "地区",
    "参考报价", "备案与资质", "更新日期", "标识",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """A head and its rows; texts are already neutralised, a value that nobody states is None."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def table(session: Session, asked: Asked, ids: tuple[str, ...] | None) -> Table:
    """Gather every row that the question finds, not only one page of it."""
    if asked.kind is ListKind.CAPABILITY:
        of_profiles = asked.of_profiles(ids)
        cards = list(_all(lambda page: profiles.search(session, of_profiles, page=page, size=MAX_SIZE)))
        known = {record.id: record for record in profiles.documents(session, [card.id for card in cards])}
        columns, rows = PROFILE_COLUMNS, [_profile_row(card, known[card.id]) for card in cards if card.id in known]
    else:
        of_items = asked.of_items(ids)
        found = list(_all(lambda page: items.search(session, of_items, page=page, size=MAX_SIZE)))
        records = {record.id: record for record in items.documents(session, [card.id for card in found])}
        # Places are read one by one; a longer list tells them on the pages of its items.
        ids_placed = [card.id for card in found] if len(found) <= PLACES_AT_MOST else []
        places = {item_id: _place(items.get(session, item_id).source) for item_id in ids_placed}
        columns, rows = NEED_COLUMNS, [_need_row(card, records, places.get(card.id, "见条目页")) for card in found]
    return _table(wording.KIND_LISTS[asked.kind], columns, rows)


def edition_table(edition: EditionPage, entries: Sequence[EditionEntryView]) -> Table:
    """Gather the lines of an edition as it was published, those that went out of it last."""
    again = f"恢复第 {edition.restores[1]} 期的内容：{edition.restored_because}" if edition.restores else None
    source = edition.file_name or again or "单位自行发布，汇编成期"
    rows = [(*_edition_row(entry, source), edition.card.publisher) for entry in entries]
    return _table(f"第 {edition.card.number} 期", EDITION_COLUMNS, rows)


def _table(title: str, columns: tuple[str, ...], rows: Sequence[Sequence[Cell]]) -> Table:
    safe = tuple(tuple(neutralise(value) if isinstance(value, str) else value for value in row) for row in rows)
    return Table(title, columns, safe)


def csv(of: Table) -> bytes:
    """Write CSV in UTF-8 with a byte order mark, without which Excel shows Chinese as noise."""
    written = io.StringIO(newline="")
    writer = csv_format.writer(written)
    writer.writerow(of.columns)
    writer.writerows([_text(value) for value in row] for row in of.rows)
    return written.getvalue().encode("utf-8-sig")


def xlsx(of: Table) -> bytes:
    """Write an Excel workbook with one sheet, its head frozen and its texts wrapped."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(of.title)
    sheet.freeze_panes = "A2"
    for place, width in enumerate(_widths(of), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    wrapped, bold = Alignment(wrap_text=True, vertical="top"), Font(bold=True)

    def cell(value: Cell, *, is_head: bool = False) -> WriteOnlyCell:
        written = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value)
        written.alignment = wrapped
        if isinstance(value, Decimal):
            written.number_format = MONEY_FORMAT
        elif isinstance(value, date):
            written.number_format = DAY_FORMAT
        if is_head:
            written.font = bold
        return written

    sheet.append([cell(name, is_head=True) for name in of.columns])
    for row in of.rows:
        sheet.append([cell(value) for value in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _all(page: Callable[[int], Page[Card]]) -> Iterator[Card]:
    first = page(1)
    yield from first.rows
    for number in range(2, first.pages + 1):
        yield from page(number).rows


def _need_row(card: ItemCard, records: Mapping[str, ItemRecord], place: str) -> Sequence[Cell]:
    record = records.get(card.id)
    return (
        card.number,
        card.edition_number,
        wording.KINDS[card.kind],
        card.title,
        record.description if record else card.summary,
        "\n".join(record.requirements) if record else "",
        card.need_type,
        card.issuer,
        card.issuer_type and wording.ISSUER_TYPES[card.issuer_type],
        card.sector,
        card.region,
        card.budget_min,
        card.budget_max,
        "是" if card.budget_negotiable else "",
        card.period_start,
        card.period_end,
        card.duration_months,
        card.published_at.astimezone(wording.BEIJING).date(),
        place,
        card.id,
    )


def _edition_row(entry: EditionEntryView, file_name: str) -> Sequence[Cell]:
    card = entry.card
    return (
        entry.number,
        OUTCOMES[entry.outcome],
        wording.KINDS[card.kind],
        card.title,
        card.summary,
        card.need_type,
        card.issuer,
        card.issuer_type and wording.ISSUER_TYPES[card.issuer_type],
        card.sector,
        card.region,
        card.budget_min,
        card.budget_max,
        "是" if card.budget_negotiable else "",
        card.period_start,
        card.period_end,
        card.duration_months,
        file_name,
        card.id,
    )


def _place(source: Source) -> str:
    if source.kind is not SourceKind.FILE:
        return "单位在线发布"
    row = f"第 {source.row} 行" if source.row else None
    return " / ".join(part for part in (source.file_name, source.sheet, row) if part)


def _profile_row(card: ProfileCard, record: ProfileRecord) -> Sequence[Cell]:
    return (
        card.name,
        card.headline,
        record.description,
        "\n\n".join(record.offers),
        "\n".join(record.skills),
        "、".join(card.sectors),
        "\n".join(record.cases),
        "\n".join(record.notes),
        "\n".join(record.not_offered),
        card.team_size,
        card.region,
        record.price_text,
        "\n".join(record.filings),
        card.updated_at.astimezone(wording.BEIJING).date(),
        card.id,
    )


def _text(value: Cell) -> str:
    return "" if value is None else str(value)


def _widths(of: Table) -> list[int]:
    # A Chinese character is about two units wide.
    longest = [max((len(_text(row[place])) for row in of.rows[:50]), default=0) for place in range(len(of.columns))]
    return [min(WIDEST_COLUMN, 2 * max(size, len(name)) + 2) for size, name in zip(longest, of.columns, strict=True)]

"""A list as a file that leaves the product: CSV with a byte order mark, or an Excel workbook.

Every cell is neutralised, so that no spreadsheet program takes a published text for a formula.
"""

import csv as csv_format
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from sqlmodel import Session

from ingest.fields import ListKind
from ingest.neutralise import neutralise
from marketplace.kernel.paging import MAX_SIZE, Page
from marketplace.lists import items
from marketplace.lists.views import ItemCard, ItemRecord
from marketplace.profiles import profiles
from marketplace.profiles.views import ProfileCard, ProfileRecord
from web import wording
from web.asking import Asked

CSV: Final = "text/csv; charset=utf-8"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST_COLUMN: Final = 48
Card = TypeVar("Card", ItemCard, ProfileCard)

NEED_COLUMNS: Final[tuple[str, ...]] = (
    "编号", "期", "类别", "名称", "说明", "要点", "需求类型", "单位", "单位性质", "行业领域", "地区",
    "预算下限（元）", "预算上限（元）", "面议", "开始时间", "完成时间", "工期（月）", "公布日期", "标识",
)  # fmt: skip
PROFILE_COLUMNS: Final[tuple[str, ...]] = (
    "单位", "一句话介绍", "能力说明", "专长", "服务行业", "案例", "清单所载能力", "不承接", "人数", "地区",
    "参考报价", "备案与资质", "更新日期", "标识",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """A head and its rows, all text, already neutralised."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


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
        columns, rows = NEED_COLUMNS, [_need_row(card, records) for card in found]
    safe = tuple(tuple(neutralise(_text(value)) for value in row) for row in rows)
    return Table(wording.KIND_LISTS[asked.kind], columns, safe)


def csv(of: Table) -> bytes:
    """Write CSV in UTF-8 with a byte order mark, without which Excel shows Chinese as noise."""
    written = io.StringIO(newline="")
    writer = csv_format.writer(written)
    writer.writerow(of.columns)
    writer.writerows(of.rows)
    return written.getvalue().encode("utf-8-sig")


def xlsx(of: Table) -> bytes:
    """Write an Excel workbook with one sheet, its head frozen; every cell is text."""
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(of.title)
    sheet.freeze_panes = "A2"
    for place, width in enumerate(_widths(of), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append(of.columns)
    for row in of.rows:
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", text) for text in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _all(page: Callable[[int], Page[Card]]) -> Iterator[Card]:
    first = page(1)
    yield from first.rows
    for number in range(2, first.pages + 1):
        yield from page(number).rows


def _need_row(card: ItemCard, records: Mapping[str, ItemRecord]) -> Sequence[object]:
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
        card.id,
    )


def _profile_row(card: ProfileCard, record: ProfileRecord) -> Sequence[object]:
    return (
        card.name,
        card.headline,
        record.description,
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


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _widths(of: Table) -> list[int]:
    # A Chinese character is about two units wide.
    longest = [max((len(row[place]) for row in of.rows[:50]), default=0) for place in range(len(of.columns))]
    return [min(WIDEST_COLUMN, 2 * max(size, len(name)) + 2) for size, name in zip(longest, of.columns, strict=True)]

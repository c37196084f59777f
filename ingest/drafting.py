"""One row of a table becomes a draft and its problems."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ingest import mojibake
from ingest.columns.plans import Plan
from ingest.columns.roles import EXTRAS, Role
from ingest.fields import Draft, IssuerType, ListKind, NeedType, Problem, Severity
from ingest.grid import Cell, letters, text
from ingest.values import choices, contacts, money, periods, points
from ingest.values.words import cell_line

Fields = dict[str, Any]
"""Arguments for Draft, as they are gathered."""

_WARNINGS = {**money.WARNINGS, **periods.WARNINGS, **contacts.WARNINGS}
_LONG_TITLE = 200


@dataclass(frozen=True, slots=True)
class Inherited:
    """What a row takes from outside itself: the sheet's head and the sub-headings above it."""

    kind: ListKind
    sector: str | None = None
    sector_place: str | None = None
    region: str | None = None
    region_place: str | None = None
    issuer_type: IssuerType | None = None
    issuer: str | None = None
    issuer_place: str | None = None


@dataclass(slots=True)
class Drafter:
    """Reads the rows of one table; `problems` grows with every row."""

    plan: Plan
    file: str
    sheet: str | None
    cell_characters: int
    problems: list[Problem] = field(default_factory=list)

    def read(
        self, row: Sequence[Cell], index: int, inherited: Inherited, anchors: Mapping[int, int] | None = None
    ) -> Draft | None:
        """The draft of the row at the 0-based `index`, or None where it has no title.

        `anchors` maps columns to the row that a merged cell was carried down from.
        """
        raw = {label: text(cell) for label, cell in zip(self.plan.labels, row, strict=False) if cell != ""}
        row = self._sound(row, index)
        places: dict[str, str] = {}
        fields: Fields = {}
        reading = _Row(self, row, index, anchors or {}, fields, places)
        for step in _STEPS:
            step(reading)
        title = fields.get("title")
        if title is None:
            return None
        _inherit(fields, places, inherited)
        kind = fields.pop("list_kind", None) or inherited.kind
        return Draft(file=self.file, sheet=self.sheet, row=index + 1, list_kind=kind, raw=raw, places=places, **fields)

    def note(self, severity: Severity, code: str, message: str, index: int, column: int | None = None) -> None:
        """Add a problem of a row, or of a cell where a column is named."""
        self.problems.append(
            Problem(
                file=self.file,
                severity=severity,
                code=code,
                message=message,
                sheet=self.sheet,
                row=index + 1,
                column=None if column is None else letters(column),
            )  # fmt: skip
        )

    def _sound(self, row: Sequence[Cell], index: int) -> Sequence[Cell]:
        """The row with garbled cells mended or emptied and huge ones cut; untouched where all is well."""
        joined = "\x1f".join([cell for cell in row if isinstance(cell, str)])
        if len(joined) <= self.cell_characters and not mojibake.SUSPICIOUS.search(joined):
            return row
        return [
            self._sound_cell(cell, index, column) if isinstance(cell, str) else cell for column, cell in enumerate(row)
        ]

    def _sound_cell(self, cell: str, index: int, column: int) -> str:
        if len(cell) > self.cell_characters:
            message = f"单元格超过 {self.cell_characters} 个字符，只读取了前 {self.cell_characters} 个。请精简内容。"
            self.note(Severity.TODO, "cell_too_long", message, index, column)
            cell = cell[: self.cell_characters]
        if not mojibake.SUSPICIOUS.search(cell):
            return cell
        meant = mojibake.repair(cell)
        if meant is not None:
            self.note(Severity.TODO, "mojibake_repaired", "单元格曾是乱码，已自动还原。请核对。", index, column)
            return meant
        if mojibake.is_lost(cell):
            self.note(
                Severity.TODO, "mojibake", "单元格含有无法还原的乱码，未采用。请从原始文件重新填写。", index, column
            )
            return ""
        return cell


@dataclass(frozen=True, slots=True)
class _Row:
    drafter: Drafter
    cells: Sequence[Cell]
    index: int
    anchors: Mapping[int, int]
    fields: Fields
    places: dict[str, str]

    def words(self, column: int) -> str:
        cell = self.cells[column]
        return cell if type(cell) is str else text(cell)

    def put(self, name: str, value: object, column: int) -> None:
        self.fields[name] = value
        place = f"{letters(column)}{self.anchors.get(column, self.index) + 1}"
        self.places[name] = f"{self.places[name]},{place}" if name in self.places else place

    def warn(self, code: str | None, column: int) -> None:
        if code is not None:
            severity = Severity.NOTE if code in _MILD else Severity.TODO
            self.drafter.note(severity, code, _WARNINGS[code], self.index, column)


_MILD = frozenset({"period_no_year"})


def _titles(row: _Row) -> None:
    for column in row.drafter.plan.by_role.get(Role.TITLE, ()):
        title = cell_line(row.words(column))
        if title is not None:
            row.put("title", title, column)
            _check_title(row, title, column)


def _check_title(row: _Row, title: str, column: int) -> None:
    if len(title) > _LONG_TITLE:
        message = f"名称超过 {_LONG_TITLE} 个字，请检查是否把简介填进了名称。"
        row.drafter.note(Severity.TODO, "title_too_long", message, row.index, column)


def _texts(row: _Row) -> None:
    plan = row.drafter.plan
    for role in (Role.DESCRIPTION, Role.ISSUER, Role.SECTOR, Role.REGION):
        for column in plan.by_role.get(role, ()):
            words = cell_line(row.words(column))
            if words is not None:
                before = row.fields.get(role.value)
                row.put(role.value, words if before is None else _joined(before, words), column)


def _joined(before: str, after: str) -> str:
    return before if after in before else f"{before}{'' if before[-1:] in '。；;！!？?' else '；'}{after}"


def _requirements(row: _Row) -> None:
    found: tuple[str, ...] = ()
    for column in row.drafter.plan.by_role.get(Role.REQUIREMENTS, ()):
        cell = row.cells[column]
        if cell == "":
            continue
        several = points.split(row.words(column))
        if several:
            found = (*found, *(point for point in several if point not in found)) if found else several
            row.put("requirements", found, column)


def _budget(row: _Row) -> None:
    plan = row.drafter.plan
    for column in plan.by_role.get(Role.BUDGET, ()):
        stated = _money(row, column)
        if stated is None:
            continue
        if stated.lowest is not None:
            row.put("budget_min", stated.lowest, column)
        if stated.highest is not None:
            row.put("budget_max", stated.highest, column)
        if stated.negotiable:
            row.put("budget_negotiable", True, column)
        if stated.lowest or stated.highest or stated.negotiable:
            break
    _budget_sides(row)


def _budget_sides(row: _Row) -> None:
    for role, name in ((Role.BUDGET_MIN, "budget_min"), (Role.BUDGET_MAX, "budget_max")):
        for column in row.drafter.plan.by_role.get(role, ()):
            stated = _money(row, column)
            amount = (stated.lowest or stated.highest) if stated else None
            if amount is not None and name not in row.fields:
                row.put(name, amount, column)
            if stated and stated.negotiable:
                row.put("budget_negotiable", True, column)
    low, high = row.fields.get("budget_min"), row.fields.get("budget_max")
    if isinstance(low, Decimal) and isinstance(high, Decimal) and low > high:
        row.fields["budget_min"], row.fields["budget_max"] = high, low
        row.drafter.note(Severity.TODO, "money_swapped", _WARNINGS["money_swapped"], row.index)


def _money(row: _Row, column: int) -> money.Money | None:
    if row.cells[column] == "":
        return None
    plan = row.drafter.plan
    stated = money.read(row.words(column), plan.units.get(column), plan.bounds.get(column, money.Bound.EXACT))
    row.warn(stated.warning, column)
    return stated


def _period(row: _Row) -> None:
    plan = row.drafter.plan
    for role in (Role.PERIOD_START, Role.PERIOD_END, Role.PERIOD):
        for column in plan.by_role.get(role, ()):
            cell = row.cells[column]
            if cell == "":
                continue
            single = "start" if role is Role.PERIOD_START else "end"
            stated = _time(cell, row.words(column), single, plan.time_units.get(column))
            row.warn(stated.warning, column)
            _put_period(row, role, stated, column)
    _order_period(row)


def _time(cell: Cell, words: str, single: str, unit: str | None) -> periods.Period:
    if isinstance(cell, (int, float)) and (day := periods.from_serial(cell)) is not None:
        cell = day
    if isinstance(cell, date):
        day = cell.date() if isinstance(cell, datetime) else cell
        return periods.Period(start=day) if single == "start" else periods.Period(end=day)
    return periods.read(words, single_is=single, unit=unit)


def _put_period(row: _Row, role: Role, stated: periods.Period, column: int) -> None:
    if role is not Role.PERIOD_END and stated.start and "period_start" not in row.fields:
        row.put("period_start", stated.start, column)
    if role is not Role.PERIOD_START and stated.end and "period_end" not in row.fields:
        row.put("period_end", stated.end, column)
    if stated.months and "duration_months" not in row.fields:
        row.put("duration_months", stated.months, column)


def _order_period(row: _Row) -> None:
    start, end = row.fields.get("period_start"), row.fields.get("period_end")
    if isinstance(start, date) and isinstance(end, date) and start > end:
        row.fields["period_start"], row.fields["period_end"] = end, start
        row.drafter.note(Severity.TODO, "period_swapped", _WARNINGS["period_swapped"], row.index)


def _contact(row: _Row) -> None:
    plan = row.drafter.plan
    for column in plan.columns(Role.CONTACT_NAME, Role.CONTACT_PHONE, Role.CONTACT_EMAIL, Role.CONTACT):
        if row.cells[column] == "":
            continue
        stated = contacts.read(row.words(column))
        row.warn(stated.warning, column)
        for name, value in (
            ("contact_name", stated.name),
            ("contact_phone", stated.phone),
            ("contact_email", stated.email),
        ):
            if value is not None:
                _put_contact(row, name, value, column)


def _put_contact(row: _Row, name: str, value: str, column: int) -> None:
    before = row.fields.get(name)
    if before is None:
        row.put(name, value, column)
    elif name != "contact_name" and value not in before:
        row.put(name, f"{before}{contacts.SEPARATOR}{value}", column)


def _choices(row: _Row) -> None:
    _choose(row, Role.NEED_TYPE, choices.need_type, "需求类型认不出，未采用。请填写“场景验证”“采购需求”或“技术攻关”。")
    _choose(
        row,
        Role.ISSUER_TYPE,
        choices.issuer_type,
        "单位性质认不出，未采用。请填写“政府”“国有企业”“民营企业”“事业单位”或“其他”。",
    )
    for column in row.drafter.plan.by_role.get(Role.LIST_KIND, ()):
        kinds = choices.list_kinds(row.words(column))
        if len(kinds) == 1:
            row.put("list_kind", next(iter(kinds)), column)


def _choose(row: _Row, role: Role, read: Callable[[str], NeedType | IssuerType | None], message: str) -> None:
    for column in row.drafter.plan.by_role.get(role, ()):
        words = cell_line(row.words(column))
        if words is None:
            continue
        value = read(words)
        if value is None:
            row.drafter.note(Severity.NOTE, f"{role.value}_unknown", message, row.index, column)
        else:
            row.put(role.value, value, column)


def _extras(row: _Row) -> None:
    extras: dict[str, str] = {}
    for role in EXTRAS:
        for column in row.drafter.plan.by_role.get(role, ()):
            words = cell_line(row.words(column))
            if words is not None:
                extras[role.value] = _joined(extras[role.value], words) if role.value in extras else words
    if extras:
        row.fields["extras"] = extras


def _inherit(fields: Fields, places: dict[str, str], inherited: Inherited) -> None:
    for name, value, place in (
        ("sector", inherited.sector, inherited.sector_place),
        ("region", inherited.region, inherited.region_place),
        ("issuer_type", inherited.issuer_type, None),
        ("issuer", inherited.issuer, inherited.issuer_place),
    ):
        if value is not None and name not in fields:
            fields[name] = value
            if place is not None:
                places[name] = place
            if name == "issuer":
                fields["inherited"] = ("issuer",)


_STEPS: tuple[Callable[[_Row], None], ...] = (
    _titles, _texts, _requirements, _budget, _period, _contact, _choices, _extras,
)  # fmt: skip

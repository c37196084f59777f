"""One grid becomes a sheet reading: tables, columns, rows, drafts and problems."""

import re
from dataclasses import dataclass, field
from pathlib import PurePath

from ingest import validation
from ingest.columns import plans
from ingest.columns.plans import Mappings, Plan
from ingest.columns.roles import Role
from ingest.drafting.drafters import Drafter
from ingest.drafting.inheritance import Inheritance
from ingest.fields import Draft, ListKind, Problem, Severity, SheetReading
from ingest.grid import Cell, Grid, letters
from ingest.layout import cards, gathering, heads, kinds, outlines, tables
from ingest.layout.bodies import RowKind
from ingest.layout.cards import Card
from ingest.layout.heads import Head
from ingest.layout.rows import Walker
from ingest.layout.tables import Table
from ingest.limits import Limits

_NOT_A_LIST = re.compile(
    r"^(?:\d+[.、]?)?(?:填[写表报]|使用|编制|操作)?(?:说明|须知|指南|要求)(?:页|表)?$|^(?:目录|封面|字典|数据字典|下拉(?:选项|列表|数据)?|选项|参数|枚举|代码表|样例|示例|模板说明|readme)$",
    re.IGNORECASE,
)

_KIND_WORDS = {ListKind.SCENARIO: "场景项目", ListKind.DEMAND: "需求", ListKind.CAPABILITY: "能力"}


@dataclass(slots=True)
class Understood:
    """A sheet as understood, with what was wrong; `title_missing` where a header has no column of names."""

    reading: SheetReading
    problems: list[Problem] = field(default_factory=list)
    title_missing: bool = False
    header_found: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """What holds for every sheet of a file."""

    file: str
    kind: ListKind | None
    limits: Limits
    only_sheet: bool
    mappings: Mappings


def understand(grid: Grid, context: Context) -> Understood:
    """Read one sheet; a sheet without a list says in `ignored` why."""
    passed_over = _passed_over(grid, context)
    if passed_over is not None:
        return Understood(SheetReading(grid.name, ignored=passed_over))
    found = [] if grid.is_prose else tables.tables(grid)
    if found:
        return _Sheet(grid, context).read(found)
    # A text that is no table may still be cut at its commas: its lines come before cards.
    text = gathering.as_prose(grid.otherwise, grid.problems) if grid.otherwise else grid
    items = outlines.find(text) if text.is_prose else []
    if items:
        return _Sheet(text, context).read_cards(items)
    single = [] if grid.is_prose else cards.find(grid)
    if single:
        return _Sheet(grid, context).read_cards(single)
    wanted = "带编号或带标签的条目" if grid.is_prose else "可以识别的表头"
    return Understood(SheetReading(grid.name, ignored=f"没有找到{wanted}"))


def _passed_over(grid: Grid, context: Context) -> str | None:
    """Why a sheet is not looked at, or None."""
    if grid.hidden:
        return "隐藏的工作表，没有读取"
    if not any(map(any, grid.rows)):
        return "空白的工作表"
    if grid.name and not context.only_sheet and _NOT_A_LIST.match(grid.name.strip()):
        return "填写说明或选项，不是清单"
    return None


class _Sheet:
    def __init__(self, grid: Grid, context: Context) -> None:
        self._grid, self._context = grid, context
        self._problems: list[Problem] = list(grid.problems)
        self._drafts: list[Draft] = []
        self._refused: list[Draft] = []

    def read(self, found: list[Table]) -> Understood:
        made = [(table, self._plan(table)) for table in found]
        usable = [(table, plan) for table, plan in made if plan.first(Role.TITLE) is not None]
        if not usable:
            table, plan = made[0]
            reading = SheetReading(
                self._grid.name,
                columns=plan.readings,
                ignored="表头中没有名称一列",
                title=table.head.title,
                publisher=table.head.publisher,
                layout=plan.layout,
            )
            return Understood(reading, self._problems, title_missing=True, header_found=True)
        first_kinds = [self._read_table(table, plan) for table, plan in usable]
        table, plan = usable[0]
        return self._understood(first_kinds[0], table.head, plan, (table.header.top + 1, table.header.bottom + 1))

    def read_cards(self, found: list[Card]) -> Understood:
        """Cards are read as rows under the labels of all of them."""
        labels = list(dict.fromkeys(label for card in found for label in card.values))
        rows: list[list[Cell]] = [[card.values.get(label, "") for label in labels] for card in found]
        head = heads.read(self._grid, 0, found[0].row)
        levels = [(label,) for label in labels]
        plan = plans.make(levels, rows, unit=head.unit, mappings=self._context.mappings, is_cards=True)
        kind = self._kind(head, plan)
        drafter = self._drafter(plan)
        inheritance = Inheritance(kind, head, plan, fixed=self._context.kind is not None)
        for card, row in zip(found, rows, strict=True):
            moved = {column: card.places[label] for column, label in enumerate(labels) if label in card.places}
            inherited = inheritance.below(card.headings)
            self._keep(drafter.read(row, self._grid.place(card.row), inherited, moved), plan, card.row)
        return self._understood(kind, head, plan, None)

    def _understood(self, kind: ListKind, head: Head, plan: Plan, header_rows: tuple[int, int] | None) -> Understood:
        reading = SheetReading(
            name=self._grid.name,
            list_kind=kind,
            header_rows=header_rows,
            columns=plan.readings,
            drafts=tuple(self._drafts),
            title=head.title,
            publisher=head.publisher,
            layout=plan.layout,
            unit=head.unit,
            refused=tuple(self._refused),
        )
        return Understood(reading, self._problems, header_found=True)

    def _plan(self, table: Table) -> Plan:
        body = self._grid.rows[table.first : table.first + 400]
        return plans.make(table.header.levels, body, unit=table.head.unit, mappings=self._context.mappings)

    def _kind(self, head: Head, plan: Plan) -> ListKind:
        if self._context.kind is not None:
            self._compare_kinds(self._context.kind, plan)
            return self._context.kind
        titles = (self._grid.name or "", *head.titles, PurePath(self._context.file).stem)
        kind = kinds.decide(titles, plan.labels)
        if kind is None:
            message = "文件名、工作表名和表头都没有说明是场景、需求还是能力，已按需求读取。请核对清单类别。"
            self._note(Severity.NOTE, "kind_assumed", message)
        return kind or ListKind.DEMAND

    def _compare_kinds(self, chosen: ListKind, plan: Plan) -> None:
        likely = kinds.contradicting(plan.labels, chosen)
        if likely is not None:
            message = f"表头像{_KIND_WORDS[likely]}，您选的是{_KIND_WORDS[chosen]}。请核对清单类别。"
            self._note(Severity.TODO, "kind_contradicted", message)

    def _drafter(self, plan: Plan) -> Drafter:
        return Drafter(
            plan,
            file=self._context.file,
            sheet=self._grid.name,
            cell_characters=self._context.limits.cell_characters,
            problems=self._problems,
        )

    def _read_table(self, table: Table, plan: Plan) -> ListKind:
        kind = self._kind(table.head, plan)
        drafter, walker = self._drafter(plan), Walker(self._grid, table, plan)
        inheritance = Inheritance(kind, table.head, plan, fixed=self._context.kind is not None)
        for row in walker.rows():
            place = self._grid.place(row.index)
            draft = drafter.read(row.cells, place, inheritance.below(row.headings), walker.moved(row))
            self._keep(draft, plan, row.index)
        self._report_examples(walker)
        self._report_ragged(table)
        return kind

    def _keep(self, draft: Draft, plan: Plan, index: int) -> None:
        if not draft.title:
            self._refused.append(draft)
            self._reject(plan, index)
            return
        self._drafts.append(draft)
        if index in self._grid.hidden_rows:
            self._note(Severity.NOTE, "hidden_row", "这一行在表格中是隐藏的，已一并读取。请核对是否需要。", index)

    def _reject(self, plan: Plan, index: int) -> None:
        self._note(Severity.REJECT, "no_title", validation.NO_TITLE, index, plan.first(Role.TITLE))

    def _report_examples(self, walker: Walker) -> None:
        for index, kind in walker.skipped:
            if kind is RowKind.EXAMPLE:
                self._note(Severity.NOTE, "example_row", "这一行是填写示例，没有采用。", index)

    def _report_ragged(self, table: Table) -> None:
        lengths = self._grid.lengths
        if lengths is None:
            return
        width = lengths[table.header.bottom]
        for index in range(table.first, table.last):
            length = lengths[index]
            if length > width and any(cell != "" for cell in self._grid.rows[index][width:]):
                message = (
                    f"第 {index + 1} 行有 {length} 格，比表头的 {width} 列多，内容可能错位。请检查是否有多余的分隔符。"
                )
                self._note(Severity.TODO, "ragged", message, index)
            elif 1 < length < width:
                message = f"第 {index + 1} 行只有 {length} 格，比表头的 {width} 列少，缺的按空白读取。请核对。"
                self._note(Severity.NOTE, "ragged", message, index)

    def _note(
        self, severity: Severity, code: str, message: str, index: int | None = None, column: int | None = None
    ) -> None:
        place = None if index is None else self._grid.place(index)
        self._problems.append(
            Problem(
                file=self._context.file,
                severity=severity,
                code=code,
                message=message,
                sheet=self._grid.name,
                page=place.page if place else None,
                row=place.row if place else None,
                column=None if column is None else letters(column),
                table=place.table if place else None,
            )
        )

"""Reads the rows of one table, one after the other."""

from collections.abc import Mapping, Sequence

from ingest import mojibake
from ingest.columns.plans import Plan
from ingest.drafting import numbers, secrets, texts
from ingest.drafting.inheritance import Inherited
from ingest.drafting.rows import Row
from ingest.fields import Draft, ListKind, Problem, Severity
from ingest.grid import Cell, Place, letters, text

_NOT_MOVED: Mapping[int, str] = {}


class Drafter:
    """Turns rows into drafts by a plan; `problems` grows with every row."""

    def __init__(
        self, plan: Plan, *, file: str, sheet: str | None, cell_characters: int, problems: list[Problem]
    ) -> None:
        self._plan, self._file, self._sheet = plan, file, sheet
        self._cell_characters, self._problems = cell_characters, problems
        self._letters = tuple(letters(column) for column in range(len(plan.labels)))
        self._steps = (*texts.steps(plan), *numbers.steps(plan), *secrets.steps(plan))

    def read(
        self, cells: Sequence[Cell], place: Place, inherited: Inherited, moved: Mapping[int, str] = _NOT_MOVED
    ) -> Draft:
        """The draft of the row at a place; its title is "" where it has none.

        `moved` names the cell of each column whose value does not stand in the row itself.
        """
        words = [cell if type(cell) is str else text(cell) for cell in cells]
        raw = {label: word for label, word in zip(self._plan.labels, words, strict=False) if word}
        row = Row(
            cells,
            words,
            place,
            file=self._file,
            sheet=self._sheet,
            letters=self._letters,
            moved=moved,
            problems=self._problems,
        )
        self._require_sound(row)
        for step in self._steps:
            step(row)
        row.fields.setdefault("title", "")
        numbers.settle(row)
        _inherit(row, inherited)
        row.fields.setdefault("list_kind", inherited.kind)
        self._keep_price(row)
        return Draft(
            file=self._file,
            sheet=self._sheet,
            page=place.page,
            row=place.row,
            table=place.table,
            raw=raw,
            places=row.places,
            **row.fields,
        )

    def _keep_price(self, row: Row) -> None:
        """What a supplier asks is often by piece or by day; a sum alone would lose that."""
        if row.fields["list_kind"] is ListKind.CAPABILITY:
            stated = numbers.price_words(self._plan, row.words)
            if stated is not None:
                row.fields.setdefault("extras", {})["price_text"] = stated

    def _require_sound(self, row: Row) -> None:
        """Mend or empty garbled cells and cut huge ones; rows where all is well are left alone."""
        joined = "\x1f".join(row.words)
        if len(joined) <= self._cell_characters and not mojibake.is_suspicious(joined):
            return
        row.words = [self._sound_cell(word, row, column) for column, word in enumerate(row.words)]
        row.cells = [word if isinstance(cell, str) else cell for cell, word in zip(row.cells, row.words, strict=True)]

    def _sound_cell(self, cell: str, row: Row, column: int) -> str:
        limit = self._cell_characters
        if len(cell) > limit:
            message = f"单元格超过 {limit} 个字符，只读取了前 {limit} 个。请精简内容。"
            row.note(Severity.TODO, "cell_too_long", message, column)
            cell = cell[:limit]
        if not mojibake.is_suspicious(cell):
            return cell
        meant = mojibake.repair(cell)
        if meant is not None:
            row.note(Severity.TODO, "mojibake_repaired", "单元格曾是乱码，已自动还原。请核对。", column)
            return meant
        if mojibake.is_lost(cell):
            row.note(Severity.TODO, "mojibake", "单元格含有无法还原的乱码，未采用。请从原始文件重新填写。", column)
            return ""
        return cell


def _inherit(row: Row, inherited: Inherited) -> None:
    fields = row.fields
    if inherited.sector is not None and "sector" not in fields:
        _take(row, "sector", inherited.sector, inherited.sector_place)
    if inherited.region is not None and "region" not in fields:
        _take(row, "region", inherited.region, inherited.region_place)
    if inherited.issuer_type is not None and "issuer_type" not in fields:
        _take(row, "issuer_type", inherited.issuer_type, None)
    if inherited.issuer is not None and "issuer" not in fields:
        _take(row, "issuer", inherited.issuer, inherited.issuer_place)
        fields["inherited"] = ("issuer",)


def _take(row: Row, name: str, value: object, place: str | None) -> None:
    row.fields[name] = value
    if place is not None:
        row.places[name] = place

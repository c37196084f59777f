"""What people put right in a reading: single parts of single rows, said in words as a cell would say them.

A correction is laid over a reading and read by the same rules as a cell of its column; the reading itself, and the cells as
they stood (`Draft.raw`), stay as they were.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from ingest import validation
from ingest.columns import plans
from ingest.columns.plans import Plan
from ingest.columns.roles import EXTRAS, LABELS, Role
from ingest.drafting import numbers, texts
from ingest.drafting.rows import Row
from ingest.fields import (
    ColumnReading,
    Draft,
    IssuerType,
    ListKind,
    NeedType,
    Problem,
    Reading,
    Severity,
    SheetReading,
    Where,
)
from ingest.grid import Place
from ingest.values import money, periods

Part: TypeAlias = Role
"""A part of a row, named by the role of the column that would state it."""
PART_LABELS: Final = LABELS
SAID_BY_PERSON: Final = plans.SAID_BY_PERSON

_MONEY: Final = (Role.BUDGET, Role.BUDGET_MIN, Role.BUDGET_MAX)
_TIME: Final = (Role.PERIOD, Role.PERIOD_START, Role.PERIOD_END)
_WHOM: Final = (Role.CONTACT, Role.CONTACT_NAME, Role.CONTACT_PHONE, Role.CONTACT_EMAIL)
PARTS: Final[Mapping[Role, tuple[Role, ...]]] = {
    **{
        role: (role,)
        for role in (
            Role.TITLE,
            Role.LIST_KIND,
            Role.ISSUER,
            Role.ISSUER_TYPE,
            Role.NEED_TYPE,
            Role.SECTOR,
            Role.REGION,
            Role.DESCRIPTION,
            Role.REQUIREMENTS,
            *EXTRAS,
        )
    },
    Role.BUDGET: _MONEY,
    Role.PERIOD: _TIME,
    Role.CONTACT: _WHOM,
}
"""What can be put right, by the role that reads it, with the roles of the columns that stand for it."""
FIELDS: Final[Mapping[Role, tuple[str, ...]]] = {
    **{role: (role.value,) for role in PARTS if role not in EXTRAS},
    Role.BUDGET: ("budget_min", "budget_max", "budget_negotiable"),
    Role.PERIOD: ("period_start", "period_end", "duration_months"),
    Role.CONTACT: ("contact_name", "contact_phone", "contact_email"),
}
"""The fields of a draft that a part fills; the other parts fill an entry of `extras`."""
LONG: Final = frozenset(
    {
        Role.DESCRIPTION,
        Role.REQUIREMENTS,
        Role.CONTACT,
        Role.CASES,
        Role.SUPPORT,
        Role.REMARKS,
        Role.QUALIFICATIONS,
    }
)
"""Parts that are said on several lines."""
_CHOSEN: Final[Mapping[Role, Mapping[Any, str]]] = {
    Role.LIST_KIND: {ListKind.SCENARIO: "场景", ListKind.DEMAND: "需求", ListKind.CAPABILITY: "能力"},
    Role.NEED_TYPE: {kind: kind.value for kind in NeedType},
    Role.ISSUER_TYPE: {
        IssuerType.GOVERNMENT: "政府",
        IssuerType.SOE: "国有企业",
        IssuerType.PRIVATE: "民营企业",
        IssuerType.INSTITUTION: "事业单位",
        IssuerType.OTHER: "其他",
    },
}
"""Parts that are one of a few things, with the words for each."""
CHOICES: Final[Mapping[Role, tuple[str, ...]]] = {part: tuple(words.values()) for part, words in _CHOSEN.items()}
_NOTHING: Final[Mapping[str, object]] = {
    **dict.fromkeys((name for names in FIELDS.values() for name in names), None),
    "title": "",
    "requirements": (),
    "budget_negotiable": False,
}
_OF_WHOLE_ROWS: Final[Mapping[str, Role]] = {
    "no_title": Role.TITLE,
    "left_out": Role.TITLE,
    "money_swapped": Role.BUDGET,
    "period_swapped": Role.PERIOD,
}
"""Problems that name no column of their own, or that of a cell that is empty, by the part that they are about."""

LEFT_OUT: Final = "名称已由人清空，这一行不发布。"
CORRECTED: Final = "（人工更正）"
"""Stands behind the name of a cell whose value a person put right, instead of it where there is no cell."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a part of a row should say, in words; "" where it should say nothing."""

    where: Where
    part: Role
    words: str


def apply(reading: Reading, corrections: Iterable[Correction]) -> Reading:
    """A reading with corrections laid over it; of two for the same part of the same row the later one holds.

    Rows that gain a title become items, those that lose it are refused. Corrections for rows that the reading does not
    have (it was read anew with other columns) are passed over.
    """
    said: dict[Where, dict[Role, str]] = defaultdict(dict)
    for one in corrections:
        said[one.where][one.part] = one.words
    if not said:
        return reading
    corrected = [_Sheet(sheet, reading.problems, said) for sheet in reading.sheets]
    sheets = tuple(one.corrected() for one in corrected)
    solved = {problem for one in corrected for problem in one.solved}
    kept = [one for one in reading.problems if one not in solved and one.code not in validation.CODES]
    found = [problem for one in corrected for problem in one.found]
    drafts = [draft for sheet in sheets for draft in sheet.drafts]
    return replace(reading, sheets=sheets, problems=(*kept, *found, *validation.check(drafts)))


def rows(reading: Reading) -> list[tuple[SheetReading, Draft]]:
    """Every row of a reading that is an item or was refused as one, as the sheets stand and, in each, from top to bottom.

    Corrections do not change the order.
    """
    return [(sheet, draft) for sheet in reading.sheets for draft in sorted((*sheet.drafts, *sheet.refused), key=_order)]


def as_stated(sheet: SheetReading, draft: Draft, part: Role) -> str:
    """What the cells say that a part was read from, as they stood; "" where there are none."""
    words = (draft.raw.get(column.header, "") for column in _columns(sheet, part))
    return "\n".join(word for word in words if word)


def as_said(sheet: SheetReading, draft: Draft, part: Role) -> str:
    """What a part says, as a cell would say it: what its cells state, else what was understood; "" for nothing."""
    if part in _CHOSEN:
        value = getattr(draft, part.value)
        return "" if value is None else _CHOSEN[part][value]
    stated = as_stated(sheet, draft, part)
    if part in LONG or "\n" not in stated:
        return stated or _said(draft, part)
    # Several cells, or lines of one, cannot be said on one line as they stand.
    return _said(draft, part) or " ".join(stated.split())


def _said(draft: Draft, part: Role) -> str:
    if part is Role.BUDGET:
        return _sum_said(draft)
    if part is Role.PERIOD:
        return _time_said(draft)
    if part is Role.REQUIREMENTS:
        return "\n".join(draft.requirements)
    if part is Role.CONTACT:
        return " ".join(filter(None, (draft.contact_name, draft.contact_phone, draft.contact_email)))
    if part in EXTRAS:
        return draft.extras.get(part.value, "")
    return getattr(draft, part.value) or ""


def _sum_said(draft: Draft) -> str:
    low, high = draft.budget_min, draft.budget_max
    if low is not None and high is not None:
        return f"{low:f}元" if low == high else f"{low:f}元至{high:f}元"
    if high is not None:
        return f"不超过{high:f}元"
    if low is not None:
        return f"不低于{low:f}元"
    return "面议" if draft.budget_negotiable else ""


def _time_said(draft: Draft) -> str:
    start, end, months = draft.period_start, draft.period_end, draft.duration_months
    if start is not None and end is not None:
        return f"{start}至{end}"
    if end is not None:
        return f"{end}前"
    if start is not None:
        return f"{start}起"
    return f"{months}个月" if months is not None else ""


def _columns(sheet: SheetReading, part: Role) -> list[ColumnReading]:
    roles = {role.value for role in PARTS[part]}
    return [column for column in sheet.columns if column.field in roles]


class _Sheet:
    """One sheet on its way to what people say of it."""

    def __init__(
        self, sheet: SheetReading, problems: Sequence[Problem], said: Mapping[Where, Mapping[Role, str]]
    ) -> None:
        self._sheet, self._problems, self._said = sheet, problems, said
        self.solved: list[Problem] = []
        self.found: list[Problem] = []

    def corrected(self) -> SheetReading:
        """The sheet with every row that somebody corrected read again."""
        own = (*self._sheet.drafts, *self._sheet.refused)
        if not any(draft.where in self._said for draft in own):
            return self._sheet
        drafts = [self._row(draft) for draft in self._sheet.drafts]
        refused = [self._row(draft) for draft in self._sheet.refused]
        rescued = [draft for draft in refused if draft.title]
        kept = [draft for draft in drafts if draft.title]
        return replace(
            self._sheet,
            # Cards may stand side by side: the order that the reader found holds where no row comes in.
            drafts=tuple(sorted((*kept, *rescued), key=_order) if rescued else kept),
            refused=tuple(sorted((draft for draft in (*drafts, *refused) if not draft.title), key=_order)),
        )

    def _row(self, draft: Draft) -> Draft:
        said = self._said.get(draft.where)
        if not said:
            return draft
        row, plan = self._read(draft, said)
        for part in said:
            self._solve(draft, part)
        fields: dict[str, Any] = {name: _NOTHING[name] for part in said for name in FIELDS.get(part, ())}
        fields |= {name: value for name, value in row.fields.items() if name != "extras"}
        kind = fields.get("list_kind") or draft.list_kind
        fields |= {"list_kind": kind, "extras": _extras(draft, row, kind, said, plan)}
        touched = [name for part in said for name in FIELDS.get(part, ())]
        if not fields.get("title", draft.title):
            is_wanted = Role.TITLE in said
            given = (
                (Severity.NOTE, "left_out", LEFT_OUT)
                if is_wanted
                else (Severity.REJECT, "no_title", validation.NO_TITLE)
            )
            self.found.append(self._problem(draft, given, Role.TITLE))
        return replace(
            draft,
            **fields,
            inherited=tuple(name for name in draft.inherited if name not in touched),
            places=_places(draft, fields, said),
            corrected=tuple(part.value for part in PARTS if part in said or part.value in draft.corrected),
        )

    def _read(self, draft: Draft, said: Mapping[Role, str]) -> tuple[Row, Plan]:
        """The row that the words make, one cell for each part."""
        parts = list(said)
        plan = self._plan(parts)
        problems: list[Problem] = []
        words = [said[part].strip() for part in parts]
        letters = [self._letter(part) or "" for part in parts]
        place = Place(draft.row, draft.page, draft.table)
        row = Row(words, words, place, file=draft.file, sheet=draft.sheet, letters=letters, moved={}, problems=problems)
        for step in (*texts.steps(plan), *numbers.steps(plan)):
            step(row)
        numbers.settle(row)
        self.found += [replace(problem, column=problem.column or None) for problem in problems]
        return row, plan

    def _plan(self, parts: Sequence[Role]) -> Plan:
        headers = {part: "".join(column.header for column in _columns(self._sheet, part)[:1]) for part in parts}
        of = {part: column for column, part in enumerate(parts)}
        return Plan(
            layout="",
            labels=tuple(part.value for part in parts),
            by_role={part: (column,) for part, column in of.items()},
            readings=(),
            units={of[Role.BUDGET]: money.header_unit(headers[Role.BUDGET]) or self._sheet.unit}
            if Role.BUDGET in of
            else {},
            bounds={of[Role.BUDGET]: money.header_bound(headers[Role.BUDGET])} if Role.BUDGET in of else {},
            time_units={of[Role.PERIOD]: periods.header_unit(headers[Role.PERIOD])} if Role.PERIOD in of else {},
        )

    def _solve(self, draft: Draft, part: Role) -> None:
        """What was wrong with the cells of a part is no longer of interest."""
        columns = {column.column for column in _columns(self._sheet, part)}
        for problem in self._problems:
            about = _OF_WHOLE_ROWS.get(problem.code)
            if problem.where == draft.where and (about is part or (about is None and problem.column in columns)):
                self.solved.append(problem)

    def _letter(self, part: Role) -> str | None:
        columns = _columns(self._sheet, part)
        return columns[0].column if columns else None

    def _problem(self, draft: Draft, given: tuple[Severity, str, str], part: Role) -> Problem:
        severity, code, message = given
        return Problem(
            file=draft.file,
            severity=severity,
            code=code,
            message=message,
            sheet=draft.sheet,
            page=draft.page,
            row=draft.row,
            column=self._letter(part),
            table=draft.table,
        )


def _places(draft: Draft, fields: Mapping[str, Any], parts: Iterable[Role]) -> Mapping[str, str]:
    """Where values stand, saying of those that were put right that their cells say something else."""
    places = dict(draft.places)
    for part in parts:
        names = FIELDS.get(part, ())
        cells = [places.pop(name).removesuffix(CORRECTED) for name in names if name in places]
        stated = [name for name in names if fields.get(name) not in (None, "", (), False)]
        places |= dict.fromkeys(stated, f"{cells[0] if cells else ''}{CORRECTED}")
    return places


def _extras(draft: Draft, row: Row, kind: ListKind, said: Mapping[Role, str], plan: Plan) -> Mapping[str, str]:
    extras = {name: words for name, words in draft.extras.items() if name not in {part.value for part in said}}
    extras |= row.fields.get("extras", {})
    if Role.BUDGET in said:
        extras.pop("price_text", None)
        stated = numbers.price_words(plan, row.words)
        if kind is ListKind.CAPABILITY and stated is not None:
            extras["price_text"] = stated
    return extras


def _order(draft: Draft) -> tuple[int, int, int]:
    return (draft.page or 0, draft.table or 0, draft.row)

"""Steps for money, time and contacts."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from ingest.columns.plans import Plan
from ingest.columns.roles import Role
from ingest.drafting.rows import Row, Step
from ingest.fields import Severity
from ingest.grid import Cell
from ingest.values import contacts, money, periods
from ingest.values.money import Bound
from ingest.values.words import cell_line

_MOBILE = 11
_PRICED = re.compile(r"[元圆￥¥万亿议]")
_WARNINGS = {**money.WARNINGS, **periods.WARNINGS, **contacts.WARNINGS}


def steps(plan: Plan) -> Iterator[Step]:
    """One step for each column of money, time or contacts that the plan names."""
    for column in plan.columns(Role.BUDGET):
        yield _budget(column, plan.units.get(column), plan.bounds.get(column, Bound.EXACT))
    for role, name in ((Role.BUDGET_MIN, "budget_min"), (Role.BUDGET_MAX, "budget_max")):
        for column in plan.columns(role):
            yield _budget_side(name, column, plan.units.get(column))
    for role in (Role.PERIOD_START, Role.PERIOD_END, Role.PERIOD):
        for column in plan.columns(role):
            yield _period(role, column, plan.time_units.get(column))
    for column in plan.columns(Role.CONTACT_NAME, Role.CONTACT_PHONE, Role.CONTACT_EMAIL, Role.CONTACT):
        yield _contact(column, is_mail=column in plan.columns(Role.CONTACT_EMAIL))


def price_words(plan: Plan, words: Sequence[str]) -> str | None:
    """The price of a row in its own words ("300元/份起"), or None where its cell holds a bare number or nothing."""
    for column in plan.columns(Role.BUDGET, Role.BUDGET_MIN, Role.BUDGET_MAX):
        stated = cell_line(words[column])
        if stated is not None and _PRICED.search(stated):
            return stated
    return None


def settle(row: Row) -> None:
    """Put right what two columns state the wrong way round, and say so."""
    _swap(row, "budget_min", "budget_max", "money_swapped")
    _swap(row, "period_start", "period_end", "period_swapped")


def _swap(row: Row, lower: str, upper: str, code: str) -> None:
    low, high = row.fields.get(lower), row.fields.get(upper)
    if low is not None and high is not None and low > high:
        row.fields[lower], row.fields[upper] = high, low
        row.places[lower], row.places[upper] = row.places[upper], row.places[lower]
        row.note(Severity.TODO, code, _WARNINGS[code])


def _budget(column: int, unit: Decimal | None, bound: Bound) -> Step:
    def step(row: Row) -> None:
        if not row.words[column] or _has_budget(row):
            return
        stated = money.read(row.words[column], unit, bound)
        _put_money(row, stated, column)
        _warn(row, stated.warning, column)

    return step


def _has_budget(row: Row) -> bool:
    """Of several columns of money the surest that states something counts."""
    return "budget_max" in row.fields or "budget_min" in row.fields or "budget_negotiable" in row.fields


def _put_money(row: Row, stated: money.Money, column: int) -> None:
    if stated.lowest is not None:
        row.put("budget_min", stated.lowest, column)
    if stated.highest is not None:
        row.put("budget_max", stated.highest, column)
    if stated.negotiable:
        row.put("budget_negotiable", value=True, column=column)


def _budget_side(name: str, column: int, unit: Decimal | None) -> Step:
    """A column that holds the lower or the upper end alone, unless its cell says otherwise ("不超过90万元")."""

    def step(row: Row) -> None:
        if not row.words[column]:
            return
        stated = money.read(row.words[column], unit, Bound.EXACT)
        if stated.lowest is not None and stated.lowest == stated.highest:
            row.put(name, stated.lowest, column)
        else:
            _put_money(row, stated, column)
        _warn(row, stated.warning, column)

    return step


def _period(role: Role, column: int, unit: str | None) -> Step:
    single = "start" if role is Role.PERIOD_START else "end"
    has_start, has_end = role is not Role.PERIOD_END, role is not Role.PERIOD_START

    def step(row: Row) -> None:
        cell = row.cells[column]
        if cell == "":
            return
        stated = (
            periods.read(cell, single_is=single, unit=unit)
            if type(cell) is str
            else _time(row, cell, column, single, unit)
        )
        fields = row.fields
        if has_start and stated.start is not None and "period_start" not in fields:
            row.put("period_start", stated.start, column)
        if has_end and stated.end is not None and "period_end" not in fields:
            row.put("period_end", stated.end, column)
        if stated.months is not None and "duration_months" not in fields:
            row.put("duration_months", stated.months, column)
        _warn(row, stated.warning, column)

    return step


def _time(row: Row, cell: Cell, column: int, single: str, unit: str | None) -> periods.Period:
    """A cell that is a date, a serial number or another number."""
    day: Cell | None = cell
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        day = periods.from_serial(cell)
    if isinstance(day, datetime):
        day = day.date()
    if isinstance(day, date):
        return periods.Period(start=day) if single == "start" else periods.Period(end=day)
    return periods.read(row.words[column], single_is=single, unit=unit)


def _contact(column: int, *, is_mail: bool) -> Step:
    """A column of contacts; in one of addresses, words that are neither an address nor a phone are nobody's name."""

    def step(row: Row) -> None:
        if not row.words[column]:
            return
        words = row.words[column]
        if len(words) == _MOBILE and words[0] == "1" and words.isascii() and words.isdigit():
            _add(row, "contact_phone", words, column)
            return
        stated = contacts.read(words)
        if is_mail and stated.name is not None and stated.phone is None and stated.email is None:
            stated = contacts.Contact(warning="email_unread")
        if stated.name is not None and "contact_name" not in row.fields:
            row.put("contact_name", stated.name, column)
        if stated.phone is not None:
            _add(row, "contact_phone", stated.phone, column)
        if stated.email is not None:
            _add(row, "contact_email", stated.email, column)
        _warn(row, stated.warning, column)

    return step


def _add(row: Row, name: str, value: str, column: int) -> None:
    before = row.fields.get(name)
    if before is None:
        row.put(name, value, column)
    elif value not in before:
        row.add(name, f"{before}{contacts.SEPARATOR}{value}", column)


def _warn(row: Row, code: str | None, column: int) -> None:
    if code is not None:
        row.note(Severity.TODO, code, _WARNINGS[code], column)

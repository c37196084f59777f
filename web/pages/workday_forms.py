"""The form of a year's working days: a holiday from one day to another, make-up days one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest
from typing import Final

from starlette.datastructures import FormData

from marketplace.kernel.calendar import DayKind
from marketplace.kernel.errors import Invalid
from marketplace.kernel.workdays import ExceptionalDay

DAY: Final = timedelta(days=1)
MOST: Final = 120
LONGEST: Final = 40
"""No holiday is longer: a longer one is a slip of the hand."""


@dataclass(frozen=True, slots=True)
class Span:
    """One row of the form as it is shown or was typed; `until` "" is `day` alone."""

    day: str
    until: str
    kind: str
    name: str


def spans(days: Sequence[ExceptionalDay]) -> tuple[Span, ...]:
    """The rows of a table: days off that follow each other and have one name are one row, make-up days stand alone."""
    found: list[tuple[date, date, ExceptionalDay]] = []
    for one in sorted(days, key=lambda each: each.day):
        start, end, last = found[-1] if found else (None, None, None)
        goes_on = end is not None and one.day == end + DAY
        if start and last and goes_on and one.kind is last.kind is DayKind.OFF and one.name == last.name:
            found[-1] = (start, one.day, one)
        else:
            found.append((one.day, one.day, one))
    return tuple(
        Span(start.isoformat(), "" if start == end else end.isoformat(), one.kind.value, one.name)
        for start, end, one in found
    )


def typed(form: FormData) -> tuple[Span, ...]:
    """The rows as they were typed, empty ones left out."""
    columns = ([str(value).strip() for value in form.getlist(name)] for name in ("day", "until", "kind", "name"))
    rows = (Span(*row) for row in zip_longest(*columns, fillvalue=""))
    return tuple(row for row in rows if row.day or row.until or row.name)


def days(rows: Sequence[Span]) -> tuple[ExceptionalDay, ...]:
    """Every day that the rows name, in order. Invalid (`days`) says which row is wrong and where two overlap."""
    named: dict[date, tuple[str, ExceptionalDay]] = {}
    for row in rows:
        said = f"{row.day} 至 {row.until}" if row.until else row.day
        for day in _days(row, said):
            if day in named:
                raise _wrong(f"“{said}”与“{named[day][0]}”重叠：{day.isoformat()} 写了两次。请改其中一行。")
            named[day] = (said, ExceptionalDay(day, DayKind(row.kind), row.name))
    if len(named) > MOST:
        raise _wrong(f"一年最多列 {MOST} 天，现在是 {len(named)} 天，请核对起止日期。")
    return tuple(named[day][1] for day in sorted(named))


def day(field: str, text: str) -> date:
    """A day as it was typed, or Invalid by field."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"“{text[:20]}”不是日期，应写成 2026-02-15 这样。"
        raise Invalid("日期写法不对。", fields={field: message}) from None


def _days(row: Span, said: str) -> Iterator[date]:
    if row.kind not in set(DayKind):
        raise _wrong(f"请为 {said} 选择“休”或“班”。")
    if not row.day:
        raise _wrong(f"“{row.name or row.until}”没有开始日期。只放一天的，填开始日期即可。")
    first = day("days", row.day)
    last = day("days", row.until) if row.until else first
    if last < first:
        raise _wrong(f"“{said}”的结束日期早于开始日期，请核对。")
    if row.kind == DayKind.WORK and last != first:
        raise _wrong(f"“{said}”是调休上班：上班日请逐日填写，一行一天，结束日期留空。")
    if (last - first).days >= LONGEST:
        raise _wrong(f"“{said}”超过 {LONGEST} 天，请核对起止日期。")
    return (first + number * DAY for number in range((last - first).days + 1))


def _wrong(message: str) -> Invalid:
    return Invalid("工作日表没有保存，请改正标出的地方。", code="bad_workdays", fields={"days": message})

"""Working days as rows: the confirmed table of each year, and what the calendar package proposes for one.

A year counts once somebody has confirmed its table with the official notice as its source. Until then nothing is
counted in it: `calendar.is_workday` refuses and says which year is missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from marketplace.kernel import audit, locks
from marketplace.kernel.calendar import Calendar, DayKind
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.kernel.office_tables import WorkdayException, WorkdayYear

ALARM_MONTH = 12
"""From this month on a missing table of the next year is an alarm: the notice comes every November."""
EARLIEST, LATEST = 2000, 2200
MIN_REASON = 4
MAX_TEXT = 300
MAX_NAME = 60
"""As wide as the column."""
HOLIDAYS = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利70周年纪念日",
}


@dataclass(frozen=True, slots=True)
class ExceptionalDay:
    """A day that is not what its weekday says, with the reason a calendar prints ("春节")."""

    day: date
    kind: DayKind
    name: str


@dataclass(frozen=True, slots=True)
class YearPage:
    """The confirmed table of a year."""

    year: int
    version: int
    source: str
    issued_on: date | None
    confirmed_by: str
    confirmed_at: datetime
    days: tuple[ExceptionalDay, ...]


def calendar(session: Session) -> Calendar:
    """Every confirmed year, for counting."""
    years: dict[int, dict[date, DayKind]] = {year: {} for year in session.exec(select(WorkdayYear.year))}
    for row in session.exec(select(WorkdayException)):
        years[row.year][row.day] = row.kind
    return Calendar(years)


def years(session: Session) -> list[YearPage]:
    """The confirmed years, newest first."""
    rows = session.exec(select(WorkdayYear).order_by(col(WorkdayYear.year).desc())).all()
    return [_page(session, row) for row in rows]


def find(session: Session, year: int) -> YearPage | None:
    """The confirmed table of a year, or None."""
    row = session.get(WorkdayYear, year)
    return None if row is None else _page(session, row)


def missing(session: Session, *, today: date) -> tuple[int, ...]:
    """The years whose table is missing though it is needed: this one, and from December on the next."""
    wanted = {today.year} | ({today.year + 1} if today.month >= ALARM_MONTH else set())
    known = set(session.exec(select(WorkdayYear.year).where(col(WorkdayYear.year).in_(wanted))))
    return tuple(sorted(wanted - known))


def proposed(year: int) -> tuple[ExceptionalDay, ...]:
    """What the installed calendar package knows of a year; nothing where it does not know it."""
    from chinese_calendar import constants

    off = [ExceptionalDay(day, DayKind.OFF, HOLIDAYS[name]) for day, name in constants.holidays.items()]
    work = [ExceptionalDay(day, DayKind.WORK, HOLIDAYS[name]) for day, name in constants.workdays.items()]
    return tuple(sorted((one for one in [*off, *work] if one.day.year == year), key=lambda one: one.day))


def confirm(
    session: Session,
    *,
    year: int,
    version: int,
    days: Sequence[ExceptionalDay],
    source: str,
    issued_on: date | None,
    reason: str = "",
    actor_id: str,
    now: datetime,
) -> int:
    """Set the table of a year; gives its new version. `version` is the one that was looked at, 0 for a new year.

    A year that is confirmed already needs a reason. Raises Invalid with the field, Conflict where it changed meanwhile.
    """
    _require_sound(year, days, source, reason, is_new=version == 0)
    locks.hold(session, f"workdays:{year}")
    row = session.get(WorkdayYear, year)
    known = 0 if row is None else row.version
    if known != version:
        message = f"{year} 年的工作日表刚由别人改过（第 {known} 版），您的改动没有保存。请对照最新的表重新修改。"
        raise Conflict(message, code="workdays_changed")
    before = {one.day: one for one in (_page(session, row).days if row else ())}
    if row is None:
        row = WorkdayYear(year=year, version=0, source="", confirmed_by=actor_id, confirmed_at=now)
    row.version, row.source, row.issued_on = version + 1, source.strip(), issued_on
    row.confirmed_by, row.confirmed_at = actor_id, now
    session.add(row)
    session.flush()
    session.execute(delete(WorkdayException).where(col(WorkdayException.year) == year))
    session.add_all(WorkdayException(day=one.day, year=year, kind=one.kind, name=one.name.strip()) for one in days)
    session.flush()
    audit.write(
        session,
        aggregate="workdays",
        aggregate_id=str(year),
        action="workdays.confirmed" if version == 0 else "workdays.changed",
        actor_id=actor_id,
        payload={
            "version": row.version,
            "source": row.source,
            "reason": reason.strip(),
            "changes": _changes(before, {one.day: one for one in days}),
        },
        now=now,
    )
    return row.version


def get(session: Session, year: int) -> YearPage:
    """The confirmed table of a year, or NotFound."""
    found = find(session, year)
    if found is None:
        raise NotFound(f"{year} 年的工作日表还没有确认。")
    return found


def _require_sound(year: int, days: Sequence[ExceptionalDay], source: str, reason: str, *, is_new: bool) -> None:
    wrong: dict[str, str] = {}
    if not EARLIEST <= year <= LATEST:
        wrong["year"] = f"年份应在 {EARLIEST} 至 {LATEST} 之间。"
    if not source.strip() or len(source) > MAX_TEXT:
        wrong["source"] = "请写明依据的通知名称和文号，不超过 300 个字。"
    if not is_new and len(reason.strip()) < MIN_REASON:
        wrong["reason"] = f"请写明为什么修改，至少 {MIN_REASON} 个字。"
    if len(reason) > MAX_TEXT:
        wrong["reason"] = f"修改原因不超过 {MAX_TEXT} 个字。"
    wrong |= _wrong_days(year, days)
    if wrong:
        raise Invalid("工作日表没有保存，请改正标出的地方。", code="bad_workdays", fields=wrong)


def _wrong_days(year: int, days: Sequence[ExceptionalDay]) -> dict[str, str]:
    seen: set[date] = set()
    for one in days:
        if one.day.year != year:
            return {"days": f"{one.day.isoformat()} 不在 {year} 年。"}
        if one.day in seen:
            return {"days": f"{one.day.isoformat()} 写了两次。"}
        if not one.name.strip() or len(one.name) > MAX_NAME:
            return {"days": f"请写明 {one.day.isoformat()} 的名称，不超过 {MAX_NAME} 个字。"}
        seen.add(one.day)
    return {} if days else {"days": "请至少列出一天放假或调休。"}


def _changes(
    before: Mapping[date, ExceptionalDay], after: Mapping[date, ExceptionalDay]
) -> list[dict[str, str | None]]:
    def said(one: ExceptionalDay | None) -> str | None:
        return None if one is None else f"{one.kind.value} {one.name}"

    changed = [day for day in sorted({*before, *after}) if before.get(day) != after.get(day)]
    return [{"day": day.isoformat(), "old": said(before.get(day)), "new": said(after.get(day))} for day in changed]


def _page(session: Session, row: WorkdayYear) -> YearPage:
    days = session.exec(
        select(WorkdayException).where(WorkdayException.year == row.year).order_by(col(WorkdayException.day))
    )
    listed = tuple(ExceptionalDay(one.day, one.kind, one.name) for one in days)
    return YearPage(row.year, row.version, row.source, row.issued_on, row.confirmed_by, row.confirmed_at, listed)

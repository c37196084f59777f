"""One reminder per person and day of everything that waits for it in rounds; the late things first."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, time
from typing import Final

from sqlmodel import Session, col, select

from marketplace.accounts import messages
from marketplace.kernel import workdays
from marketplace.kernel.batches import insert_unless_there
from marketplace.kernel.calendar import is_workday
from marketplace.kernel.chinese_time import BEIJING, ending
from marketplace.kernel.errors import Conflict
from marketplace.rounds import boards
from marketplace.rounds.boards import Waiting
from marketplace.rounds.round_tables import Round, RoundTelling
from marketplace.rounds.words import RoundState

JOB: Final = "remind_rounds"
FROM: Final = time(9)
"""Reminders go out from this hour on working days, Beijing time."""
ACTIVE: Final = (
    RoundState.INTERNAL_REVIEW,
    RoundState.SEALED,
    RoundState.ELIGIBILITY,
    RoundState.REVIEW,
    RoundState.CONSENSUS,
    RoundState.DECISION,
    RoundState.PUBLICITY,
    RoundState.AWARDED,
)
MOST: Final = 20
"""So many lines one reminder holds."""


def send(session: Session, *, now: datetime, new_id: Callable[[], str]) -> int:
    """Remind everybody for whom something waits since before today, once a day; may be repeated. Gives how many were told."""
    if not _is_time(session, now):
        return 0
    found: defaultdict[str, list[tuple[Round, Waiting]]] = defaultdict(list)
    query = select(Round).where(col(Round.state).in_(ACTIVE)).order_by(col(Round.id))
    for row in session.exec(query).all():
        for waiting in boards.of(session, row):
            if waiting.since is None or waiting.since.astimezone(BEIJING).date() < now.astimezone(BEIJING).date():
                for account_id in waiting.account_ids:
                    found[account_id].append((row, waiting))
    occasion = f"day-{now.astimezone(BEIJING):%Y-%m-%d}"
    query_told = select(RoundTelling.account_id).where(RoundTelling.occasion == occasion)
    told = set(session.exec(query_told))
    fresh = sorted(set(found) - told)
    for account_id in fresh:
        _tell(session, account_id, found[account_id], occasion, now=now, new_id=new_id)
    return len(fresh)


def _tell(
    session: Session,
    account_id: str,
    waits: list[tuple[Round, Waiting]],
    occasion: str,
    *,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    ordered = sorted(waits, key=lambda one: (not one[1].is_late(now), one[1].until is None, one[1].until or now))
    late = sum(one.is_late(now) for _, one in ordered)
    lines = [_line(row, waiting, now) for row, waiting in ordered[:MOST]]
    more = f"\n另有 {len(ordered) - MOST} 项，请到“我的活动”查看。" if len(ordered) > MOST else ""
    rounds = sorted({row.id for row, _ in ordered})
    insert_unless_there(
        session,
        RoundTelling,
        [{"round_id": one, "occasion": occasion, "account_id": account_id, "told_at": now} for one in rounds],
    )
    messages.tell(
        session,
        account_ids=[account_id],
        subject=f"有 {len(ordered)} 项活动事项等您办理" + (f"，其中 {late} 项已逾期" if late else ""),
        text="\n".join(lines) + more,
        link="/rounds/mine",
        private=True,
        now=now,
        new_id=new_id,
    )


def _line(row: Round, waiting: Waiting, now: datetime) -> str:
    number = f"（{waiting.number} 项）" if waiting.number > 1 else ""
    until = "" if waiting.until is None else f"，{ending(waiting.until)} 前"
    return f"“{row.title}”：{boards.NAMES[waiting.task]}{number}{until}{'，已逾期' if waiting.is_late(now) else ''}"


def _is_time(session: Session, now: datetime) -> bool:
    local = now.astimezone(BEIJING)
    try:
        return local.time() >= FROM and is_workday(local.date(), workdays.calendar(session))
    except Conflict:
        return local.time() >= FROM

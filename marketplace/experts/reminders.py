"""Reminders of terms that run out: 60 and 14 days before, each once; the chain of the entry remembers which were sent."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from marketplace.accounts.tables import Account
from marketplace.experts import held, telling
from marketplace.experts.rules.standing import GRANTED
from marketplace.experts.tables import PoolExpert
from marketplace.kernel import events
from marketplace.kernel.chinese_time import BEIJING

JOB = "remind_experts"
DAYS = (14, 60)
"""So many days before the end of a term somebody is reminded."""


def send(session: Session, *, now: datetime, new_id: Callable[[], str]) -> int:
    """Tell experts and their office of terms that run out; may be repeated. Gives how many terms were told of."""
    today = now.astimezone(BEIJING).date()
    ending = (
        col(PoolExpert.state).in_(GRANTED),
        col(PoolExpert.term_ends_on) >= today,
        col(PoolExpert.term_ends_on) <= today + timedelta(days=max(DAYS)),
        col(Account.disabled_at).is_(None),
    )
    query = select(PoolExpert, Account.name).join(Account, col(Account.id) == col(PoolExpert.account_id))
    told = 0
    for row, name in session.exec(query.where(*ending).order_by(col(PoolExpert.id))).all():
        ends_on = row.term_ends_on
        if ends_on is not None and _is_due(session, row, ends_on, today):
            _tell(session, row, name, ends_on, (ends_on - today).days, now=now, new_id=new_id)
            told += 1
    return told


def _is_due(session: Session, row: PoolExpert, ends_on: date, today: date) -> bool:
    return _payload(ends_on, today) not in [
        dict(one.payload or {})
        for one in events.of_chain(session, "expert", row.id)
        if one.action == "expert.term_ending"
    ]


def _payload(ends_on: date, today: date) -> dict[str, object]:
    days = (ends_on - today).days
    return {"ends_on": ends_on.isoformat(), "notice_days": next(most for most in DAYS if days <= most)}


def _tell(
    session: Session,
    row: PoolExpert,
    name: str,
    ends_on: date,
    days: int,
    *,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    end = f"{ends_on.year}年{ends_on.month}月{ends_on.day}日"
    left = f"还有 {days} 天" if days else "今天"
    where = telling.place(row.region)
    own = f"您在{where}的聘期到{end}为止，期满后不再抽到您评审。愿意续聘的，请联系主办方。"
    telling.expert(session, row, f"您的专家聘期{left}到期", own, now=now, new_id=new_id)
    about = f"{name}在{where}的聘期到{end}为止。请决定续聘，或到期终止。"
    telling.office(session, row, f"{name}的专家聘期{left}到期", about, now=now, new_id=new_id)
    payload = _payload(ends_on, now.astimezone(BEIJING).date())
    held.note(session, row, "term_ending", payload, actor_id=None, now=now)

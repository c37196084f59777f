"""Limits of dealings as regional data: the nearest region that states one decides."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role
from marketplace.dealings.rules.limits import DEFAULTS, NAMES, Limits
from marketplace.dealings.tables import DealingLimit
from marketplace.kernel import audit
from marketplace.kernel.errors import Invalid, NotAllowed

MAX_VALUE = 1000


def of(session: Session, region: str) -> Limits:
    """The limits of a region: its own, else those of the regions above it, else the defaults."""
    steps = region.split("/") if region else []
    above = ["/".join(steps[:depth]) for depth in range(len(steps) + 1)]
    rows = session.exec(select(DealingLimit).where(col(DealingLimit.region).in_(above))).all()
    stated = {row.name: row.value for row in sorted(rows, key=lambda row: len(row.region))}
    return Limits(**{name: stated.get(name, value) for name, value in DEFAULTS.items()})


def put_all(session: Session, actor: Actor, *, region: str, values: Mapping[str, str], now: datetime) -> int:
    """State those limits of a region that differ from what holds there; gives how many. Invalid by limit."""
    wrong = {name: f"请填写 0 到 {MAX_VALUE} 的整数。" for name in DEFAULTS if _number(values.get(name, "")) is None}
    if wrong:
        raise Invalid("还有内容需要改正。", code="bad_limit", fields=wrong)
    held, changed = of(session, region), 0
    for name in DEFAULTS:
        value = _number(values[name])
        if value is not None and value != getattr(held, name):
            put(session, actor, region=region, name=name, value=value, now=now)
            changed += 1
    return changed


def _number(text: str) -> int | None:
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= len(str(MAX_VALUE))):
        return None
    return int(digits) if int(digits) <= MAX_VALUE else None


def put(session: Session, actor: Actor, *, region: str, name: str, value: int, now: datetime) -> None:
    """State a limit for a region ("" is everywhere). Administrators alone; Invalid for unknown names and values."""
    if Role.ADMINISTRATOR not in actor.roles:
        raise NotAllowed("只有管理员可以修改对接的限额。", code="not_an_administrator")
    if name not in DEFAULTS:
        raise Invalid("没有这一项限额。", code="unknown_limit", fields={"name": "没有这一项限额。"})
    if not 0 <= value <= MAX_VALUE:
        message = f"{NAMES[name]}应在 0 到 {MAX_VALUE} 之间。"
        raise Invalid(message, code="bad_limit", fields={"value": message})
    session.merge(DealingLimit(region=region, name=name, value=value, set_by=actor.account_id, set_at=now))
    session.flush()
    audit.write(
        session,
        aggregate="dealing_limit",
        aggregate_id=region or "everywhere",
        action="dealing_limit.set",
        actor_id=actor.account_id,
        payload={"name": name, "value": value},
        now=now,
    )

"""The sandbox: an installation for training and tests, whose clock may stand still or run many times faster.

It is begun on a database that never held a bid, and stays one for good: the database itself refuses the rest.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, select

from marketplace.accounts.actors import Actor
from marketplace.accounts.office import platform
from marketplace.kernel import audit
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.round_tables import SandboxClock

SPEEDS: Final[Mapping[int, str]] = {
    0: "停住",
    1: "照常",
    60: "一分钟当一小时",
    1440: "一分钟当一天",
    21600: "一分钟当十五天",
}
"""How many seconds a second counts for, and how one says it."""
MOST_HOURS: Final = 24 * 366
_ONE: Final = 1


def find(session: Session) -> SandboxClock | None:
    """The sandbox's clock, or None where the installation is none."""
    return session.get(SandboxClock, _ONE)


def begin(session: Session, *, real: datetime) -> SandboxClock:
    """Make the installation a sandbox; one that is one stays as it is. Conflict where there is a bid already."""
    standing = find(session)
    if standing is not None:
        return standing
    if session.exec(select(Bid.id).limit(1)).first() is not None:
        message = "这里已有真实的申报，不能改为训练环境。请为训练另建一个数据目录。"
        raise Conflict(message, code="has_bids")
    row = SandboxClock(id=_ONE, speed=1, real_at=real, shown_at=real)
    session.add(row)
    session.flush()
    _log(session, row, None, "sandbox.begun")
    return row


def shown(row: SandboxClock, real: datetime) -> datetime:
    """What the sandbox's clock shows at a real moment; never earlier than it was set to."""
    return row.shown_at + max(real - row.real_at, timedelta()) * row.speed


def set_speed(session: Session, actor: Actor, speed: int, *, real: datetime) -> datetime:
    """Let the clock run at another speed from now on; administrators do. Gives what it shows now."""
    platform.require_administrator(actor)
    if speed not in SPEEDS:
        raise Invalid("请选择列出的速度。", code="no_such_speed", fields={"speed": "请选择列出的速度。"})
    row = _held(session)
    row.shown_at, row.real_at, row.speed = shown(row, real), real, speed
    session.add(row)
    session.flush()
    _log(session, row, actor, "sandbox.speed_set")
    return row.shown_at


def jump(session: Session, actor: Actor, hours: int, *, real: datetime) -> datetime:
    """Put the clock forward by some hours; administrators do. It never goes back."""
    platform.require_administrator(actor)
    if not 1 <= hours <= MOST_HOURS:
        told = "请填写 1 到 8784 之间的小时数。"
        raise Invalid(told, code="bad_jump", fields={"hours": told})
    row = _held(session)
    row.shown_at, row.real_at = shown(row, real) + timedelta(hours=hours), real
    session.add(row)
    session.flush()
    _log(session, row, actor, "sandbox.jumped", hours=hours)
    return row.shown_at


def _held(session: Session) -> SandboxClock:
    row = session.exec(select(SandboxClock).where(SandboxClock.id == _ONE).with_for_update()).first()
    if row is None:
        raise Conflict("这里不是训练环境，时钟不能调整。", code="not_a_sandbox")
    return row


def _log(session: Session, row: SandboxClock, actor: Actor | None, action: str, **more: object) -> None:
    audit.write(
        session,
        aggregate="sandbox",
        aggregate_id="1",
        action=action,
        actor_id=None if actor is None else actor.account_id,
        payload={"speed": row.speed, "shown_at": row.shown_at.isoformat(), **more},
        now=row.shown_at,
    )

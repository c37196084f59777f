"""What administrators do to the platform as a whole: its settings and its table of working days."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlmodel import Session

from marketplace.accounts.actors import Actor, may
from marketplace.accounts.words import Role
from marketplace.kernel import platform_settings, workdays
from marketplace.kernel.errors import NotAllowed
from marketplace.kernel.workdays import ExceptionalDay


def is_administrator(actor: Actor | None) -> bool:
    """Whether the actor administers the whole platform, in the seat it has now."""
    return actor is not None and may(actor, Role.ADMINISTRATOR, region="")


def require_administrator(actor: Actor) -> None:
    """Raise NotAllowed where the actor does not administer the platform."""
    if not is_administrator(actor):
        message = "这里只有平台管理员可以办理。您可能正以其他身份操作，请先切换身份；需要权限请联系管理员。"
        raise NotAllowed(message, code="not_an_administrator")


def change_settings(
    session: Session, actor: Actor, values: Mapping[str, str], *, version: int, now: datetime
) -> tuple[str, ...]:
    """Change what the platform says of itself; gives the names of what changed."""
    require_administrator(actor)
    return platform_settings.change(session, values, version=version, actor_id=actor.account_id, now=now)


def confirm_workdays(
    session: Session,
    actor: Actor,
    *,
    year: int,
    version: int,
    days: Sequence[ExceptionalDay],
    source: str,
    issued_on: date | None,
    reason: str = "",
    now: datetime,
) -> int:
    """Set a year's working days; gives the table's new version."""
    require_administrator(actor)
    return workdays.confirm(
        session,
        year=year,
        version=version,
        days=days,
        source=source,
        issued_on=issued_on,
        reason=reason,
        actor_id=actor.account_id,
        now=now,
    )

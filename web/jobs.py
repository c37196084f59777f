"""The work nobody waits for: what the clock asks for, and what each kind of job does.

Every job is a thin wrapper around one verb, may be repeated without harm and takes plain arguments.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from marketplace.accounts import sessions
from marketplace.kernel import audit
from marketplace.kernel import jobs as rows
from marketplace.kernel.errors import Conflict
from marketplace.kernel.jobs import TakenJob
from web.installation import Installation

LOCAL = ZoneInfo("Asia/Shanghai")

Work = Callable[[Session, Mapping[str, object], datetime], None]


def plan_hour(session: Session, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Ask for what is due each hour; asking twice, or by several workers, changes nothing."""
    yesterday = (now.astimezone(LOCAL) - timedelta(days=1)).date().isoformat()
    for kind, payload in (("seal_day", {"day": yesterday}), ("sweep_sessions", {})):
        rows.put(session, kind=kind, payload=payload, now=now, new_id=new_id, unique_key=kind)


def run(installation: Installation, job: TakenJob) -> None:
    """Do one job in one transaction."""
    with installation.store.writing() as session:
        _WORK[job.kind](session, job.payload, installation.clock())


def _seal_day(session: Session, payload: Mapping[str, object], now: datetime) -> None:
    try:
        audit.seal_day(session, day=date.fromisoformat(str(payload["day"])), now=now)
    except Conflict as refusal:
        # A day is sealed once; asking again is how the job stays safe to repeat.
        if refusal.code != "already_sealed":
            raise


def _sweep_sessions(session: Session, _payload: Mapping[str, object], now: datetime) -> None:
    sessions.sweep(session, now=now)


_WORK: dict[str, Work] = {"seal_day": _seal_day, "sweep_sessions": _sweep_sessions}

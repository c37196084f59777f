"""What must hold in rounds."""

from collections.abc import Iterator

from sqlmodel import Session, col, func, select

from marketplace.kernel.faults import Fault
from marketplace.rounds.procedure_tables import ProcedureType, ProcedureVersion
from marketplace.rounds.proving import bids, notices, outcomes, panels, scores, seals
from marketplace.rounds.rules import procedures as rules


def check(session: Session) -> Iterator[Fault]:
    """Every broken invariant of procedure types, notices, seals, bids, panels, scores and outcomes."""
    yield from _procedures(session)
    yield from notices.check(session)
    yield from seals.check(session)
    yield from bids.check(session)
    yield from panels.check(session)
    yield from scores.check(session)
    yield from outcomes.check(session)


def _procedures(session: Session) -> Iterator[Fault]:
    """Versions without gaps, and nothing unsound in any."""
    counted = select(ProcedureVersion.key, func.count(), func.max(ProcedureVersion.number)).group_by(
        col(ProcedureVersion.key)
    )
    held = {key: (count, last) for key, count, last in session.exec(counted)}
    for row in session.exec(select(ProcedureType).order_by(col(ProcedureType.key))):
        if held.get(row.key) != (row.current_number, row.current_number):
            message = "这种程序类型的版本不连续，或当前版本不是最后一版。"
            yield Fault("procedure_versions_broken", message, f"procedure/{row.key}")
    for version in session.exec(
        select(ProcedureVersion).order_by(col(ProcedureVersion.key), col(ProcedureVersion.number))
    ):
        subject = f"procedure/{version.key}/{version.number}"
        try:
            wrong = rules.faults(rules.of_record(version.content))
        except (KeyError, TypeError, ValueError):
            yield Fault("procedure_unreadable", "这一版程序类型的内容无法读取。", subject)
            continue
        if wrong:
            message = "这一版程序类型不合规则：" + "；".join(sorted(set(wrong.values())))
            yield Fault("procedure_unsound", message, subject)

"""What must hold in the kernel: the audit chain, the positions, the jobs."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from marketplace.kernel import audit, positions, restoring
from marketplace.kernel.faults import Fault
from marketplace.kernel.tables import Job
from marketplace.kernel.words import JobState


def check(session: Session) -> Iterator[Fault]:
    """Every broken invariant of the kernel."""
    yield from audit.verify(session)
    yield from _positions(session)
    yield from _jobs(session)


def _positions(session: Session) -> Iterator[Fault]:
    # After a restore the server may count its transactions from a lower number: readers would miss what follows.
    if restoring.newest(session) >= positions.next_free(session):
        message = (
            "变更序号落后于已有记录（常见于恢复备份之后），索引会漏读新内容；请运行 jiebang init --upgrade 重新对齐。"
        )
        yield Fault("positions_behind", message, "position_clock/1")


def _jobs(session: Session) -> Iterator[Fault]:
    for job in session.exec(select(Job).where(Job.state == JobState.FAILED).order_by(col(Job.id))):
        message = f"后台任务 {job.kind} 试了 {job.attempts} 次仍失败：{job.last_error}"
        yield Fault("job_failed", message, f"job/{job.id}")

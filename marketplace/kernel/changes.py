"""The change record: what the index must read again, in an order in which nothing is missed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, insert
from sqlmodel import Session, col, select

from marketplace.kernel import positions
from marketplace.kernel.db import is_postgresql
from marketplace.kernel.tables import Change as ChangeRow
from marketplace.kernel.words import ChangedKind, Operation


@dataclass(frozen=True, slots=True)
class Change:
    """One change; `seq` grows in the order in which changes become visible, with gaps."""

    seq: int
    kind: str
    subject_id: str
    operation: str


def put(session: Session, kind: ChangedKind, subject_ids: Iterable[str]) -> None:
    """Record that subjects are new or were changed."""
    _write(session, kind, list(subject_ids), Operation.PUT)


def gone(session: Session, kind: ChangedKind, subject_ids: Iterable[str]) -> None:
    """Record that subjects are no longer to be found."""
    _write(session, kind, list(subject_ids), Operation.GONE)


def _write(session: Session, kind: ChangedKind, subject_ids: Sequence[str], operation: Operation) -> None:
    if not subject_ids:
        return
    taken = positions.take(session, len(subject_ids))
    session.execute(
        insert(ChangeRow),
        [
            {"seq": seq, "kind": kind, "subject_id": subject_id, "operation": operation}
            for seq, subject_id in zip(taken, subject_ids, strict=True)
        ],
    )


def head(session: Session) -> int:
    """The newest position that is final, 0 where nothing has changed yet."""
    newest = session.exec(select(func.max(ChangeRow.seq)).where(col(ChangeRow.seq) < positions.horizon(session))).one()
    return newest or 0


def mark(session: Session) -> tuple[int, int]:
    """What is the same only while nothing changes: the newest position that is final, and the newest that is seen."""
    if not is_postgresql(session):  # one writer at a time: every position taken is final and seen
        return positions.horizon(session), 0
    return head(session), session.exec(select(func.max(ChangeRow.seq))).one() or 0


def since(session: Session, after: int, *, limit: int) -> list[Change]:
    """The changes after a position, oldest first; never past the transaction horizon."""
    rows = session.exec(
        select(ChangeRow)
        .where(col(ChangeRow.seq) > after, col(ChangeRow.seq) < positions.horizon(session))
        .order_by(col(ChangeRow.seq))
        .limit(limit),
    )
    return [Change(row.seq, row.kind.value, row.subject_id, row.operation.value) for row in rows]

"""Verifying the audit chain: edits, insertions, deletions, reorderings and cut-off ends are found."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from marketplace.kernel import canonical, chain
from marketplace.kernel.faults import Fault
from marketplace.kernel.links import ERASE, expected_hash, hashes_between
from marketplace.kernel.tables import AuditEvent, AuditPayload, AuditSeal

BATCH = 1000


def verify(session: Session) -> list[Fault]:
    """Check every chain, every payload and every daily head; an empty list means that nothing was altered."""
    return [*_chains(session), *_seals(session)]


@dataclass
class _Chain:
    """Where one aggregate's chain stands while it is walked."""

    number: int = 0
    hash: str = chain.GENESIS
    missing: set[int] = field(default_factory=set)
    erased: set[int] = field(default_factory=set)


def verify_chain(session: Session, aggregate: str, aggregate_id: str) -> list[Fault]:
    """Check the chain of one aggregate; an empty list means that nothing of it was altered.

    That its newest links were cut off is seen by the daily heads alone: `verify` checks those.
    """
    return list(_chains(session, AuditEvent.aggregate == aggregate, AuditEvent.aggregate_id == aggregate_id))


@dataclass(frozen=True, slots=True)
class Examination:
    """What a verification of everything looked at, and what it found."""

    events: int
    chains: int
    seals: int
    faults: tuple[Fault, ...]


def examine(session: Session) -> Examination:
    """Verify everything and say how much that was."""
    chains = select(AuditEvent.aggregate, AuditEvent.aggregate_id).distinct().subquery()
    return Examination(
        events=session.exec(select(func.count()).select_from(AuditEvent)).one(),
        chains=session.exec(select(func.count()).select_from(chains)).one(),
        seals=session.exec(select(func.count()).select_from(AuditSeal)).one(),
        faults=tuple(verify(session)),
    )


def _chains(session: Session, *only: ColumnElement[bool] | bool) -> Iterator[Fault]:
    rows = session.exec(
        select(AuditEvent, AuditPayload)
        .join(AuditPayload, col(AuditPayload.position) == col(AuditEvent.position), isouter=True)
        .where(*only)
        .order_by(col(AuditEvent.aggregate), col(AuditEvent.aggregate_id), col(AuditEvent.number))
        .execution_options(yield_per=BATCH),
    )
    subject, walked = "", _Chain()
    last_position = 0
    for event, payload in rows:
        here = f"{event.aggregate}/{event.aggregate_id}"
        if here != subject:
            yield from _unexplained(subject, walked)
            subject, walked, last_position = here, _Chain(), 0
        yield from _link(event, walked, subject, last_position)
        yield from _payload(event, payload, walked, subject)
        last_position = event.position
    yield from _unexplained(subject, walked)


def _link(event: AuditEvent, walked: _Chain, subject: str, last_position: int) -> Iterator[Fault]:
    if event.number != walked.number + 1:
        yield Fault("audit_gap", f"留痕缺少第 {walked.number + 1} 条（下一条是第 {event.number} 条）。", subject)
    elif event.previous_hash != walked.hash:
        yield Fault("audit_broken_link", f"第 {event.number} 条留痕与前一条不相连。", subject)
    if event.hash != expected_hash(event, event.previous_hash):
        yield Fault("audit_altered", f"第 {event.number} 条留痕的内容被改动。", subject)
    if event.position <= last_position:
        yield Fault("audit_order", f"第 {event.number} 条留痕的先后次序被改动。", subject)
    walked.number, walked.hash = event.number, event.hash


def _payload(event: AuditEvent, payload: AuditPayload | None, walked: _Chain, subject: str) -> Iterator[Fault]:
    if payload is None:
        walked.missing.add(event.number)
        return
    if canonical.digest(payload.payload, salt=payload.salt) != event.payload_digest:
        yield Fault("audit_payload_altered", f"第 {event.number} 条留痕的附注被改动。", subject)
    number = payload.payload.get("number")
    if event.action == ERASE and isinstance(number, int):
        walked.erased.add(number)


def _unexplained(subject: str, walked: _Chain) -> Iterator[Fault]:
    for number in sorted(walked.missing - walked.erased):
        yield Fault("audit_payload_missing", f"第 {number} 条留痕的附注不见了，却没有删除记录。", subject)


def _seals(session: Session) -> Iterator[Fault]:
    head, first, number = chain.GENESIS, 0, 0
    for seal in session.exec(select(AuditSeal).order_by(col(AuditSeal.number))):
        subject = f"audit/{seal.day.isoformat()}"
        if seal.number != number + 1:
            yield Fault("audit_seal_missing", f"缺少第 {number + 1} 个每日封存值。", subject)
        expected, events = chain.fold(head, hashes_between(session, first, seal.before))
        if (expected, events) != (seal.head, seal.events):
            message = f"封存时有 {seal.events} 条留痕，现在有 {events} 条，封存值不符：有记录被增、删、改。"
            yield Fault("audit_seal_broken", message, subject)
        head, first, number = seal.head, seal.before, seal.number

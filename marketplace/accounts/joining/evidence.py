"""Evidence: uploaded files behind a request, private to its applicant and to those who decide it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts.joining.tables import VerificationEvidence
from marketplace.accounts.joining.views import EvidenceView
from marketplace.accounts.rules.evidence import MAX_LABEL, MOST_FILES
from marketplace.accounts.words import EvidenceKind
from marketplace.kernel.errors import Invalid
from marketplace.kernel.files import StoredFile


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file that was checked (`rules.evidence.require_sound`) and put into the store."""

    name: str
    kind: EvidenceKind
    stored: StoredFile


def attach(
    session: Session,
    verification_id: str,
    given: Sequence[GivenFile],
    *,
    actor_id: str,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Add files to a request; the same content again is not added twice. Raises Invalid for none or too many."""
    there = {one.digest for one in of_request(session, verification_id)}
    fresh = {one.stored.digest: one for one in given if one.stored.digest not in there}
    if not there and not fresh:
        raise _refusal("请至少上传一份证明材料，例如营业执照的扫描件或照片。")
    if len(there) + len(fresh) > MOST_FILES:
        raise _refusal(f"证明材料最多 {MOST_FILES} 份，已有 {len(there)} 份。请合并成一个 PDF 再上传。")
    for digest, one in fresh.items():
        session.add(
            VerificationEvidence(
                id=new_id(),
                verification_id=verification_id,
                name=one.name[-MAX_LABEL:],
                kind=one.kind,
                digest=digest,
                size_bytes=one.stored.size_bytes,
                added_by=actor_id,
                added_at=now,
            )
        )
    session.flush()


def of_request(session: Session, verification_id: str) -> tuple[EvidenceView, ...]:
    """The files of a request, oldest first."""
    rows = session.exec(
        select(VerificationEvidence)
        .where(VerificationEvidence.verification_id == verification_id)
        .order_by(col(VerificationEvidence.added_at), col(VerificationEvidence.id))
    )
    return tuple(EvidenceView(row.id, row.name, row.kind, row.digest, row.size_bytes, row.added_at) for row in rows)


def _refusal(message: str) -> Invalid:
    return Invalid(message, code="bad_evidence", fields={"evidence": message})


def file_digests(session: Session) -> list[str]:
    """The digests of every file behind a request, for checking the file store."""
    column = col(VerificationEvidence.digest)
    return list(session.exec(select(column).distinct().order_by(column)))

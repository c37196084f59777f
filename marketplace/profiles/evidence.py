"""Evidence files of cases: told by their content, read by whom the case lets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor, acts_for, belongs_to
from marketplace.accounts.words import Role
from marketplace.kernel.errors import Invalid, NotAllowed, NotFound
from marketplace.kernel.files import StoredFile
from marketplace.profiles import forms, moves, notes
from marketplace.profiles.draft_tables import ProfileBrochure, ProfileEvidence
from marketplace.profiles.rules import visibility
from marketplace.profiles.rules.evidence import media_type, safe_name
from marketplace.profiles.tables import Profile, ProfileVersion

LIMIT_BYTES: Final = 10 * 2**20
MOST: Final = 200
MISSING: Final = "没有这份证明文件，或您无权查看。"


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file that proves a case."""

    id: str
    name: str
    media_type: str
    digest: str
    size_bytes: int
    added_at: datetime


def add(
    session: Session,
    actor: Actor,
    *,
    organisation_id: str,
    file: StoredFile,
    name: str,
    head: bytes,
    now: datetime,
    new_id: Callable[[], str],
) -> EvidenceFile:
    """Keep a file for the cases of an organisation's profile; `head` is its beginning, which tells what it is.

    Raises Invalid for what is neither PDF, PNG nor JPEG, and for too many files.
    """
    if not acts_for(actor, organisation_id):
        raise NotAllowed("您不能为这家单位上传证明文件。", code="not_your_profile")
    moves.require_here(session, organisation_id)
    kind = media_type(head, name)
    profile_id = notes.ensure(session, [organisation_id], now=now, new_id=new_id)[organisation_id]
    if len(session.exec(select(ProfileEvidence.id).where(ProfileEvidence.profile_id == profile_id)).all()) >= MOST:
        message = f"证明文件最多 {MOST} 个，请先删去不用的案例。"
        raise Invalid(message, code="too_many_files", fields={"cases": message})
    row = ProfileEvidence(
        id=new_id(),
        profile_id=profile_id,
        name=safe_name(name),
        media_type=kind,
        digest=file.digest,
        size_bytes=file.size_bytes,
        added_by=actor.account_id,
        added_at=now,
    )
    session.add(row)
    session.flush()
    return _view(row)


def of_profile(session: Session, profile_id: str) -> dict[str, EvidenceFile]:
    """Every file of a profile, by id; whether a reader may open one is asked by `get`."""
    rows = session.exec(select(ProfileEvidence).where(ProfileEvidence.profile_id == profile_id))
    return {row.id: _view(row) for row in rows}


def get(session: Session, reader: Actor | None, profile_id: str, file_id: str) -> EvidenceFile:
    """One file, for those who may see the case that names it. Raises NotFound for everybody else."""
    row = session.get(ProfileEvidence, file_id)
    profile = session.get(Profile, profile_id)
    if row is None or profile is None or row.profile_id != profile_id:
        raise NotFound(MISSING, code="evidence_missing")
    organisation = organisations.get(session, profile.organisation_id)
    if reader is not None and belongs_to(reader, organisation.id):
        return _view(row)
    levels = visibility.open_to(reader, organisation)
    # Offices read every version that was published; a file that stands in a draft alone is its own people's.
    said = select(ProfileVersion).where(ProfileVersion.profile_id == profile_id)
    if levels != visibility.EVERYTHING:
        said = said.where(ProfileVersion.number == profile.current_number)
    published = [visibility.seen(forms.of_version(version), levels) for version in session.exec(said)]
    if not any(file_id in case.evidence for form in published for case in form.cases):
        raise NotFound(MISSING, code="evidence_missing")
    return _view(row)


def unused(session: Session, digests: Sequence[str]) -> list[str]:
    """Those of some digests that no evidence file and no brochure has any more, so that their bytes may go."""
    left = {
        *session.exec(select(ProfileEvidence.digest).where(col(ProfileEvidence.digest).in_(digests))),
        *session.exec(select(ProfileBrochure.digest).where(col(ProfileBrochure.digest).in_(digests))),
    }
    return [digest for digest in dict.fromkeys(digests) if digest not in left]


def file_digests(session: Session) -> list[str]:
    """The digests of every evidence file and brochure, for checking the file store."""
    columns = (col(ProfileEvidence.digest), col(ProfileBrochure.digest))
    return sorted({digest for column in columns for digest in session.exec(select(column).distinct())})


def may_check(actor: Actor | None) -> bool:
    """Whether an actor may say that a case was checked: organisers."""
    return actor is not None and Role.ORGANISER in actor.roles


def _view(row: ProfileEvidence) -> EvidenceFile:
    return EvidenceFile(row.id, row.name, row.media_type, row.digest, row.size_bytes, row.added_at)

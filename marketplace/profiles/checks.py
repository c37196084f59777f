"""Checks: an organiser has looked at a case and its evidence, and says so (已核验)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import orjson
from sqlmodel import Session, col, select

from marketplace.accounts import accounts, organisations
from marketplace.accounts.actors import Actor, require_may_run_lists
from marketplace.kernel import audit
from marketplace.kernel.batches import insert_unless_there
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.profiles import entries, evidence, forms
from marketplace.profiles.draft_tables import CaseCheck
from marketplace.profiles.entries import Case
from marketplace.profiles.tables import Profile, ProfileVersion

MAX_NOTE = 200


@dataclass(frozen=True, slots=True)
class Check:
    """Who checked a case, when, and on which grounds."""

    checked_by: str
    checked_at: datetime
    note: str


def digest(case: Case) -> str:
    """What identifies a case as it stands; any change of it makes another one, which nobody has checked yet."""
    return sha256(orjson.dumps(entries.as_record(case), option=orjson.OPT_SORT_KEYS)).hexdigest()


def of_profile(session: Session, profile_id: str) -> dict[str, Check]:
    """The checks of a profile's cases, by the digest of the case."""
    rows = session.exec(select(CaseCheck).where(CaseCheck.profile_id == profile_id)).all()
    names = accounts.names(session, {row.checked_by for row in rows})
    return {row.case_digest: Check(names.get(row.checked_by, ""), row.checked_at, row.note) for row in rows}


def confirm(
    session: Session,
    actor: Actor,
    profile_id: str,
    *,
    case_digest: str,
    note: str,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Mark a published case as checked, with what was looked at; marking it again changes nothing."""
    _require_may_check(session, actor, profile_id)
    _require_published(session, profile_id, case_digest)
    said = note.strip()
    if not 1 <= len(said) <= MAX_NOTE:
        message = f"请写明核验了什么（例如：已看合同和验收单），不超过 {MAX_NOTE} 个字。"
        raise Invalid(message, code="bad_check", fields={"note": message})
    row = {
        "id": new_id(),
        "profile_id": profile_id,
        "case_digest": case_digest,
        "note": said,
        "checked_by": actor.account_id,
        "checked_at": now,
    }
    if insert_unless_there(session, CaseCheck, [row]):
        _tell(session, actor, profile_id, "profile.case_checked", case_digest=case_digest, now=now)


def withdraw(session: Session, actor: Actor, profile_id: str, *, case_digest: str, now: datetime) -> None:
    """Take the mark of a case back."""
    _require_may_check(session, actor, profile_id)
    row = session.exec(
        select(CaseCheck).where(CaseCheck.profile_id == profile_id, col(CaseCheck.case_digest) == case_digest)
    ).first()
    if row is None:
        raise NotFound("这个案例没有核验记录。", code="check_missing")
    session.delete(row)
    _tell(session, actor, profile_id, "profile.case_check_withdrawn", case_digest=case_digest, now=now)


def _require_may_check(session: Session, actor: Actor, profile_id: str) -> None:
    """Only the organisers of the supplier's own region speak for its cases; strangers learn nothing of what exists."""
    if not evidence.may_check(actor):
        raise NotAllowed("只有主办方可以核验案例。", code="not_an_organiser")
    profile = session.get(Profile, profile_id)
    if profile is None:
        raise NotFound("没有这个能力画像，可能已经删除。", code="profile_missing")
    require_may_run_lists(actor, region=organisations.get(session, profile.organisation_id).region)


def _require_published(session: Session, profile_id: str, case_digest: str) -> None:
    profile = session.get(Profile, profile_id)
    if profile is None:
        raise NotFound("没有这份能力画像，请从能力清单中查找。", code="profile_missing")
    version = session.get(ProfileVersion, (profile_id, profile.current_number))
    if case_digest not in {digest(case) for case in forms.of_version(version).cases}:
        raise Conflict("这个案例刚刚有改动，请看过最新内容后再核验。", code="case_moved_on")


def _tell(session: Session, actor: Actor, profile_id: str, action: str, *, case_digest: str, now: datetime) -> None:
    audit.write(
        session,
        aggregate="profile",
        aggregate_id=profile_id,
        action=action,
        actor_id=actor.account_id,
        payload={"case": case_digest[:16]},
        now=now,
    )

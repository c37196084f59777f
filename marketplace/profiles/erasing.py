"""Erasing what an organisation said of itself; what lists say of it is theirs and stays."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from marketplace.accounts.actors import Actor, owns
from marketplace.kernel import audit
from marketplace.kernel.errors import NotAllowed, NotFound
from marketplace.profiles import notes, profiles
from marketplace.profiles.draft_tables import CaseCheck, ProfileBrochure, ProfileDraft, ProfileEvidence, ProfileVisit
from marketplace.profiles.tables import Profile, ProfileVersion


def erase(session: Session, actor: Actor, *, organisation_id: str, now: datetime) -> list[str]:
    """Erase the form with all its versions, the draft, the evidence files and their checks, and the brochures.

    Gives the digests of the files, whose bytes the caller takes out of the file store once this is committed. Raises
    NotAllowed for everybody but the organisation's owners (负责人).
    """
    if not owns(actor, organisation_id):
        raise NotAllowed("只有本单位负责人可以删除能力画像。", code="not_the_owner")
    profile_id = profiles.find(session, organisation_id)
    if profile_id is None:
        raise NotFound("还没有能力画像，不需要删除。", code="profile_missing")
    profile = session.exec(select(Profile).where(Profile.id == profile_id).with_for_update()).one()
    proving = session.exec(select(ProfileEvidence.digest).where(ProfileEvidence.profile_id == profile_id)).all()
    introducing = session.exec(select(ProfileBrochure.digest).where(ProfileBrochure.profile_id == profile_id)).all()
    digests = [*proving, *introducing]
    versions = profile.current_number
    for table in (CaseCheck, ProfileEvidence, ProfileBrochure, ProfileDraft, ProfileVisit, ProfileVersion):
        session.execute(delete(table).where(col(table.profile_id) == profile_id))
    session.execute(update(Profile).where(col(Profile.id) == profile_id).values(current_number=0))
    session.expire_all()
    notes.refresh(session, [profile_id], now=now)
    audit.write(
        session,
        aggregate="profile",
        aggregate_id=profile_id,
        action="profile.erased",
        actor_id=actor.account_id,
        payload={"versions": versions, "files": len(digests)},
        now=now,
    )
    return list(dict.fromkeys(digests))

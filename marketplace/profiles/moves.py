"""Profiles that went from a natural person to the company it founded: the same profile, with another owner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from marketplace.accounts.tables import Organisation
from marketplace.kernel import audit, changes
from marketplace.kernel.errors import Conflict
from marketplace.kernel.words import ChangedKind
from marketplace.profiles.draft_tables import ProfileBrochure, ProfileEvidence, ProfileVisit
from marketplace.profiles.move_tables import ProfileMove
from marketplace.profiles.tables import Profile, ProfileNote, ProfileSector


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a profile went, or came from: both owners by name, the version it stood at, and when."""

    profile_id: str
    from_id: str
    from_name: str
    to_id: str
    to_name: str
    number: int
    moved_at: datetime


def away(session: Session, organisation_id: str) -> Moved | None:
    """Where an organisation's profile went, or None where it keeps its own."""
    return _view(session, session.get(ProfileMove, organisation_id))


def into(session: Session, profile_id: str) -> Moved | None:
    """Whence a profile came, or None where its owner has always been the same."""
    newest = select(ProfileMove).where(ProfileMove.profile_id == profile_id).order_by(col(ProfileMove.moved_at).desc())
    return _view(session, session.exec(newest).first())


def successor(session: Session, profile_id: str) -> str | None:
    """The profile that took another one in, for addresses that were kept."""
    return session.exec(select(ProfileMove.profile_id).where(ProfileMove.replaced_id == profile_id)).first()


def followed(session: Session, organisation_ids: Sequence[str]) -> dict[str, str]:
    """The profiles that went away, by the organisations that gave them."""
    within = col(ProfileMove.from_id).in_(organisation_ids)
    return dict(session.exec(select(ProfileMove.from_id, ProfileMove.profile_id).where(within)).all())


def require_here(session: Session, organisation_id: str) -> None:
    """Raise Conflict where an organisation's profile went to another, so that it can no longer be written here."""
    moved = away(session, organisation_id)
    if moved is not None:
        message = f"这份画像已转到“{moved.to_name}”。请在页首切换到该单位后再办理。"
        raise Conflict(message, code="profile_moved_away")


def hand_over(
    session: Session, profile: Profile, *, to_id: str, replaced: Profile | None, actor_id: str, now: datetime
) -> None:
    """Give a held profile to another organisation, with the list notes of the profile that it replaces.

    The caller has asked the rules, and moved what the areas above hold of the replaced one.
    """
    from_id, replaced_id = profile.organisation_id, None if replaced is None else replaced.id
    if replaced is not None:
        _take_in(session, profile.id, replaced.id)
    profile.organisation_id = to_id
    session.add(profile)
    session.add(
        ProfileMove(
            from_id=from_id,
            to_id=to_id,
            profile_id=profile.id,
            number=profile.current_number,
            replaced_id=replaced_id,
            moved_by=actor_id,
            moved_at=now,
        )
    )
    session.flush()
    audit.write(
        session,
        aggregate="profile",
        aggregate_id=profile.id,
        action="profile.moved",
        actor_id=actor_id,
        payload={"from_id": from_id, "to_id": to_id, "version": profile.current_number},
        now=now,
    )


def _take_in(session: Session, profile_id: str, replaced_id: str) -> None:
    to_new = {"profile_id": profile_id}
    session.execute(update(ProfileNote).where(col(ProfileNote.profile_id) == replaced_id).values(to_new))
    session.execute(update(ProfileEvidence).where(col(ProfileEvidence.profile_id) == replaced_id).values(to_new))
    session.execute(update(ProfileBrochure).where(col(ProfileBrochure.profile_id) == replaced_id).values(to_new))
    session.execute(delete(ProfileSector).where(col(ProfileSector.profile_id) == replaced_id))
    session.execute(delete(ProfileVisit).where(col(ProfileVisit.profile_id) == replaced_id))
    session.execute(delete(Profile).where(col(Profile.id) == replaced_id))
    changes.gone(session, ChangedKind.PROFILE, [replaced_id])
    session.expire_all()


def _view(session: Session, row: ProfileMove | None) -> Moved | None:
    if row is None:
        return None
    names = _names(session, [row.from_id, row.to_id])
    return Moved(row.profile_id, row.from_id, names[row.from_id], row.to_id, names[row.to_id], row.number, row.moved_at)


def _names(session: Session, organisation_ids: Sequence[str]) -> dict[str, str]:
    within = col(Organisation.id).in_(organisation_ids)
    return dict(session.exec(select(Organisation.id, Organisation.name).where(within)).all())

"""What must hold in profiles."""

from collections.abc import Iterator, Sequence

from sqlalchemy import func
from sqlmodel import Session, col, select

from marketplace.kernel.batches import batches
from marketplace.kernel.faults import Fault
from marketplace.profiles import notes
from marketplace.profiles.move_tables import ProfileMove
from marketplace.profiles.rules.summary import Summary
from marketplace.profiles.tables import Profile, ProfileSector, ProfileVersion


def check(session: Session) -> Iterator[Fault]:
    """Every broken invariant of profiles: versions have no gaps, and what is searched is what was said."""
    yield from _versions(session)
    yield from _moves(session)
    ids = session.exec(select(Profile.id).order_by(col(Profile.id))).all()
    for some in batches(ids):
        yield from _searched(session, some)


def _moves(session: Session) -> Iterator[Fault]:
    kept = select(Profile.id).join(ProfileMove, col(ProfileMove.from_id) == col(Profile.organisation_id))
    for profile_id in session.exec(kept.order_by(col(Profile.id))):
        message = "画像已转到公司，个人名下却还有一份。"
        yield Fault("profile_moved_and_kept", message, f"profile/{profile_id}")


def _versions(session: Session) -> Iterator[Fault]:
    counted = (
        select(
            Profile.id, Profile.current_number, func.count(col(ProfileVersion.number)), func.max(ProfileVersion.number)
        )
        .join(ProfileVersion, col(ProfileVersion.profile_id) == col(Profile.id), isouter=True)
        .group_by(col(Profile.id), col(Profile.current_number))
        .order_by(col(Profile.id))
    )
    for profile_id, current, number, newest in session.exec(counted):
        if (current, current) != (number, newest or 0):
            message = f"画像应有 {current} 个版本，实有 {number} 个。"
            yield Fault("profile_versions_missing", message, f"profile/{profile_id}")


def _searched(session: Session, profile_ids: Sequence[str]) -> Iterator[Fault]:
    summaries = notes.summaries(session, profile_ids)
    sectors: dict[str, set[str]] = {profile_id: set() for profile_id in profile_ids}
    for row in session.exec(select(ProfileSector).where(col(ProfileSector.profile_id).in_(profile_ids))):
        sectors[row.profile_id].add(row.sector)
    for profile in session.exec(select(Profile).where(col(Profile.id).in_(profile_ids)).order_by(col(Profile.id))):
        subject = f"profile/{profile.id}"
        expected = summaries[profile.id]
        # A new profile says nothing yet, and its columns stay blank until somebody writes.
        if (profile.listed or expected.listed) and _shown(profile) != expected:
            yield Fault("profile_summary_stale", "画像的检索内容与表单、清单条目不一致。", subject)
        if sectors[profile.id] != set(profile.sectors):
            yield Fault("profile_sectors_stale", "画像的行业筛选与画像内容不一致。", subject)


def _shown(profile: Profile) -> Summary:
    return Summary(
        profile.listed, profile.headline, profile.summary, tuple(profile.sectors), profile.region, profile.team_size
    )

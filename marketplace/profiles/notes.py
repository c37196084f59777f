"""Notes: what published capability lists say of a supplier."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, update
from sqlmodel import Session, col, select

from marketplace.accounts.tables import Organisation
from marketplace.kernel import changes
from marketplace.kernel.batches import batches, insert_all, insert_unless_there
from marketplace.kernel.words import ChangedKind
from marketplace.profiles import forms, moves
from marketplace.profiles.rules import visibility
from marketplace.profiles.rules.summary import Summary, draw
from marketplace.profiles.tables import Profile, ProfileNote, ProfileSector, ProfileVersion
from marketplace.profiles.views import ProfileForm

_LIVE = (
    select(ProfileNote)
    .where(col(ProfileNote.profile_id).in_(bindparam("ids", expanding=True)), col(ProfileNote.gone_at).is_(None))
    .order_by(col(ProfileNote.added_at), col(ProfileNote.row), col(ProfileNote.id))
)


@dataclass(frozen=True, slots=True)
class Noted:
    """One capability row: the item version it is, the supplier, its words and its place in the file."""

    organisation_id: str
    item_id: str
    item_number: int
    headline: str
    text: str
    sector: str | None
    region: str | None
    team_size: int | None
    price_text: str | None
    file_name: str
    file_digest: str
    sheet: str | None
    row: int


def attach(session: Session, noted: Sequence[Noted], *, now: datetime, new_id: Callable[[], str]) -> dict[str, str]:
    """Add rows to the profiles of their suppliers, replacing what the same items said before.

    Suppliers without a profile get one. Gives the profile of each organisation. Who published what is in the
    edition's audit chain; the change records are written here.
    """
    profiles = ensure(session, [note.organisation_id for note in noted], now=now, new_id=new_id)
    moved = _end(session, [note.item_id for note in noted], now=now)
    rows = [
        {
            "id": new_id(),
            "profile_id": profiles[note.organisation_id],
            "added_at": now,
            "gone_at": None,
            **{name: getattr(note, name) for name in Noted.__dataclass_fields__ if name != "organisation_id"},
        }
        for note in noted
    ]
    insert_all(session, ProfileNote, rows)
    refresh(session, sorted({*moved, *(str(row["profile_id"]) for row in rows)}), now=now)
    return profiles


def detach(session: Session, item_ids: Sequence[str], *, now: datetime) -> None:
    """Take rows that left their list out of the profiles; the notes stay in the table, ended."""
    refresh(session, sorted(_end(session, item_ids, now=now)), now=now)


def _end(session: Session, item_ids: Sequence[str], *, now: datetime) -> set[str]:
    touched: set[str] = set()
    for some in batches(item_ids):
        live = (col(ProfileNote.item_id).in_(some), col(ProfileNote.gone_at).is_(None))
        touched.update(session.exec(select(ProfileNote.profile_id).where(*live)))
        session.execute(
            update(ProfileNote).where(*live).values(gone_at=now).execution_options(synchronize_session=False)
        )
    return touched


def ensure(
    session: Session, organisation_ids: Sequence[str], *, now: datetime, new_id: Callable[[], str]
) -> dict[str, str]:
    """The profile of each organisation, made where there is none; nothing is said in a new one.

    Where a natural person's profile went to its company, lists that go on naming the person speak of that profile.
    """
    wanted = sorted(set(organisation_ids))
    found = moves.followed(session, wanted) | _by_organisation(session, wanted)
    missing = [organisation_id for organisation_id in wanted if organisation_id not in found]
    blank = {"created_at": now, "updated_at": now, "current_number": 0, "listed": False, "team_size": None}
    empty: dict[str, object] = {"headline": "", "summary": "", "sectors": [], "region": None}
    rows = [{"id": new_id(), "organisation_id": missed, **blank, **empty} for missed in missing]
    if rows:
        insert_unless_there(session, Profile, rows)
        found |= _by_organisation(session, missing)
    return found


def _by_organisation(session: Session, organisation_ids: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for some in batches(organisation_ids):
        within = col(Profile.organisation_id).in_(some)
        found |= dict(session.exec(select(Profile.organisation_id, Profile.id).where(within)).all())
    return found


def refresh(session: Session, profile_ids: Sequence[str], *, now: datetime) -> None:
    """Draw what lists of profiles show again, and tell the index."""
    session.flush()
    listed: list[str] = []
    gone: list[str] = []
    for some in batches(profile_ids):
        for profile_id, summary in summaries(session, some).items():
            (listed if summary.listed else gone).append(profile_id)
            _store(session, profile_id, summary, now)
        _replace_sectors(session, some)
    session.flush()
    changes.put(session, ChangedKind.PROFILE, listed)
    changes.gone(session, ChangedKind.PROFILE, gone)


def summaries(session: Session, profile_ids: Sequence[str]) -> dict[str, Summary]:
    """What the searched columns of profiles must say, drawn from their forms and live notes."""
    rows = session.exec(
        select(Profile, Organisation.name, ProfileVersion)
        .join(Organisation, col(Organisation.id) == col(Profile.organisation_id))
        .join(
            ProfileVersion,
            (col(ProfileVersion.profile_id) == col(Profile.id))
            & (col(ProfileVersion.number) == col(Profile.current_number)),
            isouter=True,
        )
        .where(col(Profile.id).in_(profile_ids)),
    ).all()
    noted = live(session, profile_ids)
    return {profile.id: draw(name, _public(form), noted[profile.id]) for profile, name, form in rows}


def _public(version: ProfileVersion | None) -> ProfileForm | None:
    return None if version is None else visibility.seen(forms.of_version(version), visibility.PUBLIC)


def live(session: Session, profile_ids: Sequence[str]) -> defaultdict[str, list[ProfileNote]]:
    """The live notes of profiles, in the order of their coming."""
    noted: defaultdict[str, list[ProfileNote]] = defaultdict(list)
    for note in session.exec(_LIVE, params={"ids": list(profile_ids)}):
        noted[note.profile_id].append(note)
    return noted


def prices(session: Session, profile_ids: Sequence[str]) -> dict[str, str]:
    """What the live notes of profiles say of their price: the first that says any."""
    found: dict[str, str] = {}
    for some in batches(profile_ids):
        rows = session.exec(
            select(ProfileNote.profile_id, ProfileNote.price_text)
            .where(
                col(ProfileNote.profile_id).in_(some),
                col(ProfileNote.gone_at).is_(None),
                col(ProfileNote.price_text) != "",
            )
            .order_by(col(ProfileNote.added_at), col(ProfileNote.row), col(ProfileNote.id)),
        )
        for profile_id, price in rows:
            found.setdefault(profile_id, str(price))
    return found


def _store(session: Session, profile_id: str, summary: Summary, now: datetime) -> None:
    profile = session.get(Profile, profile_id)
    if profile is None:
        raise LookupError(f"profile {profile_id} was there a moment ago")
    profile.listed, profile.headline, profile.summary = summary.listed, summary.headline, summary.summary
    profile.sectors, profile.region, profile.team_size = list(summary.sectors), summary.region, summary.team_size
    profile.updated_at = now
    session.add(profile)


def _replace_sectors(session: Session, profile_ids: Sequence[str]) -> None:
    session.execute(delete(ProfileSector).where(col(ProfileSector.profile_id).in_(profile_ids)))
    rows = session.exec(select(Profile.id, Profile.sectors).where(col(Profile.id).in_(profile_ids))).all()
    insert_all(session, ProfileSector, [{"profile_id": i, "sector": s} for i, sectors in rows for s in sectors])

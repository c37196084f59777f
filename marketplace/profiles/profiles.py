"""Profiles: one per organisation, written as versions of a form, read by anybody."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select

from marketplace.accounts import accounts, organisations
from marketplace.accounts.actors import Actor, acts_for
from marketplace.accounts.tables import Organisation
from marketplace.accounts.views import OrganisationView
from marketplace.accounts.words import Role
from marketplace.kernel import audit
from marketplace.kernel.batches import SIZE, batches, insert_all
from marketplace.kernel.errors import Conflict, NotAllowed, NotFound
from marketplace.profiles import forms, moves, notes
from marketplace.profiles.rules import forms as rules
from marketplace.profiles.rules import visibility
from marketplace.profiles.rules.summary import draw
from marketplace.profiles.searching import card, facets, search
from marketplace.profiles.tables import Profile, ProfileNote, ProfileVersion
from marketplace.profiles.views import FormVersion, NoteView, ProfileForm, ProfilePage, ProfileRecord
from marketplace.profiles.words import Visibility

__all__ = [
    "count",
    "documents",
    "facets",
    "find",
    "get",
    "may_write",
    "prices",
    "put",
    "put_many",
    "record_of",
    "search",
]

_PRICES = (
    select(ProfileVersion.profile_id, ProfileVersion.price_text, ProfileVersion.visibility)
    .join(
        Profile,
        (col(Profile.id) == col(ProfileVersion.profile_id))
        & (col(Profile.current_number) == col(ProfileVersion.number)),
    )
    .where(
        col(ProfileVersion.profile_id).in_(bindparam("ids", expanding=True)),
        col(ProfileVersion.price_text).is_not(None),
    )
)


def put(
    session: Session,
    actor: Actor,
    *,
    organisation_id: str,
    form: ProfileForm,
    now: datetime,
    new_id: Callable[[], str],
    version: int | None = None,
) -> ProfilePage:
    """Write an organisation's form as the next version of its profile; the same form again writes nothing.

    `version` is the number of the version that was being edited (0: none yet); Conflict where another came between.
    Raises NotAllowed for those who may not write it (`may_write`), Invalid by field.
    """
    organisation = organisations.get(session, organisation_id)
    require_may_write(actor, organisation)
    moves.require_here(session, organisation_id)
    profile_id = notes.ensure(session, [organisation_id], now=now, new_id=new_id)[organisation_id]
    profile = session.exec(select(Profile).where(Profile.id == profile_id).with_for_update()).one()
    if version is not None and version != profile.current_number:
        raise Conflict("这份能力画像在您编辑期间已被修改，请对照最新内容后再保存。", code="profile_moved_on")
    put_many(session, actor, {organisation_id: form}, now=now, new_id=new_id)
    return get(session, profile_id, actor)


def put_many(
    session: Session,
    actor: Actor,
    given: Mapping[str, ProfileForm],
    *,
    now: datetime,
    new_id: Callable[[], str],
) -> dict[str, str]:
    """Write the forms of many organisations (by id) in few statements; gives their profiles. Refuses like `put`."""
    cleaned = {organisation_id: rules.clean(form) for organisation_id, form in given.items()}
    for form in cleaned.values():
        rules.require_sound(form)
    for organisation in organisations.many(session, list(given)):
        require_may_write(actor, organisation)
        moves.require_here(session, organisation.id)
    profiles = notes.ensure(session, list(given), now=now, new_id=new_id)
    written: list[str] = []
    for some in batches(list(given)):
        wanted = {profiles[organisation_id]: cleaned[organisation_id] for organisation_id in some}
        written += _write(session, actor, wanted, now)
    notes.refresh(session, written, now=now)
    return profiles


def may_write(actor: Actor, organisation: OrganisationView) -> bool:
    """Whether an actor may write a profile: the organisation's own people.

    While nobody has claimed it, any organiser may too, who enters what the supplier handed in.
    """
    return acts_for(actor, organisation.id) or (Role.ORGANISER in actor.roles and not organisation.claimed)


def require_may_write(actor: Actor, organisation: OrganisationView) -> None:
    """Raise NotAllowed where an actor may not write an organisation's profile."""
    if not may_write(actor, organisation):
        raise NotAllowed("您不能修改这个单位的能力画像。请先认领该单位，或联系主办方。", code="not_your_profile")


def _write(session: Session, actor: Actor, wanted: Mapping[str, ProfileForm], now: datetime) -> list[str]:
    held = select(Profile).where(col(Profile.id).in_(wanted)).order_by(col(Profile.id)).with_for_update()
    versions: dict[str, dict[str, object]] = {}
    current = _current(session, list(wanted))
    for profile in session.exec(held):
        form = wanted[profile.id]
        if profile.current_number and forms.of_version(current[profile.id]) == form:
            continue
        profile.current_number += 1
        session.add(profile)
        versions[profile.id] = {
            "profile_id": profile.id,
            "number": profile.current_number,
            "written_by": actor.account_id,
            "written_at": now,
            **forms.as_record(form),
        }
    session.flush()
    insert_all(session, ProfileVersion, list(versions.values()))
    audit.write_many(
        session,
        aggregate="profile",
        payloads={profile_id: {"version": row["number"]} for profile_id, row in versions.items()},
        action="profile.written",
        actor_id=actor.account_id,
        now=now,
    )
    return list(versions)


def _current(session: Session, profile_ids: Sequence[str]) -> dict[str, ProfileVersion]:
    rows = session.exec(
        select(ProfileVersion)
        .join(
            Profile,
            (col(Profile.id) == col(ProfileVersion.profile_id))
            & (col(Profile.current_number) == col(ProfileVersion.number)),
        )
        .where(col(Profile.id).in_(profile_ids)),
    )
    return {row.profile_id: row for row in rows}


def get(session: Session, profile_id: str, reader: Actor | None = None) -> ProfilePage:
    """A profile as a reader may see it (None: a visitor), or NotFound."""
    profile = session.get(Profile, profile_id)
    if profile is None:
        raise NotFound("没有这份能力画像，请从能力清单中查找。", code="profile_missing")
    organisation = organisations.get(session, profile.organisation_id)
    rows = _rows(session, profile_id)
    versions = _versions(session, rows, visibility.open_to(reader, organisation))
    noted = notes.live(session, [profile_id])[profile_id]
    whole = forms.of_version(rows[0] if rows else None)
    shown = card(profile, organisation)
    if versions:
        # The row holds what everybody may see; this reader may see more of the form.
        form = versions[0].form
        shown = replace(
            shown,
            sectors=form.sectors or shown.sectors,
            region=form.region or shown.region,
            team_size=form.team_size or shown.team_size,
        )
    return ProfilePage(
        id=profile.id,
        organisation=organisation,
        card=shown,
        current=versions[0] if versions else None,
        notes=tuple(map(_note_view, noted)),
        versions=versions,
        document=_record(profile.id, organisation.name, whole, noted) if profile.listed else None,
    )


def find(session: Session, organisation_id: str) -> str | None:
    """The id of an organisation's profile, or None."""
    return session.exec(select(Profile.id).where(Profile.organisation_id == organisation_id)).first()


def owners(session: Session, profile_ids: Sequence[str]) -> set[str]:
    """The organisations whose profiles these are."""
    found: set[str] = set()
    for some in batches(list(dict.fromkeys(profile_ids))):
        found |= set(session.exec(select(Profile.organisation_id).where(col(Profile.id).in_(some))))
    return found


def count(session: Session) -> int:
    """How many profiles say something."""
    return session.exec(select(func.count()).select_from(Profile).where(Profile.listed)).one()


def documents(session: Session, ids: Sequence[str] | None = None) -> Iterator[ProfileRecord]:
    """Profiles that say something, as matching reads them: all, or those among the ids."""
    listed = col(Profile.listed).is_(True)
    wanted = ids if ids is not None else session.exec(select(Profile.id).where(listed).order_by(col(Profile.id))).all()
    for some in batches(wanted, SIZE):
        rows = session.exec(
            select(Profile, Organisation.name, ProfileVersion)
            .join(Organisation, col(Organisation.id) == col(Profile.organisation_id))
            .join(
                ProfileVersion,
                (col(ProfileVersion.profile_id) == col(Profile.id))
                & (col(ProfileVersion.number) == col(Profile.current_number)),
                isouter=True,
            )
            .where(listed, col(Profile.id).in_(some))
            .order_by(col(Profile.id)),
        ).all()
        noted = notes.live(session, some)
        for profile, name, version in rows:
            yield _record(profile.id, name, forms.of_version(version), noted[profile.id])


def prices(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """What profiles publicly ask for their work, by id: as their form says it, else as a list did; none where unsaid."""
    found: dict[str, str] = {}
    for some in batches(ids):
        for profile_id, price, levels in session.exec(_PRICES, params={"ids": some}):
            form = forms.of_record({"price_text": price, "visibility": levels})
            if said := visibility.seen(form, visibility.PUBLIC).price_text:
                found[profile_id] = said
    return notes.prices(session, [profile_id for profile_id in ids if profile_id not in found]) | found


def record_of(session: Session, profile_id: str, form: ProfileForm) -> ProfileRecord:
    """A profile as matching would read it if the form were published now."""
    profile = session.get_one(Profile, profile_id)
    name = organisations.get(session, profile.organisation_id).name
    return _record(profile.id, name, form, notes.live(session, [profile_id])[profile_id])


def _record(profile_id: str, name: str, whole: ProfileForm, noted: Sequence[ProfileNote]) -> ProfileRecord:
    # What is not public is blank from here on, so that no index can hold it.
    form = visibility.seen(whole, visibility.PUBLIC)
    drawn = draw(name, form if form.headline else None, noted)
    return ProfileRecord(
        id=profile_id,
        name=name,
        headline=drawn.headline if drawn.headline != name else form.headline,
        description=form.description,
        skills=form.skills,
        sectors=drawn.sectors,
        cases=tuple(case.text for case in form.cases),
        notes=tuple(_note_document(note, drawn.headline) for note in noted),
        not_offered=form.not_offered,
        team_size=drawn.team_size,
        region=drawn.region,
        price_text=form.price_text or next((note.price_text for note in noted if note.price_text), None),
        filings=tuple(filing.text for filing in form.filings),
        offers=tuple(offer.text for offer in form.offers),
    )


def _note_document(note: ProfileNote, headline: str) -> str:
    # A row's title that already is the profile's headline is not said twice.
    if not note.text:
        return note.headline
    return note.text if note.headline == headline else f"{note.headline}\n{note.text}"


def _rows(session: Session, profile_id: str) -> Sequence[ProfileVersion]:
    newest_first = col(ProfileVersion.number).desc()
    return session.exec(
        select(ProfileVersion).where(ProfileVersion.profile_id == profile_id).order_by(newest_first)
    ).all()


def _versions(
    session: Session, rows: Sequence[ProfileVersion], levels: frozenset[Visibility]
) -> tuple[FormVersion, ...]:
    names = accounts.names(session, {row.written_by for row in rows})
    return tuple(
        _version(row, names.get(row.written_by, ""), levels, is_current=place == 0) for place, row in enumerate(rows)
    )


def _version(row: ProfileVersion, written_by: str, levels: frozenset[Visibility], *, is_current: bool) -> FormVersion:
    whole = forms.of_version(row)
    # What an older version said is its own people's business: a field may have been hidden since.
    form = visibility.seen(whole, levels)
    if not is_current and levels != visibility.EVERYTHING:
        form = ProfileForm(headline=whole.headline)
    # Who of a firm wrote it is told to its own people and the organisers; everybody else sees the firm and the day.
    named = written_by if levels == visibility.EVERYTHING else ""
    return FormVersion(row.number, form, named, row.written_at, visibility.withheld(whole, levels))


def _note_view(note: ProfileNote) -> NoteView:
    return NoteView(
        id=note.id,
        item_id=note.item_id,
        headline=note.headline,
        text=note.text,
        file_name=note.file_name,
        file_digest=note.file_digest,
        sheet=note.sheet,
        row=note.row,
        added_at=note.added_at,
    )

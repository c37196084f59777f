"""Drafts: the form as its people are writing it, saved often, published when they say so.

Nothing of a draft is searched, matched or shown to anybody else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from marketplace.accounts import accounts, organisations
from marketplace.accounts.actors import Actor, acts_for, belongs_to
from marketplace.accounts.joining import memberships
from marketplace.accounts.words import Role
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.profiles import forms, moves, notes, profiles
from marketplace.profiles.draft_tables import ProfileDraft, ProfileEvidence
from marketplace.profiles.rules import forms as rules
from marketplace.profiles.rules import merging
from marketplace.profiles.tables import Profile, ProfileVersion
from marketplace.profiles.views import ProfileForm, ProfilePage

NOT_YOURS = "您没有权限修改这家单位的能力画像。请用本单位负责人或经办人的身份操作。"


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A draft as its people see it.

    `version` is 0 where nothing was saved yet, `number` the newest published version (0: none), `clashing` the fields
    that were published otherwise meanwhile; `is_ahead` says that it differs from what is published.
    """

    profile_id: str
    organisation_id: str
    form: ProfileForm
    version: int
    number: int
    published: ProfileForm
    saved_by: str
    saved_at: datetime | None
    is_ahead: bool
    clashing: tuple[str, ...] = ()


class DraftMoved(Conflict):
    """Somebody else changed the same fields meanwhile: nothing was written, `theirs` is what stands there now."""

    def __init__(self, theirs: DraftPage, clashing: tuple[str, ...]) -> None:
        super().__init__("同事刚刚改了同一处内容，请对照后再保存。您写的内容没有丢。", code="profile_draft_moved")
        self.theirs = theirs
        self.clashing = clashing


def get(session: Session, actor: Actor, organisation_id: str) -> DraftPage:
    """The draft of an organisation's profile for any of its people: what was saved last, else what is published.

    Conflict where the profile went to the company that a natural person founded.
    """
    if not belongs_to(actor, organisation_id):
        raise NotFound("没有这份草稿。", code="profile_draft_missing")
    organisations.get(session, organisation_id)
    moves.require_here(session, organisation_id)
    profile_id = profiles.find(session, organisation_id)
    if profile_id is None:
        blank = _blank(session, organisation_id)
        return DraftPage("", organisation_id, blank, 0, 0, ProfileForm(), "", None, is_ahead=False)
    return _page(session, session.get_one(Profile, profile_id))


def save(
    session: Session,
    actor: Actor,
    *,
    organisation_id: str,
    form: ProfileForm,
    started_from: Mapping[str, str],
    settles: bool = True,
    now: datetime,
    new_id: Callable[[], str],
) -> DraftPage:
    """Save a form as the draft, keeping what others changed in other fields meanwhile.

    `started_from` holds the digests (`merging.digests`) of the form that the editor began with; `settles` says that
    the editor has seen what was published meanwhile (a page saving itself has not). Raises DraftMoved where the same
    field was changed by both, Invalid where a text is too long to be kept, NotAllowed for readers.
    """
    profile = _held(session, actor, organisation_id, now=now, new_id=new_id)
    mine = rules.clean_draft(form)
    rules.require_storable(mine)
    before = _page(session, profile)
    merge = merging.merge(started_from, mine, before.form)
    if merge.clashing:
        raise DraftMoved(before, merge.clashing)
    _require_own_files(session, profile.id, merge.form)
    is_settled = settles or not before.clashing
    if merge.form != before.form or (before.clashing and is_settled):
        _store(session, actor, profile, merge.form, now, rebases=is_settled)
    return _page(session, profile)


def replace(
    session: Session, actor: Actor, *, organisation_id: str, number: int, now: datetime, new_id: Callable[[], str]
) -> DraftPage:
    """Take an older version of the form as the draft; it is published only when somebody says so."""
    profile = _held(session, actor, organisation_id, now=now, new_id=new_id)
    row = session.get(ProfileVersion, (profile.id, number))
    if row is None:
        raise NotFound("没有这个版本。", code="profile_version_missing")
    _store(session, actor, profile, forms.of_version(row), now)
    return _page(session, profile)


def discard(session: Session, actor: Actor, *, organisation_id: str, now: datetime, new_id: Callable[[], str]) -> None:
    """Throw the draft away: what is published is what will be edited next."""
    profile = _held(session, actor, organisation_id, now=now, new_id=new_id)
    row = session.get(ProfileDraft, profile.id)
    if row is not None:
        session.delete(row)
        session.flush()


def publish(
    session: Session,
    actor: Actor,
    *,
    organisation_id: str,
    seen: Mapping[str, str],
    now: datetime,
    new_id: Callable[[], str],
) -> ProfilePage:
    """Publish the draft as the next version of the profile; published twice by two clicks, it is published once.

    Raises Conflict where the draft is not what its publisher has `seen` (`merging.digests`), or where others published the same fields
    otherwise; Invalid by field where something is lacking.
    """
    profile = _held(session, actor, organisation_id, now=now, new_id=new_id)
    draft = _page(session, profile)
    if not draft.is_ahead and profile.current_number:
        return profiles.get(session, profile.id, actor)
    if merging.digests(draft.form) != seen:
        raise Conflict("草稿刚刚又有改动，请看过最新内容后再发布。", code="profile_draft_moved")
    if draft.clashing:
        raise Conflict("画像已有更新的版本，与草稿有不一致的地方，请在编辑页核对后再发布。", code="profile_moved_on")
    page = profiles.put(session, actor, organisation_id=organisation_id, form=draft.form, now=now, new_id=new_id)
    memberships.open_side(session, organisation_id, Role.OPC, actor_id=actor.account_id, now=now)
    row = session.get(ProfileDraft, profile.id)
    if row is not None:
        session.delete(row)
        session.flush()
    return page


def _held(session: Session, actor: Actor, organisation_id: str, *, now: datetime, new_id: Callable[[], str]) -> Profile:
    if not belongs_to(actor, organisation_id):
        raise NotFound("没有这份草稿。", code="profile_draft_missing")
    if not acts_for(actor, organisation_id):
        raise NotAllowed(NOT_YOURS, code="not_your_profile")
    moves.require_here(session, organisation_id)
    profile_id = notes.ensure(session, [organisation_id], now=now, new_id=new_id)[organisation_id]
    return session.exec(select(Profile).where(Profile.id == profile_id).with_for_update()).one()


def _page(session: Session, profile: Profile) -> DraftPage:
    published = forms.of_version(session.get(ProfileVersion, (profile.id, profile.current_number)))
    row = session.get(ProfileDraft, profile.id)
    form, version = published if profile.current_number else _blank(session, profile.organisation_id), 0
    clashing: tuple[str, ...] = ()
    if row is not None:
        version, form = row.version, forms.of_record(row.body)
        if row.base_number != profile.current_number:
            base = forms.of_version(session.get(ProfileVersion, (profile.id, row.base_number)))
            merge = merging.merge(merging.digests(base), form, published)
            form, clashing = merge.form, merge.clashing
    return DraftPage(
        profile_id=profile.id,
        organisation_id=profile.organisation_id,
        form=form,
        version=version,
        number=profile.current_number,
        published=published,
        saved_by="" if row is None else accounts.names(session, {row.saved_by}).get(row.saved_by, ""),
        saved_at=None if row is None else row.saved_at,
        is_ahead=row is not None and rules.clean(form) != published,
        clashing=clashing,
    )


def _blank(session: Session, organisation_id: str) -> ProfileForm:
    """The form of a unit that has written nothing yet: where it is registered is known."""
    region = organisations.get(session, organisation_id).region
    return ProfileForm(region=region.replace("/", "") or None)


def _store(
    session: Session, actor: Actor, profile: Profile, form: ProfileForm, now: datetime, *, rebases: bool = True
) -> None:
    row = session.get(ProfileDraft, profile.id)
    if row is None:
        row = ProfileDraft(profile_id=profile.id, body={}, version=0, base_number=0, saved_by="", saved_at=now)
    row.body = forms.as_record(form)
    row.version += 1
    row.base_number = profile.current_number if rebases else row.base_number
    row.saved_by, row.saved_at = actor.account_id, now
    session.add(row)
    session.flush()


def _require_own_files(session: Session, profile_id: str, form: ProfileForm) -> None:
    wanted: set[str] = {file_id for case in form.cases for file_id in case.evidence}
    if not wanted:
        return
    own = set(session.exec(select(ProfileEvidence.id).where(ProfileEvidence.profile_id == profile_id)))
    if wanted - own:
        message = "案例里有一个不属于本单位的证明文件，请重新上传。"
        raise Invalid(message, code="bad_profile", fields={"cases": message})

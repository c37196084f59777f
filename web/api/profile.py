"""The profile of the token's own organisation: read whole, written whole, never over what somebody else wrote."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from marketplace.accounts.joining import memberships
from marketplace.accounts.signing_in import tokens
from marketplace.accounts.signing_in.tokens import Holder
from marketplace.accounts.words import Role
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.profiles import profiles
from marketplace.profiles.entries import Case, Filing, Offer
from marketplace.profiles.views import ProfileForm, ProfilePage
from marketplace.profiles.words import FilingKind
from web.api import models, suppliers, tags, writing
from web.api.callers import Asking, Caller
from web.api.tags import IfMatch
from web.api.words import Plain

router = APIRouter(prefix="/profile", tags=["本单位的能力画像"])

MOVED_ON: Final = "profile_moved_on"
Short = Annotated[str, Field(max_length=200), Plain]
Long = Annotated[str, Field(max_length=5_000), Plain]
Lines = Annotated[list[Annotated[str, Field(max_length=500), Plain]], Field(max_length=50)]
Year = Annotated[int | None, Field(ge=1900, le=2200)]


class GivenOffer(BaseModel):
    """One thing the organisation does."""

    model_config = ConfigDict(extra="forbid")
    what: Short
    for_whom: Short = ""
    given: Long = ""
    made: Long = ""
    deliverable: Long = ""


class GivenCase(BaseModel):
    """One piece of work done; evidence files stay with the case of the same title."""

    model_config = ConfigDict(extra="forbid")
    title: Short
    client: Short = ""
    year: Year = None
    done: Long = ""
    result: Long = ""


class GivenFiling(BaseModel):
    """One record at an authority."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["algorithm", "model", "copyright", "qualification", "other"] = "other"
    number: Short = ""
    note: Short = ""


class GivenProfile(BaseModel):
    """The whole form; what is left out is emptied. Who may see which field stays as it was chosen on the page."""

    model_config = ConfigDict(extra="forbid")
    headline: Short
    description: Long = ""
    offers: Annotated[list[GivenOffer], Field(max_length=30)] = []
    skills: Lines = []
    sectors: Lines = []
    cases: Annotated[list[GivenCase], Field(max_length=50)] = []
    not_offered: Lines = []
    team_size: Annotated[int | None, Field(ge=1, le=100_000)] = None
    region: Short = ""
    price_text: Short = ""
    founded_year: Year = None
    filings: Annotated[list[GivenFiling], Field(max_length=50)] = []


@router.get("", response_model=models.SupplierDetail, summary="本单位的能力画像", description="需要令牌，权限 read。")
async def show(request: Request, caller: Asking) -> Response:
    """Tell the organisation's own profile whole, with the tag that writing needs."""
    holder = caller.require(tokens.READ)
    page = await caller.desk.read(lambda session: _own(session, holder))
    return tags.answer(request, suppliers.detail(page), tag=_tag(page))


@router.put(
    "",
    response_model=models.SupplierDetail,
    summary="写入本单位的能力画像",
    description="需要令牌，权限 profile:write。整份写入，成为新的版本；内容没有变化时不产生新版本。"
    "案例的证明材料和各项的可见范围保持不变，请在网页上管理。",
)
async def put(
    request: Request, caller: Asking, given: GivenProfile, *, if_match: IfMatch = None, key: writing.Key = None
) -> Response:
    """Write the organisation's profile as its next version."""
    holder = caller.require(tokens.PROFILE)
    page = await caller.desk.read(lambda session: _own(session, holder))
    version = tags.version_in(if_match, "profile", page.id)
    return await writing.once(
        request, caller, holder, key=key, deed=lambda session: _write(session, caller, holder, given, version)
    )


def _own(session: Session, holder: Holder) -> ProfilePage:
    profile_id = profiles.find(session, holder.organisation_id)
    if profile_id is None:
        raise NotFound("本单位还没有能力画像，请先在网页上开始填写。", code="profile_missing")
    return profiles.get(session, profile_id, holder.actor)


def _write(
    session: Session, caller: Caller, holder: Holder, given: GivenProfile, version: int
) -> tuple[models.SupplierDetail, str]:
    before = _own(session, holder)
    form = _form(given, before.current.form if before.current is not None else ProfileForm())
    try:
        page = profiles.put(
            session,
            holder.actor,
            organisation_id=holder.organisation_id,
            form=form,
            version=version,
            now=caller.desk.now,
            new_id=caller.desk.new_id,
        )
    except Conflict as conflict:
        if conflict.code == MOVED_ON:
            raise tags.moved_on() from conflict
        raise
    memberships.open_side(
        session, holder.organisation_id, Role.OPC, actor_id=holder.actor.account_id, now=caller.desk.now
    )
    return suppliers.detail(page), _tag(page)


def _form(given: GivenProfile, before: ProfileForm) -> ProfileForm:
    evidence = {case.title: case.evidence for case in before.cases}
    return ProfileForm(
        headline=given.headline,
        description=given.description,
        offers=tuple(Offer(**offer.model_dump()) for offer in given.offers),
        skills=tuple(given.skills),
        sectors=tuple(given.sectors),
        cases=tuple(Case(**case.model_dump(), evidence=evidence.get(case.title, ())) for case in given.cases),
        not_offered=tuple(given.not_offered),
        team_size=given.team_size,
        region=given.region or None,
        price_text=given.price_text or None,
        founded_year=given.founded_year,
        filings=tuple(Filing(FilingKind(one.kind), one.number, one.note) for one in given.filings),
        visibility=before.visibility,
    )


def _tag(page: ProfilePage) -> str:
    return tags.of_version("profile", page.id, page.current.number if page.current is not None else 0)

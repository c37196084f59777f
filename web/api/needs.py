"""The needs of the token's own organisation: drafts written by version, published once, paused, resumed and closed."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Final

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from marketplace.accounts.signing_in import tokens
from marketplace.accounts.signing_in.tokens import Holder
from marketplace.dealings import amendments
from marketplace.kernel.errors import NotFound
from marketplace.lists import items
from marketplace.lists.needs import draft_saves, drafts
from marketplace.lists.needs.draft_views import DraftPage
from marketplace.lists.rules.need_forms import YES
from web.api import models, tags, words, writing
from web.api.callers import Asking, Caller
from web.api.tags import IfMatch
from web.api.words import Plain

router = APIRouter(prefix="/needs", tags=["本单位的需求"])

Short = Annotated[str, Field(max_length=200), Plain]
Long = Annotated[str, Field(max_length=5_000), Plain]
Amount = Annotated[Decimal | None, Field(ge=0, le=10**13, decimal_places=2, description="以元为单位")]
TEXTS: Final = (
    *("need_type", "title", "sector", "region", "situation", "problem", "budget_source", "acceptance", "conditions"),
    *("decider", "contact_name", "contact_phone", "contact_email"),
)


class GivenNeed(BaseModel):
    """The fields of a need; published only when it is complete."""

    model_config = ConfigDict(extra="forbid")
    need_type: Annotated[str, Field(max_length=20, description="需求类型，例如 采购需求"), Plain] = ""
    title: Short = ""
    sector: Short = ""
    region: Short = ""
    situation: Annotated[str, Field(max_length=5_000, description="场景与现状"), Plain] = ""
    problem: Annotated[str, Field(max_length=5_000, description="要解决的问题"), Plain] = ""
    requirements: Annotated[list[Annotated[str, Field(max_length=500), Plain]], Field(max_length=50)] = []
    budget_min: Amount = None
    budget_max: Amount = None
    budget_negotiable: bool = False
    budget_source: Short = ""
    period_start: date | None = None
    period_end: date | None = None
    duration_months: Annotated[int | None, Field(ge=1, le=600)] = None
    acceptance: Long = ""
    conditions: Long = ""
    decider: Short = ""
    contact_name: Annotated[str, Field(max_length=100), Plain] = ""
    contact_phone: Annotated[str, Field(max_length=100), Plain] = ""
    contact_email: Annotated[str, Field(max_length=100), Plain] = ""
    anonymous: bool = False


class Draft(models.Told):
    """A draft as it is kept; `fields` are as typed, `errors` say what keeps it from being published."""

    id: str
    item_id: str | None = Field(description="修改已发布的需求时，是哪一条")
    state: str = Field(description="open、published 或 discarded")
    version: int
    fields: dict[str, str]
    errors: dict[str, str]
    clashing: list[str] = Field(description="多人同时改过、需要在网页上选定的项")
    updated_at: datetime


class DraftLine(models.Told):
    """A draft in a list of many."""

    id: str
    title: str
    item_id: str | None
    updated_at: datetime


class OwnNeeds(models.Told):
    """Everything of the organisation: open drafts, and needs in every state."""

    drafts: list[DraftLine]
    items: list[models.Item]


class Published(models.Told):
    """What publishing did."""

    item_id: str
    number: int = Field(description="这条需求的第几个版本")
    is_new: bool


@router.get("", response_model=OwnNeeds, summary="本单位的草稿和需求", description="需要令牌，权限 read。")
async def index(request: Request, caller: Asking) -> Response:
    """List the organisation's drafts and needs."""
    holder = caller.require(tokens.READ)

    def look(session: Session) -> OwnNeeds:
        found = drafts.of_organisation(session, holder.actor, holder.organisation_id)
        own = items.of_organisation(session, holder.organisation_id)
        return OwnNeeds(
            drafts=[DraftLine.model_validate(card) for card in found],
            items=[models.Item.model_validate(card) for card in own],
        )

    return tags.answer(request, await caller.desk.read(look))


@router.post(
    "",
    response_model=Draft,
    status_code=201,
    summary="新建一份需求草稿",
    description="需要令牌，权限 needs:write。草稿不公开，可以不完整；请带 Idempotency-Key。",
)
async def make(request: Request, caller: Asking, given: GivenNeed, *, key: writing.Key = None) -> Response:
    """Begin a draft with what is given."""
    holder = caller.require(tokens.NEEDS)
    desk = caller.desk

    def deed(session: Session) -> tuple[Draft, str]:
        own_id = drafts.open_new(
            session,
            holder.actor,
            holder.organisation_id,
            need_type=given.need_type,
            now=desk.now,
            new_id=desk.new_id,
        )
        stated = {name: text for name, text in _body(given).items() if name in given.model_fields_set or text}
        opened = drafts.get(session, holder.actor, own_id)
        return _saved(session, caller, holder, opened, stated)

    return await writing.once(request, caller, holder, key=key, deed=deed, status=201)


@router.get("/{draft_id}", response_model=Draft, summary="一份草稿", description="需要令牌，权限 read。")
async def show(request: Request, caller: Asking, draft_id: words.Id) -> Response:
    """Tell a draft with the tag that writing needs."""
    holder = caller.require(tokens.READ)
    page = await caller.desk.read(lambda session: _own(session, holder, draft_id))
    return tags.answer(request, _told(page), tag=_tag(page))


@router.put(
    "/{draft_id}",
    response_model=Draft,
    summary="整份写入草稿",
    description="需要令牌，权限 needs:write。没有写出的项会清空。",
)
async def put(
    request: Request,
    caller: Asking,
    draft_id: words.Id,
    given: GivenNeed,
    *,
    if_match: IfMatch = None,
    key: writing.Key = None,
) -> Response:
    """Write a draft whole."""
    return await _write(request, caller, draft_id, _body(given), if_match=if_match, key=key)


@router.patch(
    "/{draft_id}",
    response_model=Draft,
    summary="修改草稿的几项",
    description="需要令牌，权限 needs:write。只改写出的项。",
)
async def patch(
    request: Request,
    caller: Asking,
    draft_id: words.Id,
    given: GivenNeed,
    *,
    if_match: IfMatch = None,
    key: writing.Key = None,
) -> Response:
    """Write the fields that are given."""
    named = given.model_fields_set | {f"{name}_unit" for name in given.model_fields_set}
    body = {name: text for name, text in _body(given).items() if name in named}
    return await _write(request, caller, draft_id, body, if_match=if_match, key=key)


@router.post(
    "/{draft_id}/publish",
    response_model=Published,
    summary="发布草稿",
    description="需要令牌，权限 needs:write。单位须已通过核验；发布后公开并参与匹配。请带 Idempotency-Key。",
)
async def publish(
    request: Request, caller: Asking, draft_id: words.Id, *, if_match: IfMatch = None, key: writing.Key = None
) -> Response:
    """Publish a draft as it was read."""
    holder = caller.require(tokens.NEEDS)
    desk, version = caller.desk, tags.version_in(if_match, "draft", draft_id)

    def deed(session: Session) -> tuple[Published, str]:
        _require_version(_own(session, holder, draft_id), version)
        done = amendments.publish(session, holder.actor, draft_id, version=version, now=desk.now, new_id=desk.new_id)
        return Published.model_validate(done), ""

    return await writing.once(request, caller, holder, key=key, deed=deed)


async def _write(
    request: Request, caller: Caller, draft_id: str, body: dict[str, str], *, if_match: str | None, key: str | None
) -> Response:
    holder = caller.require(tokens.NEEDS)
    version = tags.version_in(if_match, "draft", draft_id)

    def deed(session: Session) -> tuple[Draft, str]:
        page = _own(session, holder, draft_id)
        _require_version(page, version)
        return _saved(session, caller, holder, page, body)

    return await writing.once(request, caller, holder, key=key, deed=deed)


def _saved(
    session: Session, caller: Caller, holder: Holder, page: DraftPage, body: dict[str, str]
) -> tuple[Draft, str]:
    draft_saves.save(
        session, holder.actor, page.id, body, version=page.version, page=holder.token_id, now=caller.desk.now
    )
    session.flush()
    after = drafts.get(session, holder.actor, page.id)
    return _told(after), _tag(after)


def _require_version(page: DraftPage, version: int) -> None:
    if page.version != version:
        raise tags.moved_on()


def _own(session: Session, holder: Holder, draft_id: str) -> DraftPage:
    page = drafts.get(session, holder.actor, draft_id)
    if page.organisation.id != holder.organisation_id:
        raise NotFound("没有这份草稿，或它不属于本单位。", code="draft_missing")
    return page


def _told(page: DraftPage) -> Draft:
    return Draft(
        id=page.id,
        item_id=page.item_id,
        state=page.state.value,
        version=page.version,
        fields=dict(page.body),
        errors=dict(page.errors),
        clashing=sorted(page.clashes),
        updated_at=page.updated_at,
    )


def _tag(page: DraftPage) -> str:
    return tags.of_version("draft", page.id, page.version)


def _body(given: GivenNeed) -> dict[str, str]:
    return {
        **{name: str(getattr(given, name)) for name in TEXTS},
        "requirements": "\n".join(text for text in given.requirements if text),
        "budget_min": "" if given.budget_min is None else f"{given.budget_min:f}",
        "budget_min_unit": "yuan",
        "budget_max": "" if given.budget_max is None else f"{given.budget_max:f}",
        "budget_max_unit": "yuan",
        "budget_negotiable": YES if given.budget_negotiable else "",
        "period_start": "" if given.period_start is None else given.period_start.isoformat(),
        "period_end": "" if given.period_end is None else given.period_end.isoformat(),
        "duration_months": "" if given.duration_months is None else str(given.duration_months),
        "anonymous": YES if given.anonymous else "",
    }

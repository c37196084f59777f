"""The published needs of the token's own organisation: read, paused, resumed, and closed with how they ended."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from marketplace.accounts.signing_in import tokens
from marketplace.accounts.signing_in.tokens import Holder
from marketplace.kernel.errors import NotFound
from marketplace.lists import items
from marketplace.lists.needs import needs, outcomes
from marketplace.lists.needs.outcomes import Ending
from marketplace.lists.views import ItemCard
from marketplace.lists.words import Deal
from web.api import models, tags, words, writing
from web.api.callers import Asking
from web.api.tags import IfMatch
from web.api.words import Plain

router = APIRouter(prefix="/needs/published", tags=["本单位的需求"])

Amount = Annotated[Decimal | None, Field(ge=0, le=10**13, decimal_places=2, description="以元为单位")]


class GivenEnding(BaseModel):
    """How a need ended: with an OPC of the platform, with somebody else, or with nobody."""

    model_config = ConfigDict(extra="forbid")
    deal: Annotated[Deal, Field(description="profile 与平台上的 OPC 成交，other 与平台以外的供应方成交，none 没有成交")]
    profile_id: Annotated[
        str | None, Field(max_length=40, description="deal 为 profile 时必填"), Field(pattern=r"^[0-9a-zA-Z_-]+$")
    ] = None
    supplier_name: Annotated[str, Field(max_length=200, description="deal 为 other 时必填"), Plain] = ""
    amount: Amount = None
    signed_on: Annotated[date | None, Field(description="签约日期，成交时必填")] = None
    reason: Annotated[str, Field(max_length=1_000, description="没有成交的原因，deal 为 none 时必填"), Plain] = ""
    note: Annotated[str, Field(max_length=1_000), Plain] = ""
    is_public: Annotated[bool, Field(description="把结果公开在需求页面上")] = False


class Outcome(models.Told):
    """How a need ended, as it is kept."""

    deal: Deal
    profile_id: str | None
    supplier: str | None
    amount: models.Yuan | None
    signed_on: date | None
    reason: str | None
    note: str
    is_public: bool
    recorded_at: datetime


class Closed(models.Told):
    """A closed need with how it ended."""

    item: models.Item
    outcome: Outcome


@router.get(
    "/{item_id}",
    response_model=models.Item,
    summary="一条已发布的需求及其状态",
    description="需要令牌，权限 read。回答的 ETag 用于暂停、恢复和关闭。",
)
async def published(request: Request, caller: Asking, item_id: words.Id) -> Response:
    """Tell one of the organisation's own needs with the tag of its state."""
    holder = caller.require(tokens.READ)
    card = await caller.desk.read(lambda session: _item(session, holder, item_id))
    return tags.answer(request, models.Item.model_validate(card))


@router.post(
    "/{item_id}/close",
    response_model=Closed,
    summary="关闭一条需求并登记结果",
    description="需要令牌，权限 needs:write。关闭后不能重新打开。请带 If-Match 和 Idempotency-Key。",
)
async def close(
    request: Request,
    caller: Asking,
    item_id: words.Id,
    given: GivenEnding,
    *,
    if_match: IfMatch = None,
    key: writing.Key = None,
) -> Response:
    """Close a need for good with how it ended."""
    holder = caller.require(tokens.NEEDS)
    if if_match is None:
        tags.version_in(None, "item", item_id)

    def deed(session: Session) -> tuple[Closed, str]:
        _require_read(session, holder, item_id, if_match)
        needs.close(session, holder.actor, item_id, Ending(**dict(given)), now=caller.desk.now)
        outcome = outcomes.of_item(session, item_id)
        item = models.Item.model_validate(_item(session, holder, item_id))
        return Closed(item=item, outcome=Outcome.model_validate(outcome)), tags.of_content(item)

    return await writing.once(request, caller, holder, key=key, deed=deed)


Act = Literal["pause", "resume"]
_ACTS: Final[dict[str, Callable[..., None]]] = {"pause": needs.pause, "resume": needs.resume}


@router.post(
    "/{item_id}/{act}",
    response_model=models.Item,
    summary="暂停或恢复一条需求",
    description="需要令牌，权限 needs:write。act 为 pause 或 resume；暂停后不再公开和匹配。关闭另有入口，需要说明结果。",
)
async def change(
    request: Request,
    caller: Asking,
    item_id: words.Id,
    act: Act,
    *,
    if_match: IfMatch = None,
    key: writing.Key = None,
) -> Response:
    """Take a need out of lists for a while, or put it back."""
    holder = caller.require(tokens.NEEDS)
    if if_match is None:
        tags.version_in(None, "item", item_id)

    def deed(session: Session) -> tuple[models.Item, str]:
        _require_read(session, holder, item_id, if_match)
        _ACTS[act](session, holder.actor, item_id, now=caller.desk.now)
        return models.Item.model_validate(_item(session, holder, item_id)), ""

    return await writing.once(request, caller, holder, key=key, deed=deed)


def _require_read(session: Session, holder: Holder, item_id: str, if_match: str | None) -> None:
    before = models.Item.model_validate(_item(session, holder, item_id))
    if if_match != tags.of_content(before):
        raise tags.moved_on()


def _item(session: Session, holder: Holder, item_id: str) -> ItemCard:
    own = (card for card in items.of_organisation(session, holder.organisation_id) if card.id == item_id)
    card = next(own, None)
    if card is None:
        raise NotFound("没有这条需求，或它不属于本单位。", code="item_missing")
    return card

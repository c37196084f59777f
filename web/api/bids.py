"""The bids of the token's own organisation: begun, written by version, handed in against a receipt, confirmed again.

Partners are asked and answer on the pages, and a bid is withdrawn there: that asks for proof of who one is.

The answer to a retry is kept in the database, where no word of a draft may stand: so submitting alone takes a key for
that, and what writes a draft is safe to repeat by its version.
"""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from marketplace.accounts.signing_in import tokens
from marketplace.kernel.errors import Invalid
from marketplace.rounds import own_bids
from marketplace.rounds.bidding import drafts
from marketplace.rounds.bidding.drafts import Workspace
from web import bid_files
from web.api import bid_models, tags, words, writing
from web.api.bid_models import Bid, BidLine, Bids
from web.api.callers import Asking
from web.api.tags import IfMatch
from web.api.words import Plain
from web.bid_files import Given
from web.pages.rounds.bid_forms import without_secrets

router = APIRouter(tags=["本单位的申报"])

Words = Annotated[str, Field(max_length=8_000), Plain]
Key = Annotated[str, Field(max_length=40)]
FileId = Annotated[str, Path(max_length=40, pattern=r"^[0-9a-zA-Z_-]+$")]


class GivenBid(BaseModel):
    """The fields of a draft that are written; the others stay as they are."""

    model_config = ConfigDict(extra="forbid")
    fields: Annotated[
        dict[Key, Words],
        Field(max_length=200, description="项名与内容；可写的项见读到的 fields，条件是否满足写 yes 或 no"),
    ]


class Begun(BaseModel):
    """Which track a bid is for."""

    model_config = ConfigDict(extra="forbid")
    track: Annotated[str, Field(max_length=8, pattern=r"^[0-9a-z]+$", description="榜题的 key，见活动的公告")] = "t1"


@router.get("/bids", response_model=Bids, summary="本单位的申报", description="需要令牌，权限 bids:read。")
async def index(request: Request, caller: Asking) -> Response:
    """List the organisation's bids."""
    holder = caller.require(tokens.BIDS_READ)
    found = await caller.desk.read(lambda session: own_bids.listed(session, holder.actor))
    same = ("round_id", "round_title", "track", "lead", "state", "round_state", "deadline", "version", "has_draft")
    told = [
        BidLine(**{name: getattr(one, name) for name in same}, id=one.bid_id, is_joint_member=one.member is not None)
        for one in found
    ]
    return tags.answer(request, Bids(items=told))


@router.post(
    "/rounds/{round_id}/bids",
    response_model=Bid,
    status_code=201,
    summary="开始申报",
    description="需要令牌，权限 bids:write。已有有效申报的，给出那一份。",
)
async def begin(request: Request, caller: Asking, round_id: words.Id, given: Begun) -> Response:
    """Begin a bid on a track, or go on with the live one."""
    holder = caller.require(tokens.BIDS_WRITE)
    desk = caller.desk

    def deed(session: Session) -> tuple[Bid, str]:
        bid_id = drafts.begin(session, holder.actor, round_id, given.track, now=desk.now, new_id=desk.new_id)
        return bid_models.tell(session, holder, bid_id, desk.now)

    return await writing.once(request, caller, holder, key=None, deed=deed, status=201)


@router.get("/bids/{bid_id}", response_model=Bid, summary="一份申报", description="需要令牌，权限 bids:read。")
async def show(request: Request, caller: Asking, bid_id: words.Id) -> Response:
    """Tell a bid with the tag that writing needs."""
    holder = caller.require(tokens.BIDS_READ)
    told, tag = await caller.desk.read(lambda session: bid_models.tell(session, holder, bid_id, caller.desk.now))
    return tags.answer(request, told, tag=tag)


@router.patch(
    "/bids/{bid_id}",
    response_model=Bid,
    summary="填写草稿的几项",
    description="需要令牌，权限 bids:write。只改写出的项。请带 If-Match。",
)
async def patch(
    request: Request, caller: Asking, bid_id: words.Id, given: GivenBid, *, if_match: IfMatch = None
) -> Response:
    """Write the fields that are given over the version that was read."""
    holder = caller.require(tokens.BIDS_WRITE)
    version, now = tags.version_in(if_match, "bid", bid_id), caller.desk.now
    body, secret = without_secrets(dict(given.fields))
    if secret:
        raise Invalid(secret["own_key"], code="secret_key", fields=secret)

    def deed(session: Session) -> tuple[Bid, str]:
        page = drafts.get(session, holder.actor, bid_id)
        _require_version(page, version)
        unknown = sorted(body.keys() - bid_models.fields(page))
        if unknown:
            told = dict.fromkeys(unknown, "公告没有要求这一项，请看读到的 fields。")
            raise Invalid("有公告没有要求的项，没有保存。", code="no_such_field", fields=told)
        drafts.save(session, holder.actor, bid_id, body, version=version, now=now)
        return bid_models.tell(session, holder, bid_id, now)

    return await writing.once(request, caller, holder, key=None, deed=deed)


@router.post(
    "/bids/{bid_id}/files",
    response_model=Bid,
    status_code=201,
    summary="上传一份材料",
    description="需要令牌，权限 bids:write。请求体就是文件本身；按内容辨认类型，收到即加密。同一份材料再传即替换。",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def attach(
    request: Request,
    caller: Asking,
    bid_id: words.Id,
    *,
    name: Annotated[str, Query(min_length=1, max_length=200, description="文件名"), Plain],
    paper: Annotated[
        str, Query(max_length=40, description="对应的材料 key，见公告的 papers；其他材料不填"), Plain
    ] = "",
) -> Response:
    """Seal a file and add it to the draft."""
    holder = caller.require(tokens.BIDS_WRITE)
    desk = caller.desk
    page = await desk.read(lambda session: drafts.get(session, holder.actor, bid_id))
    given = Given(name, await request.body(), paper)
    own_key = page.body.get("own_key", "")
    (sealed,) = await bid_files.seal(desk, holder.actor, bid_id, [given], own_key=own_key)
    if isinstance(sealed, Invalid):
        raise sealed

    def deed(session: Session) -> tuple[Bid, str]:
        drafts.attach(session, holder.actor, bid_id, sealed, now=desk.now)
        return bid_models.tell(session, holder, bid_id, desk.now)

    return await writing.once(request, caller, holder, key=None, deed=deed, status=201)


@router.delete(
    "/bids/{bid_id}/files/{file_id}",
    response_model=Bid,
    summary="移除一份材料",
    description="需要令牌，权限 bids:write。已经不在的，什么也不变。",
)
async def detach(request: Request, caller: Asking, bid_id: words.Id, file_id: FileId) -> Response:
    """Take a file out of the draft."""
    holder = caller.require(tokens.BIDS_WRITE)
    now = caller.desk.now

    def deed(session: Session) -> tuple[Bid, str]:
        drafts.detach(session, holder.actor, bid_id, file_id, now=now)
        return bid_models.tell(session, holder, bid_id, now)

    return await writing.once(request, caller, holder, key=None, deed=deed)


def _require_version(page: Workspace, version: int) -> None:
    if page.has_draft and page.draft_version != version:
        raise tags.moved_on()

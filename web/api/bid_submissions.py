"""Handing a bid in by program, against a receipt; confirming it again after an addendum; the receipt."""

from typing import Annotated

from fastapi import APIRouter, Body, Path, Request, Response
from sqlmodel import Session

from marketplace.accounts.signing_in import tokens
from marketplace.rounds import own_bids
from marketplace.rounds.bidding import submissions
from web.api import bid_models, tags, words, writing
from web.api.bid_models import Bid, Receipt
from web.api.callers import Asking
from web.api.tags import IfMatch

router = APIRouter(tags=["本单位的申报"])


@router.post(
    "/bids/{bid_id}/submit",
    response_model=Receipt,
    summary="提交申报",
    description="需要令牌，权限 bids:write。提交的是 If-Match 所指的那一版草稿；以最后一个字节到达的时刻为准。请带 Idempotency-Key。",
)
async def submit(
    request: Request, caller: Asking, bid_id: words.Id, *, if_match: IfMatch = None, key: writing.Key = None
) -> Response:
    """Seal the draft as it was read, against a receipt."""
    holder = caller.require(tokens.BIDS_WRITE)
    desk, version = caller.desk, tags.version_in(if_match, "bid", bid_id)
    await request.body()  # empty as a rule; the hour of its last byte is noted when it is read

    def deed(session: Session) -> tuple[Receipt, str]:
        given = submissions.submit(
            session,
            holder.actor,
            bid_id,
            version=version,
            arrived=desk.arrived,
            now=desk.now,
            files=desk.files,
            new_id=desk.new_id,
        )
        address = f"/api/v1/bids/{bid_id}/receipts/{given.number}"
        return Receipt(bid_id=bid_id, version=given.number, received_at=given.received_at, address=address), ""

    return await writing.once(request, caller, holder, key=key, deed=deed, durable=True)


@router.post(
    "/bids/{bid_id}/reconfirm",
    response_model=Bid,
    summary="按补遗重新确认",
    description="需要令牌，权限 bids:write。number 是您看过的最新公告编号；封存的内容不变。",
)
async def reconfirm(
    request: Request,
    caller: Asking,
    bid_id: words.Id,
    number: Annotated[int, Body(ge=1, le=1_000_000, embed=True)],
) -> Response:
    """Confirm a sealed bid again under the notice of that number."""
    holder = caller.require(tokens.BIDS_WRITE)
    desk = caller.desk

    def deed(session: Session) -> tuple[Bid, str]:
        submissions.reconfirm(session, holder.actor, bid_id, number=number, arrived=desk.arrived, now=desk.now)
        return bid_models.tell(session, holder, bid_id, desk.now)

    return await writing.once(request, caller, holder, key=None, deed=deed, durable=True)


@router.get(
    "/bids/{bid_id}/receipts/{number}",
    summary="一份收据，原样",
    description="需要令牌，权限 bids:read。逐字节就是存档的收据，可用 jiebang verify 或核验页核对。",
    response_class=Response,
    responses={200: {"content": {"application/json": {}}, "description": "收据"}},
)
async def receipt(caller: Asking, bid_id: words.Id, number: Annotated[int, Path(ge=1, le=1_000_000)]) -> Response:
    """Give a receipt exactly as it is kept."""
    holder = caller.require(tokens.BIDS_READ)
    text = await caller.desk.read(lambda session: own_bids.receipt(session, holder.actor, bid_id, number))
    headers = {"Cache-Control": tags.PRIVATE, "Vary": "Authorization"}
    return Response(text.encode(), media_type="application/json", headers=headers)

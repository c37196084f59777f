"""The public verifier of receipts: works without signing in, keeps nothing of what is sent."""

import hashlib
from typing import Final

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.datastructures import UploadFile

from marketplace.kernel.errors import Invalid
from web.dependencies import AtDesk, Counted, Desk
from web.pages import render
from web.pages.rounds import verifying
from web.pages.rounds.verifying import Examined, Sent

router = APIRouter(prefix="/verify")

MAX_TYPED: Final = 20_000


@router.get("")
async def show(request: Request, desk: AtDesk) -> HTMLResponse:
    """Offer the form that takes a receipt."""
    return _page(request, desk)


@router.post("", dependencies=[Counted])
async def verify(request: Request, desk: AtDesk) -> HTMLResponse:
    """Check the receipt that was sent against the sealed file and the manifest, whichever are there."""
    text, sent = await _sent(request)
    try:
        receipt, listed = await to_thread.run_sync(lambda: verifying.read(sent))
    except Invalid as refusal:
        return _page(request, desk, status=422, text=text[:MAX_TYPED], errors=dict(refusal.fields))
    found = await desk.study(lambda session: verifying.examine(session, receipt, listed, file_digest=sent.file_digest))
    return _page(request, desk, text=sent.receipt.decode("utf-8", "replace")[:MAX_TYPED], found=found)


async def _sent(request: Request) -> tuple[str, Sent]:
    """What was typed as a receipt, and all that was sent; a file comes before what was typed."""
    async with request.form() as form:
        typed = form.get("receipt")
        text = typed if isinstance(typed, str) else ""
        given, file, manifest = [await _bytes(form.get(name)) for name in ("receipt_file", "file", "manifest")]
    digest = await to_thread.run_sync(lambda: hashlib.sha256(file).hexdigest()) if file else None
    return text, Sent(given or text.encode(errors="replace"), file_digest=digest, manifest=manifest)


async def _bytes(given: object) -> bytes:
    return await given.read() if isinstance(given, UploadFile) else b""


def _page(
    request: Request,
    desk: Desk,
    *,
    status: int = 200,
    text: str = "",
    errors: dict[str, str] | None = None,
    found: Examined | None = None,
) -> HTMLResponse:
    return render.page(
        request,
        desk,
        "verify/show.html",
        status=status,
        text=text,
        errors=errors or {},
        found=found,
        signs=verifying.SIGNS,
        most=MAX_TYPED,
        limit_bytes=desk.settings.upload_limit_bytes,
    )

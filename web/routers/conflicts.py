"""The check of conflicts that stands by itself: works without signing in, keeps nothing of what is sent."""

from typing import Annotated, Final

from anyio import to_thread
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from marketplace.experts.rules import stated
from marketplace.experts.rules.conflicts import NAMES, SOFT, Strength
from marketplace.kernel.chinese_time import BEIJING
from web.dependencies import AtDesk, Counted, Desk
from web.pages import render
from web.pages.experts import checking
from web.pages.experts.checking import Checked

router = APIRouter(prefix="/conflicts")

MAX_TEXT: Final = stated.MOST_SIGNS
Text = Annotated[str, Form(max_length=MAX_TEXT)]


@router.get("")
async def show(request: Request, desk: AtDesk) -> HTMLResponse:
    """Offer the form."""
    return _page(request, desk)


@router.post("", dependencies=[Counted])
async def check(
    request: Request,
    desk: AtDesk,
    *,
    experts: Text = "",
    bids: Text = "",
    issuer: Annotated[str, Form(max_length=200)] = "",
) -> HTMLResponse:
    """Check every expert against every bid."""
    today = desk.now.astimezone(BEIJING).date()
    found = await to_thread.run_sync(lambda: checking.check(experts, bids, issuer, today=today))
    typed = {"experts": experts, "bids": bids, "issuer": issuer}
    return _page(request, desk, typed=typed, found=found, status=422 if found.errors else 200)


def _page(
    request: Request,
    desk: Desk,
    *,
    typed: dict[str, str] | None = None,
    found: Checked | None = None,
    status: int = 200,
) -> HTMLResponse:
    return render.page(
        request,
        desk,
        "conflicts/check.html",
        status=status,
        typed=typed or {},
        found=found,
        errors={} if found is None else dict(found.errors),
        names=NAMES,
        soft=SOFT,
        strengths=Strength,
        most=MAX_TEXT,
        examples={"experts": checking.EXAMPLE_EXPERTS, "bids": checking.EXAMPLE_BIDS},
    )

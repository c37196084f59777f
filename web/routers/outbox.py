"""The outbox, for administrators: what was mailed, what could not be, and why."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from marketplace.accounts.office import mails
from marketplace.kernel import outbox
from marketplace.kernel.words import MailState
from web.dependencies import AtDesk, Desk
from web.mail import body
from web.pages import render

router = APIRouter(prefix="/outbox")

STATES: Final = {
    MailState.WAITING: "待发送",
    MailState.SENT: "已发送",
    MailState.FAILED: "发送失败",
    MailState.KEPT: "未发送，待转告",
    MailState.WITHHELD: "未发送，不留存",
    MailState.PASSED_ON: "已转告",
}


@router.get("")
async def index(
    request: Request,
    desk: AtDesk,
    state: str = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Show the mails, newest first, all or those that stand somewhere."""
    actor = desk.require_actor()
    chosen = MailState(state) if state in set(MailState) else None
    cards, total, counts = await desk.read(lambda session: mails.page(session, actor, state=chosen, number=page))
    return render.page(
        request,
        desk,
        "outbox/index.html",
        cards=cards,
        total=total,
        counts=counts,
        states=STATES,
        chosen=chosen or "",
        number=page,
        last=max(1, -(-total // outbox.PAGE)),
        sends_mail=desk.settings.sends_mail,
        guessed_url=_guessed_url(desk),
    )


@router.get("/{mail_id}")
async def show(request: Request, desk: AtDesk, mail_id: str) -> Response:
    """Show one mail with its tries; of a secret one not what it says."""
    actor = desk.require_actor()
    mail = await desk.read(lambda session: mails.get(session, actor, mail_id))
    return render.page(
        request,
        desk,
        "outbox/show.html",
        mail=mail,
        states=STATES,
        sends_mail=desk.settings.sends_mail,
        body="" if mail.text is None else body(mail.text, mail.link, desk.settings),
        guessed_url=_guessed_url(desk),
    )


@router.post("/{mail_id}/resend")
async def resend(desk: AtDesk, mail_id: str) -> Response:
    """Send a plain mail again."""
    actor = desk.require_actor()
    await desk.write(lambda session: mails.resend(session, actor, mail_id, now=desk.now, new_id=desk.new_id))
    return RedirectResponse(f"/outbox/{mail_id}?done=waiting", status_code=303)


@router.post("/{mail_id}/passed-on")
async def mark_passed_on(desk: AtDesk, mail_id: str) -> Response:
    """Say that the recipient was told by other means."""
    actor = desk.require_actor()
    await desk.write(lambda session: mails.mark_passed_on(session, actor, mail_id, now=desk.now))
    return RedirectResponse(f"/outbox/{mail_id}?done=passed-on", status_code=303)


def _guessed_url(desk: Desk) -> str:
    """The address that links begin with where nobody has set the one that people use; else ""."""
    return "" if desk.settings.public_url else desk.settings.site_url

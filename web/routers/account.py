"""One's own account: sign-ins, the password, and confirming who one is."""

from collections.abc import Mapping
from typing import Annotated, Final

import structlog
from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from marketplace.accounts.rules.browsers import describe
from marketplace.accounts.signing_in import passwords, proofs, resets, second_factors, sessions
from marketplace.accounts.views import SignedIn
from marketplace.kernel.errors import Invalid, NotAllowed
from web import cookies, visitors
from web.dependencies import AtDesk, Desk, local_address
from web.pages import lengths, passkey_calls, render
from web.pages.new_passwords import require_same
from web.pages.passkey_calls import PasskeyForm

router = APIRouter()
log = structlog.get_logger()

LOST: Final = "刚才提交的内容没有保存。确认身份后会回到原来的页面，请再提交一次。"


@router.get("/account")
async def show(request: Request, desk: AtDesk) -> Response:
    """Show one's account: from where it is signed in, and how it is protected."""
    signed_in = _signed_in(desk)
    actor = signed_in.actor
    own = await desk.read(lambda session: sessions.of_actor(session, actor, this=signed_in.session_id, now=desk.now))
    factors = await desk.read(lambda session: second_factors.of_account(session, actor.account_id))
    return render.page(
        request,
        desk,
        "account/show.html",
        sign_ins=own,
        factors=factors,
        here=describe(request.headers.get("user-agent", "")),
    )


@router.post("/account/sign-ins/{session_id}/end")
async def end(desk: AtDesk, session_id: str) -> Response:
    """End one of one's sign-ins."""
    actor = desk.require_actor()
    await desk.write(lambda session: sessions.end(session, actor, session_id, now=desk.now))
    return RedirectResponse("/account?done=ended", status_code=303)


@router.post("/account/sign-ins/end-others")
async def end_others(desk: AtDesk) -> Response:
    """End all of one's sign-ins but this one."""
    signed_in = _signed_in(desk)
    account_id = signed_in.actor.account_id
    await desk.write(
        lambda session: sessions.end_others(
            session, account_id, keep=signed_in.session_id, actor_id=account_id, now=desk.now
        )
    )
    return RedirectResponse("/account?done=others-ended", status_code=303)


@router.get("/account/password")
async def password_form(request: Request, desk: AtDesk) -> Response:
    """Ask for a new password, of somebody who has lately proved who it is."""
    desk.require_recent()
    return render.page(request, desk, "account/password.html", errors={})


@router.post("/account/password")
async def change_password(
    request: Request,
    desk: AtDesk,
    current: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Change the password, with the current one; other sign-ins end."""
    actor, signed_in = desk.require_recent(), _signed_in(desk)
    try:
        require_same(password, again)
        about = (actor.email, actor.name)
        hashed = await desk.hash(lambda: passwords.make(password, about=about))
        where = visitors.address(request, desk.settings)
        asked = await desk.read(
            lambda session: passwords.challenge_of(session, actor.account_id, now=desk.now, address=where)
        )
        matched = await desk.hash(lambda: passwords.verify(asked, current))

        def change(session: Session) -> None:
            proofs.require_password(session, actor, asked, matched=matched, now=desk.now, new_id=desk.new_id)
            resets.change(
                session, actor, password_hash=hashed, keep=signed_in.session_id, now=desk.now, new_id=desk.new_id
            )

        await desk.write(change)
    except Invalid as refusal:
        return render.page(request, desk, "account/password.html", status=422, errors=refusal.fields)
    except NotAllowed as refusal:
        log.warning("confirmation_refused", code=refusal.code, account=actor.account_id)
        errors = {"current": refusal.message}
        return render.page(request, desk, "account/password.html", status=403, errors=errors)
    return RedirectResponse("/account?done=password", status_code=303)


@router.get("/account/confirm")
async def confirm_form(
    request: Request,
    desk: AtDesk,
    next: str = "",  # noqa: A002 - the word in the address
    expired: str = "",
) -> Response:
    """Ask for proof of who one is before a sensitive act."""
    return await _confirm_form(request, desk, local_address(next or "/account"), notice=LOST if expired else "")


@router.post("/account/confirm")
async def confirm(
    request: Request,
    desk: AtDesk,
    password: Annotated[str, Form()] = "",
    code: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "",  # noqa: A002 - the word in the address
) -> Response:
    """Take the password, and a code where the account has a second factor."""
    signed_in, then, token = _signed_in(desk), local_address(next or "/account"), cookies.fresh_token()
    where = visitors.address(request, desk.settings)
    try:
        lengths.require_short(code=code)
        asked = await desk.read(
            lambda session: passwords.challenge_of(session, signed_in.actor.account_id, now=desk.now, address=where)
        )
        matched = await desk.hash(lambda: passwords.verify(asked, password))
        await desk.write(
            lambda session: proofs.confirm(
                session,
                cookies.token_of(request, desk.settings),
                signed_in,
                asked,
                matched=matched,
                code=code,
                new_token=token,
                now=desk.now,
                new_id=desk.new_id,
            )
        )
    except Invalid as refusal:
        return await _confirm_form(request, desk, then, code=code, errors=refusal.fields)
    except NotAllowed as refusal:
        log.warning("confirmation_refused", code=refusal.code, account=signed_in.actor.account_id)
        return await _confirm_form(request, desk, then, failure=refusal.message)
    return _confirmed(desk, token, then)


@router.post("/account/confirm/passkey/options")
async def confirm_options(request: Request, desk: AtDesk) -> Response:
    """Ask the browser for one of one's passkeys."""
    return await passkey_calls.ask_again(request, desk, desk.require_actor().account_id)


@router.post("/account/confirm/passkey")
async def confirm_by_passkey(
    request: Request,
    desk: AtDesk,
    answered: Annotated[PasskeyForm, Form()],
) -> Response:
    """Take a passkey as proof of who one is."""
    signed_in, then, token = _signed_in(desk), local_address(answered.next or "/account"), cookies.fresh_token()
    try:
        await passkey_calls.give(request, desk, signed_in, answered, new_token=token)
    except NotAllowed as refusal:
        log.warning("confirmation_refused", code=refusal.code, account=signed_in.actor.account_id)
        return await _confirm_form(request, desk, then, failure=refusal.message)
    return _confirmed(desk, token, then)


def _signed_in(desk: Desk) -> SignedIn:
    desk.require_actor()
    assert desk.signed_in is not None
    return desk.signed_in


def _confirmed(desk: Desk, token: str, then: str) -> Response:
    response = RedirectResponse(then, status_code=303)
    cookies.keep(response, desk.settings, token)
    return response


async def _confirm_form(
    request: Request,
    desk: Desk,
    then: str,
    *,
    code: str = "",
    failure: str = "",
    notice: str = "",
    errors: Mapping[str, str] | None = None,
) -> Response:
    actor = desk.require_actor()
    factors = await desk.read(lambda session: second_factors.of_account(session, actor.account_id))
    return render.page(
        request,
        desk,
        "account/confirm.html",
        status=403 if failure else 422 if errors else 200,
        then=then,
        code=code,
        errors=errors or {},
        factors=factors,
        failure=failure,
        notice=notice,
        has_passkeys=visitors.is_secure(visitors.site(request, desk.settings)),
    )

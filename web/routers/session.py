"""Signing in, in one step or two, and out."""

from collections.abc import Mapping
from typing import Annotated, Final
from urllib.parse import quote

import structlog
from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from marketplace.accounts.signing_in import passkeys, passwords, proofs, second_factors, sessions
from marketplace.accounts.views import SignedIn
from marketplace.accounts.words import PasskeyPurpose
from marketplace.kernel.errors import Invalid, NotAllowed
from web import cookies, visitors
from web.dependencies import AtDesk, Desk, local_address
from web.pages import lengths, passkey_calls, render
from web.pages.landing import landing
from web.pages.passkey_calls import PasskeyForm
from web.security import require_token

router = APIRouter()
log = structlog.get_logger()

REFUSED: Final = "sign_in_refused"
"""What the log calls a sign-in that failed; whose e-mail address it was stands nowhere in the log."""
EXPIRED: Final = "登录已过期，刚才的内容没有提交，请登录后重新操作。"
SECOND_STEP: Final = "/sign-in/second-step"


@router.get("/sign-in")
async def form(
    request: Request,
    desk: AtDesk,
    next: str = "",  # noqa: A002 - the word in the address
    expired: str = "",
) -> Response:
    """Show the sign-in form; somebody who is signed in goes straight on."""
    then = local_address(next) if next else ""
    known = desk.signed_in or desk.half_way
    if known is not None:
        return RedirectResponse(_onward(known, then), status_code=303)
    return _form(request, desk, then, notice=EXPIRED if expired else "")


@router.post("/sign-in")
async def sign_in(
    request: Request,
    desk: AtDesk,
    email: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "",  # noqa: A002 - the word in the address
) -> Response:
    """Check the password and open a session; a failure keeps what was typed, save the password."""
    token, then = cookies.fresh_token(), local_address(next) if next else ""
    browser = visitors.browser(request, desk.settings)
    try:
        lengths.require_short(email=email)
        asked = await desk.read(
            lambda session: passwords.challenge(session, email=email, now=desk.now, address=browser.address)
        )
        # Hashing takes a fifth of a second; no transaction waits for it.
        matched = await desk.hash(lambda: passwords.verify(asked, password))
        await desk.write(
            lambda session: sessions.open_for(
                session, asked, matched=matched, token=token, now=desk.now, browser=browser
            )
        )
    except Invalid as refusal:
        return _form(request, desk, then, email=email, errors=refusal.fields)
    except NotAllowed as refusal:
        log.warning(REFUSED, code=refusal.code, step="password")
        return _form(request, desk, then, email=email, failure=refusal.message)
    return await _opened(desk, token, then)


@router.post("/sign-in/passkey/options")
async def passkey_options(request: Request, desk: AtDesk) -> JSONResponse:
    """Ask the browser for whichever passkey it has for this site."""
    site, challenge = visitors.site(request, desk.settings), passkey_calls.fresh_challenge()
    asked = await desk.write(
        lambda session: passkeys.ask(
            session,
            purpose=PasskeyPurpose.SIGN_IN,
            account_id=None,
            site=site,
            challenge=challenge,
            now=desk.now,
            new_id=desk.new_id,
        )
    )
    return passkey_calls.answer(asked)


@router.post("/sign-in/passkey")
async def sign_in_by_passkey(
    request: Request,
    desk: AtDesk,
    answered: Annotated[PasskeyForm, Form()],
) -> Response:
    """Open a session with a passkey; it counts as both steps."""
    token, then = cookies.fresh_token(), _then(answered)
    try:
        await desk.write(
            lambda session: proofs.sign_in_by_passkey(
                session,
                challenge_id=answered.challenge_id,
                credential=answered.credential,
                site=visitors.site(request, desk.settings),
                token=token,
                browser=visitors.browser(request, desk.settings),
                now=desk.now,
                new_id=desk.new_id,
            )
        )
    except NotAllowed as refusal:
        log.warning(REFUSED, code=refusal.code, step="passkey")
        return _form(request, desk, then, failure=refusal.message)
    return await _opened(desk, token, then)


@router.get(SECOND_STEP)
async def second_step(request: Request, desk: AtDesk, next: str = "") -> Response:  # noqa: A002
    """Ask for the second factor."""
    then = local_address(next) if next else ""
    if desk.half_way is None:
        return RedirectResponse(_onward(desk.signed_in, then) if desk.signed_in else "/sign-in", status_code=303)
    return await _second_step(request, desk, desk.half_way, then)


@router.post(SECOND_STEP)
async def give_code(
    request: Request,
    desk: AtDesk,
    code: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "",  # noqa: A002 - the word in the address
    csrf_token: Annotated[str, Form()] = "",
) -> Response:
    """Take a code of the authenticator app, or a recovery code."""
    half, then, token = desk.half_way, local_address(next) if next else "", cookies.fresh_token()
    if half is None:
        return RedirectResponse("/sign-in", status_code=303)
    require_token(expected=half.csrf_token, given=csrf_token)
    try:
        lengths.require_short(code=code)
        await desk.write(
            lambda session: proofs.give_code(
                session,
                cookies.token_of(request, desk.settings),
                half,
                code,
                new_token=token,
                browser=visitors.browser(request, desk.settings),
                now=desk.now,
                new_id=desk.new_id,
            )
        )
    except Invalid as refusal:
        return await _second_step(request, desk, half, then, code=code, errors=refusal.fields)
    except NotAllowed as refusal:
        log.warning(REFUSED, code=refusal.code, step="second", account=half.actor.account_id)
        return await _second_step(request, desk, half, then, failure=refusal.message)
    return await _opened(desk, token, then)


@router.post(f"{SECOND_STEP}/passkey/options")
async def second_step_options(request: Request, desk: AtDesk) -> Response:
    """Ask the browser for a passkey of the person who owes the second factor."""
    half = desk.half_way
    if half is None:
        raise NotAllowed("登录已经结束，请重新登录。", code="signed_out")
    require_token(expected=half.csrf_token, given=request.headers.get("x-csrf-token"))
    return await passkey_calls.ask_again(request, desk, half.actor.account_id)


@router.post(f"{SECOND_STEP}/passkey")
async def give_passkey(
    request: Request,
    desk: AtDesk,
    answered: Annotated[PasskeyForm, Form()],
) -> Response:
    """Take a passkey as the second factor."""
    half, then, token = desk.half_way, _then(answered), cookies.fresh_token()
    if half is None:
        return RedirectResponse("/sign-in", status_code=303)
    require_token(expected=half.csrf_token, given=answered.csrf_token)
    try:
        await passkey_calls.give(request, desk, half, answered, new_token=token)
    except NotAllowed as refusal:
        log.warning(REFUSED, code=refusal.code, step="second", account=half.actor.account_id)
        return await _second_step(request, desk, half, then, failure=refusal.message)
    return await _opened(desk, token, then)


@router.post("/sign-out")
async def sign_out(request: Request, desk: AtDesk) -> RedirectResponse:
    """End the session and forget its cookie."""
    token = cookies.token_of(request, desk.settings)
    if token:
        await desk.write(lambda session: sessions.sign_out(session, token, now=desk.now))
    response = RedirectResponse("/", status_code=303, headers={"Clear-Site-Data": '"cache", "storage"'})
    cookies.forget(response, desk.settings)
    return response


def _then(answered: PasskeyForm) -> str:
    return local_address(answered.next) if answered.next else ""


async def _opened(desk: Desk, token: str, then: str) -> Response:
    strict = desk.settings.staff_needs_second_factor
    found = await desk.read(
        lambda session: sessions.find(session, token, now=desk.now, staff_needs_second_factor=strict)
    )
    response = RedirectResponse(_onward(found, then) if found else "/sign-in", status_code=303)
    cookies.keep(response, desk.settings, token)
    return response


def _onward(known: SignedIn, then: str) -> str:
    back = f"?next={quote(then, safe='')}" if then else ""
    if known.owes_second_factor:
        return SECOND_STEP + back
    if known.needs_second_factor:
        return f"/account/second-factor{back}"
    return then or landing(known)


def _form(
    request: Request,
    desk: Desk,
    then: str,
    *,
    email: str = "",
    failure: str = "",
    notice: str = "",
    errors: Mapping[str, str] | None = None,
) -> Response:
    return render.page(
        request,
        desk,
        "session/sign_in.html",
        status=403 if failure else 422 if errors else 200,
        then=then,
        email=email,
        failure=failure,
        notice=notice,
        errors=errors or {},
        has_passkeys=visitors.is_secure(visitors.site(request, desk.settings)),
    )


async def _second_step(
    request: Request,
    desk: Desk,
    half: SignedIn,
    then: str,
    *,
    code: str = "",
    failure: str = "",
    errors: Mapping[str, str] | None = None,
) -> Response:
    factors = await desk.read(lambda session: second_factors.of_account(session, half.actor.account_id))
    return render.page(
        request,
        desk,
        "session/second_step.html",
        status=403 if failure else 422 if errors else 200,
        then=then,
        code=code,
        errors=errors or {},
        name=half.actor.name,
        csrf_token=half.csrf_token,
        factors=factors,
        failure=failure,
        has_passkeys=visitors.is_secure(visitors.site(request, desk.settings)),
    )

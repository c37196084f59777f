"""One's second factors: an authenticator app, passkeys, recovery codes."""

from typing import Annotated
from urllib.parse import quote

import segno
from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from marketplace.accounts.actors import Actor
from marketplace.accounts.signing_in import passkeys, proofs, second_factors
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed
from web import cookies, visitors
from web.dependencies import AtDesk, Desk, confirmation_address, local_address
from web.pages import passkey_calls, render
from web.pages.landing import landing
from web.pages.passkey_calls import PasskeyForm

router = APIRouter(prefix="/account/second-factor")

HERE = "/account/second-factor"
Then = Annotated[str, Form()]


@router.get("")
async def show(request: Request, desk: AtDesk, next: str = "") -> Response:  # noqa: A002 - the word in the address
    """Show which second factors one has, and why they are asked for."""
    return await _overview(request, desk, local_address(next) if next else "")


@router.post("/app")
async def begin_app(desk: AtDesk, next: Then = "") -> Response:  # noqa: A002 - the word in the address
    """Begin to set up an authenticator app."""
    actor = desk.require_recent()
    await desk.write(lambda session: second_factors.begin_app(session, actor, now=desk.now))
    return RedirectResponse(_with(f"{HERE}/app", local_address(next) if next else ""), status_code=303)


@router.get("/app")
async def app_form(request: Request, desk: AtDesk, next: str = "") -> Response:  # noqa: A002
    """Show the secret as a QR code, while it is being set up."""
    return await _app_form(request, desk, desk.require_recent(), local_address(next) if next else "")


@router.post("/app/finish")
async def finish_app(
    request: Request,
    desk: AtDesk,
    code: Annotated[str, Form()] = "",
    next: Then = "",  # noqa: A002 - the word in the address
) -> Response:
    """Take the app into use; show the recovery codes, once."""
    actor, then = desk.require_recent(), local_address(next) if next else ""
    try:
        codes = await desk.write(
            lambda session: second_factors.finish_app(session, actor, code, now=desk.now, new_id=desk.new_id)
        )
    except Invalid as refusal:
        return await _app_form(request, desk, actor, then, code=code, errors=refusal.fields)
    return await _risen(request, desk, codes, then)


@router.post("/app/remove")
async def remove_app(desk: AtDesk) -> Response:
    """Take the app out of use."""
    actor = desk.require_recent()
    await desk.write(lambda session: second_factors.remove_app(session, actor, now=desk.now, new_id=desk.new_id))
    return RedirectResponse(f"{HERE}?done=app-removed", status_code=303)


@router.post("/codes")
async def make_codes(request: Request, desk: AtDesk) -> Response:
    """Make new recovery codes, shown once; the old ones are void."""
    actor = desk.require_recent()
    codes = await desk.write(lambda session: second_factors.renew_codes(session, actor, now=desk.now))
    return render.page(request, desk, "account/codes.html", codes=codes, then=HERE)


@router.post("/passkeys/options")
async def passkey_options(request: Request, desk: AtDesk) -> Response:
    """Ask the browser to make a passkey."""
    actor, challenge = desk.require_recent(), passkey_calls.fresh_challenge()
    site = visitors.site(request, desk.settings)
    asked = await desk.write(
        lambda session: passkeys.ask_to_add(
            session, actor, site=site, challenge=challenge, now=desk.now, new_id=desk.new_id
        )
    )
    return passkey_calls.answer(asked)


@router.post("/passkeys")
async def add_passkey(
    request: Request,
    desk: AtDesk,
    answered: Annotated[PasskeyForm, Form()],
) -> Response:
    """Add the passkey that the browser made."""
    actor, then = desk.require_recent(), local_address(answered.next) if answered.next else ""
    try:
        codes = await desk.write(
            lambda session: passkeys.add(
                session,
                actor,
                challenge_id=answered.challenge_id,
                credential=answered.credential,
                name=answered.name,
                site=visitors.site(request, desk.settings),
                now=desk.now,
                new_id=desk.new_id,
            )
        )
    except Invalid as refusal:
        return await _overview(request, desk, then, errors=refusal.fields, name=answered.name)
    except (NotAllowed, Conflict) as refusal:
        return await _overview(request, desk, then, errors={"name": refusal.message}, name=answered.name)
    return await _risen(request, desk, codes, then)


@router.post("/passkeys/{passkey_id}/rename")
async def rename_passkey(
    request: Request, desk: AtDesk, passkey_id: str, new_name: Annotated[str, Form()] = ""
) -> Response:
    """Give a passkey another name."""
    actor = desk.require_actor()
    try:
        await desk.write(lambda session: passkeys.rename(session, actor, passkey_id, new_name))
    except Invalid as refusal:
        return await _overview(request, desk, "", errors={f"new-name-{passkey_id}": refusal.message})
    return RedirectResponse(f"{HERE}?done=renamed", status_code=303)


@router.post("/passkeys/{passkey_id}/remove")
async def remove_passkey(desk: AtDesk, passkey_id: str) -> Response:
    """Take a passkey out of use."""
    actor = desk.require_recent()
    await desk.write(lambda session: passkeys.remove(session, actor, passkey_id, now=desk.now, new_id=desk.new_id))
    return RedirectResponse(f"{HERE}?done=passkey-removed", status_code=303)


def _with(address: str, then: str) -> str:
    return f"{address}?next={quote(then, safe='')}" if then else address


async def _overview(
    request: Request, desk: Desk, then: str, *, errors: dict[str, str] | None = None, name: str = ""
) -> Response:
    actor = desk.require_actor()
    factors = await desk.read(lambda session: second_factors.of_account(session, actor.account_id))
    return render.page(
        request,
        desk,
        "account/second_factor.html",
        status=422 if errors else 200,
        factors=factors,
        then=then,
        errors=errors or {},
        name=name,
        is_recent=desk.is_recent,
        confirm_address=confirmation_address(_with(HERE, then)),
        has_passkeys=visitors.is_secure(visitors.site(request, desk.settings)),
    )


async def _app_form(
    request: Request,
    desk: Desk,
    actor: Actor,
    then: str,
    *,
    code: str = "",
    errors: dict[str, str] | None = None,
) -> Response:
    begun = await desk.read(lambda session: second_factors.setting_up(session, actor, now=desk.now))
    if begun is None:
        return RedirectResponse(HERE, status_code=303)
    picture = segno.make(begun.address, error="m").svg_data_uri(scale=5, dark="#000", light="#fff", border=3)
    return render.page(
        request,
        desk,
        "account/app.html",
        status=422 if errors else 200,
        secret=" ".join(begun.secret[at : at + 4] for at in range(0, len(begun.secret), 4)),
        picture=picture,
        then=then,
        code=code,
        errors=errors or {},
    )


async def _risen(request: Request, desk: Desk, codes: list[str], then: str) -> Response:
    token, old = cookies.fresh_token(), cookies.token_of(request, desk.settings)
    await desk.write(lambda session: proofs.mark_set_up(session, old, new_token=token, now=desk.now))
    if codes:
        # The page's forms must carry the token of the session as it goes on.
        await desk.renew(token)
        response: Response = render.page(
            request, desk, "account/codes.html", codes=codes, then=then or landing(desk.signed_in)
        )
    else:
        response = RedirectResponse(then or f"{HERE}?done=added", status_code=303)
    cookies.keep(response, desk.settings, token)
    return response

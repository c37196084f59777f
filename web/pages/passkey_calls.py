"""What pages with passkeys share: fresh challenges, the options as JSON, and taking an answer."""

import json
import secrets
from typing import TYPE_CHECKING, Final

from fastapi import Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from marketplace.accounts.signing_in import passkeys, proofs
from marketplace.accounts.signing_in.passkeys import Asked
from marketplace.accounts.views import SignedIn
from marketplace.accounts.words import PasskeyPurpose
from web import cookies, visitors

if TYPE_CHECKING:
    from web.dependencies import Desk

CHALLENGE_BYTES: Final = 32
MAX_CREDENTIAL: Final = 20_000


class PasskeyForm(BaseModel):
    """What the page's script sends back: which challenge, and the browser's answer as JSON."""

    challenge_id: str = Field(default="", max_length=64)
    credential: str = Field(default="", max_length=MAX_CREDENTIAL)
    name: str = Field(default="", max_length=200)
    next: str = ""
    csrf_token: str = ""


def fresh_challenge() -> bytes:
    """Make the random bytes that a passkey is to sign."""
    return secrets.token_bytes(CHALLENGE_BYTES)


def answer(asked: Asked) -> JSONResponse:
    """Give a challenge to the page's script."""
    return JSONResponse(
        {"challenge_id": asked.id, "options": json.loads(asked.options)}, headers={"Cache-Control": "no-store"}
    )


async def ask_again(request: Request, desk: "Desk", account_id: str) -> JSONResponse:
    """Ask the browser for a passkey of a known account."""
    site, challenge = visitors.site(request, desk.settings), fresh_challenge()
    asked = await desk.write(
        lambda session: passkeys.ask(
            session,
            purpose=PasskeyPurpose.CONFIRM,
            account_id=account_id,
            site=site,
            challenge=challenge,
            now=desk.now,
            new_id=desk.new_id,
        )
    )
    return answer(asked)


async def give(request: Request, desk: "Desk", who: SignedIn, answered: PasskeyForm, *, new_token: str) -> None:
    """Take a passkey of a known account; its session goes on under the new token. Raises NotAllowed."""
    await desk.write(
        lambda session: proofs.give_passkey(
            session,
            cookies.token_of(request, desk.settings),
            who,
            challenge_id=answered.challenge_id,
            credential=answered.credential,
            site=visitors.site(request, desk.settings),
            new_token=new_token,
            browser=visitors.browser(request, desk.settings),
            now=desk.now,
            new_id=desk.new_id,
        )
    )

"""The cookie that holds a sign-in's token."""

import secrets
from typing import Final

from fastapi import Request
from fastapi.responses import Response

from marketplace.accounts.signing_in import sessions
from web.dependencies import cookie_name
from web.settings import Settings

TOKEN_BYTES: Final = 32


def fresh_token() -> str:
    """Make a new secret for a sign-in."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_of(request: Request, settings: Settings) -> str:
    """The token that the browser sent, or an empty string."""
    return request.cookies.get(cookie_name(settings), "")


def keep(response: Response, settings: Settings, token: str) -> None:
    """Have the browser keep a token for as long as a sign-in may last."""
    longest = int(sessions.LONGEST.total_seconds())
    name = cookie_name(settings)
    response.set_cookie(name, token, max_age=longest, path="/", secure=settings.https, httponly=True, samesite="lax")


def forget(response: Response, settings: Settings) -> None:
    """Have the browser forget its token."""
    response.delete_cookie(cookie_name(settings), path="/", secure=settings.https, httponly=True, samesite="lax")

"""Who asks: a program with a token, or anybody without one. Cookies are never looked at."""

from typing import Annotated, Final

from anyio import to_thread
from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from marketplace.accounts.actors import Actor
from marketplace.accounts.signing_in import tokens
from marketplace.accounts.signing_in.tokens import Holder
from web import limits, visitors
from web.api.problems import Problem
from web.dependencies import Desk
from web.installation import Installation

BEARER: Final = HTTPBearer(
    auto_error=False, description="在“我的账号 → 程序访问令牌”里建立的令牌，以 jb_ 开头", scheme_name="token"
)
CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="jiebang"'}
LONGEST_TOKEN: Final = 200


class Caller:
    """One request of a program: its place of work and, where it has a token, whom it stands for."""

    def __init__(self, desk: Desk, holder: Holder | None) -> None:
        self.desk = desk
        self.holder = holder

    @property
    def actor(self) -> Actor | None:
        """The member that the program acts for, or None for a visitor."""
        return None if self.holder is None else self.holder.actor

    def require(self, scope: str) -> Holder:
        """The holder of a token with `scope`; a problem tells what is missing otherwise."""
        if self.holder is None:
            detail = "这个操作需要令牌：请在请求头里带上 Authorization: Bearer jb_…。"
            raise Problem(401, "token_needed", detail, headers=CHALLENGE)
        if scope not in self.holder.scopes:
            detail = f"这个令牌没有“{tokens.SCOPES[scope]}”的权限，请换一个令牌或重新建立。"
            raise Problem(403, "scope_missing", detail)
        return self.holder


async def caller(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)]
) -> Caller:
    """Find out who asks, and count it."""
    return await _caller(request, credentials, cost=1)


async def matching_caller(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)]
) -> Caller:
    """The same for requests that rank, which count for more."""
    return await _caller(request, credentials, cost=limits.MATCHING_COSTS)


async def _caller(request: Request, credentials: HTTPAuthorizationCredentials | None, *, cost: int) -> Caller:
    installation: Installation = request.app.state.installation
    desk = Desk(installation, request=request, signed_in=None)
    holder = await _holder(desk, credentials)
    request.state.account = None if holder is None else holder.actor.account_id
    if holder is None:
        address = visitors.address(request, installation.settings)
        key, limit = limits.of_address(address), installation.settings.api_per_address
    else:
        key, limit = f"token:{holder.token_id}", installation.settings.api_per_token
    counters: limits.Limits = request.app.state.limits
    request.state.allowance = allowance = counters.take(key, limit=limit, cost=cost)
    if allowance.is_over:
        raise Problem(429, "too_many_requests", f"请求太多，请 {allowance.reset_seconds} 秒后再试。")
    has_header = "authorization" in request.headers
    if has_header and holder is None:
        detail = "令牌无效：可能写错、已过期、已停用，或建立它的人已不在该单位。"
        raise Problem(401, "token_invalid", detail, headers=CHALLENGE)
    if holder is not None and holder.touch_due:
        await to_thread.run_sync(lambda: _touch(installation, holder, desk))
    return Caller(desk, holder)


async def _holder(desk: Desk, credentials: HTTPAuthorizationCredentials | None) -> Holder | None:
    if credentials is None or len(credentials.credentials) > LONGEST_TOKEN:
        return None
    return await desk.read(lambda session: tokens.find(session, credentials.credentials, now=desk.now))


def _touch(installation: Installation, holder: Holder, desk: Desk) -> None:
    with installation.store.writing() as session:
        tokens.touch(session, holder.token_id, now=desk.now)


Asking = Annotated[Caller, Depends(caller)]
Matching = Annotated[Caller, Depends(matching_caller)]

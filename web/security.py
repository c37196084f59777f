"""What stands between the network and every page: request ids, size limits, headers, cross-site checks.

Pure ASGI, so that streaming and background work behave as if it were not there.
"""

import re
import secrets
import time
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from marketplace.kernel.errors import NotAllowed
from web import visitors
from web.settings import Settings

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "object-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "manifest-src 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""What every answer carries unless its handler says otherwise."""
HSTS = "max-age=63072000; includeSubDomains"
"""For two years browsers ask this host for nothing but HTTPS."""
STATIC = "/static/"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_SOUND_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")

log = structlog.get_logger()


class TooLarge(Exception):  # noqa: N818 - an answer to the sender, not a fault of the program
    """More bytes arrived than one request may bring."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(limit_bytes)
        self.limit_bytes = limit_bytes


class RequestTrail:
    """Gives every request an id, logs it once with its outcome and sets the security headers.

    The id goes into the audit chain, so that it is always made here; one that the visitor offers is only logged.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.headers = HEADERS | ({"Strict-Transport-Security": HSTS} if settings.https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wrap one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        offered, request_id = Headers(scope=scope).get("x-request-id", ""), secrets.token_hex(8)
        state: dict[str, object] = scope.setdefault("state", {})
        state["request_id"] = request_id
        bound = {"request_id": request_id, "address": visitors.address(Request(scope), self.settings)}
        if _SOUND_ID.fullmatch(offered):
            bound["offered_id"] = offered
        started = time.perf_counter()
        status = 500

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                for name, value in self.headers.items():
                    if name != "Cache-Control" or not scope["path"].startswith(STATIC):
                        headers.setdefault(name, value)
            await send(message)

        with structlog.contextvars.bound_contextvars(**bound):
            try:
                await self.app(scope, receive, send_with_headers)
            finally:
                log.info(
                    "request",
                    method=scope["method"],
                    path=scope["path"],
                    status=status,
                    account=state.get("account"),
                    milliseconds=round((time.perf_counter() - started) * 1000, 1),
                )


class BodyLimit:
    """Refuses a request body above `limit_bytes`, counted as it arrives.

    What is over the limit is received and thrown away, up to `PATIENCE` times the limit: a browser whose
    connection is cut while it still sends shows a network failure instead of the page that explains.
    """

    PATIENCE = 10

    def __init__(self, app: ASGIApp, *, limit_bytes: int) -> None:
        self.app = app
        self.limit_bytes = limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what arrives."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        counted = 0

        async def counting_receive() -> Message:
            nonlocal counted
            message = await receive()
            counted += len(message.get("body", b""))
            if counted <= self.limit_bytes:
                return message
            while message.get("more_body", False) and counted <= self.PATIENCE * self.limit_bytes:
                message = await receive()
                counted += len(message.get("body", b""))
            raise TooLarge(self.limit_bytes)

        await self.app(scope, counting_receive, send)


class HeadAsGet:
    """Answers HEAD as GET would, without the body: every page tells its type and state to those who only ask."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"}, receive, send_head)


def require_same_site(request: Request) -> None:
    """Refuse a writing request that another site made the browser send.

    `Sec-Fetch-Site` decides where the browser sends it; `Origin` decides for older ones.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    foreign = site not in {None, "same-origin", "none"}
    if site is None and origin is not None:
        foreign = urlsplit(origin).netloc != request.headers.get("host", "")
    if foreign:
        raise NotAllowed(
            "这次提交不是从本网站的页面发出的，未予受理。请从本网站重新打开页面再提交。", code="cross_site"
        )


def require_token(*, expected: str, given: str | None) -> None:
    """Refuse a form whose anti-forgery token is not the session's own."""
    if given is None or not secrets.compare_digest(expected.encode(), given.encode()):
        raise NotAllowed("页面已过期，提交未予受理。请返回上一页，刷新后再提交一次。", code="stale_form")

"""Every way a request can fail, as a page in the product's language with the request's id.

marketplace refusals   NotFound 404   NotAllowed 403   Conflict 409   Invalid 422
the web's own          SignInNeeded → the sign-in page   ConfirmationNeeded → the confirmation page
                       TooSlow 408   TooLarge 413   TooMany 429   unknown address 404   wrong method 405
anything else          500, logged with its traceback; the page says only the request's id
"""

from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from web.admission import TooSlow
from web.dependencies import (
    ConfirmationNeeded,
    Desk,
    SignInNeeded,
    TooMany,
    confirmation_address,
    second_factor_address,
    sign_in_address,
)
from web.pages import render
from web.security import TooLarge

log = structlog.get_logger()

UNKNOWN_ADDRESS: Final = "没有这个页面。网址可能输错了，也可能内容已经移走；您可以回到首页，或用搜索框查找。"
WRONG_METHOD: Final = "这个地址不接受这样的请求。请从页面上的按钮或链接进入。"
UNREADABLE_REQUEST: Final = "网址或表单里有看不懂的内容，请检查后重试。"
FAULT: Final = (
    "系统出了故障，这次操作没有完成，已提交的内容没有被改动。请稍后重试；仍不行时，把下面的请求编号告诉管理员。"
)
ORGANISERS_ONLY: Final = "这里用来导入和发布清单。"
LONG_QUERY: Final = "搜索词最多 200 个字，请缩短后再搜。"
TOO_MANY: Final = "您所在的网络在一分钟内打开的检索和匹配页面太多，请 {seconds} 秒后再试。登录后不受这个限制；需要成批数据的，请用程序接口。"
TOO_SLOW: Final = "网络太慢，提交没有在限定时间内到达，未予受理。您填写的内容还在草稿里，请换一个网络后立即重试。"
BUSY: Final = "数据库正忙，这次操作没有完成。请过几秒再试一次。"


def install(app: FastAPI) -> None:
    """Register a handler for every kind of failure."""
    for failure, handler in _HANDLERS.items():
        app.add_exception_handler(failure, handler)


async def _sign_in(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, SignInNeeded)
    address = sign_in_address(failure.then, expired=failure.was_sending)
    return _go(request, address)


def _go(request: Request, address: str) -> Response:
    if "hx-request" in request.headers:  # only a part of the page would follow a redirect
        return Response(headers={"HX-Redirect": address})
    return RedirectResponse(address, status_code=303)


async def _confirm(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, ConfirmationNeeded)
    return _go(request, confirmation_address(failure.then, was_sending=failure.was_sending))


async def _refused(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, Refusal)
    template, status = _REFUSALS[type(failure)]
    await _desk(request).look_around()
    signed_in = _desk(request).signed_in
    if isinstance(failure, NotAllowed) and failure.code not in _BY_CODE and signed_in and signed_in.needs_second_factor:
        return _go(request, second_factor_address(request))
    if isinstance(failure, NotAllowed):
        account = getattr(request.state, "account", None)
        log.warning("not_allowed", code=failure.code, method=request.method, path=request.url.path, account=account)
    if failure.code == "not_an_organiser" and not (frame := render.frame(request, _desk(request))).is_organiser:
        message = f"{ORGANISERS_ONLY}您的账号是{frame.acting_as}；需要权限请联系管理员。"
        return _page(request, "organisers_only", message, status=status)
    way = _WAYS.get(failure.code)
    return _page(request, _BY_CODE.get(failure.code, template), failure.message, status=status, way=way)


async def _unreadable(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, RequestValidationError)
    is_long = any(fault["type"] == "string_too_long" and fault["loc"][-1] == "q" for fault in failure.errors())
    return _page(request, "invalid", LONG_QUERY if is_long else UNREADABLE_REQUEST, status=422)


async def _too_large(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, TooLarge)
    megabytes = failure.limit_bytes // (1024 * 1024)
    message = f"文件太大，最多 {megabytes} MB，未予接收。请删去图片或拆成几个文件后再上传。"
    return _page(request, "too_large", message, status=413)


async def _too_slow(request: Request, _failure: Exception) -> Response:
    return _page(request, "invalid", TOO_SLOW, status=408)


async def _too_many(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, TooMany)
    page = _page(request, "too_many", TOO_MANY.format(seconds=failure.seconds), status=429)
    page.headers["Retry-After"] = str(failure.seconds)
    return page


async def _http(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, HTTPException)
    if isinstance(failure.__cause__, TooLarge):  # the framework wraps what goes wrong while it reads a form
        return await _too_large(request, failure.__cause__)
    if isinstance(failure.__cause__, TooSlow):
        return await _too_slow(request, failure.__cause__)
    template, message = _ANSWERS.get(failure.status_code, ("invalid", UNREADABLE_REQUEST))
    return _page(request, template, message, status=failure.status_code)


async def _busy(request: Request, failure: Exception) -> Response:
    log.error("database_failed", exc_info=failure)
    return _page(request, "busy", BUSY, status=503)


async def _fault(request: Request, failure: Exception) -> Response:
    log.error("fault", exc_info=failure)
    return _page(request, "fault", FAULT, status=500)


def _page(
    request: Request, template: str, message: str, *, status: int, way: tuple[str, str] | None = None
) -> Response:
    return render.page(request, _desk(request), f"errors/{template}.html", status=status, message=message, way=way)


def _desk(request: Request) -> Desk:
    desk: Desk | None = getattr(request.state, "desk", None)
    return desk or Desk(request.app.state.installation, request=request, signed_in=None)


_REFUSALS: Final[dict[type[Refusal], tuple[str, int]]] = {
    NotFound: ("not_found", 404),
    NotAllowed: ("not_allowed", 403),
    Conflict: ("conflict", 409),
    Invalid: ("invalid", 422),
}
_BY_CODE: Final = {
    "stale_form": "stale",
    "cross_site": "stale",
    "posts_no_needs": "posts_no_needs",
    "no_unit": "posts_no_needs",
}
_WAYS: Final = {
    "foreign_seat": ("/organisations", "查看我的单位"),
    "reader_only": ("/organisations", "查看我的单位"),
    "no_bidding_unit": ("/organisations", "查看我的单位"),
    "offers_no_work": ("/organisations", "查看我的单位"),
    "profile_needed": ("/profile", "填写能力画像"),
}
"""Where somebody goes on who was refused; the message says why."""
_ANSWERS: Final = {404: ("not_found", UNKNOWN_ADDRESS), 405: ("invalid", WRONG_METHOD)}
_HANDLERS: Final[dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]]] = {
    SignInNeeded: _sign_in,
    ConfirmationNeeded: _confirm,
    Refusal: _refused,
    RequestValidationError: _unreadable,
    TooLarge: _too_large,
    TooMany: _too_many,
    TooSlow: _too_slow,
    HTTPException: _http,
    OperationalError: _busy,
    Exception: _fault,
}

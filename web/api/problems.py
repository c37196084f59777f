"""Every way a request of a program can fail, as problem+json (RFC 9457) with a Chinese sentence and a stable code.

marketplace refusals   NotFound 404   NotAllowed 403   Conflict 409   Invalid 422
the interface's own    Problem, with the status it names
anything else          500, logged with its traceback; the answer says only the request's id
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from web.admission import TooSlow
from web.security import TooLarge

log = structlog.get_logger()

MEDIA_TYPE: Final = "application/problem+json"
NOT_ALLOWED: Final = frozenset({401, 403, 429})
"""Answers that are logged with who asked: somebody tried what it may not, or too often."""
TITLES: Final[Mapping[int, str]] = {
    400: "请求看不懂",
    401: "需要令牌",
    403: "不允许",
    404: "没有找到",
    405: "方法不对",
    406: "不能这样回答",
    408: "到达太慢",
    409: "有冲突",
    412: "版本已变",
    413: "内容太大",
    415: "格式不对",
    422: "内容有误",
    428: "缺少版本",
    429: "请求太多",
    500: "系统故障",
    503: "暂时繁忙",
}
WORDS: Final[Mapping[str, str]] = {
    "missing": "缺少这一项。",
    "extra_forbidden": "没有这一项，请检查名称。",
    "string_too_long": "太长了。",
    "string_too_short": "太短了。",
    "string_type": "应为文字。",
    "int_parsing": "应为整数。",
    "int_type": "应为整数。",
    "bool_type": "应为 true 或 false。",
    "list_type": "应为列表。",
    "too_long": "项数太多。",
    "enum": "不是可用的值，请看接口说明。",
    "literal_error": "不是可用的值，请看接口说明。",
    "decimal_parsing": "应为数字，例如 900000.00。",
    "date_from_datetime_parsing": "应为日期，例如 2026-12-31。",
    "date_parsing": "应为日期，例如 2026-12-31。",
    "json_invalid": "不是有效的 JSON。",
    "greater_than_equal": "太小了。",
    "less_than_equal": "太大了。",
}


class ProblemDetails(BaseModel):
    """What went wrong, for people in `detail` and `errors`, for programs in `status` and `code`."""

    type: str = Field(description="固定为 about:blank；请按 code 分辨")
    title: str = Field(description="这一类问题的名称")
    status: int = Field(description="HTTP 状态码")
    detail: str = Field(description="发生了什么、该怎么做")
    code: str = Field(description="稳定的代码，不随措辞改变")
    errors: dict[str, str] = Field(description="哪一项错在哪里；没有时为空")
    request_id: str = Field(description="请求编号，求助时请告诉管理员")


class Problem(Exception):  # noqa: N818 - an answer to the asker, not a fault of the program
    """A refusal of the interface itself."""

    def __init__(self, status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.headers = status, code, detail, dict(headers or {})


def install(api: FastAPI) -> None:
    """Register a handler for every kind of failure."""
    for failure, handler in _HANDLERS.items():
        api.add_exception_handler(failure, handler)


def status_of(refusal: Refusal) -> int:
    """The status that a refusal of the marketplace is told with."""
    return _STATUS[type(refusal)]


def document(
    request: Request, status: int, code: str, detail: str, *, errors: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """One problem as it is sent."""
    return ProblemDetails(
        type="about:blank",
        title=TITLES.get(status, "请求没有完成"),
        status=status,
        detail=detail,
        code=code,
        errors=dict(errors or {}),
        request_id=request.state.request_id,
    ).model_dump()


def refused(request: Request, refusal: Refusal) -> dict[str, Any]:
    """A refusal of the marketplace as a problem."""
    errors = refusal.fields if isinstance(refusal, Invalid) else {}
    return document(request, status_of(refusal), refusal.code, refusal.message, errors=errors)


def _answer(told: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse(told, status_code=told["status"], media_type=MEDIA_TYPE, headers=dict(headers or {}))


async def _refused(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, Refusal)
    told = refused(request, failure)
    _note(request, told)
    return _answer(told)


async def _problem(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, Problem)
    told = document(request, failure.status, failure.code, failure.detail)
    _note(request, told)
    return _answer(told, failure.headers)


def _note(request: Request, told: Mapping[str, Any]) -> None:
    if told["status"] in NOT_ALLOWED:
        account = getattr(request.state, "account", None)
        log.warning("not_allowed", code=told["code"], method=request.method, path=request.url.path, account=account)


async def _unreadable(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, RequestValidationError)
    errors = {_place(fault["loc"]): _said(fault) for fault in failure.errors()}
    is_json = any(fault["type"] == "json_invalid" for fault in failure.errors())
    if is_json:
        return _answer(document(request, 400, "not_json", "请求体不是有效的 JSON，请检查后重发。"))
    return _answer(document(request, 422, "invalid", "有内容看不懂，请按 errors 里的说明改正。", errors=errors))


async def _http(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, HTTPException)
    if isinstance(failure.__cause__, TooLarge):
        return await _too_large(request, failure.__cause__)
    if isinstance(failure.__cause__, TooSlow):
        return await _too_slow(request, failure.__cause__)
    code, detail = _ANSWERS.get(failure.status_code, ("bad_request", "请求看不懂，请对照接口说明检查。"))
    return _answer(document(request, failure.status_code, code, detail), failure.headers)


async def _too_large(request: Request, failure: Exception) -> Response:
    log.info("body_too_large", exc_info=failure)
    return _answer(document(request, 413, "too_large", "请求体太大，请减少内容或分几次发送。"))


async def _too_slow(request: Request, _failure: Exception) -> Response:
    detail = "提交没有在限定时间内到达，未予受理。草稿还在，请换一个网络后立即重试。"
    return _answer(document(request, 408, "too_slow", detail))


async def _busy(request: Request, failure: Exception) -> Response:
    log.error("database_failed", exc_info=failure)
    return _answer(document(request, 503, "busy", "数据库正忙，这次没有完成，请稍后重试。"), {"Retry-After": "3"})


async def _fault(request: Request, failure: Exception) -> Response:
    log.error("fault", exc_info=failure)
    return _answer(document(request, 500, "fault", "系统出了故障，这次没有完成。请把请求编号告诉管理员。"))


def _place(location: tuple[int | str, ...]) -> str:
    # The first part says body, query or path; the name is what a program looks for.
    return ".".join(map(str, location[1:])) or str(location[0])


def _said(fault: Mapping[str, Any]) -> str:
    if fault["type"] == "value_error":  # our own validators speak for themselves
        return str(fault["ctx"]["error"])
    return WORDS.get(str(fault["type"]), "内容不对，请看接口说明。")


_STATUS: Final[Mapping[type[Refusal], int]] = {NotFound: 404, NotAllowed: 403, Conflict: 409, Invalid: 422}
_ANSWERS: Final[Mapping[int, tuple[str, str]]] = {
    404: ("no_such_address", "没有这个地址，请对照接口说明 /docs。"),
    405: ("wrong_method", "这个地址不接受这种方法，请对照接口说明 /docs。"),
}
_HANDLERS: Final[dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]]] = {
    Refusal: _refused,
    Problem: _problem,
    RequestValidationError: _unreadable,
    TooLarge: _too_large,
    TooSlow: _too_slow,
    HTTPException: _http,
    OperationalError: _busy,
    Exception: _fault,
}

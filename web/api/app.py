"""The interface for programs put together: an application of its own beneath /api/v1, with its own refusals."""

import re
from functools import cache
from typing import Any, Final

from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount

from web import limits
from web.api import (
    bid_submissions,
    bids,
    dealings,
    editions,
    items,
    matching,
    needs,
    problems,
    profile,
    published,
    rounds,
    suppliers,
)
from web.installation import Installation

VERSION: Final = "1.0"
ADDRESS: Final = "/api/v1"
ABOUT: Final = (
    "公开的清单、供应方和匹配结果，不需要令牌即可读取；读写本单位的内容需要令牌。"
    "写入一律要带 If-Match（上次读到的 ETag），新建、发布和关闭请带 Idempotency-Key，网络中断后可用同一个值放心重试。"
    f"每分钟的次数有上限（匹配一次按 {limits.MATCHING_COSTS} 次计），余量写在回答的 RateLimit-* 头里。"
)
REFUSED: Final = {"model": problems.ProblemDetails, "content": {problems.MEDIA_TYPE: {}}}
ALWAYS: Final[dict[int | str, dict[str, Any]]] = {"4XX": {**REFUSED, "description": "没有完成，原因见 detail 和 code"}}


def create(installation: Installation) -> FastAPI:
    """The interface over one installation; told apart from pages so that no cookie and no form token is looked at."""
    api = _api()
    api.state.installation = installation
    api.state.limits = limits.Limits()
    problems.install(api)
    api.add_middleware(limits.TellAllowance)
    return api


def mount(installation: Installation) -> Mount:
    """The interface beneath its address; an address that holds a line break is its own as well, not a page's."""
    made = Mount(ADDRESS, app=create(installation))
    made.path_regex = re.compile(made.path_regex.pattern, re.DOTALL)
    return made


@cache
def described() -> dict[str, Any]:
    """What the interface says of itself: OpenAPI 3.1."""
    return _api().openapi()


def _api() -> FastAPI:
    api = FastAPI(
        title="揭榜程序接口",
        version=VERSION,
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        servers=[{"url": ADDRESS}],
        root_path_in_servers=False,
    )
    api.router.routes.extend(_routes())
    return api


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """The routes of programs, read once in a process, however many installations share them."""
    gathered = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    for router in ROUTERS:
        gathered.include_router(router, responses=ALWAYS)
    return tuple(gathered.router.routes)


ROUTERS: Final = (
    items.router,
    suppliers.router,
    editions.router,
    matching.router,
    needs.router,
    published.router,
    profile.router,
    dealings.router,
    rounds.router,
    bids.router,
    bid_submissions.router,
)
__all__ = ["ADDRESS", "create", "described", "mount"]

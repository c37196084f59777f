"""The route table of the running application, and of the application for programs beneath it."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

UNASKED: Final = frozenset({"HEAD", "OPTIONS"})


def application(app: ASGIApp) -> FastAPI:
    """The application within what surrounds it."""
    inner: Any = app
    while not isinstance(inner, FastAPI):
        inner = inner.app
    return inner


def table(app: ASGIApp) -> list[str]:
    """Every method with its path, mounted applications included."""
    return list(_walk(application(app).routes, ""))


def _walk(routes: Iterable[BaseRoute], prefix: str) -> Iterator[str]:
    for route in routes:
        if isinstance(route, Mount):
            yield from (
                _walk(route.routes, prefix + route.path) if route.routes else [f"GET {prefix}{route.path}/{{path}}"]
            )
        elif isinstance(route, Route):
            yield from (f"{method} {prefix}{route.path}" for method in sorted(set(route.methods or ()) - UNASKED))
        else:  # a router that was included keeps its routes to itself
            included: Any = route
            yield from _walk(included.original_router.routes, prefix + included.include_context.prefix)

"""The first page, and the search across all three lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from ingest.fields import ListKind
from marketplace.kernel.paging import Page
from marketplace.lists import editions, items
from marketplace.lists.views import ItemCard, ItemFilter
from marketplace.profiles import profiles
from marketplace.profiles.views import ProfileCard, ProfileFilter
from web import render
from web.dependencies import AtDesk, Desk

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Group:
    """What was found on one list: the first few, and how many there are."""

    kind: str
    cards: Sequence[ItemCard] | Sequence[ProfileCard]
    total: int


NEWEST_ITEMS = 10
NEWEST_EDITIONS = 4
SHOWN_OF_EACH = 6
FOUND_AT_MOST = 200


@router.get("/")
async def show(request: Request, desk: AtDesk) -> HTMLResponse:
    """Show what this is: the three lists with their counts, the newest items and editions."""
    context = await desk.read(_first_page)
    return render.page(request, desk, "home/show.html", **context)


@router.get("/search")
async def search(request: Request, desk: AtDesk, q: Annotated[str, Query(max_length=200)] = "") -> HTMLResponse:
    """Search the three lists at once."""
    asked = q.strip()
    groups = await _found(desk, asked) if asked else []
    return render.page(request, desk, "home/search.html", q=asked, groups=groups)


def _first_page(session: Session) -> dict[str, Any]:
    counts = items.counts(session)
    return {
        "counts": {**{kind.value: counts.get(kind, 0) for kind in ListKind}, "capability": profiles.count(session)},
        "newest": items.newest(session, limit=NEWEST_ITEMS),
        "editions": editions.newest(session, limit=NEWEST_EDITIONS),
    }


async def _found(desk: Desk, asked: str) -> list[Group]:
    needs = await desk.match(lambda engine: engine.search_needs(asked, limit=FOUND_AT_MOST))
    suppliers = await desk.match(lambda engine: engine.search_profiles(asked, limit=FOUND_AT_MOST))
    need_ids, profile_ids = tuple(key for key, _ in needs), tuple(key for key, _ in suppliers)

    def gather(session: Session) -> list[Group]:
        pages: dict[ListKind, Page[ItemCard] | Page[ProfileCard]] = {
            kind: items.search(session, ItemFilter(kind=kind, ids=need_ids), size=SHOWN_OF_EACH)
            for kind in (ListKind.SCENARIO, ListKind.DEMAND)
        }
        pages[ListKind.CAPABILITY] = profiles.search(session, ProfileFilter(ids=profile_ids), size=SHOWN_OF_EACH)
        return [Group(kind.value, page.rows, page.total) for kind, page in pages.items() if page.total]

    return await desk.read(gather)

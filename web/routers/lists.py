"""The three lists: searched, filtered, paged and downloaded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, TypeVar
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from ingest.fields import ListKind
from marketplace.kernel.paging import Page
from marketplace.lists import items
from marketplace.lists.views import ItemCard, ItemFilter
from marketplace.profiles import profiles
from marketplace.profiles.views import ProfileCard, ProfileFilter
from web.dependencies import AtDesk, Counted, Desk
from web.pages import exports, render, wording
from web.pages.lists import asking
from web.pages.lists.asking import Asked, Words

router = APIRouter(dependencies=[Counted], prefix="/lists")

PAGE_SIZE: Final = 20
FOUND_AT_MOST: Final = 500
"""How many the words may find where nothing else is asked; nobody pages further."""
FILTERED_AT_MOST: Final = 5_000
"""How many they may find where filters choose among them, so that a narrow filter still fills its page."""
FACET_VALUES: Final = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter as the page offers it; `count` is None where it is not counted."""

    key: str
    name: str
    count: int | None
    is_chosen: bool


Filter = TypeVar("Filter", ItemFilter, ProfileFilter)
Values = TypeVar("Values")

Facet = tuple[str, str, tuple[Choice, ...]]
"""A filter: its name in the address, its title, its values."""


async def kind_of(kind: str) -> ListKind:
    """Read the kind of list out of the address."""
    return asking.known_kind(kind)


async def asked_of(
    kind: Annotated[ListKind, Depends(kind_of)],
    *,
    q: Words = "",
    sector: Words = "",
    region: Words = "",
    budget: Words = "",
    issuer_type: Words = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Asked:
    """Read the question out of the address."""
    return asking.asked_of(kind, q=q, sector=sector, region=region, budget=budget, issuer_type=issuer_type, page=page)


AskedOf = Annotated[Asked, Depends(asked_of)]


@router.get("/{kind}.csv")  # noqa: FAST003 - `asked_of` takes it
async def as_csv(desk: AtDesk, asked: AskedOf) -> Response:
    """Download the list as CSV, honouring the filters."""
    table = await _table(desk, asked)
    return _download(exports.csv(table), exports.CSV, asked, desk, "csv")


@router.get("/{kind}.xlsx")  # noqa: FAST003 - `asked_of` takes it
async def as_xlsx(desk: AtDesk, asked: AskedOf) -> Response:
    """Download the list as an Excel workbook, honouring the filters."""
    table = await _table(desk, asked)
    return _download(await to_thread.run_sync(exports.xlsx, table), exports.XLSX, asked, desk, "xlsx")


@router.get("/{kind}")  # noqa: FAST003 - `asked_of` takes it
async def show(request: Request, desk: AtDesk, asked: AskedOf) -> HTMLResponse:
    """Show one page of a list, with what can be filtered by."""
    ids = await _found(desk, asked)
    found, facets = await desk.read(lambda session: _page(session, desk, asked, ids))
    return render.page(
        request,
        desk,
        "lists/show.html",
        fragment="lists/_results.html",
        asked=asked,
        found=found,
        facets=facets,
        chips=asking.chips(asked),
        problem=asked.problem,
    )


async def _found(desk: Desk, asked: Asked) -> tuple[str, ...] | None:
    if not asked.q:
        return None
    # The index holds scenarios and demands together, so which of the two is asked for is a filter as well.
    limit = FILTERED_AT_MOST if asked.filters or asked.kind is not ListKind.CAPABILITY else FOUND_AT_MOST
    if asked.kind is ListKind.CAPABILITY:
        hits = await desk.match(lambda engine: engine.search_profiles(asked.q, limit=limit))
    else:
        hits = await desk.match(lambda engine: engine.search_needs(asked.q, limit=limit))
    return tuple(key for key, _ in hits)


def _page(
    session: Session, desk: Desk, asked: Asked, ids: tuple[str, ...] | None
) -> tuple[Page[ItemCard] | Page[ProfileCard], tuple[Facet, ...]]:
    if asked.kind is ListKind.CAPABILITY:
        wanted = asked.of_profiles(ids)
        offered = _counted(session, desk, wanted, profiles.facets)
        found = profiles.search(session, wanted, page=asked.page, size=PAGE_SIZE)
        return found, (_sectors(asked, offered.sectors), _regions(asked, offered.regions))
    of_items = asked.of_items(ids)
    counted = _counted(session, desk, of_items, items.facets)
    return items.search(session, of_items, page=asked.page, size=PAGE_SIZE), (
        _sectors(asked, counted.sectors),
        _budgets(asked),
        _regions(asked, counted.regions),
        _issuer_types(asked, counted.issuer_types),
    )


def _counted(session: Session, desk: Desk, wanted: Filter, count: Callable[[Session, Filter], Values]) -> Values:
    if wanted.ids is not None:  # words find something else nearly every time
        return count(session, wanted)
    return desk.recall(session, ("facets", wanted), lambda session: count(session, wanted))


def _sectors(asked: Asked, counted: tuple[tuple[str, int], ...]) -> Facet:
    return "sector", "行业领域", _choices(asked.sector, [(key, key, count) for key, count in counted])


def _regions(asked: Asked, counted: tuple[tuple[str, int], ...]) -> Facet:
    return "region", "地区", _choices(asked.region, [(key, wording.region(key), count) for key, count in counted])


def _budgets(asked: Asked) -> Facet:
    return "budget", "预算", _choices(asked.budget, [(band, asking.band_name(band), None) for band in asking.BANDS])


def _issuer_types(asked: Asked, counted: tuple[tuple[str, int], ...]) -> Facet:
    named = [(key, wording.name_of(wording.ISSUER_TYPES, key), count) for key, count in counted]
    return "issuer_type", "单位性质", _choices(asked.issuer_type, named)


def _choices(chosen: str, values: Sequence[tuple[str, str, int | None]]) -> tuple[Choice, ...]:
    shown = list(values[:FACET_VALUES])
    # A chosen value stays in sight, so that it can be taken back.
    shown += [value for value in values[FACET_VALUES:] if value[0] == chosen]
    return tuple(Choice(key, name, count, key == chosen) for key, name, count in shown)


async def _table(desk: Desk, asked: Asked) -> exports.Table:
    ids = await _found(desk, asked)
    return await desk.read(lambda session: exports.table(session, asked, ids))


def _download(data: bytes, media_type: str, asked: Asked, desk: Desk, suffix: str) -> Response:
    day = desk.now.astimezone(wording.BEIJING).strftime("%Y%m%d")
    name = f"{wording.KIND_LISTS[asked.kind]}_{day}.{suffix}"
    disposition = f"attachment; filename=\"{asked.kind}.{suffix}\"; filename*=UTF-8''{quote(name)}"
    return Response(data, media_type=media_type, headers={"Content-Disposition": disposition})

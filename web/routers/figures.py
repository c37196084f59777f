"""Figures of a region against its targets: charts with a table beside each, the rows behind them, and exports."""

from collections.abc import Sequence
from typing import Annotated, Any, Final
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.accounts.actors import may_run_lists, require_may_run_lists
from marketplace.accounts.communities import communities
from marketplace.dealings import funnels as reached
from marketplace.figures import achieved, targets
from marketplace.figures.rules.periods import FIRST_YEAR, LAST_YEAR, this_year, years
from marketplace.figures.views import Figure, Goals
from marketplace.figures.words import Measure, Span
from marketplace.kernel.errors import Invalid, NotFound
from marketplace.policies.views import PolicyStatus
from web.dependencies import AtDesk, Desk
from web.pages import exports, places, render, wording
from web.pages.figures import charts, funnels
from web.pages.figures import tables as figure_tables
from web.pages.figures import targets as target_forms

router = APIRouter(prefix="/figures")

YEARS_BACK: Final = 4


@router.get("")
async def index(request: Request, desk: AtDesk, region: str = "", year: str = "") -> HTMLResponse:
    """Show every figure of a region and a year, each with its chart, its table and its source."""
    place, chosen = _asked(desk, region, year)
    goals, found = await desk.read(lambda session: _found(session, place, chosen))
    counties = await desk.read(lambda session: _counties(session, place))
    below = await desk.read(lambda session: achieved.of_counties(session, place, year=chosen))
    actor = desk.require_actor()
    return render.page(
        request,
        desk,
        "figures/index.html",
        region=place,
        year=chosen,
        years=[(str(one), f"{one} 年") for one in _years(desk)],
        regions=places.options([*places.held(actor, otherwise=desk.settings.region), place, *counties]),
        goals=goals,
        funnel=await _funnel(desk, place, chosen),
        charts=[(charts.of_figure(one, desk.now), one) for one in found],
        shares_of=charts.shares,
        counties=[(charts.of_figure(one, desk.now), one) for one in below],
        said=charts.said,
        query={"region": place, "year": str(chosen)},
        may_write=may_run_lists(actor, region=place),
        is_draft=any(one.form.status is PolicyStatus.DRAFT for one in goals.targets),
    )


@router.get("/summary.{suffix}")
async def export(desk: AtDesk, suffix: str, region: str = "", year: str = "") -> Response:
    """Download the figures of a region and a year."""
    place, chosen = _asked(desk, region, year)
    _goals, found = await desk.read(lambda session: _found(session, place, chosen))
    name = f"{wording.region(place)}{chosen}年完成情况"
    return await _download(figure_tables.summary(found, desk.now), name, suffix)


@router.get("/counties.{suffix}")
async def export_counties(desk: AtDesk, suffix: str, region: str = "", year: str = "") -> Response:
    """Download what the counties of a region achieved of their targets."""
    place, chosen = _asked(desk, region, year)
    found = await desk.read(lambda session: achieved.of_counties(session, place, year=chosen))
    name = f"{wording.region(place)}{chosen}年各县（市、区）完成情况"
    return await _download(figure_tables.summary(found, desk.now, title="各县（市、区）完成情况"), name, suffix)


@router.get("/rows.{suffix}")
async def export_rows(desk: AtDesk, suffix: str, region: str = "", year: str = "") -> Response:
    """Download every row behind the figures of a region and a year."""
    place, chosen = _asked(desk, region, year)
    _goals, found = await desk.read(lambda session: _found(session, place, chosen))
    return await _download(figure_tables.behind(found), f"{wording.region(place)}{chosen}年计入明细", suffix)


@router.get("/funnel.{suffix}")
async def export_funnel(desk: AtDesk, suffix: str, region: str = "", year: str = "") -> Response:
    """Download how far the pairs of a region and a year came."""
    place, chosen = _asked(desk, region, year)
    name = f"{wording.region(place)}{chosen}年从接触到签约"
    return await _download(funnels.table(await _funnel(desk, place, chosen)), name, suffix)


@router.get("/targets")
async def show_targets(request: Request, desk: AtDesk, region: str = "") -> HTMLResponse:
    """Show what a region is measured against, with the clause and the words of each target."""
    return await _targets(request, desk, region)


@router.post("/targets")
async def enter_target(
    request: Request,
    desk: AtDesk,
    region: Annotated[str, Form()] = "",
    measure: Annotated[str, Form()] = "",
    value: Annotated[str, Form()] = "",
) -> Response:
    """Enter a target of one's own region."""
    actor = desk.require_actor()
    form = await request.form()
    told = {name: str(form.get(name, "")) for name in target_forms.BLANK}
    try:
        target = target_forms.target(told, measure, value)
        await desk.write(
            lambda session: targets.enter(session, actor, region, form=target, now=desk.now, new_id=desk.new_id)
        )
    except Invalid as wrong:
        return await _targets(request, desk, region, told=told, errors=wrong.fields, status=422)
    return _to(f"/figures/targets?region={quote(region)}&done=entered")


@router.post("/targets/{target_id}/withdraw")
async def withdraw_target(desk: AtDesk, target_id: str, region: Annotated[str, Form()] = "") -> Response:
    """Take back a target of one's own."""
    actor = desk.require_actor()
    await desk.write(lambda session: targets.withdraw(session, actor, target_id, now=desk.now))
    return _to(f"/figures/targets?region={quote(region)}&done=withdrawn")


@router.post("/reference")
async def adopt(
    request: Request, desk: AtDesk, region: Annotated[str, Form()] = "", reference: Annotated[str, Form()] = ""
) -> Response:
    """Measure a region against another one's targets."""
    actor = desk.require_actor()
    try:
        await desk.write(
            lambda session: targets.adopt(session, actor, region, reference=reference, now=desk.now, new_id=desk.new_id)
        )
    except Invalid as wrong:
        return await _targets(request, desk, region, errors=wrong.fields, status=422)
    return _to(f"/figures/targets?region={quote(region)}&done=adopted")


@router.get("/reference/drop")
async def ask_to_drop(request: Request, desk: AtDesk, region: str = "") -> Response:
    """Say what dropping a reference does before it is done."""
    place, _year = _asked(desk, region, "")
    require_may_run_lists(desk.require_actor(), region=place)
    reference = await desk.read(lambda session: targets.adopted(session, place))
    if reference is None:
        raise NotFound("本地区没有参照别处的目标。", code="reference_missing")
    return render.page(request, desk, "figures/drop.html", region=place, reference=reference)


@router.post("/reference/drop")
async def drop(desk: AtDesk, region: Annotated[str, Form()] = "") -> Response:
    """Stop measuring a region against another one's targets."""
    actor = desk.require_actor()
    await desk.write(lambda session: targets.drop(session, actor, region, now=desk.now))
    return _to(f"/figures/targets?region={quote(region)}&done=dropped")


@router.get("/{measure}")
async def behind(
    request: Request, desk: AtDesk, *, measure: str, region: str = "", year: str = "", span: str = ""
) -> HTMLResponse:
    """Show every row that a figure counts."""
    if measure not in set(Measure):
        raise NotFound("没有这项指标。", code="measure_missing")
    place, chosen = _asked(desk, region, year)
    wanted = Span(span) if span in set(Span) else Span.YEARLY

    def read(session: Session) -> Figure:
        return achieved.figure(session, targets.goals(session, place), Measure(measure), year=chosen, span=wanted)

    found = await desk.read(read)
    return render.page(
        request,
        desk,
        "figures/rows.html",
        figure=found,
        chart=charts.of_figure(found, desk.now),
        said=lambda value: charts.said(found.measure, value),
        shares=charts.shares(found),
        query={"region": place, "year": str(chosen)},
    )


async def _targets(
    request: Request,
    desk: Desk,
    region: str,
    *,
    told: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    place, year = _asked(desk, region, "")
    actor = desk.require_actor()

    def read(session: Session) -> dict[str, Any]:
        return {
            "own": targets.of_region(session, place),
            "goals": targets.goals(session, place),
            "references": [one for one in targets.references(session) if one[0] != place],
            "adopted": targets.adopted(session, place),
        }

    return render.page(
        request,
        desk,
        "figures/targets.html",
        status=status,
        region=place,
        regions=places.options(places.held(actor, otherwise=desk.settings.region)),
        told=told or {**target_forms.BLANK, "first_year": str(year), "last_year": str(year)},
        errors=errors or {},
        names=charts.NAMES,
        said=charts.said,
        may_write=may_run_lists(actor, region=place),
        **await desk.read(read),
    )


def _asked(desk: Desk, region: str, year: str) -> tuple[str, int]:
    place = places.chosen(desk.require_actor(), region, otherwise=desk.settings.region)
    chosen = int(year) if year.isascii() and year.isdigit() and len(year) <= 4 else this_year(desk.now)  # noqa: PLR2004 - a year has four digits
    return place, min(max(chosen, FIRST_YEAR), LAST_YEAR)


def _found(session: Session, region: str, year: int) -> tuple[Goals, list[Figure]]:
    goals = targets.goals(session, region)
    return goals, achieved.figures(session, goals, year=year)


async def _funnel(desk: Desk, region: str, year: int) -> funnels.Funnel:
    period = years(year, year)
    return funnels.of_steps(
        await desk.read(
            lambda session: reached.funnel(session, region, opens_at=period.opens_at, closes_at=period.closes_at)
        )
    )


def _counties(session: Session, region: str) -> list[str]:
    known = {one.form.region for one in communities.public(session, region=region)}
    return sorted({*achieved.counties(session, region), *(one for one in known if one.startswith(region + "/"))})


def _years(desk: Desk) -> Sequence[int]:
    now = this_year(desk.now)
    return range(now, now - YEARS_BACK, -1)


async def _download(table: exports.Table, name: str, suffix: str) -> Response:
    writers = {"csv": (exports.csv, exports.CSV), "xlsx": (exports.xlsx, exports.XLSX)}
    if suffix not in writers:
        raise NotFound("只能下载 CSV 或 Excel 文件。", code="unknown_format")
    write, media_type = writers[suffix]
    data = await to_thread.run_sync(lambda: write(table))
    disposition = f"attachment; filename=\"figures.{suffix}\"; filename*=UTF-8''{quote(name)}.{suffix}"
    return Response(data, media_type=media_type, headers={"Content-Disposition": disposition})


def _to(address: str) -> RedirectResponse:
    return RedirectResponse(address, status_code=303)

"""The organiser's home: what waits for whom and since when, the figures in short, and the pairs it brokers."""

from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from ingest.fields import ListKind
from marketplace.accounts.actors import Actor
from marketplace.dealings import dealings
from marketplace.dealings.views import DealingCard
from marketplace.dealings.words import Stage
from marketplace.figures import achieved, targets
from marketplace.figures.rules.periods import this_year
from marketplace.kernel.errors import NotFound
from marketplace.kernel.paging import MAX_SIZE, Page
from marketplace.lists import editions, items
from marketplace.lists.publishing import disputes
from marketplace.lists.views import ItemCard, ItemFilter
from marketplace.profiles import profiles
from marketplace.profiles.views import ProfileCard, ProfileFilter
from matching import corpus
from web.dependencies import AtDesk, Desk
from web.pages import places, render, waiting
from web.pages.dealings import words as dealing_words
from web.pages.figures import charts

router = APIRouter(prefix="/board")

NEWEST: Final = 5
TOP: Final = 8
SHOWN: Final = 20


@router.get("")
async def index(request: Request, desk: AtDesk) -> HTMLResponse:
    """Show what waits, the figures in short, and what was released last."""
    actor = desk.require_actor()
    region = places.chosen(actor, "", otherwise=desk.settings.region)
    year = this_year(desk.now)

    def read(session: Session) -> dict[str, Any]:
        goals = targets.goals(session, region)
        found = achieved.figures(session, goals, year=year)
        return {
            "waits": waiting.for_organiser(session, actor, now=desk.now),
            "missing_years": waiting.missing_years(session, desk.now),
            "goals": goals,
            "findings": [
                (charts.finding(one, desk.now), charts.of_figure(one, desk.now), one.measure) for one in found
            ],
            "editions": editions.newest(session, limit=NEWEST),
        }

    return render.page(request, desk, "board/index.html", region=region, year=year, **await desk.read(read))


@router.get("/dealings")
async def brokered(request: Request, desk: AtDesk, stage: str = "", overdue: str = "", page: int = 1) -> HTMLResponse:
    """List the pairs of a need and an OPC in one's regions, with their stage and who is to act."""
    actor = desk.require_actor()
    places.chosen(actor, "", otherwise=desk.settings.region)
    chosen = Stage(stage) if stage in set(Stage) else None
    found = await desk.read(lambda session: _pairs(session, actor, desk, chosen, overdue=bool(overdue), page=page))
    return render.page(
        request,
        desk,
        "board/dealings.html",
        found=found,
        stage=chosen.value if chosen else "",
        overdue=bool(overdue),
        words=dealing_words,
        stages=[(one.value, dealing_words.STAGES[one]) for one in Stage],
        query={"stage": chosen.value if chosen else "", "overdue": "1" if overdue else ""},
    )


@router.get("/disputes")
async def disputed(request: Request, desk: AtDesk) -> HTMLResponse:
    """List the items of which a re-issued list and the owner say different things, the longest waiting first."""
    actor = desk.require_actor()
    places.chosen(actor, "", otherwise=desk.settings.region)
    found = await desk.read(lambda session: disputes.of_region(session, actor))
    return render.page(request, desk, "board/disputes.html", found=found)


@router.get("/introduce")
async def introduce(request: Request, desk: AtDesk, q: str = "", item: str = "", name: str = "") -> HTMLResponse:
    """Choose a need, then one of the OPCs that fit it best, or any other by its name, to bring the two together."""
    actor = desk.require_actor()
    places.require_running(actor)
    places.chosen(actor, "", otherwise=desk.settings.region)
    if item:
        return await _suppliers(request, desk, actor, item, name.strip()[:200])
    words = q.strip()[:200]
    hits = await desk.match(lambda engine: engine.search_needs(words, limit=SHOWN)) if words else ()
    ids = tuple(key for key, _score in hits) if words else None
    found = await desk.read(lambda session: _needs(session, ids))
    return render.page(request, desk, "board/introduce.html", needs=found, words=words)


async def _suppliers(request: Request, desk: Desk, actor: Actor, item_id: str, name: str) -> HTMLResponse:
    found = await desk.read(lambda session: items.get(session, item_id))
    record = await desk.read(lambda session: next(iter(items.documents(session, [item_id])), None))
    if record is None or found.card.kind is ListKind.CAPABILITY:
        raise NotFound("这条需求已经关闭，或不是需求，不能介绍对接。", code="need_not_open")
    ranking = await desk.match(lambda engine: engine.rank_profiles(corpus.need(record), top=TOP))
    fitting = [hit for hit in ranking.hits if hit.verdict.value != "none"]
    named = await desk.read(lambda session: _named(session, name))
    ids = frozenset(card.id for card in named.rows) if named else frozenset[str]()
    reaching: set[str] = set()
    if ids:
        told = await desk.match(lambda engine: engine.rank_profiles(corpus.need(record), top=len(ids), allowed=ids))
        reaching = {hit.id for hit in told.hits if hit.verdict.value != "none"}

    def read(session: Session) -> dict[str, Any]:
        known = {one.id: one for one in profiles.documents(session, [hit.id for hit in fitting])}
        page = dealings.for_organiser(session, actor, item_id=item_id, size=MAX_SIZE, now=desk.now)
        return {
            "named": named,
            "reaching": reaching,
            "suppliers": [(known[hit.id], hit) for hit in fitting if hit.id in known],
            "under_way": {one.profile_id: one for one in page.rows},
        }

    return render.page(
        request, desk, "board/suppliers.html", item=found.card, name=name, words=dealing_words, **await desk.read(read)
    )


def _named(session: Session, name: str) -> Page[ProfileCard] | None:
    return profiles.search(session, ProfileFilter(name=name), size=SHOWN) if name else None


def _needs(session: Session, ids: tuple[str, ...] | None) -> list[ItemCard]:
    found: list[ItemCard] = []
    for kind in (ListKind.SCENARIO, ListKind.DEMAND):
        found += items.search(session, ItemFilter(kind=kind, ids=ids), page=1, size=SHOWN).rows
    order = {key: place for place, key in enumerate(ids or ())}
    return sorted(found, key=lambda card: order.get(card.id, len(order)))


def _pairs(
    session: Session, actor: Actor, desk: Desk, stage: Stage | None, *, overdue: bool, page: int
) -> Page[DealingCard]:
    if not overdue:
        return dealings.for_organiser(session, actor, stage=stage, page=page, now=desk.now)
    cards: list[DealingCard] = []
    first = dealings.for_organiser(session, actor, stage=stage, size=MAX_SIZE, now=desk.now)
    cards += first.rows
    for number in range(2, first.pages + 1):
        cards += dealings.for_organiser(session, actor, stage=stage, page=number, size=MAX_SIZE, now=desk.now).rows
    late = [one for one in cards if one.is_overdue]
    return Page(late, len(late), 1, max(1, len(late)))

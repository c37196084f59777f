"""The first page, and the search across all three lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from ingest.fields import ListKind
from marketplace.accounts.words import Role
from marketplace.experts import invitations
from marketplace.kernel.paging import Page
from marketplace.lists import editions, items
from marketplace.lists.views import ItemCard, ItemFilter
from marketplace.profiles import profiles
from marketplace.profiles.views import ProfileCard, ProfileFilter
from marketplace.rounds import rounds
from marketplace.rounds.reviewing import places
from marketplace.rounds.reviewing.places import Place
from marketplace.rounds.rounds import Wanted
from marketplace.rounds.words import RoundState
from web.dependencies import AtDesk, Counted, Desk
from web.pages import render
from web.pages.landing import landing
from web.pages.matches import snippets
from web.pages.matches.snippets import Found
from web.pages.review import words as review_words
from web.pages.rounds import words

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Group:
    """What was found on one list: the first few, and how many there are."""

    kind: str
    found: Sequence[Found]
    total: int


NEWEST_ITEMS = 10
NEWEST_EDITIONS = 4
NEWEST_ROUNDS = 4
SHOWN_OF_EACH = 6
FOUND_AT_MOST = 200
NEAR_AT_MOST = 4

Hits = list[tuple[str, float]]
"""Ids with their scores, best first."""
LONGEST_QUERY = 200


@router.get("/")
async def show(request: Request, desk: AtDesk) -> HTMLResponse:
    """Show what this is: the three lists with their counts, the newest items and editions."""
    context = await desk.read(lambda session: _first_page(session, desk))
    own = await desk.read(lambda session: _own_profile(session, desk))
    return render.page(
        request,
        desk,
        "home/show.html",
        own=own,
        invited=await desk.read(lambda session: _invited(session, desk)),
        judging=await desk.read(lambda session: _judging(session, desk)),
        desk_address=landing(desk.signed_in),
        **context,
    )


@router.get("/search", dependencies=[Counted])
async def search(request: Request, desk: AtDesk, q: str = "") -> HTMLResponse:
    """Search the three lists at once."""
    asked = q.strip()
    if len(asked) > LONGEST_QUERY:
        problem = f"搜索词最多 {LONGEST_QUERY} 个字，您输入了 {len(asked)} 个字。请缩短后再搜。"
        shown = asked[:LONGEST_QUERY]
        return render.page(
            request, desk, "home/search.html", status=422, q=shown, groups=[], is_near=False, problem=problem
        )
    groups = await _found(desk, asked) if asked else []
    is_near = bool(asked) and not groups
    if is_near:
        groups = await _near(desk, asked)
    return render.page(request, desk, "home/search.html", q=asked, groups=groups, is_near=is_near, problem="")


def _first_page(session: Session, desk: Desk) -> dict[str, Any]:
    counts = desk.recall(session, "counts", items.counts)
    supply = desk.recall(session, "supply", profiles.count)
    return {
        "counts": {**{kind.value: counts.get(kind, 0) for kind in ListKind}, "capability": supply},
        "newest": items.newest(session, limit=NEWEST_ITEMS),
        "editions": editions.newest(session, limit=NEWEST_EDITIONS),
        "rounds": rounds.public(session, Wanted(state=RoundState.OPEN), size=NEWEST_ROUNDS).rows,
        "states": words.STATES,
        "looks": words.LOOKS,
    }


async def _found(desk: Desk, asked: str) -> list[Group]:
    needs = await desk.match(lambda engine: engine.search_needs(asked, limit=FOUND_AT_MOST))
    suppliers = await desk.match(lambda engine: engine.search_profiles(asked, limit=FOUND_AT_MOST))
    return await _grouped(desk, asked, needs, suppliers)


async def _near(desk: Desk, asked: str) -> list[Group]:
    needs = await desk.match(lambda engine: engine.near_needs(asked, limit=NEAR_AT_MOST))
    suppliers = await desk.match(lambda engine: engine.near_profiles(asked, limit=NEAR_AT_MOST))
    return await _grouped(desk, asked, needs, suppliers)


async def _grouped(desk: Desk, asked: str, needs: Hits, suppliers: Hits) -> list[Group]:
    need_ids, profile_ids = tuple(key for key, _ in needs), tuple(key for key, _ in suppliers)

    def gather(session: Session) -> list[Group]:
        pages: dict[ListKind, Page[ItemCard] | Page[ProfileCard]] = {
            kind: items.search(session, ItemFilter(kind=kind, ids=need_ids), size=SHOWN_OF_EACH)
            for kind in (ListKind.SCENARIO, ListKind.DEMAND)
        }
        pages[ListKind.CAPABILITY] = profiles.search(session, ProfileFilter(ids=profile_ids), size=SHOWN_OF_EACH)
        return [
            Group(kind.value, _told(session, kind, page, asked), page.total)
            for kind, page in pages.items()
            if page.total
        ]

    return await desk.read(gather)


def _told(session: Session, kind: ListKind, page: Page[ItemCard] | Page[ProfileCard], asked: str) -> list[Found]:
    ids = [card.id for card in page.rows]
    texts: dict[str, tuple[str, ...]]
    if kind is ListKind.CAPABILITY:
        known = profiles.documents(session, ids)
        texts = {one.id: (one.description, *one.skills, *one.cases, *one.notes) for one in known}
    else:
        texts = {one.id: (one.description, *one.requirements) for one in items.documents(session, ids)}
    return [snippets.found(card, _name(card), asked, texts.get(card.id, ())) for card in page.rows]


def _name(card: ItemCard | ProfileCard) -> str:
    return card.title if isinstance(card, ItemCard) else card.name


def _invited(session: Session, desk: Desk) -> list[str]:
    """The regions into whose pools of experts somebody is asked."""
    if desk.signed_in is None:
        return []
    return [row.region for row in invitations.waiting(session, desk.signed_in.actor.account_id)]


def _judging(session: Session, desk: Desk) -> list[tuple[Place, str]]:
    if desk.signed_in is None:
        return []
    return review_words.waiting(places.of_account(session, desk.signed_in.actor))


def _own_profile(session: Session, desk: Desk) -> str | None:
    grants = () if desk.signed_in is None else desk.signed_in.actor.grants
    units = (grant.organisation_id for grant in grants if grant.role is Role.OPC and grant.organisation_id)
    return next((found for unit in units if (found := profiles.find(session, unit)) is not None), None)

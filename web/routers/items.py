"""One item with its source, its history and the suppliers that answer it."""

from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from marketplace.accounts.actors import may_run_lists
from marketplace.lists import items
from marketplace.lists.views import Contact, ItemPage, ItemRecord
from marketplace.profiles import profiles
from marketplace.profiles.views import ProfileCard, ProfileFilter
from matching import corpus
from matching.documents import Ranking
from web.dependencies import AtDesk, Desk
from web.pages import answers, facts, render, wording
from web.pages.answers import Answer, Subject

router = APIRouter(prefix="/items")

TOP: Final = 10
UNCLAIMED: Final = "尚未认领"


@router.get("/{item_id}")
async def show(request: Request, desk: AtDesk, item_id: str) -> HTMLResponse:
    """Show an item: what it states, where that stands, and who answers it with which words."""
    item, record = await desk.read(lambda session: _item(session, item_id))
    return await _page(request, desk, item, record, contact=item.contact)


@router.post("/{item_id}/contact")
async def reveal(request: Request, desk: AtDesk, item_id: str) -> HTMLResponse:
    """Show the whole contact to those who may see it, and write down that they did."""
    actor = desk.require_actor()
    contact = await desk.write(lambda session: items.reveal_contact(session, actor, item_id, now=desk.now))
    item, record = await desk.read(lambda session: _item(session, item_id))
    return await _page(request, desk, item, record, contact=contact)


def _item(session: Session, item_id: str) -> tuple[ItemPage, ItemRecord | None]:
    item = items.get(session, item_id)
    return item, next(iter(items.documents(session, [item_id])), None)


async def _page(
    request: Request, desk: Desk, item: ItemPage, record: ItemRecord | None, *, contact: Contact
) -> HTMLResponse:
    region = item.edition.region
    return render.page(
        request,
        desk,
        "items/show.html",
        fragment="items/_contact.html" if request.method == "POST" else None,
        item=item,
        facts=facts.of_item(item),
        contact=contact,
        may_reveal=desk.signed_in is not None and may_run_lists(desk.signed_in.actor, region=region),
        **await _suppliers(desk, item, record),
    )


async def _suppliers(desk: Desk, item: ItemPage, record: ItemRecord | None) -> dict[str, Any]:
    if record is None:  # closed, or a capability: nothing to match
        return {"answers": (), "supply": 0}
    ranking = await desk.match(lambda engine: engine.rank_profiles(corpus.need(record), top=TOP))

    def known(session: Session) -> tuple[tuple[Answer, ...], int]:
        # What the index names is looked up again, so that nothing hidden since can appear.
        return answers.shown(ranking, _subjects(session, ranking, item)), profiles.count(session)

    shown, supply = await desk.read(known)
    return {"answers": shown, "supply": supply}


def _subjects(session: Session, ranking: Ranking, item: ItemPage) -> dict[str, Subject]:
    ids = tuple(hit.id for hit in ranking.hits)
    cards = profiles.search(session, ProfileFilter(ids=ids), page=1, size=max(1, len(ids))).rows
    prices = {record.id: record.price_text for record in profiles.documents(session, ids)}
    return {
        card.id: Subject(
            card.name,
            f"/opcs/{card.id}",
            _about(card, prices.get(card.id)),
            item.requirements,
            need=item.card.title,
            remarks=() if card.claimed else (UNCLAIMED,),
        )
        for card in cards
    }


def _about(card: ProfileCard, price: str | None) -> str:
    people = f"{card.team_size} 人" if card.team_size is not None else ""
    where = wording.region(card.region) if card.region else ""
    asked = f"参考报价：{price}" if price else ""
    return " · ".join(part for part in (people, where, asked, card.headline) if part)

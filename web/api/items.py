"""Items: listed, read, and ranked against suppliers. Contacts stay masked, as on the pages of visitors."""

from decimal import Decimal
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session

from ingest.fields import IssuerType, ListKind
from marketplace.lists import items, walking
from marketplace.lists.views import ItemFilter, ItemPage
from marketplace.lists.walking import ItemPlace
from marketplace.lists.words import ItemState
from marketplace.profiles import profiles
from marketplace.profiles.views import ProfileFilter
from matching import corpus, files
from web.api import cursors, models, rankings, tags, words
from web.api.callers import Asking, Caller, Matching
from web.api.cursors import Cursor, Size
from web.pages.matches import suppliers, together

router = APIRouter(prefix="/items", tags=["条目"])

FOUND_AT_MOST: Final = 500
Amount = Annotated[Decimal | None, Query(ge=0, le=10**13, max_digits=15, decimal_places=2)]


@router.get(
    "",
    response_model=models.Page[models.Item],
    summary="条目列表：公开的场景项目、需求和能力条目，最新的在前",
    description="`q` 按意思和字面搜索需求类条目，最相合的在前，最多 500 条；其余条件逐项缩小范围。",
)
async def search(
    request: Request,
    caller: Asking,
    *,
    q: words.Asked = "",
    kind: ListKind | None = None,
    sector: words.Asked = "",
    region: words.Asked = "",
    issuer_type: IssuerType | None = None,
    budget_from: Amount = None,
    budget_to: Amount = None,
    state: ItemState | None = ItemState.OPEN,
    cursor: Cursor = "",
    size: Size = 20,
) -> Response:
    """List items, newest first, or best first where words are searched."""
    wanted = ItemFilter(
        kind=kind,
        sector=sector or None,
        region=region or None,
        issuer_type=issuer_type,
        budget_from=budget_from,
        budget_to=budget_to,
        state=state,
    )
    page = await (_found(caller, q, wanted, cursor, size) if q else _walked(caller, wanted, cursor, size))
    return tags.answer(request, page)


@router.get(
    "/{item_id}",
    response_model=models.ItemDetail,
    summary="一个条目的全部内容、来源和历次版本",
    description="联系方式一律掩码；需要联系时请在网页上发起。",
)
async def show(request: Request, caller: Asking, item_id: words.Id) -> Response:
    """Tell one item with its contact masked."""
    page = await caller.desk.read(lambda session: items.get(session, item_id))
    return tags.answer(request, detail(page))


@router.get(
    "/{item_id}/matches",
    response_model=models.Matches,
    summary="能承接这个条目的供应方，逐条要点附原话",
    description="没有合适的供应方时 verdict 为 none。已关闭的条目和能力条目不参与匹配。",
)
async def matches(request: Request, caller: Matching, item_id: words.Id) -> Response:
    """Rank suppliers for an item."""
    desk = caller.desk
    records = await desk.read(lambda session: (items.get(session, item_id), list(items.documents(session, [item_id]))))
    found = records[1]
    if not found:
        return tags.answer(request, rankings.nothing(item_id))
    ranking = await desk.match(lambda engine: engine.rank_profiles(corpus.need(found[0]), top=rankings.TOP))

    def known(session: Session) -> dict[str, str]:
        ids = tuple(hit.id for hit in ranking.hits)
        shown = profiles.search(session, ProfileFilter(ids=ids), page=1, size=max(1, len(ids))).rows
        return {card.id: card.name for card in shown}

    return tags.answer(request, rankings.told(ranking, await desk.read(known), whole=False))


@router.get(
    "/{item_id}/teams",
    response_model=models.Teams,
    summary="没有一家能独自承接全部要点时，合起来能承接的几家",
    description="与命令 jiebang teams 的回答相同：缺口少、家数少的在前。有一家能独自承接的、没有合适组合的、不参与匹配的，teams 为空。",
)
async def teams(request: Request, caller: Matching, item_id: words.Id) -> Response:
    """Compose teams for an item."""
    desk = caller.desk
    page = await desk.read(lambda session: items.get(session, item_id))
    if page.document is None:
        return tags.answer(request, models.Teams(query=item_id, teams=[]))
    need = corpus.need(page.document)
    found = await together.composed(desk, need)

    def known(session: Session) -> frozenset[str]:
        ids = tuple(dict.fromkeys(member for team in found for member in team.members))
        return frozenset(suppliers.named(session, ids, page.document)) if page.document and ids else frozenset()

    shown = await desk.read(known)
    kept = [team for team in found if shown.issuperset(team.members)]
    return tags.answer(request, models.Teams.model_validate(files.teams_as_json(need, kept)))


def detail(page: ItemPage) -> models.ItemDetail:
    """A whole item as programs read it."""
    return models.ItemDetail(
        **models.Item.model_validate(page.card).model_dump(),
        version=page.version,
        description=page.description,
        requirements=list(page.requirements),
        extras=dict(page.extras),
        contact=models.Contact.model_validate(page.contact),
        source=models.Source.model_validate(page.source),
        versions=[models.ItemVersion.model_validate(version) for version in page.versions],
        closed_at=page.closed_at,
        merged_into=None if page.main is None else page.main.id,
    )


async def _walked(caller: Caller, wanted: ItemFilter, cursor: str, size: int) -> models.Page[models.Item]:
    after: ItemPlace | None = None
    if cursor:
        order_key, own_id = cursors.read(cursor, int, str)
        after = ItemPlace(int(order_key), str(own_id))
    rows, more = await caller.desk.read(lambda session: walking.items(session, wanted, after=after, limit=size))
    shown = [models.Item.model_validate(card) for card in rows]
    return models.Page[models.Item](items=shown, next_cursor=cursors.write(*more) if more else None)


async def _found(caller: Caller, q: str, wanted: ItemFilter, cursor: str, size: int) -> models.Page[models.Item]:
    start = int(cursors.read(cursor, int)[0]) if cursor else 0
    hits = await caller.desk.match(lambda engine: engine.search_needs(q, limit=FOUND_AT_MOST))
    ids = tuple(key for key, _score in hits)
    filtered = ItemFilter(**{name: getattr(wanted, name) for name in _FIELDS}, ids=ids)
    number = start // size + 1
    page = await caller.desk.read(lambda session: items.search(session, filtered, page=number, size=size))
    shown = [models.Item.model_validate(card) for card in page.rows]
    return models.Page[models.Item](items=shown, next_cursor=cursors.write(number * size) if page.has_next else None)


_FIELDS: Final = ("kind", "sector", "region", "issuer_type", "budget_from", "budget_to", "state")

"""Editions: dated, frozen, with what each changed."""

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from marketplace.kernel.paging import Page
from marketplace.lists import editions, walking
from marketplace.lists.views import EditionEntryView
from marketplace.lists.walking import EditionPlace
from web.api import cursors, models, tags, words
from web.api.callers import Asking
from web.api.cursors import Cursor, Size
from web.api.suppliers import microseconds_of, moment

router = APIRouter(prefix="/editions", tags=["各期清单"])


@router.get(
    "",
    response_model=models.Page[models.Edition],
    summary="各期清单，最近发布的在前",
    description="每一期发布后不再改动。",
)
async def search(request: Request, caller: Asking, *, cursor: Cursor = "", size: Size = 20) -> Response:
    """List the editions, newest first."""
    after: EditionPlace | None = None
    if cursor:
        microseconds, own_id = cursors.read(cursor, int, str)
        after = EditionPlace(moment(int(microseconds)), str(own_id))
    rows, more = await caller.desk.read(lambda session: walking.editions(session, after=after, limit=size))
    going_on = cursors.write(microseconds_of(more.published_at), more.id) if more else None
    shown = [models.Edition.model_validate(card) for card in rows]
    return tags.answer(request, models.Page[models.Edition](items=shown, next_cursor=going_on))


@router.get(
    "/{edition_id}",
    response_model=models.EditionDetail,
    summary="一期清单",
    description="条目另取：/editions/{edition_id}/items。",
)
async def show(request: Request, caller: Asking, edition_id: words.Id) -> Response:
    """Tell one edition; its lines are asked for apart."""
    page = await caller.desk.read(lambda session: editions.get(session, edition_id))
    told = models.EditionDetail(
        **models.Edition.model_validate(page.card).model_dump(),
        file_name=page.file_name,
        previous_id=page.previous_id,
        next_id=page.next_id,
    )
    return tags.answer(request, told)


@router.get(
    "/{edition_id}/items",
    response_model=models.Page[models.EditionLine],
    summary="一期清单的条目，按编号",
    description="按发布时的内容给出，不随后来的版本改变；不再列入的排在最后。",
)
async def lines(
    request: Request, caller: Asking, edition_id: words.Id, *, cursor: Cursor = "", size: Size = 50
) -> Response:
    """List the lines of an edition as it was published."""
    start = int(cursors.read(cursor, int)[0]) if cursor else 0
    number = start // size + 1

    def look(session: Session) -> Page[EditionEntryView]:
        editions.get(session, edition_id)
        return editions.items_page(session, edition_id, page=number, size=size)

    page = await caller.desk.read(look)
    shown = [
        models.EditionLine(
            number=line.number,
            outcome=line.outcome.value,
            item=models.Item.model_validate(line.card),
            changes=[models.Change.model_validate(change) for change in line.changes],
        )
        for line in page.rows
    ]
    going_on = cursors.write(number * size) if page.has_next else None
    return tags.answer(request, models.Page[models.EditionLine](items=shown, next_cursor=going_on))

"""Suppliers: listed, read as far as the asker may, and ranked needs for each."""

from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session

from marketplace.lists import items
from marketplace.profiles import profiles, walking
from marketplace.profiles.views import ProfileFilter, ProfileForm, ProfilePage, ProfileRecord
from marketplace.profiles.walking import ProfilePlace
from matching import corpus
from web.api import cursors, models, rankings, tags, words
from web.api.callers import Asking, Caller, Matching
from web.api.cursors import Cursor, Size
from web.api.problems import Problem

router = APIRouter(prefix="/profiles", tags=["供应方"])

FOUND_AT_MOST: Final = 500
LATEST: Final = 253_402_300_799_000_000
"""The last microsecond of year 9999."""
People = Annotated[int | None, Query(ge=0, le=100_000)]


@router.get(
    "",
    response_model=models.Page[models.Supplier],
    summary="供应方列表，最近更新的在前",
    description="`q` 按意思和字面搜索能力，最相合的在前，最多 500 家。",
)
async def search(
    request: Request,
    caller: Asking,
    *,
    q: words.Asked = "",
    sector: words.Asked = "",
    region: words.Asked = "",
    team_size_from: People = None,
    team_size_to: People = None,
    cursor: Cursor = "",
    size: Size = 20,
) -> Response:
    """List suppliers, last changed first, or best first where words are searched."""
    wanted = ProfileFilter(sector or None, region or None, team_size_from, team_size_to)
    page = await (_found(caller, q, wanted, cursor, size) if q else _walked(caller, wanted, cursor, size))
    return tags.answer(request, page)


@router.get(
    "/{profile_id}",
    response_model=models.SupplierDetail,
    summary="一份能力画像",
    description="只给出提问者可以看到的内容：没有令牌时，只有公开的内容。",
)
async def show(request: Request, caller: Asking, profile_id: words.Id) -> Response:
    """Tell one profile as far as the asker may see it."""
    page = await caller.desk.read(lambda session: profiles.get(session, profile_id, caller.actor))
    return tags.answer(request, detail(page))


@router.get(
    "/{profile_id}/matches",
    response_model=models.Matches,
    summary="这家供应方可以争取的需求，逐条要点附原话",
    description="只依据公开的能力陈述；没有合适的需求时 verdict 为 none。",
)
async def matches(request: Request, caller: Matching, profile_id: words.Id) -> Response:
    """Rank needs for a supplier."""
    desk = caller.desk

    def look(session: Session) -> list[ProfileRecord]:
        profiles.get(session, profile_id)
        return list(profiles.documents(session, [profile_id]))

    found = await desk.read(look)
    if not found:
        return tags.answer(request, rankings.nothing(profile_id))
    ranking = await desk.match(lambda engine: engine.rank_needs(corpus.profile(found[0]), top=rankings.TOP))

    def known(session: Session) -> dict[str, str]:
        return {record.id: record.title for record in items.documents(session, [hit.id for hit in ranking.hits])}

    return tags.answer(request, rankings.told(ranking, await desk.read(known), whole=False))


def detail(page: ProfilePage) -> models.SupplierDetail:
    """A whole profile as programs read it."""
    form = page.current.form if page.current is not None else ProfileForm()
    return models.SupplierDetail(
        **models.Supplier.model_validate(page.card).model_dump(),
        version=page.current.number if page.current is not None else 0,
        description=form.description,
        offers=[models.Offer.model_validate(offer) for offer in form.offers],
        skills=list(form.skills),
        cases=[models.Case.model_validate(case) for case in form.cases],
        not_offered=list(form.not_offered),
        price_text=form.price_text,
        founded_year=form.founded_year,
        filings=[models.Filing(kind=one.kind.value, number=one.number, note=one.note) for one in form.filings],
        notes=[models.Note.model_validate(note) for note in page.notes],
    )


async def _walked(caller: Caller, wanted: ProfileFilter, cursor: str, size: int) -> models.Page[models.Supplier]:
    after: ProfilePlace | None = None
    if cursor:
        microseconds, own_id = cursors.read(cursor, int, str)
        after = ProfilePlace(moment(int(microseconds)), str(own_id))
    rows, more = await caller.desk.read(lambda session: walking.profiles(session, wanted, after=after, limit=size))
    going_on = cursors.write(microseconds_of(more.updated_at), more.id) if more else None
    return models.Page[models.Supplier](
        items=[models.Supplier.model_validate(row) for row in rows], next_cursor=going_on
    )


async def _found(caller: Caller, q: str, wanted: ProfileFilter, cursor: str, size: int) -> models.Page[models.Supplier]:
    start = int(cursors.read(cursor, int)[0]) if cursor else 0
    hits = await caller.desk.match(lambda engine: engine.search_profiles(q, limit=FOUND_AT_MOST))
    filtered = ProfileFilter(
        wanted.sector,
        wanted.region,
        wanted.team_size_from,
        wanted.team_size_to,
        ids=tuple(key for key, _score in hits),
    )
    number = start // size + 1
    page = await caller.desk.read(lambda session: profiles.search(session, filtered, page=number, size=size))
    shown = [models.Supplier.model_validate(card) for card in page.rows]
    going_on = cursors.write(number * size) if page.has_next else None
    return models.Page[models.Supplier](items=shown, next_cursor=going_on)


def microseconds_of(at: datetime) -> int:
    """A moment as a whole number, so that a cursor keeps all of it."""
    since = at - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def moment(microseconds: int) -> datetime:
    """The moment of a cursor's number."""
    if microseconds > LATEST:
        raise Problem(400, "bad_cursor", "cursor 不对。请原样使用上一页回答里的 next_cursor，或从第一页重新开始。")
    seconds, rest = divmod(microseconds, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)

"""One supplier: what it says it can do, where each statement stands, and the needs it can win."""

from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from ingest.fields import ListKind
from marketplace.lists import items
from marketplace.lists.views import ItemRecord
from marketplace.profiles import profiles
from marketplace.profiles.views import ProfilePage, ProfileRecord
from matching import corpus
from matching.documents import Ranking
from web.dependencies import AtDesk, Desk
from web.pages import answers, render, wording
from web.pages.answers import Answer, Subject

router = APIRouter(prefix="/opcs")

TOP: Final = 10


@router.get("/{profile_id}")
async def show(request: Request, desk: AtDesk, profile_id: str) -> HTMLResponse:
    """Show a profile with the source of each statement and the open needs it answers."""
    profile, record = await desk.read(lambda session: _profile(session, profile_id))
    return render.page(request, desk, "opcs/show.html", profile=profile, **await _needs(desk, record))


def _profile(session: Session, profile_id: str) -> tuple[ProfilePage, ProfileRecord | None]:
    profile = profiles.get(session, profile_id)
    return profile, next(iter(profiles.documents(session, [profile_id])), None)


async def _needs(desk: Desk, record: ProfileRecord | None) -> dict[str, Any]:
    if record is None:  # nothing stated yet, so nothing to match
        return {"answers": (), "demand": 0}
    ranking = await desk.match(lambda engine: engine.rank_needs(corpus.profile(record), top=TOP))

    def known(session: Session) -> tuple[tuple[Answer, ...], int]:
        counts = items.counts(session)
        demand = counts.get(ListKind.SCENARIO, 0) + counts.get(ListKind.DEMAND, 0)
        return answers.shown(ranking, _subjects(session, ranking, desk.now)), demand

    shown, demand = await desk.read(known)
    return {"answers": shown, "demand": demand}


def _subjects(session: Session, ranking: Ranking, now: datetime) -> dict[str, Subject]:
    records = items.documents(session, [hit.id for hit in ranking.hits])
    return {record.id: _subject(record, now) for record in records}


def _subject(record: ItemRecord, now: datetime) -> Subject:
    is_past = wording.is_past(record.period_end, now)
    return Subject(
        record.title,
        f"/items/{record.id}",
        _about(record),
        record.requirements,
        need=record.title,
        remarks=(wording.PAST,) if is_past else (),
        is_past=is_past,
    )


def _about(record: ItemRecord) -> str:
    money = wording.budget(record.budget_min, record.budget_max)
    said = (
        wording.KINDS[record.list_kind],
        record.issuer,
        wording.region(record.region) if record.region else None,
        money.striptags() if money else None,
        wording.period(record.period_start, record.period_end, record.duration_months),
    )
    return " · ".join(part for part in said if part)

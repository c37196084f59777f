"""Matching a text that is in no list: a need finds suppliers, a profile finds needs. Nothing is kept of it."""

from decimal import Decimal
from typing import Annotated, Final

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlmodel import Session

from marketplace.lists import items
from marketplace.profiles import profiles
from marketplace.profiles.views import ProfileFilter
from matching.documents import Need, Profile, Ranking
from web.api import models, rankings, tags
from web.api.callers import Caller, Matching
from web.api.words import Plain

router = APIRouter(prefix="/match", tags=["匹配"])

QUERY: Final = "query"
Short = Annotated[str, Field(max_length=200), Plain]
Long = Annotated[str, Field(max_length=10_000), Plain]
Lines = Annotated[list[Annotated[str, Field(max_length=1000), Plain]], Field(max_length=50)]
Amount = Annotated[Decimal | None, Field(ge=0, le=10**13)]


class AskedNeed(BaseModel):
    """A need as it would be written on a list."""

    model_config = ConfigDict(extra="forbid")
    title: Short = ""
    description: Long = ""
    requirements: Lines = []
    sector: Short = ""
    region: Short = ""
    budget_min: Amount = None
    budget_max: Amount = None
    period_text: Short = ""


class AskedProfile(BaseModel):
    """A supplier as it would say of itself."""

    model_config = ConfigDict(extra="forbid")
    headline: Short = ""
    description: Long = ""
    skills: Lines = []
    sectors: Lines = []
    cases: Lines = []
    not_offered: Lines = []
    team_size: Annotated[int | None, Field(ge=0, le=100_000)] = None
    region: Short = ""


class Question(BaseModel):
    """Either a need or a profile."""

    model_config = ConfigDict(extra="forbid")
    need: AskedNeed | None = None
    profile: AskedProfile | None = None
    top: Annotated[int, Field(ge=1, le=50)] = rankings.TOP

    @model_validator(mode="after")
    def _one_of_both(self) -> "Question":
        asked = [text for text in (self.need, self.profile) if text is not None]
        if len(asked) != 1:
            raise ValueError("need 和 profile 请只写一个。")
        if not any(
            getattr(asked[0], name, "") for name in ("title", "headline", "description", "requirements", "skills")
        ):
            raise ValueError("请至少写明名称或说明。")
        return self


@router.post(
    "",
    response_model=models.Matches,
    summary="拿一段需求找供应方，或拿一段能力找需求",
    description="排名与命令 jiebang match 相同：低于底线的也列出，verdict 为 none；整体 verdict 为 none 即没有合适的。",
)
async def match(request: Request, caller: Matching, question: Question) -> Response:
    """Rank what answers a text that is in no list."""
    if question.need is not None:
        ranking = await _suppliers(caller, question.need, question.top)
        names = await caller.desk.read(lambda session: _profile_names(session, ranking))
    else:
        assert question.profile is not None
        ranking = await _needs(caller, question.profile, question.top)
        names = await caller.desk.read(lambda session: _item_titles(session, ranking))
    return tags.answer(request, rankings.told(ranking, names, whole=True))


async def _suppliers(caller: Caller, asked: AskedNeed, top: int) -> Ranking:
    need = Need(
        id=QUERY,
        title=asked.title,
        description=asked.description,
        requirements=tuple(asked.requirements),
        sector=asked.sector or None,
        region=asked.region or None,
        budget_min=asked.budget_min,
        budget_max=asked.budget_max,
        period_text=asked.period_text or None,
    )
    return await caller.desk.match(lambda engine: engine.rank_profiles(need, top=top))


async def _needs(caller: Caller, asked: AskedProfile, top: int) -> Ranking:
    profile = Profile(
        id=QUERY,
        name="",
        headline=asked.headline,
        description=asked.description,
        skills=tuple(asked.skills),
        sectors=tuple(asked.sectors),
        cases=tuple(asked.cases),
        not_offered=tuple(asked.not_offered),
        team_size=asked.team_size,
        region=asked.region or None,
    )
    return await caller.desk.match(lambda engine: engine.rank_needs(profile, top=top))


def _profile_names(session: Session, ranking: Ranking) -> dict[str, str]:
    ids = tuple(hit.id for hit in ranking.hits)
    shown = profiles.search(session, ProfileFilter(ids=ids), page=1, size=max(1, len(ids))).rows
    return {card.id: card.name for card in shown}


def _item_titles(session: Session, ranking: Ranking) -> dict[str, str]:
    return {record.id: record.title for record in items.documents(session, [hit.id for hit in ranking.hits])}

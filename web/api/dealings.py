"""The dealings and teams of the token's own organisation, to be read; they are moved on the pages.

A contact is told by no program: looking at one is an act of a person, and is logged.
"""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from sqlmodel import Session

from marketplace.accounts.signing_in import tokens
from marketplace.dealings import pages, walking
from marketplace.dealings.teams import teams
from marketplace.dealings.views import DealingCard, DealingPage
from marketplace.dealings.walking import DealingPlace
from marketplace.dealings.words import Ending, Event, Party, Place, Refusal, RequestState, Stage
from web.api import cursors, models, suppliers, tags, words
from web.api.callers import Asking
from web.api.cursors import Cursor, Size

router = APIRouter(tags=["本单位的对接和联合体"])

NEEDS_SCOPE = "需要令牌，权限 dealings:read。"


class ContactRequest(models.Told):
    """A request for contact; its message hides numbers and addresses until it is granted."""

    state: RequestState
    asked_by: Party
    message: str
    asked_at: datetime
    answered_at: datetime | None
    reason: Refusal | None
    answer: str


class Dealing(models.Told):
    """A dealing in a list of many."""

    id: str
    item_id: str
    item_title: str
    need_name: str = Field(description="发榜单位；匿名发布、还没有同意联系的不写名称")
    profile_id: str
    opc_name: str
    region: str
    side: Party = Field(description="本单位是哪一方：need 为发榜方，opc 为供应方")
    stage: Stage
    version: int
    opened_at: datetime
    moved_by: Party
    moved_at: datetime
    contact_known: bool = Field(description="联系方式已获同意；请在网页上查看，每次查看留痕")
    waits_for: list[Party] = Field(description="等哪一方办理；没有人要办时为空")
    due_on: date | None
    is_overdue: bool
    intent: models.Yuan | None
    signed: models.Yuan | None
    signed_on: date | None
    ending: Ending | None
    team_id: str | None
    team_name: str
    request: ContactRequest | None


class DealingNote(models.Told):
    """One thing that happened."""

    number: int
    at: datetime
    who: str
    party: Party
    event: Event
    stage: Stage
    text: str
    amount: models.Yuan | None


class DealingDetail(Dealing):
    """A whole dealing, the newest note first."""

    notes: list[DealingNote]
    possible: list[Event] = Field(description="本单位现在可以在网页上办理的事")


class Team(models.Told):
    """A team in a list of many."""

    id: str
    name: str
    lead_id: str
    lead_name: str
    item_id: str | None
    item_title: str
    joined: int
    invited: int
    founded_at: datetime
    dissolved_at: datetime | None
    place: Place | None = Field(description="本单位在其中的位置")


class Teams(models.Told):
    """The teams of an organisation."""

    items: list[Team]


class TeamMember(models.Told):
    """One supplier's place in a team, and what it does."""

    profile_id: str
    name: str
    headline: str
    place: Place
    work: str
    invited_at: datetime
    answered_at: datetime | None


class TeamDetail(Team):
    """A whole team."""

    purpose: str
    version: int
    members: list[TeamMember]


@router.get(
    "/dealings",
    response_model=models.Page[Dealing],
    summary="本单位的对接，最近有进展的在前",
    description=f"{NEEDS_SCOPE}两方的都在内；只能读取，办理请在网页上。",
)
async def index(
    request: Request,
    caller: Asking,
    *,
    stage: Annotated[Stage | None, Query(description="只看这个阶段的")] = None,
    cursor: Cursor = "",
    size: Size = 20,
) -> Response:
    """List the organisation's dealings on either side, last moved first."""
    holder = caller.require(tokens.DEALINGS)
    after: DealingPlace | None = None
    if cursor:
        microseconds, own_id = cursors.read(cursor, int, str)
        after = DealingPlace(suppliers.moment(int(microseconds)), str(own_id))
    rows, more = await caller.desk.read(
        lambda session: walking.dealings(
            session, holder.actor, stage=stage, after=after, limit=size, now=caller.desk.now
        )
    )
    going_on = cursors.write(suppliers.microseconds_of(more.moved_at), more.id) if more else None
    return tags.answer(request, models.Page[Dealing](items=[_told(card) for card in rows], next_cursor=going_on))


@router.get("/dealings/{dealing_id}", response_model=DealingDetail, summary="一项对接及其经过", description=NEEDS_SCOPE)
async def show(request: Request, caller: Asking, dealing_id: words.Id) -> Response:
    """Tell one dealing with its notes."""
    holder = caller.require(tokens.DEALINGS)
    page = await caller.desk.read(lambda session: pages.get(session, holder.actor, dealing_id, now=caller.desk.now))
    return tags.answer(request, _whole(page))


@router.get(
    "/teams",
    response_model=Teams,
    summary="本单位牵头、加入和受邀的联合体",
    description=f"{NEEDS_SCOPE}没有解散的、新近组建的在前。",
)
async def teams_of(request: Request, caller: Asking) -> Response:
    """List the teams that the organisation leads, stands in or is invited into."""
    holder = caller.require(tokens.DEALINGS)
    found = await caller.desk.read(lambda session: teams.of_actor(session, holder.actor))
    return tags.answer(request, Teams(items=[Team.model_validate(card) for card in found]))


@router.get("/teams/{team_id}", response_model=TeamDetail, summary="一个联合体及其成员", description=NEEDS_SCOPE)
async def team(request: Request, caller: Asking, team_id: words.Id) -> Response:
    """Tell one team with its members."""
    holder = caller.require(tokens.DEALINGS)

    def look(session: Session) -> TeamDetail:
        page = teams.get(session, holder.actor, team_id)
        own = page.own
        card = Team.model_validate(page.card).model_dump() | {"place": own.place if own else None}
        members = [TeamMember.model_validate(member) for member in page.members]
        return TeamDetail(**card, purpose=page.purpose, version=page.version, members=members)

    return tags.answer(request, await caller.desk.read(look))


def _told(card: DealingCard) -> Dealing:
    return Dealing(**_fields(card))


def _whole(page: DealingPage) -> DealingDetail:
    notes = [DealingNote.model_validate(note) for note in page.notes]
    return DealingDetail(**_fields(page.card), notes=notes, possible=list(page.possible))


def _fields(card: DealingCard) -> dict[str, Any]:
    named = {name: getattr(card, name) for name in Dealing.model_fields if hasattr(card, name)}
    asked = card.request and ContactRequest.model_validate(card.request)
    return named | {"side": card.party, "waits_for": sorted(card.waits_for), "request": asked}

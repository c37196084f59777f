"""Rounds as everybody reads them: the list, one with its notice and timetable, its questions, its manifest, its result.

They are made, approved, opened and stopped by persons on the pages: those acts ask for two people and for passphrases.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session

from marketplace.rounds import held, manifests, questions, rounds
from marketplace.rounds.deciding import outcomes
from marketplace.rounds.rounds import PUBLIC_NAMES, Wanted
from marketplace.rounds.words import RoundState
from web.api import cursors, models, result_models, round_models, tags, words
from web.api.callers import Asking
from web.api.cursors import Cursor, Size
from web.api.result_models import Result
from web.api.round_models import Manifest, Question, Questions, Round, RoundDetail, SealedVersion
from web.api.words import Asked

router = APIRouter(prefix="/rounds", tags=["揭榜活动"])


State = Annotated[
    RoundState | None,
    Query(description=f"按状态筛选，可用：{'、'.join(PUBLIC_NAMES)}"),
]


@router.get(
    "",
    response_model=models.Page[Round],
    summary="揭榜活动，可以申报的在前",
    description="已预告和已发布的活动。q 在名称里找。",
)
async def index(
    request: Request,
    caller: Asking,
    *,
    q: Asked = "",
    state: State = None,
    procedure: Asked = "",
    region: Asked = "",
    cursor: Cursor = "",
    size: Size = 20,
) -> Response:
    """List the rounds that are announced or published."""
    start = int(cursors.read(cursor, int)[0]) if cursor else 0
    number = start // size + 1
    wanted = Wanted(state=state, procedure_key=procedure, region=region, words=q)
    page = await caller.desk.read(lambda session: rounds.public(session, wanted, page=number, size=size))
    going_on = cursors.write(number * size) if page.has_next else None
    return tags.answer(
        request, models.Page[Round](items=[round_models.card(card) for card in page.rows], next_cursor=going_on)
    )


@router.get(
    "/{round_id}",
    response_model=RoundDetail,
    summary="一个活动：公告、时间表和此刻能办什么",
    description="带令牌时，moves 写明令牌所代表的人此刻能办什么、不能办的原因；办理一律在网页上。",
)
async def show(request: Request, caller: Asking, round_id: words.Id) -> Response:
    """Tell one round."""
    page = await caller.desk.read(lambda session: rounds.get(session, caller.actor, round_id, now=caller.desk.now))
    return tags.answer(request, round_models.detail(page))


@router.get(
    "/{round_id}/questions",
    response_model=Questions,
    summary="一个活动的提问和答复",
    description="已公开答复的，以及令牌所代表的人自己提的。不写提问人。",
)
async def asked(request: Request, caller: Asking, round_id: words.Id) -> Response:
    """List the questions of a round."""

    def look(session: Session) -> Questions:
        rounds.get(session, caller.actor, round_id, now=caller.desk.now)
        found = questions.of(session, caller.actor, held.get(session, round_id))
        return Questions(items=[Question.model_validate(one) for one in found])

    return tags.answer(request, await caller.desk.read(look))


@router.get(
    "/{round_id}/manifest",
    response_model=Manifest,
    summary="一个活动的封存清单",
    description="截止后公布，此后不变：每一份收据对应的密文摘要。可以用它核对自己的收据。",
)
async def manifest(request: Request, caller: Asking, round_id: words.Id) -> Response:
    """Tell the frozen manifest."""
    found, digest = await caller.desk.read(lambda session: manifests.get(session, round_id))
    told = Manifest(
        **{name: getattr(found, name) for name in ("round_id", "notice_digest", "public_key", "deadline", "frozen_at")},
        digest=digest,
        entries=[SealedVersion.model_validate(one) for one in found.entries],
    )
    return tags.answer(request, told)


@router.get(
    "/{round_id}/result",
    response_model=Result,
    summary="一个活动的结果：各次公示、现状和异议统计",
    description="公示以后才有。撤回的公示照原样保留，写明理由。异议的内容和异议人不公开，只有统计。",
)
async def result(request: Request, caller: Asking, round_id: words.Id) -> Response:
    """Tell the result."""
    page = await caller.desk.read(lambda session: outcomes.get(session, None, round_id, now=caller.desk.now))
    return tags.answer(request, result_models.result(page))

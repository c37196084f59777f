"""The pages of a round's panels that several routes show: the board, one member, the candidates, one draw."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.experts import pool
from marketplace.experts.backgrounds import Stated
from marketplace.experts.pool import Listed
from marketplace.experts.rules.drawing import Wanted
from marketplace.kernel.errors import Conflict, Invalid, NotFound, Refusal
from marketplace.rounds import held
from marketplace.rounds.making import notices
from marketplace.rounds.panels import backgrounds, candidates, draws
from marketplace.rounds.panels.candidates import Candidate
from marketplace.rounds.reviewing import boards, reading, stages
from marketplace.rounds.reviewing.board_views import Board, Seat, TrackBoard
from marketplace.rounds.rules import draw_records
from marketplace.rounds.rules.machines import Reason
from web.dependencies import Desk
from web.pages import render
from web.pages.experts import background_forms
from web.pages.experts.words import BACKGROUND
from web.pages.rounds import fitting, panel_words
from web.pages.rounds.fitting import Asked

MOST_DRAWN: Final = 99


@dataclass(frozen=True, slots=True)
class Refused:
    """What a form that was refused is shown with: what is wrong by field, what stands at the head, what was typed."""

    errors: Mapping[str, str]
    message: str
    filled: Mapping[str, str]
    status: int


NOTHING: Final = Refused({}, "", {}, 200)


def refused(
    refusal: Invalid | Conflict, filled: Mapping[str, str], *, at: str = "", names: Mapping[str, str] | None = None
) -> Refused:
    """A refusal as a page shows it. `names` calls the verb's fields as the form does, `at` ends the name of each."""
    called = {(names or {}).get(name, name): said for name, said in _fields(refusal).items()}
    return Refused(
        errors={f"{name}{at}": said for name, said in called.items()},
        message="" if called else refusal.message,
        filled={f"{name}{at}": said for name, said in filled.items()},
        status=409 if isinstance(refusal, Conflict) else 422,
    )


def _fields(refusal: Refusal) -> Mapping[str, str]:
    return refusal.fields if isinstance(refusal, Invalid) else {}


async def board(request: Request, desk: Desk, round_id: str, shown: Refused = NOTHING) -> HTMLResponse:
    """Show every panel of a round with what waits in it."""
    actor = desk.require_actor()

    def read(session: Session) -> tuple[Board, Reason | None, bool, list[Stated]]:
        found, row = boards.get(session, actor, round_id), held.get(session, round_id)
        against = stages.against_closing(session, actor, row, now=desk.now) if found.may_act else None
        return found, against, bool(reading.all_of(session, actor, round_id)), _stated(session, actor, round_id)

    found, against, has_scores, stated = await desk.study(read)
    return render.page(
        request,
        desk,
        "rounds/panel.html",
        status=shown.status,
        board=found,
        against=against,
        has_scores=has_scores,
        stated=stated,
        said=background_forms.said,
        fields_of=BACKGROUND,
        shown=shown,
        words=panel_words,
    )


def _stated(session: Session, actor: Actor, round_id: str) -> list[Stated]:
    """What the bidding units state, each once, for those who may read it; nobody else is told that there is anything."""
    try:
        found = backgrounds.of_round(session, actor, round_id)
    except NotFound:
        return []
    return list({one.organisation_id: one for units in found.values() for one in units}.values())


async def member(request: Request, desk: Desk, round_id: str, member_id: str, shown: Refused = NOTHING) -> HTMLResponse:
    """Show one place in a panel with everything that may be done about it."""
    actor = desk.require_actor()
    found = await desk.study(lambda session: boards.get(session, actor, round_id))
    track, seat = _seat(found, member_id)
    return render.page(
        request,
        desk,
        "rounds/panel_member.html",
        status=shown.status,
        board=found,
        track=track,
        seat=seat,
        findings=[one for one in track.findings if one.member_id == member_id],
        shown=shown,
        words=panel_words,
    )


async def choosing(request: Request, desk: Desk, round_id: str, track: str, shown: Refused = NOTHING) -> HTMLResponse:
    """Show who may be drawn for a track, who is left out and why, and the forms that draw and name."""
    actor = desk.require_actor()

    def read(session: Session) -> tuple[Board, TrackBoard, list[Candidate], Asked, frozenset[str]]:
        found = boards.get(session, actor, round_id)
        here = found.track(track)
        if here is None:
            raise NotFound("这个赛道没有进入评审的申报。", code="no_such_track")
        row = held.get(session, round_id)
        asked = Asked(round_id, row.region, notices.current(session, row), track)
        return found, here, candidates.of(session, row, track, now=desk.now), asked, pool.listed_ids(session)

    found, here, every, asked, known = await desk.study(read)
    eligible = await fitting.placed(desk, asked, [one for one in every if not one.against], known=known)
    return render.page(
        request,
        desk,
        "rounds/panel_candidates.html",
        status=shown.status,
        board=found,
        track=here,
        eligible=eligible,
        left_out=[one for one in every if one.against],
        in_field={key: sum(key in one.candidate.expert.fields for one in eligible) for key in panel_words.FIELDS},
        fits=fitting,
        shown=shown,
        most=MOST_DRAWN,
        words=panel_words,
    )


async def draw(request: Request, desk: Desk, round_id: str, draw_id: str, shown: Refused = NOTHING) -> HTMLResponse:
    """Show the record of one draw, replayed now where it was made."""
    actor = desk.require_actor()

    def read(session: Session) -> tuple[Board, draws.Draw, dict[str, Listed]]:
        found = boards.get(session, actor, round_id)
        one = draws.get(session, round_id, draw_id)
        return found, one, pool.many(session, {*one.eligible, *(each["expert"] for each in one.excluded)})

    found, one, experts = await desk.study(read)
    faults = draw_records.faults(draws.as_record(one, round_id)) if one.drawn_at is not None else ()
    return render.page(
        request,
        desk,
        "rounds/panel_draw.html",
        status=shown.status,
        board=found,
        track=found.track(one.track),
        draw=one,
        experts=experts,
        faults=faults,
        is_fixer=one.fixer_id == actor.account_id,
        shown=shown,
        words=panel_words,
    )


def wanted(filled: Mapping[str, str]) -> list[Wanted]:
    """The quotas of a form: a row for each speciality, the open one last. Invalid where a number is none."""
    found, wrong = [], {}
    for key in (*panel_words.FIELDS, ""):
        numbers = {}
        for part in ("experts", "reserves"):
            name = f"{part}-{key or 'any'}"
            given = filled.get(name, "").strip() or "0"
            if not (given.isascii() and given.isdigit()) or int(given) > MOST_DRAWN:
                wrong[name] = f"请填 0 到 {MOST_DRAWN} 的整数。"
                continue
            numbers[part] = int(given)
        if any(numbers.values()) and not wrong:
            found.append(Wanted(str(key), numbers["experts"], numbers["reserves"]))
    if wrong:
        raise Invalid("名单没有固定，请改正标出的地方。", code="quota_wrong", fields=wrong)
    return found


def _seat(found: Board, member_id: str) -> tuple[TrackBoard, Seat]:
    pair = found.seat(member_id)
    if pair is None:
        raise NotFound("评审组里没有这位专家。", code="member_missing")
    return pair

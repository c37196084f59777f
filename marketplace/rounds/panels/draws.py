"""Drawing the experts of a track: the list is fixed with a committed seed, a second person speaks, anybody replays it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, func, select

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor
from marketplace.experts.rules import drawing
from marketplace.experts.rules.drawing import Drawn, Wanted
from marketplace.experts.words import ExpertField
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.rounds import facts, held
from marketplace.rounds.panel_tables import PanelDraw, PanelMember
from marketplace.rounds.panel_words import MemberState
from marketplace.rounds.panels import candidates, inviting, offices, rows
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules import draw_records

MIN_WORDS: Final = 4
MAX_WORDS: Final = 120
UNKNOWN: Final = "没有这次抽取。"


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw as those see it who may; the seed is told once it was used, the result with it."""

    id: str
    number: int
    track: str
    stage: str
    eligible: Mapping[str, Sequence[str]]
    excluded: tuple[Mapping[str, Any], ...]
    wanted: tuple[Wanted, ...]
    list_digest: str
    commitment: str
    fixed_by: str
    fixer_id: str
    fixed_at: datetime
    seed: str
    words: str
    drawn: tuple[Drawn, ...]
    drawn_by: str
    drawn_at: datetime | None
    dropped_at: datetime | None
    drop_reason: str


def fix(
    session: Session,
    actor: Actor,
    round_id: str,
    track: str,
    wanted: Sequence[Wanted],
    *,
    seed: bytes,
    now: datetime,
    new_id: Callable[[], str],
) -> str:
    """Fix the list of a draw and commit to a seed; gives the draw's id. Conflict where one is open or too few are eligible."""
    row = offices.hold(session, actor, round_id)
    offices.require_in_review(row)
    offices.require_track(session, row, track)
    _require_sensible(session, row, track, wanted)
    if _open(session, round_id, track) is not None:
        raise Conflict("这个赛道已经固定了一份抽取名单，请先抽取或作废。", code="draw_open")
    every = candidates.of(session, row, track, now=now)
    eligible = {one.expert.id: [field.value for field in one.expert.fields] for one in every if not one.against}
    _require_enough(eligible, wanted)
    number = session.exec(select(func.coalesce(func.max(PanelDraw.number), 0)).where(PanelDraw.round_id == round_id))
    draw = PanelDraw(
        id=new_id(),
        round_id=round_id,
        number=number.one() + 1,
        track=track,
        stage=row.stage,
        eligible=eligible,
        excluded=[{"expert": one.expert.id, "reason": one.against} for one in every if one.against],
        wanted=[{"field": one.speciality, "experts": one.experts, "reserves": one.reserves} for one in wanted],
        list_digest=drawing.list_digest(eligible),
        commitment=drawing.commitment(seed),
        seed=seed.hex(),
        fixed_by=actor.account_id,
        fixed_at=now,
    )
    session.add(draw)
    session.flush()
    held.log(
        session,
        row,
        "draw_fixed",
        actor=actor,
        now=now,
        draw=draw.number,
        list=draw.list_digest,
        commitment=draw.commitment,
        eligible=len(eligible),
    )
    return draw.id


def draw(
    session: Session, actor: Actor, round_id: str, draw_id: str, *, words: str, now: datetime, new_id: Callable[[], str]
) -> None:
    """Draw: another person than who fixed the list gives some words, which are mixed with the seed. Experts are invited."""
    row = offices.hold_watched(session, actor, round_id)
    offices.require_in_review(row)
    found = _get(session, row, draw_id)
    if found.drawn_at is not None or found.dropped_at is not None:
        raise Conflict("这次抽取已经完成或已作废，请刷新页面。", code="draw_over")
    if found.fixed_by == actor.account_id:
        raise Conflict("抽取需要两个人：固定名单的人不能再抽取，请另一名办理人员或监督人员来抽。", code="same_person")
    seated = {one.expert_id for one in rows.members(session, round_id)}
    if seated & set(found.eligible):
        message = "名单固定以后，有名单上的专家已进入本活动的评审组。请作废这份名单，重新固定。"
        raise Conflict(message, code="list_outdated")
    said = words.strip()
    if not MIN_WORDS <= len(said) <= MAX_WORDS:
        told = f"请当场任意输入 {MIN_WORDS} 到 {MAX_WORDS} 个字符，例如掷骰子的点数；它与种子合在一起决定次序。"
        raise Invalid(told, code="words_wrong", fields={"words": told})
    if sum(one.experts for one in _wanted(found)) > inviting.lacking(session, row, found.track):
        message = "名单固定以后评审组已经有人递补，再抽就超过公告规定的人数。请作废这份名单，按还缺的人数重新固定。"
        raise Conflict(message, code="panel_full")
    result = drawing.draw(draw_records.mixed(bytes.fromhex(found.seed), said), found.eligible, _wanted(found))
    found.words, found.drawn_by, found.drawn_at = said, actor.account_id, now
    found.drawn = [
        {"field": one.speciality, "experts": list(one.experts), "reserves": list(one.reserves)} for one in result
    ]
    session.add(found)
    session.flush()
    held.log(session, row, "draw_made", actor=actor, now=now, draw=found.number, seed=found.seed, words=said)
    _seat(session, row, found, result, actor, now=now, new_id=new_id)
    row.next_check = now
    session.add(row)


def drop(session: Session, actor: Actor, round_id: str, draw_id: str, *, reason: str, now: datetime) -> None:
    """Drop a list that was fixed and not drawn from, with a reason; its seed is never used."""
    row = offices.hold(session, actor, round_id)
    found = _get(session, row, draw_id)
    if found.drawn_at is not None or found.dropped_at is not None:
        raise Conflict("已经抽取的名单不能作废。", code="draw_over")
    offices.require_reason(reason)
    found.dropped_at, found.drop_reason = now, reason.strip()
    session.add(found)
    session.flush()
    held.log(session, row, "draw_dropped", actor=actor, now=now, draw=found.number, reason=reason.strip())


def get(session: Session, round_id: str, draw_id: str) -> Draw:
    """One draw of a round, or NotFound."""
    found = next((one for one in of_round(session, round_id) if one.id == draw_id), None)
    if found is None:
        raise NotFound(UNKNOWN, code="draw_missing")
    return found


def as_record(found: Draw, round_id: str) -> dict[str, Any]:
    """A draw as the file that anybody replays it from."""
    return draw_records.as_record(
        round_id=round_id,
        number=found.number,
        track=found.track,
        eligible=found.eligible,
        wanted=found.wanted,
        list_digest=found.list_digest,
        commitment=found.commitment,
        seed=found.seed,
        words=found.words,
        drawn=found.drawn,
    )


def of_round(session: Session, round_id: str) -> list[Draw]:
    """The draws of a round, oldest first."""
    query = select(PanelDraw).where(PanelDraw.round_id == round_id).order_by(col(PanelDraw.number))
    found = session.exec(query).all()
    names = accounts.names(session, {one for row in found for one in (row.fixed_by, row.drawn_by) if one})
    return [_view(one, names) for one in found]


def replayed(found: PanelDraw) -> tuple[Drawn, ...]:
    """The result of a draw, computed once more from what is on record."""
    return drawing.draw(draw_records.mixed(bytes.fromhex(found.seed), found.words), found.eligible, _wanted(found))


def _seat(
    session: Session,
    row: Round,
    found: PanelDraw,
    result: Sequence[Drawn],
    actor: Actor,
    *,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    place = 0
    for one in result:
        for expert_id, is_reserve in (*((e, False) for e in one.experts), *((e, True) for e in one.reserves)):
            place += is_reserve
            member = PanelMember(
                id=new_id(),
                round_id=row.id,
                track=found.track,
                expert_id=expert_id,
                draw_id=found.id,
                field=one.speciality,
                place=place if is_reserve else 0,
                state=MemberState.DRAWN,
                added_by=actor.account_id,
                added_at=now,
            )
            session.add(member)
            session.flush()
            if not is_reserve:
                inviting.invite(session, row, member, now=now, new_id=new_id)


def _get(session: Session, row: Round, draw_id: str) -> PanelDraw:
    found = session.get(PanelDraw, draw_id)
    if found is None or found.round_id != row.id:
        raise NotFound(UNKNOWN, code="draw_missing")
    return found


def _open(session: Session, round_id: str, track: str) -> PanelDraw | None:
    live = (col(PanelDraw.drawn_at).is_(None), col(PanelDraw.dropped_at).is_(None))
    return session.exec(
        select(PanelDraw).where(PanelDraw.round_id == round_id, PanelDraw.track == track, *live)
    ).first()


def _require_sensible(session: Session, row: Round, track: str, wanted: Sequence[Wanted]) -> None:
    known = {"", *ExpertField}
    if not wanted or any(
        one.speciality not in known or one.experts < 0 or one.reserves < 0 or one.experts + one.reserves == 0
        for one in wanted
    ):
        raise Invalid(
            "请写明每个专业类别各抽几名、候补几名。", code="quota_wrong", fields={"wanted": "请写明各抽几名。"}
        )
    if len({one.speciality for one in wanted}) < len(wanted):
        raise Invalid("同一专业类别请只写一行。", code="quota_wrong", fields={"wanted": "同一专业类别请只写一行。"})
    panel, lacking = facts.procedure_of(row).limits["panel"].value, inviting.lacking(session, row, track)
    total = sum(one.experts for one in wanted)
    if total > lacking:
        told = f"公告规定评审专家 {panel} 名，现在还缺 {lacking} 名，这里共要抽 {total} 名。候补可以另抽。"
        raise Invalid(told, code="quota_wrong", fields={"wanted": told})


def _require_enough(eligible: Mapping[str, Sequence[str]], wanted: Sequence[Wanted]) -> None:
    # Whoever is drawn first must leave enough for the rest, so the check draws once with a seed that decides nothing.
    tried = drawing.draw(b"", eligible, wanted)
    lacking = [
        (one, len(got.experts)) for one, got in zip(wanted, tried, strict=True) if len(got.experts) < one.experts
    ]
    if lacking:
        one, there = lacking[0]
        told = f"符合条件的专家不够：要抽 {one.experts} 名，只有 {there} 名。请减少人数、改专业类别，或先充实专家库。"
        raise Conflict(told, code="too_few_experts")


def _wanted(found: PanelDraw) -> list[Wanted]:
    return [Wanted(one["field"], one["experts"], one["reserves"]) for one in found.wanted]


def _view(row: PanelDraw, names: Mapping[str, str]) -> Draw:
    return Draw(
        id=row.id,
        number=row.number,
        track=row.track,
        stage=row.stage,
        eligible=row.eligible,
        excluded=tuple(row.excluded),
        wanted=tuple(_wanted(row)),
        list_digest=row.list_digest,
        commitment=row.commitment,
        fixed_by=names.get(row.fixed_by, "已注销用户"),
        fixer_id=row.fixed_by,
        fixed_at=row.fixed_at,
        seed=row.seed if row.drawn_at is not None else "",
        words=row.words,
        drawn=tuple(Drawn(one["field"], tuple(one["experts"]), tuple(one["reserves"])) for one in row.drawn or ()),
        drawn_by=names.get(row.drawn_by or "", "已注销用户") if row.drawn_by else "",
        drawn_at=row.drawn_at,
        dropped_at=row.dropped_at,
        drop_reason=row.drop_reason,
    )

"""Whom to ask into a team for a need: teams with one's own supplier, and for each open point who answers it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlmodel import Session

from marketplace.dealings import openings
from marketplace.dealings.rules import places
from marketplace.dealings.teams.views import TeamPage
from marketplace.dealings.words import SEATED
from marketplace.lists import items
from marketplace.lists.views import ItemRecord
from matching import corpus
from web.dependencies import Desk
from web.pages.matches import answers, suppliers, together
from web.pages.matches.answers import Answer, Grade, Point
from web.pages.matches.together import Member, Share, Together

LOOKED_AT: Final = 20
MOST_ASKED: Final = 8
"""So many partners at most are proposed in one form."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One point that is open, and who answers it best with which sentence; None where nobody does."""

    number: int
    requirement: str
    partner: Answer | None
    point: Point | None


@dataclass(frozen=True, slots=True)
class Pair:
    """A need and the listed supplier of whoever asks."""

    record: ItemRecord
    own: str


@dataclass(frozen=True, slots=True)
class Invitee:
    """A partner that is proposed: what it is to answer with which words, and how its work would be written down."""

    member: Member
    shares: tuple[Share, ...]
    work: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A team as the form that founds it proposes it; `own` is what falls to the founder, `open` to nobody."""

    invitees: tuple[Invitee, ...]
    own: tuple[Share, ...]
    own_work: str
    open: tuple[Point, ...]


async def pair(desk: Desk, item_id: str) -> Pair | None:
    """The need and one's own supplier; None where either is not there to be compared."""
    actor = desk.require_actor()

    def read(session: Session) -> Pair | None:
        own, record = openings.own_profile(session, actor), next(iter(items.documents(session, [item_id])), None)
        return None if own is None or record is None else Pair(record, own)

    return await desk.read(read)


async def proposed(desk: Desk, pair: Pair, ids: Sequence[str]) -> Proposal | None:
    """A team of one's own supplier and some others, the requirements shared out; None where none of the others is there."""
    others = [one for one in dict.fromkeys(ids) if one != pair.own][:MOST_ASKED]
    found = await together.shared_out(desk, pair.record, (pair.own, *others), own=pair.own)
    if not found.others:
        return None
    own = tuple(share for share in found.shares if share.member is not None and share.member.is_own)
    return Proposal(tuple(_invitee(found, member) for member in found.others), own, _work(own), found.open)


async def of_team(desk: Desk, team: TeamPage) -> Together | None:
    """The requirements of a live team's need, shared out among those in it; None where there is no such need now."""
    item_id = team.card.item_id
    if item_id is None or team.card.dissolved_at is not None:
        return None
    record = await desk.read(lambda session: next(iter(items.documents(session, [item_id])), None))
    if record is None:
        return None
    seated = [member.profile_id for member in team.members if member.place in SEATED]
    return await together.shared_out(desk, record, seated, own=team.own_profile_id)


async def suggested(desk: Desk, pair: Pair) -> tuple[Gap, ...] | None:
    """The open points of a need with a partner for each; None where the need numbers no points."""
    record, own = pair.record, pair.own
    if not record.requirements:
        return None
    need = corpus.need(record)
    ranking = await desk.match(lambda engine: engine.rank_profiles(need, top=1, allowed=frozenset({own})))
    mine = [Point(one.requirement, statement=one.statement.text) for hit in ranking.hits for one in hit.evidence]
    met = {point.requirement for point in mine if point.grade is Grade.MET}
    found, _supply = await suppliers.answering(desk, record, top=LOOKED_AT)
    others = [answer for answer in found if answer.href != f"/opcs/{own}"]
    gaps = [
        _gap(number, requirement, others, Grade.MET)
        for number, requirement in enumerate(record.requirements, start=1)
        if requirement not in met
    ]
    alone = await _alone(desk, pair, [gap.requirement for gap in gaps if gap.partner is None])
    return tuple(gap if gap.partner else _further(gap, [*alone[gap.requirement], *others]) for gap in gaps)


def _further(gap: Gap, others: Sequence[Answer]) -> Gap:
    """Look again among those asked for the point alone; somebody who speaks of it without a figure is better than nobody."""
    sure = _gap(gap.number, gap.requirement, others, Grade.MET)
    return sure if sure.partner else _gap(gap.number, gap.requirement, others, Grade.NAMED)


async def _alone(desk: Desk, pair: Pair, points: Sequence[str]) -> Mapping[str, Sequence[Answer]]:
    """Who answers each point if it is all that is asked, since partners need not be near to the need as a whole."""
    record = pair.record
    asked = [replace(record, title=point, description="", requirements=(point,)) for point in points]
    rankings = await desk.compose(
        ("alone", record.id, *points),
        lambda engine: [engine.rank_profiles(corpus.need(one), top=LOOKED_AT) for one in asked],
    )

    def known(session: Session) -> dict[str, Sequence[Answer]]:
        return {
            one.title: answers.shown(ranking, suppliers.subjects(session, ranking, one))
            for one, ranking in zip(asked, rankings, strict=True)
        }

    found = await desk.read(known)
    return {point: [one for one in each if one.href != f"/opcs/{pair.own}"] for point, each in found.items()}


def _gap(number: int, requirement: str, others: Iterable[Answer], grade: Grade) -> Gap:
    for answer in others:
        if answer.is_blocked and not answer.team_lifts:
            continue
        for point in answer.points:
            if point.requirement == requirement and point.grade is grade:
                return Gap(number, requirement, answer, point)
    return Gap(number, requirement, None, None)


def _invitee(found: Together, member: Member) -> Invitee:
    shares = tuple(share for share in found.shares if share.member == member)
    return Invitee(member, shares, _work(shares))


def _work(shares: Iterable[Share]) -> str:
    said = "；".join(_named(share.point) for share in shares)
    return said if len(said) <= places.MAX_WORK else said[: places.MAX_WORK - 1] + "…"


def _named(point: Point) -> str:
    return f"要点 {point.number}：{point.requirement}" if point.number else point.requirement

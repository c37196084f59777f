"""Whom to ask into a team for a need: for each point that one's own profile leaves open, the supplier that answers it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from marketplace.dealings import openings
from marketplace.lists import items
from matching import corpus
from web.dependencies import Desk
from web.pages.matches import suppliers
from web.pages.matches.answers import Answer, Grade, Point

LOOKED_AT: Final = 20


@dataclass(frozen=True, slots=True)
class Gap:
    """One point that is open, and who answers it best with which sentence; None where nobody does."""

    number: int
    requirement: str
    partner: Answer | None
    point: Point | None


async def suggested(desk: Desk, item_id: str) -> tuple[Gap, ...] | None:
    """The open points of a need with a partner for each; None where there is nothing to compare."""
    actor = desk.require_actor()
    own, record = await desk.read(
        lambda s: (openings.own_profile(s, actor), next(iter(items.documents(s, [item_id])), None))
    )
    if own is None or record is None or not record.requirements:
        return None
    need = corpus.need(record)
    ranking = await desk.match(lambda engine: engine.rank_profiles(need, top=1, allowed=frozenset({own})))
    mine = [Point(one.requirement, statement=one.statement.text) for hit in ranking.hits for one in hit.evidence]
    met = {point.requirement for point in mine if point.grade is Grade.MET}
    found, _supply = await suppliers.answering(desk, record, top=LOOKED_AT)
    others = [answer for answer in found if answer.href != f"/opcs/{own}"]
    return tuple(
        _gap(number, requirement, others)
        for number, requirement in enumerate(record.requirements, start=1)
        if requirement not in met
    )


def _gap(number: int, requirement: str, others: Iterable[Answer]) -> Gap:
    for answer in others:
        for point in answer.points:
            if point.requirement == requirement and point.grade is Grade.MET:
                return Gap(number, requirement, answer, point)
    return Gap(number, requirement, None, None)

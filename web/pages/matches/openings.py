"""The open needs that a profile answers: ranked by the matcher, named by the marketplace."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlmodel import Session

from ingest.fields import ListKind
from marketplace.lists import items
from marketplace.lists.views import ItemCard, ItemRecord
from marketplace.profiles.views import ProfileRecord
from matching import corpus
from matching.documents import Evidence, Hit, Ranking
from web.pages import wording
from web.pages.matches import answers, reasons
from web.pages.matches.answers import Answer, Subject

if TYPE_CHECKING:
    from web.dependencies import Desk


@dataclass(frozen=True, slots=True)
class Opening:
    """One need that a profile can win: its card, how well it fits, the sentence that says so, and the first gap."""

    card: ItemCard
    answer: Answer
    sentence: Evidence | None
    gap: str | None
    is_new: bool = False
    hit: Hit | None = None

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the score is no higher, as far as the ranking itself tells."""
        return () if self.hit is None else reasons.said(self.hit, self.answer)


@dataclass(frozen=True, slots=True)
class Openings:
    """What a profile answers, best first, out of how many open needs."""

    rows: tuple[Opening, ...]
    needs: int

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers alone, as `matches.hit` shows them."""
        return tuple(row.answer for row in self.rows)


async def of_record(desk: "Desk", record: ProfileRecord | None, *, top: int, since: datetime | None = None) -> Openings:
    """Ask the matcher for the open needs of a profile; what came after `since` is new."""
    if record is None:  # nothing is stated yet, so there is nothing to match
        return Openings((), 0)
    ranking = await desk.match(lambda engine: engine.rank_needs(corpus.profile(record), top=top))
    return await desk.read(lambda session: _known(session, desk, ranking, since))


def _known(session: Session, desk: "Desk", ranking: Ranking, since: datetime | None) -> Openings:
    ids = [hit.id for hit in ranking.hits]
    known = items.shown(session, ids)
    subjects = {record.id: subject(record, desk.now) for _, record in known}
    by_id = {card.id: card for card, _ in known}
    hits = {f"/items/{hit.id}": hit for hit in ranking.hits}
    rows = tuple(
        _opening(hits[answer.href], by_id[hits[answer.href].id], answer, since)
        for answer in answers.shown(ranking, subjects)
        if hits[answer.href].id in by_id
    )
    counts = desk.recall(session, "counts", items.counts)
    return Openings(rows, counts.get(ListKind.SCENARIO, 0) + counts.get(ListKind.DEMAND, 0))


def _opening(hit: Hit, card: ItemCard, answer: Answer, since: datetime | None) -> Opening:
    best = max(hit.evidence, key=lambda evidence: evidence.strength, default=None)
    is_new = since is not None and card.published_at > since
    return Opening(card, answer, best, next(iter(hit.gaps), None), is_new, hit)


def subject(record: ItemRecord, now: datetime) -> Subject:
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

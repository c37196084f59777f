"""The suppliers that answer a need, as a page shows them: of a published item or of words still being written."""

from collections.abc import Sequence
from typing import Final

from sqlmodel import Session

from marketplace.lists.needs import examples
from marketplace.lists.views import ItemCard, ItemRecord
from marketplace.profiles import profiles
from marketplace.profiles.views import ProfileCard, ProfileFilter
from marketplace.rounds.deciding import honours
from matching import corpus
from matching.documents import Ranking
from web.dependencies import Desk
from web.pages import wording
from web.pages.matches import answers
from web.pages.matches.answers import Answer, Subject

UNCLAIMED: Final = "尚未认领"
HONOURED: Final = "曾在同类榜单中选"
"""Said beside a supplier that has won a round made of a need of the same sector; no score knows of it."""
NEAR: Final = 20
"""Among how many near needs a well-written one is looked for."""


async def answering(desk: Desk, record: ItemRecord, *, top: int) -> tuple[tuple[Answer, ...], int]:
    """The suppliers that answer a need, best first, and how many there are in all to choose from."""
    ranking = await desk.match(lambda engine: engine.rank_profiles(corpus.need(record), top=top))

    def known(session: Session) -> tuple[tuple[Answer, ...], int]:
        # What the index names is looked up again, so that nothing hidden since can appear.
        supply = desk.recall(session, "supply", profiles.count)
        return answers.shown(ranking, subjects(session, ranking, record)), supply

    return await desk.read(known)


async def reaches_the_floor(desk: Desk, record: ItemRecord, profile_id: str) -> bool:
    """Whether one supplier answers a need well enough to be shown with it."""
    allowed = frozenset({profile_id})
    ranking = await desk.match(lambda engine: engine.rank_profiles(corpus.need(record), top=1, allowed=allowed))
    return any(hit.verdict.value != "none" for hit in ranking.hits)


async def example(desk: Desk, record: ItemRecord) -> ItemCard | None:
    """A published need near to one that is being written, which says nearly everything that one should; or None."""
    text = "\n".join((record.title, record.description, *record.requirements))
    near = await desk.match(lambda engine: engine.near_needs(text, limit=NEAR))
    return await desk.read(lambda session: examples.first(session, [item_id for item_id, _cosine in near]))


def subjects(session: Session, ranking: Ranking, record: ItemRecord) -> dict[str, Subject]:
    """What the marketplace knows of the suppliers that a ranking names, by id; those hidden since are left out."""
    return named(session, tuple(hit.id for hit in ranking.hits), record)


def named(session: Session, ids: Sequence[str], record: ItemRecord) -> dict[str, Subject]:
    """What the marketplace knows of some suppliers beside a need, by id; those that are hidden are left out."""
    cards = profiles.search(session, ProfileFilter(ids=tuple(ids)), page=1, size=max(1, len(ids))).rows
    prices = profiles.prices(session, ids)
    honoured = honours.in_sector(session, [card.organisation_id for card in cards], record.sector, besides=record.id)
    return {
        card.id: Subject(
            card.name,
            f"/opcs/{card.id}",
            _about(card, prices.get(card.id)),
            record.requirements,
            need=record.title,
            remarks=_remarks(card, is_honoured=card.organisation_id in honoured),
        )
        for card in cards
    }


def _remarks(card: ProfileCard, *, is_honoured: bool) -> tuple[str, ...]:
    said = ((HONOURED, is_honoured), (UNCLAIMED, not card.claimed))
    return tuple(remark for remark, holds in said if holds)


def _about(card: ProfileCard, price: str | None) -> str:
    people = f"{card.team_size} 人" if card.team_size is not None else ""
    where = wording.region(card.region) if card.region else ""
    asked = f"参考报价：{price}" if price else ""
    return " · ".join(part for part in (people, where, asked, card.headline) if part)

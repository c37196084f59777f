"""Conflicts between the members of a panel and the bids of its track: found by the rules, declared, put down, decided.

What the rules find is computed anew whenever somebody looks or moves; a row keeps what was found when, and what was
decided of it. A decision covers the grounds that it was made on: another ground asks again.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, func, select

from marketplace.experts.rules import conflicts as rules
from marketplace.experts.rules.conflicts import Hit, Strength
from marketplace.experts.rules.facts import Expert, Named, Team
from marketplace.kernel.chinese_time import BEIJING
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.panel_tables import PanelConflict, PanelMember
from marketplace.rounds.panel_words import Source
from marketplace.rounds.panels import teams
from marketplace.rounds.round_tables import Round

BY_RULE = "按回避规则，不得评审。"


@dataclass(frozen=True, slots=True)
class Bidders:
    """What the rules ask of a round, read once: who publishes it, who hands in what on which track, the day."""

    issuer: Named
    today: date
    teams: Mapping[str, Team]
    tracks: Mapping[str, str]

    def against(self, expert: Expert, track: str) -> dict[str, tuple[Hit, ...]]:
        """The hits between an expert and the bids of a track, by bid; bids without one are left out."""
        found = {
            bid_id: rules.find(expert, team, self.issuer, today=self.today)
            for bid_id, team in self.teams.items()
            if self.tracks[bid_id] == track
        }
        return {bid_id: hits for bid_id, hits in found.items() if hits}


def bidders(session: Session, row: Round, bids: Sequence[Bid], *, now: datetime) -> Bidders:
    """Read what the rules ask of a round and some of its bids."""
    return Bidders(
        issuer=teams.issuer(session, row),
        today=now.astimezone(BEIJING).date(),
        teams=teams.of_bids(session, bids),
        tracks={one.id: one.track for one in bids},
    )


def is_hard(hits: tuple[Hit, ...]) -> bool:
    """Whether one of some hits excludes by itself."""
    return rules.strength_of(hits) is Strength.HARD


def standing(session: Session, member_ids: Collection[str], *, bid_id: str | None = None) -> list[PanelConflict]:
    """What is on record of some members, oldest first."""
    query = select(PanelConflict).where(col(PanelConflict.member_id).in_(member_ids))
    if bid_id is not None:
        query = query.where(PanelConflict.bid_id == bid_id)
    return list(session.exec(query.order_by(col(PanelConflict.found_at), col(PanelConflict.id))))


def undecided(session: Session, member_id: str) -> list[PanelConflict]:
    """What of a member waits for a decision."""
    return [one for one in standing(session, [member_id]) if one.excludes is None]


def open_in(session: Session, round_id: str) -> int:
    """How many possible conflicts of a round's live members wait for a decision."""
    live = select(PanelMember.id).where(PanelMember.round_id == round_id, col(PanelMember.ended_at).is_(None))
    waiting = (col(PanelConflict.member_id).in_(live), col(PanelConflict.excludes).is_(None))
    return session.exec(select(func.count()).select_from(PanelConflict).where(*waiting)).one()


def excluded(session: Session, member_id: str) -> dict[str, PanelConflict]:
    """The bids that a member must not judge, each with the first record that says so."""
    found: dict[str, PanelConflict] = {}
    for one in standing(session, [member_id]):
        if one.excludes:
            found.setdefault(one.bid_id, one)
    return found


def put_found(
    session: Session,
    member: PanelMember,
    hits: Mapping[str, tuple[Hit, ...]],
    *,
    waits: bool = False,
    now: datetime,
    new_id: Callable[[], str],
) -> list[PanelConflict]:
    """Put down what the rules find of a member that is not on record yet; gives the new rows.

    A hard one is decided by itself, unless it `waits`: somebody is to look at it first.
    """
    known: dict[str, set[tuple[str, str]]] = {}
    for one in standing(session, [member.id]):
        if one.source is Source.FOUND:
            known.setdefault(one.bid_id, set()).update((hit["ground"], hit["unit"]) for hit in one.hits)
    made = []
    for bid_id in sorted(hits):
        fresh = tuple(one for one in hits[bid_id] if (one.ground.value, one.unit) not in known.get(bid_id, set()))
        if fresh:
            hard = False if waits else None
            made.append(
                put(session, member, bid_id, source=Source.FOUND, hits=fresh, hard=hard, now=now, new_id=new_id)
            )
    return made


def put(
    session: Session,
    member: PanelMember,
    bid_id: str,
    *,
    source: Source,
    hits: tuple[Hit, ...] = (),
    hard: bool | None = None,
    note: str = "",
    decided_by: str | None = None,
    now: datetime,
    new_id: Callable[[], str],
) -> PanelConflict:
    """Put down what speaks against a member judging a bid; `hard` None: as the hits say. A hard one excludes at once."""
    excludes = is_hard(hits) if hard is None else hard
    row = PanelConflict(
        id=new_id(),
        member_id=member.id,
        bid_id=bid_id,
        source=source,
        is_hard=excludes,
        hits=[as_record(one) for one in hits],
        found_at=now,
        excludes=True if excludes else None,
        note=note.strip() or (BY_RULE if excludes else ""),
        decided_by=decided_by,
        decided_at=now if excludes else None,
    )
    session.add(row)
    session.flush()
    return row


def as_record(hit: Hit) -> dict[str, Any]:
    """A hit as JSON: ground, unit, evidence, strength."""
    return {**asdict(hit), "ground": hit.ground.value, "strength": hit.strength.value}


def why(one: PanelConflict) -> str:
    """Why a record speaks against judging, as a sentence."""
    return (
        one.note if one.source is not Source.FOUND or not one.hits else "；".join(hit["evidence"] for hit in one.hits)
    )

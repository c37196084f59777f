"""Reading frozen scores: the office, who decides, who takes objections, who oversees, and the panel itself.

Each reads them as if the bids that are closed to it had never been there. Bidders and the public read none of it here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import NotFound
from marketplace.rounds import facts, held
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.making import notices
from marketplace.rounds.panels import members, offices, rows
from marketplace.rounds.reviewing import opinions, sights, tables
from marketplace.rounds.reviewing.opinions import Opinion
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules import score_tables as rules
from marketplace.rounds.rules.scores import UnscorableError
from marketplace.rounds.sheet_tables import ScoreTable
from marketplace.rounds.words import RoundState

UNKNOWN = "没有可以查看的得分，或您不是本活动的办理人员。"


@dataclass(frozen=True, slots=True)
class Read:
    """A frozen table as one reader sees it: the record without what is closed to it, and what that record's digest is.

    `names` are the units of the bids by id; empty where the reader judged them without knowing whose they are.
    `opinions` are what the experts wrote, by bid.
    """

    number: int
    stage: str
    stage_title: str
    record: Mapping[str, Any]
    digest: str
    frozen_at: datetime
    void_at: datetime | None
    void_reason: str
    names: Mapping[str, str]
    tracks: Mapping[str, str]
    opinions: Mapping[str, Opinion]


def may_read(session: Session, actor: Actor, row: Round) -> bool:
    """Whether somebody may read the frozen scores of a round, those that stand."""
    return bool(row.stage) and (offices.may_look(session, actor, row) or _judged(session, actor, row))


def all_of(session: Session, actor: Actor, round_id: str) -> list[Read]:
    """The frozen tables of a round that somebody may read, oldest first; NotFound for others.

    The panel reads those that stand, and none while it judges: what was void, or an earlier stage, is not to lead it.
    So does who looks after the round and sits in its panel.
    """
    row = held.get(session, round_id)
    if not may_read(session, actor, row):
        raise NotFound(UNKNOWN, code="no_scores")
    is_office = not _judged(session, actor, row)
    found = tables.all_of(session, round_id)
    if not is_office:
        is_judging = row.state in {RoundState.REVIEW, RoundState.CONSENSUS}
        found = [] if is_judging else [one for one in found if one.void_at is None]
    closed = sights.closed_to(session, actor.account_id, round_id)
    hides = facts.procedure_of(row).judging.hides_bidders and not is_office
    read = (_read(session, row, one, closed, hides=hides) for one in found)
    return [one for one in read if one is not None]


def get(session: Session, actor: Actor, round_id: str, number: int) -> Read:
    """One of them; NotFound where the reader has no such table."""
    found = next((one for one in all_of(session, actor, round_id) if one.number == number), None)
    if found is None:
        raise NotFound(UNKNOWN, code="no_scores")
    return found


def _judged(session: Session, actor: Actor, row: Round) -> bool:
    member = members.find_own(session, actor, row.id)
    return member is not None and member.state in rows.JUDGING


def _read(session: Session, row: Round, table: ScoreTable, closed: frozenset[str], *, hides: bool) -> Read | None:
    try:
        record = tables.record_for(table, without=closed)
    except (NotFound, UnscorableError):
        # Nothing is left, or what is left allows no ranking by itself: as if the table were not there.
        return None
    bids = [one["bid"] for one in record["bids"]]
    units = {} if hides else {one: session.get_one(Bid, one).organisation_id for one in bids}
    return Read(
        number=table.number,
        stage=table.stage,
        stage_title=next((one.title for one in facts.procedure_of(row).judged if one.key == table.stage), ""),
        record=record,
        digest=table.digest if record is table.record else rules.digest(record),
        frozen_at=table.frozen_at,
        void_at=table.void_at,
        void_reason=table.void_reason,
        names={bid: organisations.get(session, unit).name for bid, unit in units.items()},
        tracks=_tracks(session, row),
        opinions=opinions.of_table(session, table, bid_ids=bids),
    )


def _tracks(session: Session, row: Round) -> dict[str, str]:
    return {one.key: one.title for one in notices.current(session, row).tracks}

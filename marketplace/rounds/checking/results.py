"""The results of the formal check as one list, for those who may see the check: each bid with its rule and reason."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts.actors import Actor
from marketplace.rounds import held
from marketplace.rounds.bidding import members
from marketplace.rounds.check_tables import BidCorrection, BidObjection, BidVerdict
from marketplace.rounds.checking import bids
from marketplace.rounds.making import notices
from marketplace.rounds.words import PASSED, BidState


@dataclass(frozen=True, slots=True)
class Result:
    """A bid after the check, or in it. `rule` is the condition that it fails, "" where it fails none.

    `judged_at` is when the second verdict alike was given, None while there is none.
    """

    bid_id: str
    track: str
    organisation: str
    partners: tuple[str, ...]
    state: BidState
    rule: str
    reason: str
    judged_at: datetime | None
    corrections: int
    objections: int
    has_incident: bool


def of(session: Session, actor: Actor, round_id: str) -> tuple[Result, ...]:
    """The results of a round, for its checkers and those who oversee it; NotFound for others and before the opening."""
    lines = bids.lines(session, actor, round_id)
    conditions = {one.key: one.text for one in notices.current(session, held.get(session, round_id)).conditions}
    return tuple(_result(session, line, conditions) for line in lines)


def _result(session: Session, line: bids.BidLine, conditions: dict[str, str]) -> Result:
    is_judged = line.state in PASSED or line.state is BidState.INELIGIBLE
    given = bids.live_verdicts(session, line.bid_id) if is_judged else []
    against = _alike(given, is_eligible=line.state in PASSED)
    ground = next((one for one in against if not one.is_eligible), None)
    return Result(
        bid_id=line.bid_id,
        track=line.track,
        organisation=line.organisation,
        partners=tuple(one.name for one in members.of(session, line.bid_id) if one.confirmed_at is not None),
        state=line.state,
        rule="" if ground is None else conditions.get(ground.condition, ground.condition),
        reason="" if ground is None else "；".join(dict.fromkeys(one.reason for one in against)),
        judged_at=against[-1].given_at if against else None,
        corrections=_count(session, BidCorrection, line.bid_id),
        objections=_count(session, BidObjection, line.bid_id),
        has_incident=line.has_incident,
    )


def _alike(given: list[BidVerdict], *, is_eligible: bool) -> list[BidVerdict]:
    return [one for one in given if one.is_eligible is is_eligible]


def _count(session: Session, table: type[BidCorrection] | type[BidObjection], bid_id: str) -> int:
    return len(session.exec(select(table.id).where(col(table.bid_id) == bid_id)).all())

"""Reading outcomes: the result of a round as everybody reads it, and what a unit reads of its own bid."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import NotFound
from marketplace.rounds import held, parts
from marketplace.rounds.bid_tables import Bid, BidOpening
from marketplace.rounds.deciding import publishing, reading, results
from marketplace.rounds.deciding.publishing import Publicity
from marketplace.rounds.deciding.reading import Statistics
from marketplace.rounds.outcome_tables import Award, BidResult, Objection
from marketplace.rounds.outcome_words import Outcome
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules.objection_moves import OPEN
from marketplace.rounds.words import BidState, Part, RoundState

FINAL = (BidState.AWARDED, BidState.NOT_AWARDED, BidState.DECLINED, BidState.REVOKED)


@dataclass(frozen=True, slots=True)
class Final:
    """What became of a bid that a publicity names; `reason` is told where an award was taken back, "" otherwise."""

    state: BidState
    confirm_due: datetime | None = None
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ResultPage:
    """The result of a round: every publicity, oldest first, and how it stands.

    `ends_at` is when the one that is public now ends, put off where the round stood still; None where none is.
    `finals` are by bid. What the reader may do: `may_object`, `reads_objections`, `may_revoke`; `own`: its objections.
    """

    round_id: str
    round_title: str
    organisation: str
    state: RoundState
    publicities: tuple[Publicity, ...]
    ends_at: datetime | None
    is_suspended: bool
    awarded_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    finals: Mapping[str, Final]
    statistics: Statistics
    own: tuple[Objection, ...]
    may_object: bool
    reads_objections: bool
    may_revoke: bool

    @property
    def standing(self) -> Publicity | None:
        """The publicity that stands, or None where the last one was withdrawn."""
        live = [one for one in self.publicities if one.withdrawn_at is None]
        return live[-1] if live else None

    @property
    def has_own_open(self) -> bool:
        """Whether the reader has an objection that is not decided: it cannot file another one meanwhile."""
        return _is_open(self.own)

    def is_standing(self, number: int) -> bool:
        """Whether a publicity is the one that stands."""
        return self.standing is not None and self.standing.number == number


@dataclass(frozen=True, slots=True)
class OwnOutcome:
    """What a unit reads of the outcome of its own bid.

    `result` is what the newest publicity made of it, None where there was none, or where it was withdrawn and nothing
    followed yet (`withdrawn` tells why then). `last_score` is that of the lowest winner of the track. `award` stands
    for a bid that has won. `end_reason`: why nobody won. `own` are the objections that the reader filed in the round.
    """

    result: BidResult | None
    withdrawn: str
    winners: int
    last_score: str
    publicity_ends: datetime | None
    award: Award | None
    price_fen: int | None
    end_reason: str
    own: tuple[Objection, ...] = ()

    @property
    def may_object(self) -> bool:
        """Whether the reader may file an objection now: while the result is public, and none of its own is open."""
        return self.publicity_ends is not None and not _is_open(self.own)


def get(session: Session, actor: Actor | None, round_id: str, *, now: datetime) -> ResultPage:
    """The result of a round, for everybody; NotFound before any was public."""
    row = held.get(session, round_id)
    found = publishing.every(session, round_id)
    if not found:
        raise NotFound("这个活动还没有公示结果。", code="no_result")
    mine = parts.of(session, actor, row)
    is_public = row.state is RoundState.PUBLICITY
    ends_at = row.publicity_ends if is_public else None
    in_time = row.suspended_at is not None or (ends_at is not None and now < ends_at)
    return ResultPage(
        round_id=row.id,
        round_title=row.title,
        organisation=organisations.get(session, row.organisation_id).name,
        state=row.state,
        publicities=tuple(found),
        ends_at=ends_at,
        is_suspended=row.suspended_at is not None,
        awarded_at=row.awarded_at,
        ended_at=row.ended_at,
        end_reason=row.end_reason,
        finals=_finals(session, row),
        statistics=reading.statistics(session, round_id),
        own=reading.own(session, actor, round_id),
        may_object=is_public and in_time,
        reads_objections=bool(mine & set(reading.READERS)),
        may_revoke=Part.SUPERVISOR in mine,
    )


def exists(session: Session, round_id: str) -> bool:
    """Whether a result of a round was ever public."""
    return bool(publishing.every(session, round_id))


def of_bid(session: Session, actor: Actor, bid: Bid, row: Round) -> OwnOutcome | None:
    """The outcome of a bid for somebody of its own unit, or None while there is none."""
    result = results.result_of(session, bid.id)
    failed = row.state is RoundState.FAILED and bid.state in FINAL and row.opened_at is not None
    if result is None:
        return OwnOutcome(None, "", 0, "", None, None, None, row.end_reason) if failed else None
    public = next(one for one in publishing.every(session, row.id) if one.number == result.number)
    stands = public.withdrawn_at is None
    won = [
        one.score for one in publishing.entries_of(public) if one.track == bid.track and one.outcome is Outcome.PROPOSE
    ]
    return OwnOutcome(
        result=result if stands else None,
        withdrawn="" if stands else public.withdraw_reason,
        winners=len(won),
        last_score=min(won, key=float, default=""),
        publicity_ends=row.publicity_ends if row.state is RoundState.PUBLICITY and stands else None,
        award=session.get(Award, bid.id),
        price_fen=_price(session, bid.id),
        end_reason=row.end_reason if failed else "",
        own=reading.own(session, actor, row.id),
    )


def _is_open(own: Iterable[Objection]) -> bool:
    return any(one.state in OPEN for one in own)


def _price(session: Session, bid_id: str) -> int | None:
    opening = session.get(BidOpening, bid_id)
    return None if opening is None or not opening.price else opening.price.get("amount_fen")


def _finals(session: Session, row: Round) -> dict[str, Final]:
    query = select(Bid).where(Bid.round_id == row.id, col(Bid.state).in_(FINAL))
    awards = {one.bid_id: one for one in session.exec(select(Award).where(Award.round_id == row.id))}
    found: dict[str, Final] = {}
    for bid in session.exec(query):
        award = awards.get(bid.id)
        if award is None:
            found[bid.id] = Final(bid.state)
            continue
        told = award.end_reason if bid.state is BidState.REVOKED else ""
        found[bid.id] = Final(bid.state, award.confirm_due, award.confirmed_at, award.ended_at, told)
    return found

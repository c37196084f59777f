"""What bringing about the upheld objections of a round would do, told before it is done."""

from dataclasses import dataclass

from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import NotAllowed
from marketplace.rounds import held, parts
from marketplace.rounds.deciding import objections, publishing, results
from marketplace.rounds.outcome_words import Remedy
from marketplace.rounds.panels import rows
from marketplace.rounds.rules.objection_moves import UNFULFILLED
from marketplace.rounds.words import Part


@dataclass(frozen=True, slots=True)
class Upheld:
    """An objection that is upheld and not brought about: its number, what it asks for, the bids by name."""

    id: str
    number: int
    remedy: Remedy
    bids: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Remedies:
    """What waits to be brought about, all at once. `withdraws`: the number of the publicity that falls, None if none.

    `judged_again` are the bids that other experts judge.
    """

    round_id: str
    round_title: str
    upheld: tuple[Upheld, ...]
    withdraws: int | None
    judged_again: tuple[tuple[str, ...], ...]

    @property
    def corrects(self) -> bool:
        """Whether what is published is only to be corrected: the result does not change."""
        return {one.remedy for one in self.upheld} == {Remedy.CORRECT}


def get(session: Session, actor: Actor, round_id: str) -> Remedies:
    """What waits to be brought about; NotAllowed for all but supervisors."""
    row = held.get(session, round_id)
    parts.require_inside(session, actor, row)
    if Part.SUPERVISOR not in parts.of(session, actor, row):
        raise NotAllowed("成立的异议由监督人员落实。", code="not_a_supervisor")
    due = [one for one in objections.of_round(session, round_id) if one.state in UNFULFILLED]
    known = {one.id: one for one in rows.bids(session, round_id)}
    named = {bid: results.names(session, known[bid]) for one in due for bid in one.bid_ids if bid in known}
    upheld = tuple(
        Upheld(one.id, one.number, one.remedy, tuple(named[bid] for bid in one.bid_ids if bid in named))
        for one in due
        if one.remedy is not None
    )
    public = publishing.standing(session, round_id)
    again = {bid for one in due if one.remedy is Remedy.REVIEW_AGAIN for bid in one.bid_ids if bid in named}
    falls = any(one.remedy is not Remedy.CORRECT for one in upheld)
    return Remedies(
        round_id=row.id,
        round_title=row.title,
        upheld=upheld,
        withdraws=public.number if public is not None and falls else None,
        judged_again=tuple(named[bid] for bid in sorted(again)),
    )

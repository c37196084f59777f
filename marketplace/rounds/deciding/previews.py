"""What a decision would bring about, told before it is made: who leaves the ranking, until when the result is public."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Conflict, NotAllowed
from marketplace.rounds import facts, held
from marketplace.rounds.deciding import decisions, publishing
from marketplace.rounds.deciding.decisions import Deciding
from marketplace.rounds.rules import deciding as rules
from marketplace.rounds.rules.deciding import Pick
from marketplace.rounds.rules.procedures import UNITS


@dataclass(frozen=True, slots=True)
class Preview:
    """What would follow if the other decider decides alike; whether it does is not told, so that each decides by itself.

    `length` is how long the result is public (5 个工作日), `ends_at` until when if that began now, None where a year's
    working days are not confirmed; `lacking` says so then. `departing` are the bids that leave the ranking.
    """

    page: Deciding
    departing: tuple[str, ...]
    length: str
    ends_at: datetime | None
    lacking: str


def of_picks(
    session: Session,
    actor: Actor,
    round_id: str,
    picks: Mapping[str, Pick],
    *,
    note: str,
    scores_digest: str,
    now: datetime,
) -> Preview:
    """What deciding so would bring about; raises whatever stands against it, as `decisions.decide` would."""
    page = _page(session, actor, round_id)
    decisions.require_sound(page.ranking, picks, note=note, scores_digest=scores_digest)
    return _preview(session, page, rules.departures(picks, page.ranking.standings), now=now)


def of_nobody(session: Session, actor: Actor, round_id: str, *, note: str, now: datetime) -> Preview:
    """What deciding that nobody wins would bring about."""
    page = _page(session, actor, round_id)
    decisions.require_reasons(note)
    return _preview(session, page, (), now=now)


def _page(session: Session, actor: Actor, round_id: str) -> Deciding:
    page = decisions.get(session, actor, round_id)
    if page.why_not:
        raise NotAllowed(page.why_not, code="not_a_decider")
    if not page.may_decide:
        raise Conflict("活动不在集体研究阶段，请刷新页面查看最新状态。", code="not_in_decision")
    return page


def _preview(session: Session, page: Deciding, departing: tuple[str, ...], *, now: datetime) -> Preview:
    row = held.get(session, page.round_id)
    stage = facts.procedure_of(row).stages[-1]
    ends_at, lacking = None, ""
    try:
        ends_at = publishing.end_for(session, row, now)
    except Conflict as missing:  # it is refused in these words when the decision would take effect
        lacking = missing.message
    return Preview(page, departing, f"{stage.length} 个{UNITS[stage.unit]}", ends_at, lacking)

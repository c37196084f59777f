"""Deciding who wins: what each bid becomes, what a decision lacks, and where it leaves the ranking without a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from marketplace.kernel import canonical
from marketplace.rounds.outcome_words import Outcome
from marketplace.rounds.rules.notice_forms import wan

MAX_REASON: Final = 1_000


@dataclass(frozen=True, slots=True)
class Standing:
    """A bid as the deciders find it: its place and what else decides. `price_fen` None: none was asked.

    against   why it cannot win whatever the ranking says (its unit was closed here, say), "" where nothing does
    """

    bid: str
    code: str
    track: str
    place: int
    score: str
    may_win: bool
    price_fen: int | None
    against: str = ""


@dataclass(frozen=True, slots=True)
class Pick:
    """What a decision makes of a bid; `order` counts winners and reserves of a track from 1, else it is 0."""

    outcome: Outcome
    order: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many of a track may win and stand in reserve, and what the winners may cost together; None: nothing is set."""

    winners: int
    reserves: int
    funds_fen: int | None


def proposed(standings: Sequence[Standing], limits: Limits) -> dict[str, Pick]:
    """The decision that follows the ranking and nothing else: what the form begins with."""
    found: dict[str, Pick] = {}
    for track in sorted({one.track for one in standings}):
        ordered = sorted((one for one in standings if one.track == track), key=lambda one: (one.place, one.code))
        able = [one for one in ordered if one.may_win and not one.against]
        for number, one in enumerate(able, start=1):
            if number <= limits.winners:
                found[one.bid] = Pick(Outcome.PROPOSE, number)
            elif number <= limits.winners + limits.reserves:
                found[one.bid] = Pick(Outcome.RESERVE, number - limits.winners)
        found |= {one.bid: Pick(Outcome.LEAVE_OUT) for one in ordered if one.bid not in found}
    return found


def faults(picks: Mapping[str, Pick], standings: Sequence[Standing], limits: Limits) -> dict[str, str]:
    """What is wrong with a decision, by field: "pick-<bid>", "reason-<bid>", "decision"."""
    wrong: dict[str, str] = {}
    if set(picks) != {one.bid for one in standings}:
        return {"decision": "请对每一份评审完毕的申报作出决定。"}
    for track in sorted({one.track for one in standings}):
        wrong |= _faults_of_track(picks, [one for one in standings if one.track == track], limits)
    winners = [one for one in standings if picks[one.bid].outcome is Outcome.PROPOSE]
    if not winners:
        wrong["decision"] = "没有拟中选的申报；确实都不能入选的，请按流榜决定。"
    cost = sum(one.price_fen or 0 for one in winners)
    if limits.funds_fen is not None and cost > limits.funds_fen:
        wrong["decision"] = f"拟中选的报价合计 {wan(cost)} 万元，超过公告的资金 {wan(limits.funds_fen)} 万元。"
    return wrong


def departures(picks: Mapping[str, Pick], standings: Sequence[Standing]) -> tuple[str, ...]:
    """The bids whose outcome does not follow from the ranking alone, so that a reason is due: each passes another.

    Bids that share a place are ordered by the deciders, and say why as well.
    """
    found: dict[str, None] = {}
    for track in sorted({one.track for one in standings}):
        of_track = [one for one in standings if one.track == track and one.may_win and not one.against]
        for one in of_track:
            for other in of_track:
                better = _rank(picks[one.bid]) < _rank(picks[other.bid])
                if better and one.place >= other.place and one.bid != other.bid:
                    found[one.bid] = None
    return tuple(found)


def as_record(picks: Mapping[str, Pick]) -> dict[str, Any]:
    """A decision as JSON."""
    return {
        bid: {"outcome": pick.outcome.value, "order": pick.order, "reason": pick.reason.strip()}
        for bid, pick in sorted(picks.items())
    }


def of_record(record: Mapping[str, Any]) -> dict[str, Pick]:
    """Read what `as_record` wrote."""
    return {bid: Pick(Outcome(one["outcome"]), one["order"], one["reason"]) for bid, one in record.items()}


def digest(record: Mapping[str, Any]) -> str:
    """What two deciders must agree in: outcomes and orders, whatever words they give for them."""
    return canonical.digest({bid: [one["outcome"], one["order"]] for bid, one in record.items()})


def _faults_of_track(picks: Mapping[str, Pick], standings: Sequence[Standing], limits: Limits) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for outcome, most, said in (
        (Outcome.PROPOSE, limits.winners, "拟中选"),
        (Outcome.RESERVE, limits.reserves, "候补"),
    ):
        taken = [one for one in standings if picks[one.bid].outcome is outcome]
        orders = sorted(picks[one.bid].order for one in taken)
        if len(taken) > most:
            wrong |= {f"pick-{one.bid}": f"{said}最多 {most} 家，现在有 {len(taken)} 家。" for one in taken}
        elif orders != list(range(1, len(taken) + 1)):
            wrong |= {f"pick-{one.bid}": f"{said}的次序应为 1 到 {len(taken)}，不重复。" for one in taken}
    for one in standings:
        pick = picks[one.bid]
        if pick.outcome is not Outcome.LEAVE_OUT and (one.against or not one.may_win):
            wrong[f"pick-{one.bid}"] = one.against or "得分低于最低分，不能入选。"
        if len(pick.reason) > MAX_REASON:
            wrong[f"reason-{one.bid}"] = f"不超过 {MAX_REASON} 个字。"
    for bid in departures(picks, standings):
        if not picks[bid].reason.strip():
            wrong.setdefault(f"reason-{bid}", "没有按排名（或与同名次的申报分先后），请写明理由，会公示。")
    return wrong


def _rank(pick: Pick) -> tuple[int, int]:
    return {Outcome.PROPOSE: 0, Outcome.RESERVE: 1, Outcome.LEAVE_OUT: 2}[pick.outcome], pick.order

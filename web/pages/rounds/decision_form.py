"""The form of a decision: what it sends, what it begins with, and where two decisions differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from marketplace.kernel.errors import Invalid
from marketplace.rounds.deciding.decisions import Deciding, Made
from marketplace.rounds.outcome_words import Outcome
from marketplace.rounds.rules.deciding import Pick, departures
from web.pages.rounds import outcome_words as words

OUTCOME: Final = "pick-"
ORDER: Final = "order-"
REASON: Final = "reason-"
LONGEST_ORDER: Final = 3
NO_CHOICE: Final = "请选择决定。"
NO_ORDER: Final = "请填写次序，例如 1。"


@dataclass(frozen=True, slots=True)
class Difference:
    """A bid on which two decisions differ: how it is called, and what each decider makes of it, by name."""

    code: str
    names: tuple[str, ...]
    said: tuple[tuple[str, str], ...]


def filled(picks: Mapping[str, Pick], *, note: str = "") -> dict[str, str]:
    """A decision as the fields of its form."""
    found = {"note": note, "nobody": ""}
    for bid, pick in picks.items():
        found[f"{OUTCOME}{bid}"] = pick.outcome.value
        found[f"{ORDER}{bid}"] = str(pick.order) if pick.order else ""
        found[f"{REASON}{bid}"] = pick.reason
    return found


def beginning(page: Deciding) -> dict[str, str]:
    """What the form begins with: one's own decision, else what follows from the ranking."""
    own = next((one for one in page.made if one.is_own and one.counts and not one.is_failure), None)
    return filled(page.proposed) if own is None else filled(own.picks, note=own.note)


def read(form: Mapping[str, str], page: Deciding) -> dict[str, Pick]:
    """Read a decision out of its form. Raises Invalid by field where something is not chosen or is no number."""
    picks: dict[str, Pick] = {}
    wrong: dict[str, str] = {}
    for one in page.ranking.standings:
        chosen, order = form.get(f"{OUTCOME}{one.bid}", ""), form.get(f"{ORDER}{one.bid}", "").strip()
        if chosen not in set(Outcome):
            wrong[f"{OUTCOME}{one.bid}"] = NO_CHOICE
            continue
        outcome = Outcome(chosen)
        is_number = order.isascii() and order.isdigit() and len(order) <= LONGEST_ORDER
        if outcome is not Outcome.LEAVE_OUT and not is_number:
            wrong[f"{OUTCOME}{one.bid}"] = NO_ORDER
            continue
        number = 0 if outcome is Outcome.LEAVE_OUT else int(order)
        picks[one.bid] = Pick(outcome, number, form.get(f"{REASON}{one.bid}", ""))
    if wrong:
        raise Invalid("决定没有提交，请改正标出的地方。", code="decision_wrong", fields=wrong)
    return picks


def named(wrong: Mapping[str, str], page: Deciding) -> dict[str, str]:
    """Faults by field, each with the units of the bid that it is about: a list of them would not say which."""
    units = {one.bid: "、".join(page.names[one.bid]) for one in page.ranking.standings}
    said = {name: units.get(name.partition("-")[2], "") for name in wrong}
    return {name: f"{said[name]}：{message}" if said[name] else message for name, message in wrong.items()}


def departing(page: Deciding, form: Mapping[str, str]) -> frozenset[str]:
    """The bids of a form that leave the ranking, as far as the form can be read."""
    try:
        return frozenset(departures(read(form, page), page.ranking.standings))
    except Invalid:
        return frozenset()


def differences(page: Deciding) -> tuple[Difference, ...]:
    """Where the decisions that count differ, bid by bid; none where there are not two that the reader may see."""
    made = [one for one in page.made if one.counts and not one.is_hidden]
    found = []
    for standing in page.ranking.standings:
        said = tuple((one.name, _said(one, standing.bid)) for one in made)
        if len({text for _, text in said}) > 1:
            found.append(Difference(standing.code, page.names[standing.bid], said))
    return tuple(found)


def _said(made: Made, bid: str) -> str:
    if made.is_failure:
        return "按流榜决定"
    pick = made.picks.get(bid)
    return "没有决定" if pick is None else words.ordered(pick.outcome, pick.order, most=2)

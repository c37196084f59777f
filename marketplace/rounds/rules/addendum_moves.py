"""The machine of an addendum: a change of the notice while bids come in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from marketplace.rounds.rules.machines import Machine, Move, Reason, machine
from marketplace.rounds.words import AddendumEvent, Part, TextState


@dataclass(frozen=True, slots=True)
class AddendumFacts:
    """What the guards of an addendum ask.

    against          the first reason of the round's own machine against AMEND; None: the round allows it
    faults           what of the text is missing or wrong, in words
    clashes          fields that several people wrote differently and nobody has chosen yet
    changed          how many fields differ from the notice that stands
    is_current       whether the notice that stands is still the one it was begun from
    deadline_earlier whether it would move the deadline to an earlier moment
    """

    against: Reason | None = None
    faults: tuple[str, ...] = ()
    clashes: int = 0
    changed: int = 0
    is_current: bool = True
    deadline_earlier: bool = False


AddendumMove = Move[TextState, AddendumEvent, AddendumFacts]
AddendumMachine = Machine[TextState, AddendumEvent, AddendumFacts]


def _round_allows(facts: AddendumFacts, _now: datetime) -> Reason | None:
    return facts.against


def _whole(facts: AddendumFacts, _now: datetime) -> Reason | None:
    if facts.clashes:
        return Reason("clashes", f"还有 {facts.clashes} 处由几个人写得不一样，请先选定。")
    return Reason("incomplete", "还不能发布：" + "；".join(facts.faults)) if facts.faults else None


def _says_something(facts: AddendumFacts, _now: datetime) -> Reason | None:
    return None if facts.changed else Reason("nothing_changed", "补遗与现行公告没有差别，不用发布。")


def _current(facts: AddendumFacts, _now: datetime) -> Reason | None:
    if facts.is_current:
        return None
    return Reason("outdated", "起草期间已发布了另一份补遗，请放弃这一份，从现行公告重新起草。")


def _not_earlier(facts: AddendumFacts, _now: datetime) -> Reason | None:
    if not facts.deadline_earlier:
        return None
    return Reason("deadline_earlier", "补遗不能把截止时间提前，只能顺延。")


S, E = TextState, AddendumEvent
_ISSUER: Final = frozenset({Part.ISSUER})

MACHINE: Final[AddendumMachine] = machine(
    (
        Move(S.OPEN, E.PUBLISH, S.FIXED, _ISSUER, (_round_allows, _current, _whole, _says_something, _not_earlier)),
        Move(S.OPEN, E.DROP, S.DROPPED, _ISSUER),
        # What is still being written when the deadline comes can never be published.
        Move(S.OPEN, E.OUTDATE, S.DROPPED, frozenset({Part.CLOCK, Part.ROUND})),
    ),
    names={S.OPEN: "起草中", S.FIXED: "已发布", S.DROPPED: "已放弃"},
    wrong_part={
        E.PUBLISH: "只有起草单位可以发布补遗。",
        E.DROP: "只有起草单位可以放弃补遗。",
        E.OUTDATE: "申报截止时由系统处理。",
    },
)

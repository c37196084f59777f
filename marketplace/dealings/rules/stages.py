"""The moves of a dealing as one table: from which stage, what happens, who may do it, and what it must say.

stage        what it means
interest     one side has shown interest (感兴趣, or 邀约 by the need's side)
introduced   an organiser has brought the two together (介绍)
contact      one side has asked for the other's contact and was given it (已互通联系方式)
met          they have talked (对接)
intent       they mean to work together, with an amount where there is one (意向)
claimed      one states a signing; it counts once somebody else confirms it (签约待确认)
signed       the signing is confirmed (签约), the end of the road
ended        nothing came of it, with the reason; either side may take it up again

Asking for a contact and answering move no stage, save that a grant makes `contact` of what was less.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from marketplace.dealings.words import SIDES, Event, Party, Stage

ALL: Final = frozenset(Party)
BOTH: Final = frozenset(SIDES)
BROKER: Final = frozenset({Party.ORGANISER})

LIVE: Final = frozenset({Stage.INTEREST, Stage.INTRODUCED, Stage.CONTACT, Stage.MET, Stage.INTENT})
ACQUAINTED: Final = frozenset({Stage.INTRODUCED, Stage.CONTACT, Stage.MET, Stage.INTENT})


@dataclass(frozen=True, slots=True)
class Move:
    """Where an event leads and who may cause it; `asks` names what must be said with it."""

    to: Stage
    who: frozenset[Party]
    asks: frozenset[str] = frozenset()
    not_by_mover: bool = False
    """Whether whoever made the dealing `claimed` may not do this (one's own word is no confirmation)."""
    only_by_mover: bool = False


def _table() -> dict[tuple[Stage | None, Event], Move]:
    moves: dict[tuple[Stage | None, Event], Move] = {
        (None, Event.EXPRESS): Move(Stage.INTEREST, BOTH),
        (None, Event.INTRODUCE): Move(Stage.INTRODUCED, BROKER),
        (Stage.INTEREST, Event.INTRODUCE): Move(Stage.INTRODUCED, BROKER),
        (Stage.ENDED, Event.REOPEN): Move(Stage.INTEREST, BOTH),
        (Stage.ENDED, Event.INTRODUCE): Move(Stage.INTRODUCED, BROKER),
        (Stage.CLAIMED, Event.CONFIRM): Move(Stage.SIGNED, ALL, not_by_mover=True),
        (Stage.CLAIMED, Event.DISPUTE): Move(Stage.INTENT, ALL, frozenset({"text"}), not_by_mover=True),
        (Stage.CLAIMED, Event.RETRACT): Move(Stage.INTENT, ALL, only_by_mover=True),
    }
    for stage in LIVE:
        moves[stage, Event.ASK] = Move(stage, BOTH)
        moves[stage, Event.GRANT] = Move(
            Stage.CONTACT if stage in {Stage.INTEREST, Stage.INTRODUCED} else stage, BOTH | BROKER
        )
        moves[stage, Event.DECLINE] = Move(stage, BOTH | BROKER)
        moves[stage, Event.WITHDRAW] = Move(stage, BOTH)
        moves[stage, Event.END] = Move(Stage.ENDED, ALL, frozenset({"ending"}))
    for stage in ACQUAINTED:
        moves[stage, Event.INTEND] = Move(Stage.INTENT, ALL)
        moves[stage, Event.SIGN] = Move(Stage.CLAIMED, ALL, frozenset({"amount", "day"}))
    for stage in (Stage.INTRODUCED, Stage.CONTACT):
        moves[stage, Event.MEET] = Move(Stage.MET, ALL)
    for stage in Stage:
        moves[stage, Event.NOTE] = Move(stage, ALL, frozenset({"text"}))
    return moves


MOVES: Final[Mapping[tuple[Stage | None, Event], Move]] = _table()


def move(stage: Stage | None, event: Event) -> Move | None:
    """The move that an event makes from a stage (None: there is no dealing yet), or None where it makes none."""
    return MOVES.get((stage, event))


def may(stage: Stage | None, event: Event, party: Party, *, is_mover: bool = False) -> bool:
    """Whether a party may cause an event now; `is_mover` says that it is the one whose claim stands."""
    found = move(stage, event)
    if found is None or party not in found.who:
        return False
    return not (found.not_by_mover and is_mover) and not (found.only_by_mover and not is_mover)


def possible(stage: Stage, party: Party, *, is_mover: bool = False) -> tuple[Event, ...]:
    """Every event that a party may cause from a stage, in the order of `Event`."""
    return tuple(event for event in Event if may(stage, event, party, is_mover=is_mover))


def is_claimant(*, claimed_by: Party | None, party: Party, is_same_account: bool) -> bool:
    """Whether a claim is this party's own; between organisers it is the person that counts (two pairs of eyes)."""
    if claimed_by is not party:
        return False
    return is_same_account if party is Party.ORGANISER else True


def waits_for(stage: Stage, *, opened_by: Party, claimed_by: Party | None, asked_by: Party | None) -> frozenset[Party]:
    """Who must do something next: the one that is asked, the one that can confirm, or the one that was shown interest.

    `asked_by` is the side whose contact request stands open, or None. Nobody where it is under way or over.
    """
    if asked_by is not None:
        return frozenset({asked_by.other})
    if stage is Stage.CLAIMED and claimed_by is not None:
        return BOTH - {claimed_by}
    if stage is Stage.INTEREST and opened_by is not Party.ORGANISER:
        return frozenset({opened_by.other})
    return frozenset()

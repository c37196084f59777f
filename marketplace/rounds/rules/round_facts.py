"""What the guards of a round ask."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """What the guards of a round ask.

    missing               what the notice still lacks, in words
    has_reason            whether a reason is given with the move
    approvals             different people who approved this text; the author is none of them
    cancellers            different people who asked for the end of the round, the mover included
    fair_competition      whether 公平竞争审查 of the words that stand is passed, with its document
    objection_contact     whether the notice names who takes objections
    publish_at, deadline  as fixed; None where not yet
    key_ready             whether the three holders have tested their passphrases, so that bids can be sealed
    notice_workdays       working days that must be left after an amendment
    workdays_left         working days left until the deadline
    deadline_moves        whether the amendment moves the deadline, so that enough is left
    suspended             whether the clocks stand still
    being_admitted        submissions whose last byte has arrived and that are not written yet
    keys                  different openers whose passphrases have opened their envelopes
    valid_bids            bids in the manifest, after the opening those found eligible
    least_bids            how many the procedure asks for
    unjudged              bids that two checkers have not judged alike
    open_corrections      bids whose window of 补正 is open
    open_objections       objections that nobody has decided: to results of the check, later to the proposed result
    short_tracks          tracks whose panel is not complete, in words
    sheets_left           sheets of the panels that are not handed in
    short_bids            bids with fewer sheets than the panel has members
    thin_bids             bids with fewer sheets than the procedure asks for
    chairless_tracks      tracks without a chair, or without a deputy where the chair must not judge a bid
    uncommented           bids about which the panel differs and nobody has said why
    unconfirmed           bids whose result no chair or deputy has confirmed
    open_conflicts        possible conflicts of members of panels that nobody has decided
    unscorable            why the scores cannot be computed by the method that was fixed; "" where they can
    is_last_stage         whether no further stage of judging follows
    deciders              different deciders who decided this alike
    undecidable           what the decision lacks, in words
    publicity_ends        when the publicity is over; None before it
    unfulfilled           upheld objections whose effect is not done
    promotable            whether a winner dropped out and somebody stands in reserve
    winnerless            whether every winner dropped out
    """

    missing: tuple[str, ...] = ()
    has_reason: bool = False
    approvals: int = 0
    cancellers: int = 0
    fair_competition: bool = False
    objection_contact: bool = False
    key_ready: bool = False
    publish_at: datetime | None = None
    deadline: datetime | None = None
    notice_workdays: int = 0
    workdays_left: int = 0
    deadline_moves: bool = False
    suspended: bool = False
    being_admitted: int = 0
    keys: int = 0
    valid_bids: int = 0
    least_bids: int = 1
    unjudged: int = 0
    open_corrections: int = 0
    open_objections: int = 0
    short_tracks: tuple[str, ...] = ()
    sheets_left: int = 0
    short_bids: int = 0
    thin_bids: int = 0
    chairless_tracks: tuple[str, ...] = ()
    uncommented: int = 0
    unconfirmed: int = 0
    open_conflicts: int = 0
    unscorable: str = ""
    is_last_stage: bool = True
    deciders: int = 0
    undecidable: tuple[str, ...] = ()
    publicity_ends: datetime | None = None
    unfulfilled: int = 0
    promotable: bool = False
    winnerless: bool = False

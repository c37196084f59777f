"""The words of outcomes: what a decision makes of a bid, how far an objection has come, why one is not taken."""

from enum import StrEnum


class Outcome(StrEnum):
    """What a decision makes of a bid."""

    PROPOSE = "propose"
    RESERVE = "reserve"
    LEAVE_OUT = "leave_out"


class ObjectionState(StrEnum):
    """How far an objection to a proposed result has come.

    submitted      filed within the publicity; the handler decides whether it is taken
    rejected       not taken, on one of the closed grounds
    accepted       taken, to be looked into
    investigating  being looked into
    upheld, partly_upheld, dismissed   decided, with reasons
    implemented    what was upheld is done
    withdrawn      by who filed it
    escalated      the supervisor decides on the appeal (申诉)
    final          the appeal changed nothing
    """

    SUBMITTED = "submitted"
    REJECTED = "rejected"
    ACCEPTED = "accepted"
    INVESTIGATING = "investigating"
    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    DISMISSED = "dismissed"
    IMPLEMENTED = "implemented"
    WITHDRAWN = "withdrawn"
    ESCALATED = "escalated"
    FINAL = "final"


class ObjectionEvent(StrEnum):
    """What can happen to an objection."""

    ACCEPT = "accept"
    REJECT = "reject"
    INVESTIGATE = "investigate"
    EXTEND = "extend"
    UPHOLD = "uphold"
    UPHOLD_PARTLY = "uphold_partly"
    DISMISS = "dismiss"
    IMPLEMENT = "implement"
    WITHDRAW = "withdraw"
    ESCALATE = "escalate"
    OVERTURN = "overturn"
    CONFIRM = "confirm"


class Ground(StrEnum):
    """Why an objection is not taken; there are no other grounds."""

    LATE = "late"
    NO_INTEREST = "no_interest"
    NO_EVIDENCE = "no_evidence"
    REPEATED = "repeated"
    OUT_OF_SCOPE = "out_of_scope"


class Remedy(StrEnum):
    """What an upheld objection brings about.

    review_again  other experts judge the bids concerned; a full new publicity
    decide_again  the deciders decide anew; a full new publicity
    correct       the publication is corrected where it stands; the result does not change
    """

    REVIEW_AGAIN = "review_again"
    DECIDE_AGAIN = "decide_again"
    CORRECT = "correct"

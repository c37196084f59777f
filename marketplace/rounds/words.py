"""The words of rounds: their states, those of bids, who moves them, and what can happen."""

from enum import StrEnum


class RoundState(StrEnum):
    """How far a round has come.

    draft            the issuer writes
    internal_review  what was written is fixed; others look at it and approve it
    scheduled        approved, and the hour of publication is fixed
    open             published; bids come in, and nobody can read one
    sealed           past the deadline, before the opening
    eligibility      opened; each bid is held against the conditions
    review           experts judge
    failed           too few bids; it may be run again
    cancelled        ended for a stated reason
    """

    DRAFT = "draft"
    INTERNAL_REVIEW = "internal_review"
    SCHEDULED = "scheduled"
    OPEN = "open"
    SEALED = "sealed"
    ELIGIBILITY = "eligibility"
    REVIEW = "review"
    FAILED = "failed"
    CANCELLED = "cancelled"


class RoundEvent(StrEnum):
    """What can happen to a round."""

    HAND_IN = "hand_in"
    SEND_BACK = "send_back"
    TAKE_BACK = "take_back"
    APPROVE = "approve"
    UNSCHEDULE = "unschedule"
    PUBLISH = "publish"
    AMEND = "amend"
    SEAL = "seal"
    OPEN_BIDS = "open_bids"
    FAIL = "fail"
    SEND_TO_REVIEW = "send_to_review"
    CANCEL = "cancel"


class Part(StrEnum):
    """As whom somebody moves a round or a bid; the clock and the round itself are nobody.

    Approver, opener and checker are appointments of one round. `round` is a move that another move brings with it.
    """

    ISSUER = "issuer"
    APPROVER = "approver"
    ORGANISER = "organiser"
    OPENER = "opener"
    CHECKER = "checker"
    SUPERVISOR = "supervisor"
    BIDDER = "bidder"
    CLOCK = "clock"
    ROUND = "round"


class BidState(StrEnum):
    """How far a bid has come.

    draft                 written by its unit; the operator could read it
    submitted             sealed, with a receipt
    needs_reconfirm       sealed, and the round was amended since
    withdrawn             taken back before the deadline
    lapsed                not handed in, or not confirmed, by the deadline
    opened                opened by two openers, not yet judged
    correction_requested  its unit may put something right until the window ends
    eligible, ineligible  held against the conditions by two checkers
    returned              the round ended without an opening; still sealed
    """

    DRAFT = "draft"
    SUBMITTED = "submitted"
    NEEDS_RECONFIRM = "needs_reconfirm"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    OPENED = "opened"
    CORRECTION_REQUESTED = "correction_requested"
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    RETURNED = "returned"


class BidEvent(StrEnum):
    """What can happen to a bid."""

    SUBMIT = "submit"
    REPLACE = "replace"
    WITHDRAW = "withdraw"
    TAKE_UP = "take_up"
    UNSETTLE = "unsettle"
    RECONFIRM = "reconfirm"
    LAPSE = "lapse"
    OPEN = "open"
    ASK_CORRECTION = "ask_correction"
    CORRECT = "correct"
    CLOSE_CORRECTION = "close_correction"
    ACCEPT = "accept"
    REJECT = "reject"
    REOPEN = "reopen"
    RETURN = "return"

"""The words of rounds: their states, those of bids, who moves them, and what can happen."""

from enum import StrEnum
from typing import Final


class RoundState(StrEnum):
    """How far a round has come.

    draft            the issuer writes
    internal_review  what was written is fixed; others look at it and approve it
    scheduled        approved, and the hour of publication is fixed
    open             published; bids come in, and nobody can read one
    sealed           past the deadline, before the opening
    eligibility      opened; each bid is held against the conditions
    review           experts judge
    consensus        each panel sees all its sheets; what they differ about is talked over
    decision         the ranking is frozen; the organiser's body decides
    publicity        the proposed winners are public, objections are open
    awarded          the publicity is over without an open objection
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
    CONSENSUS = "consensus"
    DECISION = "decision"
    PUBLICITY = "publicity"
    AWARDED = "awarded"
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
    CLOSE_REVIEW = "close_review"
    ADD_EXPERT = "add_expert"
    ADVANCE = "advance"
    FREEZE = "freeze"
    VOID_SCORES = "void_scores"
    ANNOUNCE = "announce"
    AWARD = "award"
    REVIEW_AGAIN = "review_again"
    DECIDE_AGAIN = "decide_again"
    CALL_RESERVE = "call_reserve"
    CANCEL = "cancel"
    SUSPEND = "suspend"
    RESUME = "resume"


class Part(StrEnum):
    """As whom somebody moves a round or a bid; the clock and the round itself are nobody.

    Approver, opener and checker are appointments of one round. `round` is a move that another move brings with it.
    """

    ISSUER = "issuer"
    APPROVER = "approver"
    ORGANISER = "organiser"
    OPENER = "opener"
    CHECKER = "checker"
    EXPERT = "expert"
    CHAIR = "chair"
    DECIDER = "decider"
    OBJECTIONS = "objections"
    SUPERVISOR = "supervisor"
    BIDDER = "bidder"
    CLOCK = "clock"
    ROUND = "round"


class TextState(StrEnum):
    """A text of a round that is being written: the notice itself, or an addendum to it."""

    OPEN = "open"
    FIXED = "fixed"
    DROPPED = "dropped"


class AddendumEvent(StrEnum):
    """What can happen to an addendum that is being written."""

    PUBLISH = "publish"
    DROP = "drop"
    OUTDATE = "outdate"


class Post(StrEnum):
    """What somebody is appointed to in one round.

    approver            approves the notice, and its end before time
    opener_a, opener_b  hold a passphrase each and open the bids together
    keeper              the supervisor's recovery: holds the third passphrase, stands in for either opener
    checker             holds bids against the conditions
    decider             decides who wins, with a second one
    objections          takes objections
    """

    APPROVER = "approver"
    OPENER_A = "opener_a"
    OPENER_B = "opener_b"
    KEEPER = "keeper"
    CHECKER = "checker"
    DECIDER = "decider"
    OBJECTIONS = "objections"


class Consent(StrEnum):
    """To what an approver consents."""

    PUBLISH = "publish"
    CANCEL = "cancel"


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
    in_review             experts judge it
    scored                its scores are frozen
    proposed              to win, if the publicity brings nothing against it
    reserve               takes the place of a winner that drops out
    not_selected          neither of the two
    awarded               has won; `not_awarded`: has not, for good
    declined              had won, and did not take it
    revoked               had won, and it was taken back
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
    IN_REVIEW = "in_review"
    SCORED = "scored"
    PROPOSED = "proposed"
    RESERVE = "reserve"
    NOT_SELECTED = "not_selected"
    AWARDED = "awarded"
    NOT_AWARDED = "not_awarded"
    DECLINED = "declined"
    REVOKED = "revoked"
    RETURNED = "returned"


PASSED: Final = frozenset(
    {
        BidState.ELIGIBLE,
        BidState.IN_REVIEW,
        BidState.SCORED,
        BidState.PROPOSED,
        BidState.RESERVE,
        BidState.NOT_SELECTED,
        BidState.AWARDED,
        BidState.NOT_AWARDED,
        BidState.DECLINED,
        BidState.REVOKED,
    }
)
"""Where a bid stands that passed the formal check, whatever came of it afterwards."""


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
    BEGIN_REVIEW = "begin_review"
    SCORE = "score"
    REVIEW_AGAIN = "review_again"
    PROPOSE = "propose"
    KEEP_IN_RESERVE = "keep_in_reserve"
    LEAVE_OUT = "leave_out"
    DECIDE_AGAIN = "decide_again"
    AWARD = "award"
    DENY = "deny"
    DECLINE = "decline"
    REVOKE = "revoke"
    RETURN = "return"


class Slot(StrEnum):
    """Who holds one of the three keys of a round.

    a, b  the two openers
    s     the supervisor's keeper, who stands in for an opener that cannot come
    """

    A = "a"
    B = "b"
    S = "s"


class Pair(StrEnum):
    """Which two holders an envelope is for: its outer layer is for the first, its inner one for the second."""

    AB = "ab"
    AS = "as"
    BS = "bs"

    @property
    def slots(self) -> tuple[Slot, Slot]:
        """The two holders, outer layer first."""
        outer, inner = self.value
        return Slot(outer), Slot(inner)


class Fate(StrEnum):
    """What had become of a sealed version by the deadline.

    live       it stands, and will be opened
    replaced   a later version of the same bid came after it
    withdrawn  its unit took it back
    lapsed     it was not confirmed after the notice was amended
    """

    LIVE = "live"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"

"""The words of panels: how an expert stands in one, which bids it judges, how far its sheets are."""

from enum import StrEnum


class MemberState(StrEnum):
    """How an expert stands in the panel of a track.

    drawn         stands by: a reserve that is called when somebody drops out
    invited       asked; sees who bids, and nothing of what they say
    declared      has declared on the names; a soft conflict waits for a decision
    accepted      judges; what was not excepted is open to it
    in_progress   has begun a sheet
    submitted     every sheet is handed in
    locked        the review is over, the sheets are fixed
    declined      does not take part, or did not answer in time
    recused       left because of a conflict, before any content was open to it
    recused_late  left because of a conflict afterwards: its sheets are void
    """

    DRAWN = "drawn"
    INVITED = "invited"
    DECLARED = "declared"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    LOCKED = "locked"
    DECLINED = "declined"
    RECUSED = "recused"
    RECUSED_LATE = "recused_late"


class MemberEvent(StrEnum):
    """What can happen to a member of a panel."""

    INVITE = "invite"
    DECLARE = "declare"
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    RECUSE = "recuse"
    BEGIN = "begin"
    FINISH = "finish"
    GO_ON = "go_on"
    LOCK = "lock"
    RECUSE_LATE = "recuse_late"


class SheetState(StrEnum):
    """How far an expert's sheet for one bid has come.

    assigned   not begun
    draft      being filled in
    submitted  handed in; its expert may take it back until the review is over
    locked     fixed; only a correction with a reason, on record, changes a mark
    excused    the expert does not judge this bid: a conflict, before its content was open to it
    void       the expert should not have judged this bid: as if it never had
    """

    ASSIGNED = "assigned"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    LOCKED = "locked"
    EXCUSED = "excused"
    VOID = "void"


class SheetEvent(StrEnum):
    """What can happen to a sheet."""

    SAVE = "save"
    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    LOCK = "lock"
    CORRECT = "correct"
    EXCUSE = "excuse"
    VOID = "void"


class Source(StrEnum):
    """From where it is known that an expert must not judge a bid, or might not.

    found      the rules found it
    declared   the expert said so
    requested  a bidder asked for it, and the organiser agreed
    by_hand    the organiser or the supervisor put it down
    """

    FOUND = "found"
    DECLARED = "declared"
    REQUESTED = "requested"
    BY_HAND = "by_hand"


class PanelWait(StrEnum):
    """What a panel waits for its office to do, most pressing first.

    draw      a list that is fixed waits for the second person, who draws
    conflict  a soft conflict, or a doubt, waits for a decision
    request   a bidder has asked for a recusal and has no answer
    reserve   somebody is lacking, and a reserve stands by
    list      somebody is lacking, and nobody stands by: the list of a draw is to be fixed, or somebody named
    lead      a panel that judges has no chair, or no deputy where some bid is closed to the chair
    """

    DRAW = "draw"
    CONFLICT = "conflict"
    REQUEST = "request"
    RESERVE = "reserve"
    LIST = "list"
    LEAD = "lead"

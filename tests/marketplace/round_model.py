"""What may happen in a round, told once more from its design and from nothing else: the model of the stateful proof."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import ceil

from marketplace.kernel.chinese_time import BEIJING

ORGANISERS = frozenset(
    {"organiser", "approver0", "approver1", "checker0", "checker1", "opener_a", "opener_b", "objections"}
)
APPROVERS = frozenset({"approver0", "approver1"})
CHECKERS = frozenset({"checker0", "checker1"})
HOLDERS = frozenset({"opener_a", "opener_b", "keeper"})
STOPPERS = APPROVERS | {"keeper"}
LIVE = frozenset({"draft", "submitted", "needs_reconfirm"})
STOPPED_IN = frozenset({"open", "sealed", "eligibility"})
CANCELLED_FROM = frozenset({"internal_review", "scheduled", "open", "sealed", "eligibility"})
NOTICE_WORKDAYS = 3
WINDOW = timedelta(hours=24)
NEW_YEAR = date(2027, 1, 1)
KNOWN_YEARS = frozenset({2026, 2027})


@dataclass
class BidModel:
    """One bid: whose, where it stands, its versions, whether a draft is open (None: no) and whole."""

    id: str
    owner: str
    state: str = "draft"
    version: int = 0
    draft: bool | None = False
    last_arrival: datetime | None = None
    verdicts: dict[str, bool] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    window_ends: datetime | None = None
    objection: bool = False
    fate: str = ""


@dataclass
class RoundModel:
    """The round, its clock, and its bids by id."""

    state: str
    now: datetime
    publish_at: datetime
    deadline: datetime
    number: int = 0
    approvals: set[str] = field(default_factory=set)
    cancellers: set[str] = field(default_factory=set)
    suspended_at: datetime | None = None
    left: int = 0
    turned: set[str] = field(default_factory=set)
    bids: dict[str, BidModel] = field(default_factory=dict)
    receipts: dict[tuple[str, int], str] = field(default_factory=dict)
    manifest: dict[tuple[str, int], str] | None = None

    # What may be done.

    def takes_bids(self, arrived: datetime | None = None) -> bool:
        """Whether what arrives at a moment is let in."""
        return self.state == "open" and self.suspended_at is None and (arrived or self.now) < self.deadline

    def is_checked(self) -> bool:
        """Whether the formal check goes on."""
        return self.state == "eligibility" and self.suspended_at is None

    def live_of(self, owner: str) -> BidModel | None:
        """The one live bid of a unit."""
        return next((bid for bid in self.bids.values() if bid.owner == owner and bid.state in LIVE), None)

    def may_submit(self, who: str, bid: BidModel, arrived: datetime) -> bool:
        """Whether a bid may be handed in."""
        return who == bid.owner and bool(bid.draft) and bid.state in LIVE and self.takes_bids(arrived)

    def may_take_up(self, who: str, bid: BidModel) -> bool:
        """Whether a draft may be opened again."""
        if who != bid.owner or not self.takes_bids():
            return False
        if bid.state == "withdrawn":
            return self.live_of(who) is None
        return bid.state in {"submitted", "needs_reconfirm"}

    def may_amend(self, who: str, new: datetime, *, says_something: bool) -> bool:
        """Whether an addendum may be published that sets a deadline."""
        if who != "issuer" or not self.takes_bids() or new < self.deadline or not says_something:
            return False
        if self.deadline.astimezone(BEIJING).year not in KNOWN_YEARS or new.astimezone(BEIJING).year not in KNOWN_YEARS:
            return False
        is_early = workdays(self.now, self.deadline) >= NOTICE_WORKDAYS
        return is_early or (new > self.deadline and workdays(self.now, new) >= NOTICE_WORKDAYS)

    def all_judged(self) -> bool:
        """Whether nothing of the check is open."""
        open_ones = [
            bid for bid in self.bids.values() if bid.state in {"opened", "correction_requested"} or bid.objection
        ]
        return not open_ones

    def eligible(self) -> int:
        """How many bids are found eligible."""
        return sum(bid.state == "eligible" for bid in self.bids.values())

    # What it does.

    def new_notice(self) -> None:
        """Another notice stands: whoever consented to something consented to the one before."""
        self.number += 1
        self.approvals, self.cancellers = set(), set()

    def tick(self) -> None:
        """What the clock does."""
        if self.state == "scheduled" and self.now >= self.publish_at:
            self.state = "open"
        if self.state == "open" and self.suspended_at is None and self.now >= self.deadline:
            self._seal()
        if self.is_checked():
            for bid in self.bids.values():
                if bid.window_ends is not None and bid.window_ends <= self.now:
                    bid.state, bid.window_ends = "opened", None

    def _seal(self) -> None:
        fates = {"submitted": "live", "draft": "withdrawn", "withdrawn": "withdrawn", "needs_reconfirm": "lapsed"}
        self.manifest = {
            (bid.id, number): fates[bid.state] if number == bid.version else "replaced"
            for bid in self.bids.values()
            for number in range(1, bid.version + 1)
        }
        for bid in self.bids.values():
            bid.draft = None
            if bid.state in {"draft", "needs_reconfirm"}:
                bid.state = "lapsed"
        self.state = "sealed" if any(bid.state == "submitted" for bid in self.bids.values()) else "failed"

    def resume(self) -> None:
        """The clocks run again; nobody has lost a moment."""
        assert self.suspended_at is not None
        stood = self.now - self.suspended_at
        self.suspended_at = None
        if self.state == "open" and self.left:
            self.new_notice()
            self.deadline = whole_minute(self.now + timedelta(seconds=self.left))
        if self.state == "eligibility":
            for bid in self.bids.values():
                bid.window_ends = None if bid.window_ends is None else bid.window_ends + stood

    def suspend(self) -> None:
        """The clocks stand."""
        self.suspended_at = self.now
        self.left = max(0, ceil((self.deadline - self.now).total_seconds()))

    def cancel(self) -> None:
        """The round ends; nothing is opened any more."""
        self.state, self.suspended_at = "cancelled", None
        for bid in self.bids.values():
            bid.draft = None
            if bid.state in {"submitted", "needs_reconfirm"}:
                bid.state = "returned"


def workdays(start: datetime, end: datetime) -> int:
    """Working days after the day of a moment, up to the day of another one."""
    day, last, found = start.astimezone(BEIJING).date(), end.astimezone(BEIJING).date(), 0
    while day < last:
        day += timedelta(days=1)
        found += day.weekday() < 5 and day != NEW_YEAR
    return found


def whole_minute(moment: datetime) -> datetime:
    """The next full minute."""
    return (
        moment
        if not (moment.second or moment.microsecond)
        else moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    )

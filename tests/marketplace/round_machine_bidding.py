"""The acts of the stateful proof by bidders."""

from datetime import timedelta
from typing import Any

from marketplace.rounds.bidding import drafts, submissions
from tests.marketplace.market import NEW_ID
from tests.marketplace.round_machine import INSTANT, OWNER, PLACES, SUITS, act, anybody
from tests.marketplace.round_machine_making import Making
from tests.marketplace.round_market import BID
from tests.marketplace.round_model import (
    BidModel,
)
from tests.marketplace.round_worlds import BIDDERS

BY_BIDDER = anybody(*BIDDERS)


class Bidding(Making):
    """Beginning, writing, handing in, withdrawing, taking up, confirming, setting aside."""

    @act("scheduled", "open", "sealed", who=BY_BIDDER)
    def begin_bid(self, who: str) -> None:
        """Begin a bid, or go on with the live one."""
        model, actor = self.model, self.stage.people[who]
        is_allowed = who in BIDDERS and model.takes_bids()
        bid_id = self.attempt(
            lambda session: drafts.begin(session, actor, self.round_id, "t1", now=model.now, new_id=NEW_ID),
            is_allowed=is_allowed,
        )
        live = model.live_of(who)
        if is_allowed and live is not None:
            assert bid_id == live.id
        elif is_allowed:
            model.bids[bid_id] = BidModel(bid_id, who)

    @act(
        "open",
        "sealed",
        suits=SUITS["write"],
        who=OWNER,
        place=PLACES,
        is_whole=[True, True, True, False],
    )
    def write(self, who: str | None, place: int | BidModel, is_whole: bool) -> None:
        """Write everything that is asked for, or leave the plan out."""
        model, bid = self.model, self.pick("write", place)
        if bid is None or self.stage.attached is None:
            return
        who = who or bid.owner
        actor = self.stage.people[who]

        def do(session: Any) -> None:
            version = drafts.get(session, actor, bid.id).draft_version
            fields = {**BID, "plan": BID["plan"] if is_whole else ""}
            drafts.save(session, actor, bid.id, fields, version=version, now=model.now)
            drafts.attach(session, actor, bid.id, self.stage.attached, now=model.now)

        is_allowed = who == bid.owner and model.takes_bids() and bid.draft is not None
        self.attempt(do, is_allowed=is_allowed)
        if is_allowed:
            bid.draft = is_whole

    @act(
        "open",
        "sealed",
        "failed",
        suits=SUITS["submit"],
        who=OWNER,
        place=PLACES,
        lag=[timedelta(), INSTANT, timedelta(hours=1)],
    )
    def submit(self, who: str | None, place: int | BidModel, lag: timedelta) -> None:
        """Hand a bid in, written down a while after its last byte arrived."""
        model, bid = self.model, self.pick("submit", place)
        if bid is None:
            return
        who = who or bid.owner
        actor = self.stage.people[who]
        arrived = model.now - lag
        if bid.last_arrival is not None and arrived <= bid.last_arrival:
            return

        def do(session: Any) -> Any:
            version = drafts.get(session, actor, bid.id).draft_version
            return submissions.submit(
                session,
                actor,
                bid.id,
                version=version,
                arrived=arrived,
                now=model.now,
                files=self.stage.scene.files,
                new_id=NEW_ID,
            )

        is_allowed = model.may_submit(who, bid, arrived)
        handed = self.attempt(do, is_allowed=is_allowed, durable=True)
        if is_allowed:
            bid.version, bid.state, bid.draft, bid.last_arrival = bid.version + 1, "submitted", None, arrived
            assert (handed.number, handed.received_at) == (bid.version, arrived)
            self.remember(bid)

    @act("open", "sealed", "eligibility", suits=SUITS["withdraw"], who=OWNER, place=PLACES)
    def withdraw(self, who: str | None, place: int | BidModel) -> None:
        """Take a bid back."""
        model, bid = self.model, self.pick("withdraw", place)
        if bid is None:
            return
        who = who or bid.owner
        actor = self.stage.people[who]
        is_allowed = who == bid.owner and bid.state in {"submitted", "needs_reconfirm"} and model.takes_bids()
        self.attempt(
            lambda session: submissions.withdraw(session, actor, bid.id, arrived=model.now, now=model.now),
            is_allowed=is_allowed,
        )
        if is_allowed:
            bid.state, bid.draft = "withdrawn", None

    @act("open", "sealed", suits=SUITS["take_up"], who=OWNER, place=PLACES)
    def take_up(self, who: str | None, place: int | BidModel) -> None:
        """Open a draft again."""
        model, bid = self.model, self.pick("take_up", place)
        if bid is None:
            return
        who = who or bid.owner
        actor = self.stage.people[who]
        is_allowed = model.may_take_up(who, bid)
        self.attempt(
            lambda session: drafts.take_up(session, actor, bid.id, now=model.now, new_id=NEW_ID),
            is_allowed=is_allowed,
        )
        if is_allowed:
            bid.state = "draft" if bid.state == "withdrawn" else bid.state
            bid.draft = False if bid.draft is None else bid.draft

    @act("open", "sealed", suits=SUITS["reconfirm"], who=OWNER, place=PLACES)
    def reconfirm(self, who: str | None, place: int | BidModel) -> None:
        """Confirm a bid under the notice that stands."""
        model, bid = self.model, self.pick("reconfirm", place)
        if bid is None:
            return
        who = who or bid.owner
        actor = self.stage.people[who]
        is_allowed = who == bid.owner and bid.state == "needs_reconfirm" and model.takes_bids()
        self.attempt(
            lambda session: submissions.reconfirm(
                session, actor, bid.id, number=model.number, arrived=model.now, now=model.now
            ),
            is_allowed=is_allowed,
            durable=True,
        )
        if is_allowed:
            bid.state = "submitted"

    @act("open", "sealed", "cancelled", suits=SUITS["discard"], who=OWNER, place=PLACES, tried=range(3))
    def discard(self, who: str | None, place: int | BidModel, tried: int) -> None:
        """Set a draft aside, now and then."""
        model, bid = self.model, self.pick("discard", place)
        if bid is None or tried:
            return
        who = who or bid.owner
        actor = self.stage.people[who]
        is_allowed = who == bid.owner and bid.draft is not None
        self.attempt(lambda session: drafts.discard(session, actor, bid.id, now=model.now), is_allowed=is_allowed)
        if is_allowed:
            bid.draft = None
            if bid.state == "draft" and not bid.version:
                del model.bids[bid.id]
            elif bid.state == "draft":
                bid.state = "withdrawn"

    @act("open", who=BIDDERS)
    def bid(self, who: str) -> None:
        """Go all the way, from nothing or from what was handed in before, to another receipt."""
        self.model.now += INSTANT
        self.begin_bid(who=who)
        one = self.model.live_of(who)
        if one is None:
            return
        if one.draft is None:
            self.take_up(who=who, place=one)
        self.write(who=who, place=one, is_whole=True)
        self.submit(who=who, place=one, lag=timedelta())

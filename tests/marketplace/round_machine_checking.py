"""The acts of the stateful proof from the opening on."""

from itertools import permutations

from marketplace.rounds import opening
from marketplace.rounds.checking import corrections, objections, verdicts
from marketplace.rounds.making import stopping
from marketplace.rounds.words import BidState, Post, RoundState
from tests.marketplace.market import NEW_ID
from tests.marketplace.round_machine import OWNER, PLACES, SUITS, act, anybody
from tests.marketplace.round_machine_bidding import Bidding
from tests.marketplace.round_model import (
    CHECKERS,
    HOLDERS,
    ORGANISERS,
    WINDOW,
    BidModel,
)

BY_HOLDER, BY_CHECKER = anybody("opener_a", "opener_b", "keeper"), anybody("checker0", "checker1")


class Checking(Bidding):
    """Opening, judging, putting right, objecting, sending on, failing."""

    @act("open", "sealed", "eligibility", who=BY_HOLDER)
    def turn(self, who: str) -> None:
        """Turn a key."""
        model, actor = self.model, self.stage.people[who]
        identity = self.stage.scene.identities.get(Post(who) if who in HOLDERS else Post.KEEPER)
        # Whoever has turned its key already changes nothing by turning it again, also while the clocks stand.
        goes_on = model.suspended_at is None or who in model.turned
        is_allowed = model.state == "sealed" and goes_on and who in HOLDERS
        is_open = self.attempt(
            lambda session: opening.turn(
                session,
                actor,
                self.round_id,
                identity,
                files=self.stage.scene.files,
                now=model.now,
                new_id=NEW_ID,
            ),
            is_allowed=is_allowed,
        )
        if is_allowed:
            model.turned.add(who)
            assert is_open == (len(model.turned) == 2)
        if is_open:
            model.state = RoundState.ELIGIBILITY.value
            for bid in model.bids.values():
                bid.state = "opened" if bid.state == "submitted" else bid.state

    @act("sealed", pair=list(permutations(sorted(HOLDERS))))
    def open_together(self, pair: tuple[str, ...]) -> None:
        """Let two holders come together."""
        for who in pair[:2]:
            self.turn(who=who)

    @act("eligibility", place=PLACES, is_eligible=(True, False))
    def judge_alike(self, place: int, is_eligible: bool) -> None:
        """Let both checkers come to the same verdict."""
        for who in sorted(CHECKERS):
            self.judge(who=who, place=place, is_eligible=is_eligible)

    @act(
        "sealed", "eligibility", "review", suits=SUITS["judge"], who=BY_CHECKER, place=PLACES, is_eligible=(True, False)
    )
    def judge(self, who: str, place: int | BidModel, is_eligible: bool) -> None:
        """Give a verdict."""
        model, actor, bid = self.model, self.stage.people[who], self.pick("judge", place)
        if bid is None:
            return
        ground = {} if is_eligible else {"condition": "c1", "reason": "住所在外地。"}
        is_allowed = model.is_checked() and who in CHECKERS and bid.state == "opened"
        state = self.attempt(
            lambda session: verdicts.give(
                session, actor, bid.id, is_eligible=is_eligible, **ground, now=model.now, new_id=NEW_ID
            ),
            is_allowed=is_allowed,
        )
        if is_allowed:
            bid.verdicts[who] = is_eligible
            if len(bid.verdicts) == 2 and len(set(bid.verdicts.values())) == 1:
                bid.state = "eligible" if is_eligible else "ineligible"
            assert state is BidState(bid.state)

    @act(
        "sealed",
        "eligibility",
        "review",
        suits=SUITS["ask_correction"],
        who=BY_CHECKER,
        place=PLACES,
        condition=["c1", "c2"],
    )
    def ask_correction(self, who: str, place: int | BidModel, condition: str) -> None:
        """Ask for something to be put right."""
        model, actor, bid = self.model, self.stage.people[who], self.pick("ask_correction", place)
        if bid is None:
            return
        is_allowed = model.is_checked() and who in CHECKERS and bid.state == "opened" and condition not in bid.asked
        self.attempt(
            lambda session: corrections.ask(
                session, actor, bid.id, condition, reason="不清", hours=24, now=model.now, new_id=NEW_ID
            ),
            is_allowed=is_allowed,
        )
        if is_allowed:
            bid.state, bid.window_ends, bid.verdicts = "correction_requested", model.now + WINDOW, {}
            bid.asked.add(condition)

    @act("eligibility", "review", "cancelled", suits=SUITS["correct"], who=OWNER, place=PLACES)
    def correct(self, who: str | None, place: int | BidModel) -> None:
        """Put something right."""
        model, bid = self.model, self.pick("correct", place)
        if bid is None:
            return
        who = who or bid.owner
        actor = self.stage.people[who]
        is_open = bid.state == "correction_requested" and bid.window_ends is not None and model.now < bid.window_ends
        is_allowed = model.is_checked() and who == bid.owner and is_open
        self.attempt(
            lambda session: corrections.answer(session, actor, bid.id, text="已补", arrived=model.now, now=model.now),
            is_allowed=is_allowed,
        )
        if is_allowed:
            bid.state, bid.window_ends = "opened", None

    @act("eligibility", "review", suits=SUITS["object_to"], who=OWNER, place=PLACES)
    def object_to(self, who: str | None, place: int | BidModel) -> None:
        """Object to a result."""
        model, bid = self.model, self.pick("object_to", place)
        if bid is None:
            return
        who = who or bid.owner
        actor = self.stage.people[who]
        is_allowed = model.state == "eligibility" and who == bid.owner and bid.state == "ineligible"
        is_allowed = is_allowed and not bid.objection
        self.attempt(
            lambda session: objections.file(session, actor, bid.id, text="不服。", now=model.now, new_id=NEW_ID),
            is_allowed=is_allowed,
        )
        if is_allowed:
            bid.objection = True

    @act(
        "eligibility", "review", suits=SUITS["decide"], who=anybody("objections"), place=PLACES, is_upheld=(True, False)
    )
    def decide(self, who: str, place: int | BidModel, is_upheld: bool) -> None:
        """Decide an objection."""
        model, actor, bid = self.model, self.stage.people[who], self.pick("decide", place)
        if bid is None:
            return
        is_allowed = who == "objections" and bid.objection and (model.is_checked() or not is_upheld)
        self.attempt(
            lambda session: objections.decide(
                session, actor, bid.id, is_upheld=is_upheld, answer="经核实。", now=model.now, new_id=NEW_ID
            ),
            is_allowed=is_allowed,
        )
        if is_allowed:
            bid.objection = False
            if is_upheld:
                bid.state, bid.verdicts = "opened", {}

    @act("sealed", "eligibility", "review", who=BY_CHECKER)
    def send_to_review(self, who: str) -> None:
        """Send the round on."""
        model, actor = self.model, self.stage.people[who]
        is_allowed = model.is_checked() and who in CHECKERS and model.all_judged() and model.eligible() >= 1
        self.attempt(
            lambda session: verdicts.send_to_review(session, actor, self.round_id, now=model.now),
            is_allowed=is_allowed,
        )
        if is_allowed:
            model.state = "review"
            for bid in model.bids.values():
                bid.state = "in_review" if bid.state == "eligible" else bid.state

    @act("sealed", "eligibility", "review", who=anybody("organiser"))
    def fail(self, who: str) -> None:
        """End the round for want of bids."""
        model, actor = self.model, self.stage.people[who]
        is_allowed = model.is_checked() and who in ORGANISERS and model.all_judged() and model.eligible() == 0
        self.attempt(
            lambda session: stopping.fail_by_hand(session, actor, self.round_id, now=model.now, new_id=NEW_ID),
            is_allowed=is_allowed,
        )
        if is_allowed:
            model.state = "failed"

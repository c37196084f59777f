"""The acts of the stateful proof that make a round: approving, amending, standing still, ending."""

from datetime import timedelta
from typing import Any

from marketplace.kernel.chinese_time import BEIJING
from marketplace.rounds.making import addenda, approval, stopping, texts
from marketplace.rounds.rules.notice_forms import TIME_FORM
from tests.marketplace.market import NEW_ID
from tests.marketplace.round_machine import Base, act, anybody
from tests.marketplace.round_model import (
    APPROVERS,
    CANCELLED_FROM,
    STOPPED_IN,
    STOPPERS,
)

PAGE = "a" * 16
BY_ISSUER, BY_APPROVER = anybody("issuer"), anybody("approver0", "approver1")
BY_STOPPER = anybody("approver0", "keeper")


class Making(Base):
    """Handing in, approving, sending back, amending, standing still, ending."""

    @act("draft", "internal_review", who=BY_ISSUER)
    def hand_in(self, who: str) -> None:
        """Hand the draft in."""
        actor, model = self.stage.people[who], self.model

        def do(session: Any) -> None:
            version = texts.get(session, actor, self.round_id).version
            approval.hand_in(session, actor, self.round_id, version=version, now=model.now, new_id=NEW_ID)

        is_allowed = model.state == "draft" and who == "issuer"
        self.attempt(do, is_allowed=is_allowed)
        if is_allowed:
            model.state = "internal_review"
            model.new_notice()

    @act("draft", "internal_review", "scheduled", who=BY_APPROVER)
    def approve(self, who: str) -> None:
        """Approve the notice."""
        model = self.model
        is_allowed = model.state == "internal_review" and who in APPROVERS and model.now <= model.publish_at
        actor, number = self.stage.people[who], model.number
        self.attempt(
            lambda session: approval.approve(session, actor, self.round_id, number=number, now=model.now),
            is_allowed=is_allowed,
        )
        if is_allowed:
            model.approvals.add(who)
            model.state = "scheduled" if model.approvals == APPROVERS else model.state

    @act("internal_review", "scheduled", "open", who=anybody("approver0", "issuer"), tried=range(4))
    def send_back(self, who: str, tried: int) -> None:
        """Send the notice back, now and then."""
        model = self.model
        if tried:
            return
        is_allowed = model.state in {"internal_review", "scheduled"} and who in {*APPROVERS, "issuer"}
        actor, number = self.stage.people[who], model.number
        self.attempt(
            lambda session: approval.send_back(
                session, actor, self.round_id, number=number, reason="重写", now=model.now, new_id=NEW_ID
            ),
            is_allowed=is_allowed,
        )
        if is_allowed:
            model.state, model.approvals = "draft", set()

    @act("scheduled", "open", "sealed", who=BY_ISSUER, says=(True, False), days=[0, 0, 7, -1])
    def amend(self, who: str, says: bool, days: int) -> None:
        """Begin, write and publish an addendum, all in one."""
        model, actor = self.model, self.stage.people[who]
        new = model.deadline + timedelta(days=days)
        fields = {"terms": f"补充约定{model.number}"} if says else {}
        fields |= {"deadline": new.astimezone(BEIJING).strftime(TIME_FORM)} if days else {}

        def do(session: Any) -> None:
            addenda.begin(session, actor, self.round_id, now=model.now, new_id=NEW_ID)
            texts.save(session, actor, self.round_id, fields, version=1, page=PAGE, now=model.now)
            version = texts.get(session, actor, self.round_id).version
            addenda.publish(session, actor, self.round_id, version=version, reason="补充", now=model.now, new_id=NEW_ID)

        is_allowed = model.may_amend(who, new, says_something=says or days > 0)
        self.attempt(do, is_allowed=is_allowed)
        if is_allowed:
            model.new_notice()
            model.deadline = new
            for bid in model.bids.values():
                bid.state = "needs_reconfirm" if bid.state == "submitted" else bid.state

    @act(*STOPPED_IN, "review", who=BY_STOPPER, tried=range(3))
    def suspend_or_resume(self, who: str, tried: int) -> None:
        """Stop the clocks now and then, and let them run again soon; both are tried."""
        model, actor = self.model, self.stage.people[who]
        may = model.state in STOPPED_IN and who in STOPPERS
        stands = model.suspended_at is not None
        if not stands and tried:
            return
        hands: dict[str, Any] = {"reason": "核查", "now": model.now, "new_id": NEW_ID}
        wrong, right = (stopping.suspend, stopping.resume) if stands else (stopping.resume, stopping.suspend)
        self.attempt(lambda session: wrong(session, actor, self.round_id, **hands), is_allowed=False)
        self.attempt(lambda session: right(session, actor, self.round_id, **hands), is_allowed=may)
        if may and stands:
            model.resume()
        elif may:
            model.suspend()

    @act(*CANCELLED_FROM, "draft", "review", "failed", who=BY_APPROVER, tried=range(6))
    def cancel(self, who: str, tried: int) -> None:
        """Ask for the end, seldom."""
        model, actor = self.model, self.stage.people[who]
        if tried:
            return
        is_allowed = model.state in CANCELLED_FROM and who in APPROVERS
        self.attempt(
            lambda session: stopping.cancel(session, actor, self.round_id, reason="取消", now=model.now, new_id=NEW_ID),
            is_allowed=is_allowed,
        )
        if is_allowed:
            model.cancellers.add(who)
            if model.cancellers == APPROVERS:
                model.cancel()

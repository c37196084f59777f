"""Objecting to the result of the formal check: the bidder does, who takes objections decides, a wrong result is void."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts import messages
from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.rounds import held, parts
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.bidding import moving
from marketplace.rounds.check_tables import BidFinding, BidObjection, BidVerdict
from marketplace.rounds.checking import bids, verdicts
from marketplace.rounds.making import appointments
from marketplace.rounds.rules.bid_moves import BidFacts
from marketplace.rounds.words import BidEvent, BidState, Part, Post, RoundState

MAX_TEXT = 4_000


def file(session: Session, actor: Actor, bid_id: str, *, text: str, now: datetime, new_id: Callable[[], str]) -> None:
    """Object to the result of one's own bid's check; one objection is open at a time."""
    bid = moving.hold_own(session, actor, bid_id)
    row = held.get(session, bid.round_id)
    if moving.part_of(actor, bid) is not Part.BIDDER:
        raise NotAllowed("只有申报单位的负责人或经办人可以提出异议。", code="reader_only")
    if bid.state is not BidState.INELIGIBLE or row.state is not RoundState.ELIGIBILITY:
        raise Conflict("只有未通过资格审查的申报，在资格审查期间可以提出异议。", code="nothing_to_object")
    if not text.strip() or len(text) > MAX_TEXT:
        told = f"请写明异议的事实和理由，不超过 {MAX_TEXT} 个字。"
        raise Invalid(told, code="no_text", fields={"text": told})
    if _open_of(session, bid_id) is not None:
        raise Conflict("已有一项异议正在处理，请等处理结果。", code="objection_open")
    objection = BidObjection(id=new_id(), bid_id=bid_id, text=text.strip(), filed_by=actor.account_id, filed_at=now)
    session.add(objection)
    session.flush()
    moving.log(session, bid, "objected", actor=actor, now=now)
    takers = [one.account_id for one in appointments.of(session, row.id) if one.post is Post.OBJECTIONS]
    messages.tell(
        session,
        account_ids=takers,
        subject=f"“{row.title}”有一项对资格审查的异议",
        text=f"活动“{row.title}”的一家申报单位对资格审查结果提出异议，请核实后答复。",
        link=f"/rounds/{row.id}/check/{bid_id}",
        now=now,
        new_id=new_id,
    )


def decide(
    session: Session,
    actor: Actor,
    bid_id: str,
    *,
    is_upheld: bool,
    answer: str,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Decide an objection with reasons; where it is upheld the bid goes back to the check and its verdicts are void.

    Who judged the bid does not decide about it.
    """
    bid = session.get(Bid, bid_id)
    if bid is None:
        raise NotFound(moving.UNKNOWN, code="bid_missing")
    row = held.share(session, bid.round_id)
    bid = moving.hold(session, bid_id)
    if Post.OBJECTIONS not in parts.posts(session, actor.account_id, row.id):
        raise NotAllowed("只有指定的异议受理人可以答复异议。", code="not_the_objections_taker")
    bids.require_apart(session, actor, bid)
    if _has_judged(session, bid_id, actor.account_id):
        raise NotAllowed("您审查过这份申报，不能处理对它的异议，请由其他受理人答复。", code="has_judged")
    found = _open_of(session, bid_id)
    if found is None:
        raise Conflict("没有待处理的异议。", code="no_objection")
    if not answer.strip() or len(answer) > MAX_TEXT:
        told = f"请写明处理理由，不超过 {MAX_TEXT} 个字。"
        raise Invalid(told, code="no_answer", fields={"answer": told})
    found.answer, found.is_upheld = answer.strip(), is_upheld
    found.decided_by, found.decided_at = actor.account_id, now
    session.add(found)
    session.flush()
    moving.log(session, bid, "objection_decided", actor=actor, now=now, is_upheld=is_upheld)
    if is_upheld:
        known = BidFacts(
            round_state=row.state, suspended=row.suspended_at is not None, has_reason=True, has_evidence=True
        )
        moving.move(session, bid, BidEvent.REOPEN, part=Part.OBJECTIONS, facts=known, now=now)
        verdicts.void_all(session, bid_id, now=now)
    said = "成立，申报将重新审查" if is_upheld else "不成立"
    messages.tell_organisation(
        session,
        bid.organisation_id,
        subject=f"您单位对“{row.title}”资格审查的异议{said}",
        text=f"异议{said}。答复：{answer.strip()}",
        link=f"/bids/{bid_id}",
        private=True,
        now=now,
        new_id=new_id,
    )


def _open_of(session: Session, bid_id: str) -> BidObjection | None:
    wanted = select(BidObjection).where(BidObjection.bid_id == bid_id, col(BidObjection.decided_at).is_(None))
    return session.exec(wanted).first()


def _has_judged(session: Session, bid_id: str, account_id: str) -> bool:
    given = select(BidVerdict.id).where(BidVerdict.bid_id == bid_id, BidVerdict.checker_id == account_id)
    found = select(BidFinding.bid_id).where(BidFinding.bid_id == bid_id, BidFinding.checker_id == account_id)
    return session.exec(given).first() is not None or session.exec(found).first() is not None

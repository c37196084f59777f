"""What checkers see of an opened bid, and what they find of each condition."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from marketplace.accounts import accounts, organisations
from marketplace.accounts.actors import Actor
from marketplace.accounts.tables import Membership
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.rounds import held, parts
from marketplace.rounds.bid_tables import Bid, BidMember, BidOpening
from marketplace.rounds.bidding import members, moving
from marketplace.rounds.check_tables import BidCorrection, BidFinding, BidObjection, BidVerdict
from marketplace.rounds.making import notices
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules.notices import Notice
from marketplace.rounds.words import PASSED, BidState, Part, Post, RoundState

IN_CHECK = frozenset({BidState.OPENED, BidState.CORRECTION_REQUESTED, BidState.INELIGIBLE}) | PASSED
"""Where bids stand since their opening."""
MAX_TEXT = 1_000


@dataclass(frozen=True, slots=True)
class Finding:
    """What one checker (a name) found of one condition."""

    condition: str
    checker: str
    is_own: bool
    is_met: bool
    evidence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """One checker's verdict that stands."""

    checker: str
    is_own: bool
    is_eligible: bool
    condition: str
    reason: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Correction:
    """Something to be put right: until when, and what came of it."""

    id: str
    condition: str
    reason: str
    asked_at: datetime
    window_ends: datetime
    answer: str
    files: tuple[Mapping[str, Any], ...]
    answered_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Objection:
    """An objection to the result of the check."""

    id: str
    text: str
    filed_at: datetime
    answer: str
    is_upheld: bool | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class BidLine:
    """A bid in the list of those to be checked."""

    bid_id: str
    organisation: str
    track: str
    state: BidState
    verdicts: int
    has_incident: bool
    is_own: bool
    mine_given: bool
    has_objection: bool


@dataclass(frozen=True, slots=True)
class CheckedBid:
    """An opened bid with everything that was found of it."""

    bid_id: str
    round_id: str
    round_title: str
    round_state: RoundState
    organisation: str
    partners: tuple[str, ...]
    track: str
    state: BidState
    notice: Notice
    incident: str
    answers: Mapping[str, Any]
    price: Mapping[str, Any]
    attachments: tuple[Mapping[str, Any], ...]
    findings: tuple[Finding, ...]
    verdicts: tuple[Verdict, ...]
    corrections: tuple[Correction, ...]
    objections: tuple[Objection, ...]
    may_check: bool
    may_decide_objection: bool


def lines(session: Session, actor: Actor, round_id: str) -> list[BidLine]:
    """The bids of a round since its opening, for its checkers and those who oversee it."""
    row = opened_round(session, actor, round_id)
    notice = notices.current(session, row)
    tracks = {one.key: one.title for one in notice.tracks}
    found = []
    wanted = select(Bid).where(Bid.round_id == round_id, col(Bid.state).in_(IN_CHECK))
    for bid in session.exec(wanted.order_by(col(Bid.submitted_at), col(Bid.id))).all():
        given = live_verdicts(session, bid.id)
        opening = session.get_one(BidOpening, bid.id)
        open_objection = select(BidObjection.id).where(
            BidObjection.bid_id == bid.id, col(BidObjection.decided_at).is_(None)
        )
        found.append(
            BidLine(
                bid_id=bid.id,
                organisation=organisations.get(session, bid.organisation_id).name,
                track=tracks.get(bid.track, ""),
                state=bid.state,
                verdicts=len(given),
                has_incident=bool(opening.failure),
                is_own=takes_part(session, actor, bid),
                mine_given=any(one.checker_id == actor.account_id for one in given),
                has_objection=session.exec(open_objection).first() is not None,
            )
        )
    return found


def get(session: Session, actor: Actor, bid_id: str) -> CheckedBid:
    """An opened bid for its checkers and those who oversee the round; NotFound for everybody else."""
    bid = session.get(Bid, bid_id)
    if bid is None or bid.state not in IN_CHECK:
        raise NotFound("没有这份已开启的申报。", code="bid_missing")
    row = opened_round(session, actor, bid.round_id)
    require_apart(session, actor, bid)
    mine = parts.of(session, actor, row)
    notice = notices.current(session, row)
    opening = session.get_one(BidOpening, bid_id)
    return CheckedBid(
        bid_id=bid.id,
        round_id=row.id,
        round_title=row.title,
        round_state=row.state,
        organisation=organisations.get(session, bid.organisation_id).name,
        partners=tuple(one.name for one in members.of(session, bid_id) if one.confirmed_at is not None),
        track=next((one.title for one in notice.tracks if one.key == bid.track), ""),
        state=bid.state,
        notice=notice,
        incident=opening.failure,
        answers=opening.answers or {},
        price=opening.price or {},
        attachments=tuple(opening.attachments or ()),
        findings=_findings(session, actor, bid_id),
        verdicts=_verdicts(session, actor, bid_id),
        corrections=corrections_of(session, bid_id),
        objections=objections_of(session, bid_id),
        may_check=Part.CHECKER in mine and row.state is RoundState.ELIGIBILITY,
        may_decide_objection=Post.OBJECTIONS in parts.posts(session, actor.account_id, row.id),
    )


def of_round(session: Session, actor: Actor, round_id: str, bid_id: str) -> CheckedBid:
    """The same, or NotFound where the bid is of another round."""
    found = get(session, actor, bid_id)
    if found.round_id != round_id:
        raise NotFound("没有这份已开启的申报。", code="bid_missing")
    return found


def find(
    session: Session, actor: Actor, bid_id: str, condition: str, *, is_met: bool, evidence: str, now: datetime
) -> None:
    """Put down what a checker found of one condition; evidence is needed where it is not met."""
    bid, row = hold(session, actor, bid_id)
    if condition not in {one.key for one in notices.current(session, row).conditions}:
        raise Invalid("公告里没有这项条件。", code="no_such_condition")
    if bid.state not in {BidState.OPENED, BidState.CORRECTION_REQUESTED}:
        raise Conflict("这份申报已有结论。", code="already_judged")
    if (not is_met and not evidence.strip()) or len(evidence) > MAX_TEXT:
        told = f"不符合的请写明依据，不超过 {MAX_TEXT} 个字。"
        raise Invalid(told, code="no_evidence", fields={f"evidence-{condition}": told})
    standing = session.get(BidFinding, (bid_id, condition, actor.account_id))
    if standing is not None:
        session.delete(standing)
        session.flush()
    session.add(
        BidFinding(
            bid_id=bid_id,
            condition=condition,
            checker_id=actor.account_id,
            is_met=is_met,
            evidence=evidence.strip(),
            found_at=now,
        )
    )
    session.flush()
    moving.log(session, bid, "condition_checked", actor=actor, now=now, condition=condition, is_met=is_met)


def hold(session: Session, actor: Actor, bid_id: str, *, moves_round: bool = False) -> tuple[Bid, Round]:
    """An opened bid and its round, held for a checker; NotAllowed for others, also where it is the checker's own unit's.

    `moves_round`: the round's row is written too.
    """
    bid = session.get(Bid, bid_id)
    if bid is None or bid.state not in IN_CHECK:
        raise NotFound("没有这份已开启的申报。", code="bid_missing")
    row = (held.hold if moves_round else held.share)(session, bid.round_id)
    bid = moving.hold(session, bid_id)
    if Part.CHECKER not in parts.of(session, actor, row):
        raise NotAllowed("只有指定的资格审查人可以审查。", code="not_a_checker")
    require_apart(session, actor, bid)
    return bid, row


def takes_part(session: Session, actor: Actor, bid: Bid) -> bool:
    """Whether somebody belongs, in whatever seat, to a unit that hands a bid in: the lead or a partner that confirmed."""
    units = select(BidMember.organisation_id).where(
        BidMember.bid_id == bid.id, col(BidMember.confirmed_at).is_not(None)
    )
    ours = col(Membership.organisation_id).in_(units) | (col(Membership.organisation_id) == bid.organisation_id)
    live = select(Membership.id).where(
        Membership.account_id == actor.account_id, col(Membership.left_at).is_(None), ours
    )
    return session.exec(live).first() is not None


def require_apart(session: Session, actor: Actor, bid: Bid) -> None:
    """Raise NotAllowed for whoever belongs to a unit that hands the bid in."""
    if takes_part(session, actor, bid):
        raise NotAllowed("您属于申报单位，应当回避，不能审查这份申报。", code="own_bid")


def live_verdicts(session: Session, bid_id: str) -> list[BidVerdict]:
    """The verdicts on a bid that stand, in the order in which they were given."""
    live = select(BidVerdict).where(BidVerdict.bid_id == bid_id, col(BidVerdict.void_at).is_(None))
    return list(session.exec(live.order_by(col(BidVerdict.given_at), col(BidVerdict.id))))


def corrections_of(session: Session, bid_id: str) -> tuple[Correction, ...]:
    """What a bidder was asked to put right, oldest first."""
    rows = session.exec(
        select(BidCorrection).where(BidCorrection.bid_id == bid_id).order_by(col(BidCorrection.asked_at))
    )
    return tuple(
        Correction(
            row.id,
            row.condition,
            row.reason,
            row.asked_at,
            row.window_ends,
            row.answer,
            tuple(row.files),
            row.answered_at,
            row.closed_at,
        )
        for row in rows
    )


def objections_of(session: Session, bid_id: str) -> tuple[Objection, ...]:
    """The objections to the result of a bid's check, oldest first."""
    rows = session.exec(select(BidObjection).where(BidObjection.bid_id == bid_id).order_by(col(BidObjection.filed_at)))
    return tuple(Objection(row.id, row.text, row.filed_at, row.answer, row.is_upheld, row.decided_at) for row in rows)


def _findings(session: Session, actor: Actor, bid_id: str) -> tuple[Finding, ...]:
    rows = session.exec(
        select(BidFinding)
        .where(BidFinding.bid_id == bid_id)
        .order_by(col(BidFinding.condition), col(BidFinding.found_at))
    ).all()
    names = accounts.names(session, {row.checker_id for row in rows})
    return tuple(
        Finding(
            row.condition,
            names.get(row.checker_id, "已注销用户"),
            row.checker_id == actor.account_id,
            row.is_met,
            row.evidence,
        )
        for row in rows
    )


def _verdicts(session: Session, actor: Actor, bid_id: str) -> tuple[Verdict, ...]:
    rows = live_verdicts(session, bid_id)
    names = accounts.names(session, {row.checker_id for row in rows})
    return tuple(
        Verdict(
            names.get(row.checker_id, "已注销用户"),
            row.checker_id == actor.account_id,
            row.is_eligible,
            row.condition,
            row.reason,
            row.given_at,
        )
        for row in rows
    )


def opened_round(session: Session, actor: Actor, round_id: str) -> Round:
    """An opened round for its checkers and those who oversee it; NotFound for everybody else."""
    row = held.get(session, round_id)
    mine = parts.of(session, actor, row)
    posts = parts.posts(session, actor.account_id, round_id)
    sees = mine & {Part.CHECKER, Part.SUPERVISOR, Part.ISSUER, Part.ORGANISER} or Post.OBJECTIONS in posts
    if row.opened_at is None or not sees:
        raise NotFound("申报还没有开启，或您不是本活动的审查人员。", code="not_a_checker")
    return row

"""The team of a joint bid (联合体): partners that the lead asks, and that confirm for themselves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts import messages, organisations
from marketplace.accounts.actors import Actor, acts_for, belongs_to
from marketplace.accounts.rules.names import name_key
from marketplace.accounts.tables import Organisation
from marketplace.accounts.views import OrganisationView
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.rounds import facts, held
from marketplace.rounds.bid_tables import Bid, BidMember
from marketplace.rounds.bidding import moving
from marketplace.rounds.words import BidState, RoundState

LIVE = (BidState.DRAFT, BidState.SUBMITTED, BidState.NEEDS_RECONFIRM)
MOST_FOUND = 10
ALONE = (BidState.DRAFT, BidState.SUBMITTED, BidState.NEEDS_RECONFIRM)


@dataclass(frozen=True, slots=True)
class Member:
    """A partner of a joint bid; `confirmed_at` None: it has not confirmed."""

    organisation_id: str
    name: str
    asked_at: datetime
    confirmed_at: datetime | None
    declined_at: datetime | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A joint bid in which one's unit is asked to take part, or does; nothing of what the bid says."""

    bid_id: str
    round_id: str
    round_title: str
    lead: str
    member: Member
    state: BidState
    deadline: datetime | None


def of(session: Session, bid_id: str) -> tuple[Member, ...]:
    """The partners of a bid, in the order in which they were asked."""
    rows = session.exec(
        select(BidMember, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(BidMember.organisation_id))
        .where(BidMember.bid_id == bid_id)
        .order_by(col(BidMember.asked_at), col(BidMember.organisation_id))
    )
    return tuple(
        Member(row.organisation_id, name, row.asked_at, row.confirmed_at, row.declined_at) for row, name in rows
    )


def suppliers(session: Session, words: str) -> list[OrganisationView]:
    """The registered suppliers that a name or a code means: those of that very name or code, else whose name holds it."""
    sought = words.strip()
    if not sought:
        return []
    registered = (col(Organisation.offers_work).is_(True), col(Organisation.closed_at).is_(None))
    query = select(Organisation).where(*registered).order_by(col(Organisation.name), col(Organisation.id))
    exactly = (Organisation.uscc == sought.upper()) | (Organisation.name_key == name_key(sought))
    found = session.exec(query.where(exactly).limit(MOST_FOUND)).all()
    within = col(Organisation.name).contains(sought, autoescape=True)
    return [organisations.view(row) for row in found or session.exec(query.where(within).limit(MOST_FOUND)).all()]


def ask(
    session: Session, actor: Actor, bid_id: str, organisation_id: str, *, now: datetime, new_id: Callable[[], str]
) -> None:
    """Ask another unit to take part; the lead asks, before the deadline. The same again changes nothing.

    A unit that declined may be asked again. Raises Conflict where there are enough, or it bids on the track itself.
    """
    bid = moving.hold_own(session, actor, bid_id)
    if not acts_for(actor, bid.organisation_id):
        raise NotAllowed("“查看”身份不能邀请成员，请由负责人或经办人办理。", code="reader_only")
    row = held.get(session, bid.round_id)
    _require_changeable(row.state, bid.state)
    unit = organisations.get(session, organisation_id)
    if not unit.offers_work or unit.closed or organisation_id in {bid.organisation_id, row.organisation_id}:
        raise Invalid(
            "请选择一家已登记的 OPC，不能是本单位或发布单位。",
            code="not_a_supplier",
            fields={"partner": "请另选一家。"},
        )
    standing = session.get(BidMember, (bid_id, organisation_id))
    if standing is not None and standing.declined_at is None:
        return
    most = facts.procedure_of(row).limits["most_partners"].value
    if sum(one.declined_at is None for one in of(session, bid_id)) >= most:
        told = f"联合体最多 {most} 家伙伴。" if most else "这个活动不接受联合申报。"
        raise Conflict(told, code="too_many_partners")
    if standing is not None:
        session.delete(standing)
        session.flush()
    session.add(BidMember(bid_id=bid_id, organisation_id=organisation_id, asked_by=actor.account_id, asked_at=now))
    session.flush()
    moving.log(session, bid, "partner_asked", actor=actor, now=now, organisation_id=organisation_id)
    lead = organisations.get(session, bid.organisation_id).name
    messages.tell_organisation(
        session,
        organisation_id,
        subject=f"{lead}邀请您的单位联合申报“{row.title}”",
        text=f"{lead}邀请您的单位作为联合体成员申报“{row.title}”。请在截止前确认或谢绝；未确认的，牵头方不能提交。",
        link=f"/bids/{bid_id}/membership",
        private=True,
        now=now,
        new_id=new_id,
    )


def answer(session: Session, actor: Actor, bid_id: str, *, confirms: bool, now: datetime) -> None:
    """Confirm or decline for the unit that was asked. Who has confirmed may leave until the bid is handed in."""
    member = _asked(session, actor, bid_id)
    bid = moving.hold(session, bid_id)
    row = held.get(session, bid.round_id)
    _require_changeable(row.state, bid.state)
    if bid.state is not BidState.DRAFT and member.confirmed_at is not None and not confirms:
        message = "申报已经提交。要退出，请联系牵头方撤回或修改申报。"
        raise Conflict(message, code="handed_in_together")
    if confirms and _bids_alone(session, bid, member.organisation_id):
        message = "您的单位在同一赛道另有单独申报，请先撤回其中一份。"
        raise Conflict(message, code="bids_alone_besides")
    member.confirmed_at, member.confirmed_by = (now, actor.account_id) if confirms else (None, None)
    member.declined_at = None if confirms else now
    session.add(member)
    session.flush()
    action = "partner_confirmed" if confirms else "partner_declined"
    moving.log(session, bid, action, actor=actor, now=now, organisation_id=member.organisation_id)


def remove(session: Session, actor: Actor, bid_id: str, organisation_id: str, *, now: datetime) -> None:
    """Take a partner out of the team; the lead does, while the bid is being written.

    Who has confirmed stands in what was handed in: only withdrawing that bid sets it free.
    """
    bid = moving.hold_own(session, actor, bid_id)
    if not acts_for(actor, bid.organisation_id):
        raise NotAllowed("“查看”身份不能移除成员，请由负责人或经办人办理。", code="reader_only")
    _require_changeable(held.get(session, bid.round_id).state, bid.state)
    member = session.get(BidMember, (bid_id, organisation_id))
    if member is not None and member.confirmed_at is not None and bid.state is not BidState.DRAFT:
        message = "申报已经提交，成员名单一并封存。要更换成员，请先撤回申报，再重新起草。"
        raise Conflict(message, code="handed_in_together")
    if member is not None:
        session.delete(member)
        session.flush()
        moving.log(session, bid, "partner_removed", actor=actor, now=now, organisation_id=organisation_id)


def forget(session: Session, bid_id: str) -> None:
    """Delete the team of a bid that is deleted."""
    for member in session.exec(select(BidMember).where(BidMember.bid_id == bid_id)):
        session.delete(member)
    session.flush()


def asked(session: Session, actor: Actor, bid_id: str) -> Asked:
    """The joint bid in which the actor's unit is asked to take part; NotFound for others, and who declined what was sent."""
    return _view(session, _asked(session, actor, bid_id, reads=True))


def asked_of(session: Session, organisation_id: str) -> list[Asked]:
    """Every joint bid in which a unit is asked or takes part; one that it declined as long as it may think again."""
    rows = session.exec(
        select(BidMember)
        .join(Bid, col(Bid.id) == col(BidMember.bid_id))
        .where(BidMember.organisation_id == organisation_id)
        .where(col(BidMember.declined_at).is_(None) | (col(Bid.state) == BidState.DRAFT))
        .order_by(col(BidMember.asked_at).desc())
    ).all()
    return [_view(session, row) for row in rows]


def unconfirmed(team: Sequence[Member]) -> tuple[str, ...]:
    """The names of partners who have not confirmed."""
    return tuple(one.name for one in team if one.confirmed_at is None and one.declined_at is None)


def alone_besides(session: Session, bid: Bid, team: Sequence[Member]) -> tuple[str, ...]:
    """The names of partners that also bid alone on the track, and of other teams' partners among them."""
    return tuple(
        one.name
        for one in team
        if one.declined_at is None
        and (
            _bids_alone(session, bid, one.organisation_id)
            or takes_part(session, bid.round_id, bid.track, one.organisation_id, besides=bid.id)
        )
    )


def takes_part(session: Session, round_id: str, track: str, organisation_id: str, *, besides: str = "") -> bool:
    """Whether a unit has confirmed that it takes part in a live joint bid on a track."""
    found = session.exec(
        select(BidMember.bid_id)
        .join(Bid, col(Bid.id) == col(BidMember.bid_id))
        .where(
            Bid.round_id == round_id,
            Bid.track == track,
            Bid.id != besides,
            col(Bid.state).in_(LIVE),
            BidMember.organisation_id == organisation_id,
            col(BidMember.confirmed_at).is_not(None),
        )
    ).first()
    return found is not None


def _bids_alone(session: Session, bid: Bid, organisation_id: str) -> bool:
    same = (Bid.round_id == bid.round_id, Bid.track == bid.track, Bid.organisation_id == organisation_id)
    return session.exec(select(Bid.id).where(*same, col(Bid.state).in_(ALONE))).first() is not None


def _asked(session: Session, actor: Actor, bid_id: str, *, reads: bool = False) -> BidMember:
    unit = actor.organisation_id
    member = None if unit is None or not belongs_to(actor, unit) else session.get(BidMember, (bid_id, unit))
    # Who declined may think again while the bid is written; what becomes of it later is its own unit's and its team's.
    if member is None or (member.declined_at is not None and session.get_one(Bid, bid_id).state is not BidState.DRAFT):
        raise NotFound("没有邀请您单位参加的这份联合申报。", code="not_asked")
    if not reads and not acts_for(actor, member.organisation_id):
        raise NotAllowed("“查看”身份不能答复邀请，请由负责人或经办人办理。", code="reader_only")
    return member


def _view(session: Session, row: BidMember) -> Asked:
    bid = session.get_one(Bid, row.bid_id)
    of_round = held.get(session, bid.round_id)
    member = next(one for one in of(session, bid.id) if one.organisation_id == row.organisation_id)
    lead = organisations.get(session, bid.organisation_id).name
    return Asked(bid.id, bid.round_id, of_round.title, lead, member, bid.state, of_round.deadline)


def _require_changeable(state: RoundState, bid_state: BidState) -> None:
    if state is not RoundState.OPEN or bid_state not in LIVE:
        raise Conflict("申报已经截止或失效，成员不能再变动。", code="team_fixed")

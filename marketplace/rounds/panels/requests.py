"""A bidder asks that somebody does not judge its bid; the office answers, and what it agrees to holds at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from marketplace.accounts import messages
from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.rounds import held
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.bidding import moving
from marketplace.rounds.panel_tables import RecusalRequest
from marketplace.rounds.panel_words import Source
from marketplace.rounds.panels import asking, conflicts, offices, recusals, rows
from marketplace.rounds.round_tables import Round
from marketplace.rounds.words import BidState, Part, RoundState

MAX_TEXT: Final = 2_000
MAX_NAME: Final = 60
MAX_UNIT: Final = 200
OPEN_IN: Final = (
    RoundState.ELIGIBILITY,
    RoundState.REVIEW,
    RoundState.CONSENSUS,
    RoundState.DECISION,
    RoundState.PUBLICITY,
)
_OF: Final = (BidState.OPENED, BidState.CORRECTION_REQUESTED, BidState.ELIGIBLE, *rows.JUDGED)


@dataclass(frozen=True, slots=True)
class Request:
    """A request as its unit and the office see it."""

    id: str
    bid_id: str
    person: str
    unit: str
    text: str
    filed_at: datetime
    is_upheld: bool | None
    answer: str
    decided_at: datetime | None


def file(
    session: Session,
    actor: Actor,
    bid_id: str,
    *,
    person: str,
    unit: str,
    text: str,
    now: datetime,
    new_id: Callable[[], str],
) -> str:
    """Ask for a recusal, with a name or a unit and the reasons; gives the request's id."""
    row = held.share(session, moving.own(session, actor, bid_id).round_id)
    bid = moving.hold_own(session, actor, bid_id)
    if moving.part_of(actor, bid) is not Part.BIDDER:
        raise NotAllowed("只有申报单位的负责人或经办人可以申请回避。", code="reader_only")
    if not _in_time(session, row, bid):
        raise Conflict("现在不能申请回避：申报开启之后、公示期满之前可以提出。", code="not_now")
    _require_told(person.strip(), unit.strip(), text.strip())
    if any(one.is_upheld is None for one in of_bid(session, bid_id)):
        raise Conflict("已有一项回避申请正在处理，请等处理结果。", code="request_open")
    request = RecusalRequest(
        id=new_id(),
        bid_id=bid_id,
        person=person.strip(),
        unit=unit.strip(),
        text=text.strip(),
        filed_by=actor.account_id,
        filed_at=now,
    )
    session.add(request)
    session.flush()
    moving.log(session, bid, "recusal_requested", actor=actor, now=now)
    asking.tell_office(session, row, "有申报单位申请专家回避，请处理", now=now, new_id=new_id)
    return request.id


def may_file(session: Session, actor: Actor, bid_id: str) -> bool:
    """Whether somebody may ask for a recusal now; NotFound where the bid is not its own."""
    bid = moving.own(session, actor, bid_id)
    row = held.get(session, bid.round_id)
    is_open = any(one.is_upheld is None for one in of_bid(session, bid_id))
    return _in_time(session, row, bid) and not is_open and moving.part_of(actor, bid) is Part.BIDDER


def answer(
    session: Session,
    actor: Actor,
    round_id: str,
    request_id: str,
    *,
    is_upheld: bool,
    member_id: str = "",
    text: str,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Answer a request; where it is upheld and the person is a member, the bid is closed to it at once."""
    row = offices.hold(session, actor, round_id)
    request = session.get(RecusalRequest, request_id)
    bid = None if request is None else session.get(Bid, request.bid_id)
    if request is None or bid is None or bid.round_id != round_id:
        raise NotFound("没有这项回避申请。", code="request_missing")
    if request.decided_at is not None:
        raise Conflict("这项申请已经答复，请刷新页面。", code="request_decided")
    offices.require_reason(text)
    if member_id:
        recusals.require_open(session, row)
    if member_id and not is_upheld:
        raise Invalid("不同意的申请不用选择专家。", code="not_upheld", fields={"member": "不同意的申请不用选择专家。"})
    request.is_upheld, request.answer = is_upheld, text.strip()
    request.decided_by, request.decided_at = actor.account_id, now
    session.add(request)
    session.flush()
    moving.log(session, bid, "recusal_answered", actor=actor, now=now, agreed=is_upheld)
    if member_id:
        member = rows.member(session, member_id, round_id=round_id)
        conflicts.put(
            session,
            member,
            bid.id,
            source=Source.REQUESTED,
            hard=True,
            note=text,
            decided_by=actor.account_id,
            now=now,
            new_id=new_id,
        )
        recusals.apply(session, row, member, bid.id, reason=text, actor=actor, now=now, new_id=new_id)
    messages.tell_organisation(
        session,
        bid.organisation_id,
        subject=f"您单位对“{row.title}”的回避申请{'已同意' if is_upheld else '未获同意'}",
        text=f"答复：{text.strip()}",
        link=f"/bids/{bid.id}",
        private=True,
        now=now,
        new_id=new_id,
    )


def of_bid(session: Session, bid_id: str) -> tuple[Request, ...]:
    """The requests of a bid, oldest first."""
    query = select(RecusalRequest).where(RecusalRequest.bid_id == bid_id).order_by(col(RecusalRequest.filed_at))
    return tuple(_view(one) for one in session.exec(query))


def of_round(session: Session, round_id: str) -> tuple[Request, ...]:
    """The requests of a round, those that wait first."""
    query = select(RecusalRequest).join(Bid, col(Bid.id) == col(RecusalRequest.bid_id)).where(Bid.round_id == round_id)
    found = [_view(one) for one in session.exec(query.order_by(col(RecusalRequest.filed_at)))]
    return tuple(sorted(found, key=lambda one: one.decided_at is not None))


def _in_time(session: Session, row: Round, bid: Bid) -> bool:
    return row.state in OPEN_IN and bid.state in _OF and not rows.was_awarded(session, row.id)


def _require_told(person: str, unit: str, text: str) -> None:
    wrong: dict[str, str] = {}
    if not person and not unit:
        wrong["person"] = "请写明申请谁回避，或哪个单位的人回避。"
    if len(person) > MAX_NAME:
        wrong["person"] = f"不超过 {MAX_NAME} 个字。"
    if len(unit) > MAX_UNIT:
        wrong["unit"] = f"不超过 {MAX_UNIT} 个字。"
    if not text or len(text) > MAX_TEXT:
        wrong["text"] = f"请写明事实和理由，不超过 {MAX_TEXT} 个字。"
    if wrong:
        raise Invalid("申请没有提交，请改正标出的地方。", code="request_wrong", fields=wrong)


def _view(row: RecusalRequest) -> Request:
    return Request(
        id=row.id,
        bid_id=row.bid_id,
        person=row.person,
        unit=row.unit,
        text=row.text,
        filed_at=row.filed_at,
        is_upheld=row.is_upheld,
        answer=row.answer,
        decided_at=row.decided_at,
    )

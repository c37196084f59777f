"""How often a unit may ask for contact: not again at once after a refusal, and not more than its region allows."""

from datetime import datetime, time, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from marketplace.dealings import limits
from marketplace.dealings.pairs import Pair
from marketplace.dealings.rules.limits import Limits
from marketplace.dealings.tables import ContactRequest, Dealing
from marketplace.dealings.words import Party, RequestState
from marketplace.kernel.chinese_time import BEIJING
from marketplace.kernel.errors import Conflict, NotAllowed


def require(session: Session, pair: Pair, dealing: Dealing, party: Party, now: datetime) -> None:
    """Refuse what is asked too soon or too often: Conflict where the contact is known, else NotAllowed."""
    held = limits.of(session, pair.region)
    last = session.exec(
        select(ContactRequest)
        .where(ContactRequest.dealing_id == dealing.id)
        .order_by(col(ContactRequest.asked_at).desc())
        .limit(1)
    ).first()
    if last is not None and last.state is RequestState.GRANTED:
        raise Conflict("双方已经互通联系方式，请在对接页面查看。", code="contact_granted")
    if last is not None and last.state is RequestState.DECLINED and last.asked_by is party and last.answered_at:
        again = last.answered_at + held.ask_again
        if now < again:
            local = again.astimezone(BEIJING)
            message = f"对方已谢绝，{local.month}月{local.day}日以后可以再次请求。"
            raise NotAllowed(message, code="declined_lately")
    _require_room(session, pair, party, held, now)


def _require_room(session: Session, pair: Pair, party: Party, held: Limits, now: datetime) -> None:
    own = select(func.count()).select_from(ContactRequest)
    own = own.where(ContactRequest.organisation_id == pair.organisation_id(party))
    if session.exec(own.where(ContactRequest.state == RequestState.OPEN)).one() >= held.open_requests:
        message = f"您单位已有 {held.open_requests} 条联系请求在等待答复，请等对方答复或撤回一些再发。"
        raise NotAllowed(message, code="too_many_open")
    today = datetime.combine(now.astimezone(BEIJING).date(), time(), tzinfo=BEIJING)
    sent = own.where(col(ContactRequest.asked_at) >= today, col(ContactRequest.asked_at) < today + timedelta(days=1))
    if session.exec(sent).one() >= held.requests_a_day:
        message = f"您单位今天已发出 {held.requests_a_day} 条联系请求，请明天再发。"
        raise NotAllowed(message, code="too_many_today")

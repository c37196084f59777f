"""Contact between the two sides: asked for, granted or declined, and shown with a log entry each time."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts.actors import Actor
from marketplace.dealings import dealings, moving, pages, pairs, request_limits
from marketplace.dealings.moving import Step
from marketplace.dealings.pairs import Pair
from marketplace.dealings.rules.contacts import faults_of_contact, faults_of_message
from marketplace.dealings.tables import ContactRequest, Dealing, DealingContact
from marketplace.dealings.views import GivenContact
from marketplace.dealings.words import SIDES, Event, Party, Refusal, RequestState, Stage
from marketplace.kernel import audit
from marketplace.kernel.batches import insert_unless_there
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.lists import items

MAX_ANSWER = 500


def ask(
    session: Session,
    actor: Actor,
    *,
    item_id: str,
    profile_id: str,
    message: str,
    contact: GivenContact,
    team_id: str | None = None,
    now: datetime,
    new_id: Callable[[], str],
) -> str:
    """Ask the other side of a pair for its contact, giving one's own; begins the dealing where there is none.

    Gives the dealing's id. Raises Invalid by field, Conflict where a request stands open or was granted, NotAllowed
    for foreign seats, above the limits of the region, and too soon after a refusal.
    """
    wrong = faults_of_message(message) | faults_of_contact(contact.name, contact.phone, contact.email)
    if wrong:
        raise Invalid("联系请求还没有写完整。", code="request_incomplete", fields=wrong)
    pair = pairs.get(session, item_id, profile_id)
    party = dealings.require_side(actor, pair)
    dealing = _ready(session, actor, pair, now=now, new_id=new_id)
    request_limits.require(session, pair, dealing, party, now)
    dealings.attach_team(session, pair, dealing, party, team_id)
    unit = pair.organisation_id(party)
    assert unit is not None
    row = {
        "id": new_id(),
        "dealing_id": dealing.id,
        "organisation_id": unit,
        "asked_by": party,
        "account_id": actor.account_id,
        "message": message.strip(),
        "state": RequestState.OPEN,
        "asked_at": now,
        "answer": "",
    }
    # The constraint decides and not a look beforehand: two members of one firm may ask at the same instant.
    if not insert_unless_there(session, ContactRequest, [row]):
        raise Conflict("已有一条联系请求在等待答复，不需要再发。", code="request_open")
    _keep(session, actor, dealing, party, contact, now=now)
    moving.take(session, actor, pair, dealing, Step(Event.ASK, party), now=now, new_id=new_id)
    return dealing.id


def answer(
    session: Session,
    actor: Actor,
    dealing_id: str,
    *,
    grants: bool,
    reason: Refusal | None = None,
    text: str = "",
    contact: GivenContact | None = None,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Grant or decline the open request of a dealing, as the side that is asked.

    A grant needs a contact of one's own (`contact`), save for a need whose list states one. Where nobody belongs to
    the unit that is asked, its organisers answer. Conflict where somebody was faster.
    """
    dealing, pair, request = _open_request(session, actor, dealing_id)
    asked = request.asked_by.other
    if not pages.may_answer(session, actor, pair, request):
        pairs.require_party(actor, pair)
        raise NotAllowed("这条联系请求由对方答复，请等待。", code="not_asked")
    party = asked if asked in pairs.parties(actor, pair) else Party.ORGANISER
    _require_answer(session, pair, asked, grants=grants, reason=reason, text=text, contact=contact)
    request.state = RequestState.GRANTED if grants else RequestState.DECLINED
    request.answered_at, request.answered_by = now, actor.account_id
    request.reason, request.answer = (None if grants else reason), text.strip()
    session.add(request)
    changes: dict[str, object] = {}
    if grants:
        changes["introduced_at"] = dealing.introduced_at or now
        if contact is not None and _is_given(contact):
            _keep(session, actor, dealing, asked, contact, now=now)
    step = Step(Event.GRANT if grants else Event.DECLINE, party)
    moving.take(session, actor, pair, dealing, step, now=now, new_id=new_id, changes=changes)


def withdraw(session: Session, actor: Actor, dealing_id: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Take back one's own side's open request."""
    dealing, pair, request = _open_request(session, actor, dealing_id)
    party = pairs.require_party(actor, pair)
    if party is not request.asked_by:
        raise NotAllowed("只有发出请求的一方可以撤回。", code="not_the_asker")
    request.state, request.answered_at, request.answered_by = RequestState.WITHDRAWN, now, actor.account_id
    session.add(request)
    moving.take(session, actor, pair, dealing, Step(Event.WITHDRAW, party), now=now, new_id=new_id)


def reveal(session: Session, actor: Actor, dealing_id: str, *, now: datetime) -> GivenContact:
    """The other side's contact in full, once granted and while the dealing lives; who looked is logged.

    A writing transaction is needed: the log entry is part of looking.
    """
    dealing = session.get(Dealing, dealing_id)
    if dealing is None:
        raise NotFound("没有这项对接，或者您不是其中一方。请从“对接”页面进入。", code="dealing_missing")
    pair = pairs.of(session, dealing)
    party = pairs.require_reader(actor, pair)
    granted = select(ContactRequest.id).where(
        ContactRequest.dealing_id == dealing_id, ContactRequest.state == RequestState.GRANTED
    )
    is_granted = dealing.stage is not Stage.ENDED and session.exec(granted).first() is not None
    if pairs.is_partner(actor, pair):
        raise NotAllowed("联系方式只给联合体的牵头方，请向它了解。", code="lead_alone")
    if party not in SIDES or not is_granted:
        raise NotAllowed("对方同意联系请求后，双方才能看到联系方式。", code="contact_not_granted")
    audit.write(
        session,
        aggregate="dealing",
        aggregate_id=dealing_id,
        action="dealing.contact_revealed",
        actor_id=actor.account_id,
        payload={"of": party.other.value, "to": party.value},
        now=now,
    )
    return _of_side(session, dealing, pair, party.other)


def suggested(session: Session, actor: Actor, dealing_id: str | None = None) -> GivenContact:
    """What a form proposes as one's own contact: what this side gave last, else the person's name and address."""
    query = select(DealingContact).where(DealingContact.given_by == actor.account_id)
    if dealing_id is not None:
        query = query.where(DealingContact.dealing_id != dealing_id)
    last = session.exec(query.order_by(col(DealingContact.given_at).desc()).limit(1)).first()
    return (
        GivenContact(actor.name, "", actor.email) if last is None else GivenContact(last.name, last.phone, last.email)
    )


def _ready(session: Session, actor: Actor, pair: Pair, *, now: datetime, new_id: Callable[[], str]) -> Dealing:
    of_pair = (Dealing.item_id == pair.item.id, Dealing.profile_id == pair.profile.id)
    there = session.exec(select(Dealing).where(*of_pair)).first()
    if there is not None and there.stage in {Stage.CLAIMED, Stage.SIGNED}:
        raise Conflict("这项对接已进入签约，请在对接页面继续办理。", code="not_now")
    if there is None or there.stage is Stage.ENDED:
        dealing_id = dealings.express(
            session, actor, item_id=pair.item.id, profile_id=pair.profile.id, tells=False, now=now, new_id=new_id
        )
        return moving.held(session, dealing_id)
    return moving.held(session, there.id)


def _open_request(session: Session, actor: Actor, dealing_id: str) -> tuple[Dealing, Pair, ContactRequest]:
    dealing = moving.held(session, dealing_id)
    pair = pairs.of(session, dealing)
    pairs.require_reader(actor, pair)
    query = select(ContactRequest).where(
        ContactRequest.dealing_id == dealing_id, ContactRequest.state == RequestState.OPEN
    )
    request = session.exec(query).first()
    if request is None:
        # Who could not have answered or withdrawn one is told that first.
        is_side = pairs.require_party(actor, pair) in SIDES
        if not is_side and all(pairs.is_manned(session, pair.organisation_id(side)) for side in SIDES):
            raise NotAllowed("联系请求由双方自己答复或撤回。", code="not_a_side")
        message = "没有等待答复的联系请求：可能已有同事答复，或对方已撤回。请查看最新情况。"
        raise Conflict(message, code="already_answered")
    return dealing, pair, request


def _require_answer(
    session: Session,
    pair: Pair,
    asked: Party,
    *,
    grants: bool,
    reason: Refusal | None,
    text: str,
    contact: GivenContact | None,
) -> None:
    wrong: dict[str, str] = {}
    if len(text) > MAX_ANSWER:
        wrong["text"] = f"最多 {MAX_ANSWER} 个字，请缩短。"
    if not grants and reason is None:
        wrong["reason"] = "请选择谢绝的原因，对方会看到。"
    if not grants and reason is Refusal.OTHER and not text.strip():
        wrong["text"] = "选择“其他原因”时请写明情况。"
    if grants and ((contact is not None and _is_given(contact)) or not _has_listed(session, pair, asked)):
        given = contact or GivenContact()
        wrong |= faults_of_contact(given.name, given.phone, given.email)
    if wrong:
        raise Invalid("答复还没有填写完整。", code="answer_incomplete", fields=wrong)


def _has_listed(session: Session, pair: Pair, asked: Party) -> bool:
    return asked is Party.NEED and pages.states_contact(session, pair)


def _is_given(contact: GivenContact) -> bool:
    # A name alone comes from the form's proposal and gives nobody away.
    return bool(contact.phone.strip() or contact.email.strip())


def _keep(
    session: Session, actor: Actor, dealing: Dealing, party: Party, contact: GivenContact, *, now: datetime
) -> None:
    session.merge(
        DealingContact(
            dealing_id=dealing.id,
            party=party,
            name=contact.name.strip(),
            phone=contact.phone.strip(),
            email=contact.email.strip(),
            given_by=actor.account_id,
            given_at=now,
        )
    )
    session.flush()


def _of_side(session: Session, dealing: Dealing, pair: Pair, side: Party) -> GivenContact:
    given = session.get(DealingContact, (dealing.id, side))
    if given is not None:
        return GivenContact(given.name, given.phone, given.email)
    if side is not Party.NEED:
        return GivenContact()
    listed = items.contact_for(session, pair.item.id)
    return GivenContact(listed.name or "", listed.phone or "", listed.email or "")

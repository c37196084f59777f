"""One dealing as its readers see it."""

from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts import accounts, organisations
from marketplace.accounts.actors import Actor
from marketplace.dealings import cards, moving, pairs
from marketplace.dealings.pairs import Pair
from marketplace.dealings.rules import stages
from marketplace.dealings.tables import ContactRequest, Dealing, DealingNote
from marketplace.dealings.views import DealingCard, DealingPage, NoteView
from marketplace.dealings.words import SIDES, Event, Party, RequestState, Stage
from marketplace.kernel import money
from marketplace.kernel.errors import NotFound
from marketplace.lists.item_tables import ItemPrivate
from marketplace.lists.rules.masks import mask_text
from marketplace.lists.words import ItemState


def get(session: Session, actor: Actor, dealing_id: str, *, now: datetime) -> DealingPage:
    """A whole dealing for those it concerns: the members of either side, organisers and supervisors; else NotFound."""
    row = session.get(Dealing, dealing_id)
    if row is None:
        raise NotFound("没有这项对接，或者您不是其中一方。请从“对接”页面进入。", code="dealing_missing")
    pair = pairs.of(session, row)
    reader = pairs.require_reader(actor, pair)
    is_partner = pairs.is_partner(actor, pair)
    (card,) = cards.of_rows(session, actor, [row], now=now, for_partner=is_partner)
    held = pairs.parties(actor, pair)
    mover = next((party for party in (*SIDES, Party.ORGANISER) if party in held), None)
    asked = select(ContactRequest).where(ContactRequest.dealing_id == dealing_id)
    requests = session.exec(asked.order_by(col(ContactRequest.asked_at).desc(), col(ContactRequest.id))).all()
    return DealingPage(
        card=card,
        notes=_notes(session, row, card, reader),
        requests=tuple(cards.request_view(one, for_partner=is_partner) for one in requests),
        possible=() if mover is None else _possible(actor, row, card, mover),
        may_answer=any(one.state is RequestState.OPEN and may_answer(session, actor, pair, one) for one in requests),
        need_publishes=row.need_publishes,
        opc_publishes=row.opc_publishes,
        listed_contact=states_contact(session, pair),
        is_partner=is_partner,
        may_close=row.stage is Stage.SIGNED and Party.NEED in held and pair.item.state is not ItemState.CLOSED,
    )


def find(session: Session, actor: Actor, *, item_id: str, profile_id: str, now: datetime) -> DealingCard | None:
    """The dealing of a pair, where there is one that the actor may read; else None."""
    pair = Dealing.item_id == item_id, Dealing.profile_id == profile_id
    row = session.exec(select(Dealing).where(*pair)).first()
    if row is None or pairs.reads_as(actor, found := pairs.of(session, row)) is None:
        return None
    return cards.of_rows(session, actor, [row], now=now, for_partner=pairs.is_partner(actor, found))[0]


def of_team(session: Session, actor: Actor, team_id: str, *, now: datetime) -> list[DealingCard]:
    """The dealings as which a team came, for those who may read them: its lead and those who joined it."""
    found: list[DealingCard] = []
    for row in session.exec(select(Dealing).where(Dealing.team_id == team_id).order_by(col(Dealing.opened_at))):
        pair = pairs.of(session, row)
        if pairs.reads_as(actor, pair) is Party.OPC:
            found += cards.of_rows(session, actor, [row], now=now, for_partner=pairs.is_partner(actor, pair))
    return found


def may_answer(session: Session, actor: Actor, pair: Pair, request: ContactRequest) -> bool:
    """Whether an actor may answer a request: the side that is asked, or its organisers where nobody is there yet."""
    asked = request.asked_by.other
    held = pairs.parties(actor, pair)
    if request.asked_by in held:
        return False
    stands_in = Party.ORGANISER in held and not pairs.is_manned(session, pair.organisation_id(asked))
    return asked in held or stands_in


def states_contact(session: Session, pair: Pair) -> bool:
    """Whether a need's current version states a phone number or an address."""
    private = session.get(ItemPrivate, (pair.item.id, pair.item.current_number))
    return private is not None and bool(private.contact_phone or private.contact_email)


def _possible(actor: Actor, row: Dealing, card: DealingCard, mover: Party) -> tuple[Event, ...]:
    mine = moving.is_claimant(actor, row, mover)
    found = stages.possible(row.stage, mover, is_mover=mine)
    is_open = card.request is not None and card.request.state is RequestState.OPEN
    # Asking and answering hang on the request as well as on the stage.
    hidden = {Event.GRANT, Event.DECLINE}
    if is_open or card.contact_known:
        hidden.add(Event.ASK)
    if not is_open or card.request is None or card.request.asked_by is not mover:
        hidden.add(Event.WITHDRAW)
    return tuple(event for event in found if event not in hidden)


def _notes(session: Session, row: Dealing, card: DealingCard, reader: Party) -> tuple[NoteView, ...]:
    query = select(DealingNote).where(DealingNote.dealing_id == row.id).order_by(col(DealingNote.number).desc())
    if reader is not Party.ORGANISER:
        query = query.where(col(DealingNote.shared).is_(True))
    notes = session.exec(query).all()
    names = accounts.names(session, {note.account_id for note in notes})
    units = {note.organisation_id for note in notes if note.organisation_id}
    offices = {unit.id: unit.name for unit in organisations.many(session, list(units))}
    return tuple(
        NoteView(
            number=note.number,
            at=note.at,
            who=_who(note, card, reader, names, offices),
            party=note.party,
            event=note.event,
            stage=note.stage,
            text=note.text if card.contact_known or reader is Party.ORGANISER else mask_text(note.text),
            amount=money.yuan(note.amount_fen),
            shared=note.shared,
        )
        for note in notes
    )


def _who(note: DealingNote, card: DealingCard, reader: Party, names: dict[str, str], offices: dict[str, str]) -> str:
    # Who works for the other side is told with its contact; until then the side is what one deals with.
    person = names.get(note.account_id, "")
    if note.party is Party.ORGANISER:
        return " · ".join(part for part in (offices.get(note.organisation_id or "", "主办方"), person) if part)
    unit = card.need_name if note.party is Party.NEED else card.opc_name
    is_known = reader in {note.party, Party.ORGANISER} or card.contact_known
    return f"{unit} · {person}" if is_known and person else unit

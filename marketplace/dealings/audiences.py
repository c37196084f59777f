"""Who hears of a dealing: the sides that have people of their own, and whom an organiser has to reach itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import or_
from sqlmodel import Session, col, select

from ingest.fields import ListKind
from marketplace.accounts.actors import Actor
from marketplace.dealings import pairs
from marketplace.dealings.pairs import UNNAMED, Pair
from marketplace.dealings.tables import Dealing
from marketplace.dealings.words import SIDES, Party
from marketplace.lists import unmasking
from marketplace.lists.item_tables import CURRENT_PRIVATE, Item, ItemPrivate


@dataclass(frozen=True, slots=True)
class Listener:
    """One side of a pair; where nobody is there to be told, `item_id` is an item whose contact the organiser may ask for."""

    party: Party
    name: str
    is_told: bool
    item_id: str | None = None


def of_pair(session: Session, actor: Actor, *, item_id: str, profile_id: str) -> tuple[Listener, ...]:
    """Both sides of a pair, as its organiser may know them."""
    return _listeners(session, actor, pairs.get(session, item_id, profile_id))


def of_dealing(session: Session, actor: Actor, dealing_id: str) -> tuple[Listener, ...]:
    """Both sides of a dealing, for organisers who look after it; empty for everybody else."""
    pair = pairs.of(session, session.get_one(Dealing, dealing_id))
    return _listeners(session, actor, pair) if Party.ORGANISER in pairs.parties(actor, pair) else ()


def _listeners(session: Session, actor: Actor, pair: Pair) -> tuple[Listener, ...]:
    names = {Party.NEED: pair.need.name if pair.need else pair.item.issuer or UNNAMED, Party.OPC: pair.opc.name}
    found = []
    for side in SIDES:
        is_told = pairs.is_manned(session, pair.organisation_id(side))
        listed = None if is_told else next(_reachable(session, actor, pair, side), None)
        found.append(Listener(side, names[side], is_told, listed))
    return tuple(found)


def _reachable(session: Session, actor: Actor, pair: Pair, side: Party) -> Iterator[str]:
    query = (
        select(Item.id)
        .join(
            ItemPrivate,
            CURRENT_PRIVATE,
        )
        .where(or_(col(ItemPrivate.contact_phone).is_not(None), col(ItemPrivate.contact_email).is_not(None)))
        .order_by(col(Item.order_key).desc())
    )
    if side is Party.NEED:
        query = query.where(Item.id == pair.item.id)
    else:
        query = query.where(Item.organisation_id == pair.opc.id, Item.kind == ListKind.CAPABILITY)
    return (item_id for item_id in session.exec(query) if unmasking.may_ask(session, actor, item_id))

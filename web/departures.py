"""People and organisations that leave, over all areas in one transaction: each area erases what it holds."""

from datetime import datetime

from sqlmodel import Session

from marketplace.accounts import erasure
from marketplace.accounts.actors import Actor
from marketplace.dealings import erasing as dealings
from marketplace.profiles import visits


def own_data(session: Session, actor: Actor) -> dict[str, object]:
    """Everything that the platform holds of a person, as plain values."""
    return {**erasure.own_data(session, actor), **dealings.own_data(session, actor.account_id)}


def erase_account(session: Session, actor: Actor, account_id: str, *, now: datetime) -> None:
    """Erase whose an account was, everywhere. Raises what `erasure.erase_account` does."""
    erasure.erase_account(session, actor, account_id, now=now)
    dealings.forget_person(session, account_id, actor_id=actor.account_id, now=now)
    visits.forget_person(session, account_id)

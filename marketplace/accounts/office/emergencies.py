"""What an administrator does when nobody knows any more whose browsers are safe: everybody signs in anew."""

from datetime import datetime

from sqlalchemy import delete, func
from sqlmodel import Session, select

from marketplace.accounts.actors import Actor
from marketplace.accounts.office.platform import require_administrator
from marketplace.accounts.signing_in.tables import SignInSession
from marketplace.kernel import audit


def sign_ins(session: Session, actor: Actor) -> int:
    """How many sign-ins there are, of everybody and on every device. Raises NotAllowed for others."""
    require_administrator(actor)
    return session.exec(select(func.count()).select_from(SignInSession)).one()


def end_every_sign_in(session: Session, actor: Actor, *, now: datetime) -> int:
    """End the sign-ins of everybody on every device, the actor's own as well; gives how many there were."""
    require_administrator(actor)
    ended = sign_ins(session, actor)
    session.execute(delete(SignInSession))
    audit.write(
        session,
        aggregate="sign_in",
        aggregate_id=actor.account_id,
        action="sign_in.everybody_ended",
        actor_id=actor.account_id,
        payload={"count": ended},
        now=now,
    )
    return ended

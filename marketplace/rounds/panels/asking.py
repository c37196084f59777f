"""Telling those who look after a round's panels that something waits for them."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from marketplace.accounts import messages
from marketplace.rounds import telling
from marketplace.rounds.round_tables import Round


def tell_office(session: Session, row: Round, what: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Tell the issuer's people that something of the panels waits; never who, and never of which bid."""
    messages.tell(
        session,
        account_ids=sorted(telling.people_of(session, [row.organisation_id])),
        subject=f"“{row.title}”：{what}",
        text=f"活动“{row.title}”{what}。",
        link=f"/rounds/{row.id}/panel",
        private=True,
        now=now,
        new_id=new_id,
    )

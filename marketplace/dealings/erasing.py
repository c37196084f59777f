"""What dealings hold of a person: a copy for its owner, and its erasure.

The dealings themselves, with who moved them by the account's id, belong to both organisations and stay.
"""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from marketplace.dealings.attention_tables import Look, Save
from marketplace.dealings.tables import DealingContact
from marketplace.kernel import audit


def own_data(session: Session, account_id: str) -> dict[str, object]:
    """The contacts that somebody gave as its own, and what it saved and looked at for itself, as plain values."""
    given = session.exec(
        select(DealingContact).where(DealingContact.given_by == account_id).order_by(col(DealingContact.given_at))
    )
    saved = session.exec(select(Save).where(Save.account_id == account_id).order_by(col(Save.saved_at)))
    looked = session.exec(select(Look).where(Look.viewer_id == account_id).order_by(col(Look.day)))
    return {
        "contacts_given": [
            {
                "dealing": row.dealing_id,
                "name": row.name,
                "phone": row.phone,
                "email": row.email,
                "given_at": row.given_at.isoformat(),
            }
            for row in given
        ],
        "saved": [
            {"kind": row.kind.value, "id": row.subject_id, "note": row.note, "saved_at": row.saved_at.isoformat()}
            for row in saved
        ],
        "looked_at": [{"kind": row.kind.value, "id": row.subject_id, "day": row.day.isoformat()} for row in looked],
    }


def forget_person(session: Session, account_id: str, *, actor_id: str, now: datetime) -> None:
    """Erase the contacts that somebody gave, and what it saved and looked at for itself."""
    erased = session.execute(
        delete(DealingContact)
        .where(col(DealingContact.given_by) == account_id)
        .returning(col(DealingContact.dealing_id), col(DealingContact.party))
    ).all()
    for dealing_id, party in sorted(erased):
        audit.write(
            session,
            aggregate="dealing",
            aggregate_id=dealing_id,
            action="dealing.contact_erased",
            actor_id=actor_id,
            payload={"of": party.value},
            now=now,
        )
    session.execute(delete(Save).where(col(Save.holder_id) == account_id))
    session.execute(delete(Look).where(col(Look.viewer_id) == account_id))
    session.expire_all()

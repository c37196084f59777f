"""What dealings hold of a person is copied for it and erased with it."""

from sqlmodel import select

from marketplace.dealings import contacts, erasing, saves
from marketplace.dealings.attention_tables import Save
from marketplace.dealings.tables import DealingContact
from marketplace.dealings.views import GivenContact
from marketplace.kernel import audit
from marketplace.kernel.db import Store
from marketplace.kernel.words import SubjectKind
from tests.marketplace.dealing_market import make_table
from tests.marketplace.market import NEW_ID, NOW


def test_contacts_given_are_copied_and_erased_and_the_dealing_stays(store: Store) -> None:
    table = make_table(store)
    with store.writing() as session:
        dealing_id = contacts.ask(
            session,
            table.opc,
            item_id=table.item_id,
            profile_id=table.profile_id,
            message="想了解现场情况。",
            contact=GivenContact("何一人", "13800000000", "he@example.com"),
            now=NOW,
            new_id=NEW_ID,
        )
        saves.add(session, table.opc, kind=SubjectKind.ITEM, subject_id=table.item_id, now=NOW, new_id=NEW_ID)
        held = erasing.own_data(session, table.opc.account_id)
        erasing.forget_person(session, table.opc.account_id, actor_id=table.opc.account_id, now=NOW)

    with store.reading() as session:
        left = session.exec(select(DealingContact)).all()
        saved = session.exec(select(Save)).all()
        actions = [one.action for one in audit.history(session, "dealing", dealing_id)]
    assert held["contacts_given"] == [
        {
            "dealing": dealing_id,
            "name": "何一人",
            "phone": "13800000000",
            "email": "he@example.com",
            "given_at": "2026-11-20T02:00:00+00:00",
        }
    ]
    assert left == []
    assert len(saved) == 1, "what an organisation saved stays its own"
    assert actions[-1] == "dealing.contact_erased"

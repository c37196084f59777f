"""Amended needs: those who saved them or are in a dealing about them are told, once each."""

from sqlmodel import select

from marketplace.accounts.actors import Actor
from marketplace.accounts.message_tables import Message
from marketplace.accounts.tables import Organisation
from marketplace.accounts.words import Role
from marketplace.dealings import amendments, dealings, saves
from marketplace.kernel.db import Store
from marketplace.kernel.words import SubjectKind
from marketplace.lists.needs import draft_saves, drafts
from tests.marketplace.dealing_market import make_table
from tests.marketplace.market import NEW_ID, NOW, make_person


def amend(store: Store, actor: Actor, item_id: str, **changed: str) -> None:
    with store.writing() as session:
        draft_id = drafts.open_amendment(session, actor, item_id, now=NOW, new_id=NEW_ID)
        given = {"contact_phone": "13912345678", "need_type": "采购需求", **changed}
        version = draft_saves.save(session, actor, draft_id, given, version=1, page="a", now=NOW).version
        amendments.publish(session, actor, draft_id, version=version, now=NOW, new_id=NEW_ID)


def test_an_amendment_is_told_to_those_who_saved_the_need_or_deal_about_it(store: Store) -> None:
    table = make_table(store)
    saver = make_person(store, role=Role.EXPERT, email="saver@example.com")
    with store.writing() as session:
        unit = session.get_one(Organisation, table.need_unit)
        unit.claimed_at, unit.posts_needs, unit.verified_at = NOW, True, NOW
        session.add(unit)
        dealings.express(
            session, table.opc, item_id=table.item_id, profile_id=table.profile_id, text="做过", now=NOW, new_id=NEW_ID
        )
        for who in (saver, table.opc, table.enterprise):
            saves.add(session, who, kind=SubjectKind.ITEM, subject_id=table.item_id, now=NOW, new_id=NEW_ID)
    with store.reading() as session:
        count = amendments.concerned(session, table.item_id).count
        before = set(session.exec(select(Message.id)).all())

    amend(store, table.enterprise, table.item_id, budget_max="45", budget_max_unit="wan")

    with store.reading() as session:
        told = [one for one in session.exec(select(Message)).all() if one.id not in before]
    assert count == 2
    assert {(one.account_id, one.link) for one in told} == {
        (who.account_id, f"/items/{table.item_id}") for who in (saver, table.opc)
    }

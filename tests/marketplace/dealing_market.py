"""A need, a supplier and their people, for the tests of dealings."""

from dataclasses import dataclass

from sqlmodel import select

from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor
from marketplace.accounts.words import OrganisationKind, Role, Standing
from marketplace.kernel.db import Store
from marketplace.lists.item_tables import Item
from marketplace.profiles import profiles
from marketplace.profiles.views import ProfileForm
from tests.marketplace.market import NEW_ID, NOW, REGION, make_draft, make_person, publish


@dataclass(frozen=True)
class Table:
    """Both sides of a table and the organiser beside it, by their ids and people."""

    item_id: str
    profile_id: str
    need_unit: str
    opc_unit: str
    enterprise: Actor
    opc: Actor
    organiser: Actor


def make_table(store: Store) -> Table:
    """One published need whose unit has somebody, one supplier with somebody, one organiser."""
    organiser = make_person(store)
    publish(store, organiser, [make_draft()])
    with store.reading() as session:
        item = session.exec(select(Item)).one()
    assert item.organisation_id is not None
    enterprise = make_person(
        store, role=Role.ENTERPRISE, organisation_id=item.organisation_id, email="xuqiu@example.com", name="周经办"
    )
    profile_id, opc_unit, opc = make_supplier(store, "木语视觉科技有限公司", email="opc@example.com")
    return Table(item.id, profile_id, item.organisation_id, opc_unit, enterprise, opc, organiser)


def make_supplier(
    store: Store, name: str, *, email: str, standing: Standing = Standing.OWNER
) -> tuple[str, str, Actor]:
    """A supplier with a profile that says something, and one member."""
    with store.writing() as session:
        unit = organisations.find_or_create(
            session, name=name, uscc=None, region=REGION, kind=OrganisationKind.COMPANY, now=NOW, new_id=NEW_ID
        )
    person = make_person(store, role=Role.OPC, organisation_id=unit.id, email=email, name="何一人", standing=standing)
    writer = make_person(store, region="江苏省", email=f"guanli-{email}", name="管理")
    form = ProfileForm(headline="林木病虫害识别", description="手机拍叶即判病虫害。", region=REGION)
    with store.writing() as session:
        page = profiles.put(session, writer, organisation_id=unit.id, form=form, now=NOW, new_id=NEW_ID)
    return page.id, unit.id, person

"""Communities and the OPCs that belong to them."""

from dataclasses import replace

import pytest

from marketplace.accounts import organisations
from marketplace.accounts.communities import affiliations, communities
from marketplace.accounts.communities.views import CommunityForm, CommunityView
from marketplace.accounts.communities.words import AffiliationState, CommunityKind
from marketplace.accounts.words import OrganisationKind, Role, Standing
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.marketplace.market import NEW_ID, NOW, REGION, make_person

FORM = CommunityForm(CommunityKind.COMMUNITY, f"{REGION}/澄江区", "滨江路 18 号", 120, "工位、代账", "0000-1234567")


def make_unit(store: Store, name: str) -> str:
    """An organisation that nobody has claimed."""
    with store.writing() as session:
        return organisations.find_or_create(
            session, name=name, uscc=None, region=REGION, kind=OrganisationKind.COMPANY, now=NOW, new_id=NEW_ID
        ).id


def make_community(store: Store) -> CommunityView:
    """A community that an organiser registered."""
    organiser = make_person(store)
    with store.writing() as session:
        return communities.register(session, organiser, form=FORM, name="澄江 OPC 社区", now=NOW, new_id=NEW_ID)


def test_what_an_organiser_registers_is_public_at_once(store: Store) -> None:
    made = make_community(store)
    with store.reading() as session:
        found = (
            communities.public(session, region=REGION),
            communities.public(session, region="江西省"),
            communities.public(session, kind=CommunityKind.SICN),
        )

    assert found == ([made], [], [])


def test_what_registers_itself_waits_for_its_organiser(store: Store) -> None:
    unit = make_unit(store, "自荐社区")
    keeper = make_person(store, role=Role.ENTERPRISE, organisation_id=unit, email="keeper@example.com")
    organiser = make_person(store)
    stranger = make_person(store, region="江西省/抚州市", email="fuzhou@example.com")
    with store.writing() as session:
        made = communities.register(session, keeper, form=FORM, organisation_id=unit, now=NOW, new_id=NEW_ID)
    for reader in (None, stranger):
        with pytest.raises(NotFound), store.reading() as session:
            communities.get(session, reader, made.id)
    with pytest.raises(NotAllowed), store.writing() as session:
        communities.confirm(session, keeper, made.id, now=NOW)
    for act in (communities.confirm, lambda *given, now: communities.close(*given, version=made.version, now=now)):
        with pytest.raises(NotFound), store.writing() as session:
            act(session, stranger, made.id, now=NOW)
    with store.writing() as session:
        waiting = communities.unconfirmed(session, organiser)
        communities.confirm(session, organiser, made.id, now=NOW)
        public = communities.get(session, None, made.id)

    assert ([one.id for one in waiting], public.is_public) == ([made.id], True)


def test_an_organisation_is_registered_once(store: Store) -> None:
    made = make_community(store)
    organiser = make_person(store, email="second@example.com")
    with pytest.raises(Conflict, match="已经登记"), store.writing() as session:
        communities.register(
            session, organiser, form=FORM, organisation_id=made.organisation_id, now=NOW, new_id=NEW_ID
        )


def test_a_form_says_every_field_that_is_wrong(store: Store) -> None:
    organiser = make_person(store)
    bad = replace(FORM, address=" ", services="", capacity=0, contact="x" * 201)
    with pytest.raises(Invalid) as wrong, store.writing() as session:
        communities.register(session, organiser, form=bad, name="", now=NOW, new_id=NEW_ID)

    assert set(wrong.value.fields) == {"name", "address", "services", "capacity", "contact"}


def test_two_who_amend_a_community_do_not_overwrite_each_other(store: Store) -> None:
    made = make_community(store)
    organiser = make_person(store, email="second@example.com")
    with store.writing() as session:
        communities.amend(session, organiser, made.id, version=1, form=replace(FORM, capacity=90), now=NOW)
    with pytest.raises(Conflict, match="有人改过"), store.writing() as session:
        communities.amend(session, organiser, made.id, version=1, form=replace(FORM, capacity=10), now=NOW)


def test_an_opc_asks_and_the_community_confirms(store: Store) -> None:
    made = make_community(store)
    keeper = make_person(store, role=Role.ENTERPRISE, organisation_id=made.organisation_id, email="keeper@example.com")
    unit = make_unit(store, "木语视觉")
    opc = make_person(store, role=Role.OPC, organisation_id=unit, email="opc@example.com")
    reader = make_person(
        store, role=Role.OPC, organisation_id=unit, email="reader@example.com", standing=Standing.READER
    )
    with pytest.raises(NotAllowed), store.writing() as session:
        affiliations.ask(session, reader, made.id, now=NOW, new_id=NEW_ID)
    with store.writing() as session:
        asked = affiliations.ask(session, opc, made.id, now=NOW, new_id=NEW_ID)
    with pytest.raises(Conflict, match="不需要重复"), store.writing() as session:
        affiliations.ask(session, keeper, made.id, organisation_id=unit, now=NOW, new_id=NEW_ID)
    with pytest.raises(NotAllowed), store.writing() as session:
        affiliations.decide(session, opc, asked.id, accepts=True, now=NOW)
    with store.writing() as session:
        affiliations.decide(session, keeper, asked.id, accepts=True, now=NOW)
        members = [one.organisation_name for one in affiliations.members(session, made.id)]
        counted = communities.get(session, None, made.id).opcs
    with store.writing() as session:
        ended = affiliations.end(session, opc, asked.id, now=NOW)
        left = affiliations.members(session, made.id)

    assert (members, counted, ended.state, left) == (["木语视觉"], 1, AffiliationState.ENDED, [])


def test_whoever_offers_no_work_does_not_belong(store: Store) -> None:
    made = make_community(store)
    unit = make_unit(store, "只发榜的公司")
    enterprise = make_person(store, role=Role.ENTERPRISE, organisation_id=unit, email="xuqiu@example.com")
    with pytest.raises(Invalid, match="提供能力"), store.writing() as session:
        affiliations.ask(session, enterprise, made.id, now=NOW, new_id=NEW_ID)

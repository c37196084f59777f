"""Organisations: one row for one organisation."""

import threading

import pytest

from marketplace.accounts import organisations
from marketplace.accounts.organisations import Named
from marketplace.accounts.views import OrganisationView
from marketplace.accounts.words import OrganisationKind
from marketplace.kernel import audit
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Invalid, NotFound
from tests.marketplace.market import NOW, make_ids

CODE = "91350100M000100Y43"
OTHER_CODE = "12100000400000624D"
NEW_ID = make_ids()


def find(
    store: Store, name: str = "木语视觉科技有限公司", *, uscc: str | None = None, region: str = "福建省/临川市"
) -> OrganisationView:
    with store.writing() as session:
        return organisations.find_or_create(
            session, name=name, uscc=uscc, region=region, kind=OrganisationKind.COMPANY, now=NOW, new_id=NEW_ID
        )


def test_find_or_create_makes_an_unclaimed_organisation(store: Store) -> None:
    made = find(store)

    assert made == OrganisationView(
        made.id, "木语视觉科技有限公司", None, OrganisationKind.COMPANY, "福建省/临川市", claimed=False
    )


def test_find_or_create_finds_other_spellings(store: Store) -> None:
    ids = {
        find(store).id,
        find(store, "木语视觉科技有限责任公司").id,
        find(store, region="临川").id,
        find(store, region="").id,
    }

    assert len(ids) == 1


def test_find_or_create_tells_regions_apart(store: Store) -> None:
    assert find(store).id != find(store, region="江苏省/盐城市").id


def test_a_code_is_learned_and_then_decides(store: Store) -> None:
    first = find(store)
    learned = find(store, uscc=f" {CODE.lower()} ")
    renamed = find(store, "全新名字有限公司", uscc=CODE, region="广东省")

    assert (learned.id, learned.uscc, renamed.id) == (first.id, CODE, first.id)


def test_two_codes_are_two_organisations_of_one_name(store: Store) -> None:
    assert find(store, uscc=CODE).id != find(store, uscc=OTHER_CODE).id


@pytest.mark.parametrize(("name", "uscc", "field"), [("甲", "91350100M000100Y44", "uscc"), (" -- ", None, "name")])
def test_find_or_create_refuses_a_wrong_code_and_no_name(store: Store, name: str, uscc: str | None, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        find(store, name, uscc=uscc)

    assert list(refusal.value.fields) == [field]


def test_resolve_answers_for_many_in_order_and_makes_each_once(store: Store) -> None:
    named = [Named("甲公司"), Named("乙公司"), Named("甲 公司"), Named("丙公司", OTHER_CODE), Named("丙公司")]
    with store.writing() as session:
        first = organisations.resolve(session, named, now=NOW, new_id=NEW_ID)
        second = organisations.resolve(session, named, now=NOW, new_id=NEW_ID)

    assert (first[0], first[3], len(set(first))) == (first[2], first[4], 3)
    assert second == first


def test_two_transactions_make_one_organisation(store: Store) -> None:
    both = threading.Barrier(2)
    found: list[str] = []

    def make() -> None:
        both.wait()
        found.append(find(store).id)

    threads = [threading.Thread(target=make) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(found), len(set(found))) == (2, 1)


def test_claim_marks_an_organisation_and_is_audited(store: Store) -> None:
    made = find(store)
    with store.writing() as session:
        organisations.claim(session, made.id, actor_id="somebody", now=NOW)
        organisations.claim(session, made.id, actor_id="somebody", now=NOW)
    with store.reading() as session:
        claimed = organisations.get(session, made.id).claimed
        told = [entry.action for entry in audit.history(session, "organisation", made.id)]

    assert (claimed, told) == (True, ["organisation.created", "organisation.claimed"])


def test_get_refuses_an_unknown_organisation(store: Store) -> None:
    with pytest.raises(NotFound), store.reading() as session:
        organisations.get(session, "nobody")

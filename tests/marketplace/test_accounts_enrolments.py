"""Enrolments: one organisation for each code, found again instead of made twice."""

import threading
from dataclasses import replace

import pytest

from marketplace.accounts import organisations
from marketplace.accounts.joining import enrolments, memberships
from marketplace.accounts.joining.enrolments import Enrolment, Way
from marketplace.accounts.rules import details
from marketplace.accounts.words import OrganisationKind, Role, Standing
from marketplace.kernel import audit
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed
from tests.marketplace.market import NEW_ID, NOW, REGION
from tests.marketplace.people import CODE, OTHER_CODE, enrol, make_account, make_owner, seated


def listed(store: Store, name: str = "木语视觉科技有限公司", *, uscc: str | None = None, region: str = "临川市") -> str:
    with store.writing() as session:
        return organisations.find_or_create(
            session, name=name, uscc=uscc, region=region, kind=OrganisationKind.OTHER, now=NOW, new_id=NEW_ID
        ).id


def test_enrol_makes_an_unverified_organisation_with_its_owner(store: Store) -> None:
    actor = make_account(store)
    made = enrol(store, actor)
    with store.reading() as session:
        view = organisations.get(session, made.organisation_id)
        standing = memberships.standing_of(session, made.organisation_id, actor.account_id)
        told = [entry.action for entry in audit.history(session, "organisation", made.organisation_id)]

    assert (view.uscc, view.claimed, view.verified, view.offers_work, view.posts_needs) == (
        CODE,
        True,
        False,
        True,
        False,
    )
    assert (made.way, standing) == (Way.CREATED, Standing.OWNER)
    assert told == ["organisation.enrolled", "member.added", "organisation.offers_work"]


def test_enrol_again_finds_ones_own(store: Store) -> None:
    actor = make_account(store)
    first = enrol(store, actor)

    assert enrol(store, actor, name="别的写法有限公司") == Enrolment(first.organisation_id, Way.OWN)


def test_enrol_of_anothers_code_leads_to_its_owner(store: Store) -> None:
    _, organisation_id = make_owner(store)
    stranger = make_account(store, email="li@example.com")

    assert enrol(store, stranger) == Enrolment(organisation_id, Way.ASK)


@pytest.mark.parametrize(("uscc", "region"), [(None, "临川市"), (None, ""), (CODE, "江苏省")])
def test_enrol_of_what_lists_speak_of_leads_to_a_claim(store: Store, uscc: str | None, region: str) -> None:
    known = listed(store, uscc=uscc, region=region)

    assert enrol(store, make_account(store)) == Enrolment(known, Way.CLAIM)


def test_enrol_tells_a_firm_of_the_same_name_elsewhere_apart(store: Store) -> None:
    known = listed(store, region="江苏省/盐城市")
    made = enrol(store, make_account(store))

    assert (made.way, made.organisation_id != known) == (Way.CREATED, True)


def test_two_people_enrol_one_code_at_once(store: Store) -> None:
    people = [make_account(store, email=f"p{number}@example.com") for number in range(2)]
    both, found = threading.Barrier(2), []

    def work(number: int) -> None:
        both.wait()
        found.append(enrol(store, people[number]))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(one.way for one in found) == [Way.ASK, Way.CREATED]
    assert len({one.organisation_id for one in found}) == 1


def test_a_person_without_a_company_is_made_once(store: Store) -> None:
    actor = make_account(store)
    person = {"name": "拾穗工作室", "code": "", "kind": "natural_person"}
    first, second = enrol(store, actor, **person), enrol(store, actor, **person)

    assert (first.way, second) == (Way.CREATED, Enrolment(first.organisation_id, Way.OWN))


@pytest.mark.parametrize(
    ("name", "code", "kind", "region", "fields"),
    [
        ("木语", "91350100M000100Y44", "company", REGION, ["uscc"]),
        ("木语", "", "soe", REGION, ["uscc"]),
        ("甲" * 121, CODE, "company", REGION, ["name"]),
        ("甲" * 500, CODE, "company", REGION, ["name"]),
        ("木语🌳科技", CODE, "company", REGION, ["name"]),
        ("<script>alert(1)</script>", CODE, "company", REGION, ["name"]),
        ("木语\u202e科技", CODE, "company", REGION, ["name"]),
        ("12345", CODE, "company", REGION, ["name"]),
        ("木语", CODE, "bank", REGION, ["kind"]),
        ("木语", CODE, "company", "<b>", ["region"]),
        ("木语", CODE, "company", "", ["region"]),
        ("某某市数据局", "", "natural_person", REGION, ["name"]),
        ("", "1", "x", "🌳", ["name", "kind", "uscc", "region"]),
    ],
)
def test_details_name_every_wrong_field(name: str, code: str, kind: str, region: str, fields: list[str]) -> None:
    with pytest.raises(Invalid) as refusal:
        details.require_sound(name, code, kind, region)

    assert list(refusal.value.fields) == fields


def test_details_are_cleaned() -> None:
    found = details.require_sound(" 木语  视觉 ", f" {CODE.lower()} ", "company", "福建省 / 临川市/")

    assert (found.name, found.uscc, found.region) == ("木语 视觉", CODE, REGION)


def amend(store: Store, actor: object, organisation_id: str, *, version: int = 1, name: str = "新名有限公司") -> None:
    with store.writing() as session:
        enrolments.amend(
            session,
            actor,  # type: ignore[arg-type]
            organisation_id,
            details.require_sound(name, CODE, "company", REGION),
            posts_needs=True,
            offers_work=True,
            version=version,
            now=NOW,
        )


def test_amend_asks_to_be_verified_again_and_two_editors_meet(store: Store) -> None:
    actor, organisation_id = make_owner(store)
    amend(store, actor, organisation_id)
    with pytest.raises(Conflict):
        amend(store, actor, organisation_id, name="另一个名字有限公司")
    with store.reading() as session:
        view = organisations.get(session, organisation_id)

    assert (view.name, view.version, view.verified, view.posts_needs) == ("新名有限公司", 2, False, True)


def test_amend_is_for_owners_in_their_seat(store: Store) -> None:
    actor, organisation_id = make_owner(store)
    stranger = make_account(store, email="li@example.com")
    for one in (stranger, replace(actor, grants=())):
        with pytest.raises(NotAllowed):
            amend(store, one, organisation_id)


def test_a_person_may_belong_to_several_and_acts_for_one(store: Store) -> None:
    actor, first = make_owner(store)
    second = enrol(store, actor, name="另一家公司", code=OTHER_CODE, role=Role.ENTERPRISE).organisation_id
    seats = [seated(store, actor, one).organisation_id for one in (first, second)]

    assert seats == [first, second]

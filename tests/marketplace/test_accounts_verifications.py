"""Verification and claims: decided once, by somebody of the region who has no part in it."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor
from marketplace.accounts.joining import claims, memberships, requests, verifications
from marketplace.accounts.joining.evidence import GivenFile
from marketplace.accounts.rules.evidence import LIMIT_BYTES, require_sound
from marketplace.accounts.words import EvidenceKind, OrganisationKind, RequestState, Role, Standing
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.marketplace.market import NEW_ID, NOW, REGION, make_person
from tests.marketplace.people import CODE, OTHER_CODE, make_account, make_evidence, make_owner


def submit(store: Store, actor: Actor, organisation_id: str, *given: GivenFile) -> str:
    with store.writing() as session:
        return verifications.submit(
            session, actor, organisation_id, statement="请核对", given=given, now=NOW, new_id=NEW_ID
        )


def claim(
    store: Store, actor: Actor, organisation_id: str, *, code: str = CODE, region: str = REGION, content: str = "a"
) -> str:
    with store.writing() as session:
        return claims.ask(
            session,
            actor,
            organisation_id,
            code=code,
            region=region,
            statement="",
            given=[make_evidence(content)],
            now=NOW,
            new_id=NEW_ID,
        )


def decide(
    store: Store,
    actor: Actor,
    request_id: str,
    *,
    outcome: RequestState = RequestState.APPROVED,
    reason: str = "",
    version: int = 1,
) -> None:
    with store.writing() as session:
        verifications.decide(
            session, actor, request_id, outcome=outcome, reason=reason, version=version, now=NOW, new_id=NEW_ID
        )


def make_listed(store: Store, *, uscc: str | None = None) -> str:
    """An organisation that lists alone speak of."""
    with store.writing() as session:
        return organisations.find_or_create(
            session,
            name="木语视觉科技有限公司",
            uscc=uscc,
            region="临川市澄江区",
            kind=OrganisationKind.COMPANY,
            now=NOW,
            new_id=NEW_ID,
        ).id


def test_approval_verifies(store: Store) -> None:
    owner, organisation_id = make_owner(store)
    request = submit(store, owner, organisation_id, make_evidence())
    decide(store, make_person(store), request)
    with store.reading() as session:
        view = organisations.get(session, organisation_id)
        page = requests.get(session, owner, request)

    assert (view.verified, page.card.state) == (True, RequestState.APPROVED)
    assert [(one.outcome, one.decided_by) for one in page.decisions] == [(RequestState.APPROVED, "陈科长")]


def test_what_is_returned_comes_back_and_keeps_its_history(store: Store) -> None:
    owner, organisation_id = make_owner(store)
    organiser = make_person(store)
    request = submit(store, owner, organisation_id, make_evidence())
    decide(store, organiser, request, outcome=RequestState.RETURNED, reason="营业执照看不清")
    again = submit(store, owner, organisation_id, make_evidence("b"))
    decide(store, organiser, again, version=3)
    with store.reading() as session:
        page = requests.get(session, owner, request)

    assert (again, len(page.evidence)) == (request, 2)
    assert [one.outcome for one in page.decisions] == [RequestState.RETURNED, RequestState.APPROVED]


def test_a_decision_about_older_evidence_is_refused(store: Store) -> None:
    owner, organisation_id = make_owner(store)
    organiser = make_person(store)
    request = submit(store, owner, organisation_id, make_evidence())
    decide(store, organiser, request, outcome=RequestState.RETURNED, reason="营业执照看不清")
    submit(store, owner, organisation_id, make_evidence("b"))
    with pytest.raises(Conflict) as refusal:
        decide(store, organiser, request, version=1)

    assert refusal.value.code == "request_moved_on"


def test_a_refusal_has_a_reason(store: Store) -> None:
    owner, organisation_id = make_owner(store)
    request = submit(store, owner, organisation_id, make_evidence())
    for outcome in (RequestState.RETURNED, RequestState.REJECTED):
        with pytest.raises(Invalid):
            decide(store, make_person(store, email=f"{outcome}@example.com"), request, outcome=outcome, reason=" ")


def test_an_organiser_elsewhere_knows_of_nothing(store: Store) -> None:
    owner, organisation_id = make_owner(store)
    request = submit(store, owner, organisation_id, make_evidence())
    elsewhere = make_person(store, region="江苏省/盐城市")
    with pytest.raises(NotFound):
        decide(store, elsewhere, request)
    with pytest.raises(NotFound), store.reading() as session:
        requests.get(session, elsewhere, request)
    with store.reading() as session:
        waiting = requests.waiting(session, elsewhere)

    assert waiting == []


def test_a_member_who_organises_recuses_itself_in_every_seat(store: Store) -> None:
    owner, organisation_id = make_owner(store)
    organiser = make_person(store)
    with store.writing() as session:
        memberships.add(
            session,
            organisation_id=organisation_id,
            account_id=organiser.account_id,
            standing=Standing.READER,
            now=NOW,
            new_id=NEW_ID,
        )
    request = submit(store, owner, organisation_id, make_evidence())
    with pytest.raises(NotAllowed) as refusal:
        decide(store, organiser, request)
    with store.reading() as session:
        may, waiting = requests.get(session, organiser, request).may_decide, requests.waiting(session, organiser)

    assert (refusal.value.code, may, waiting) == ("must_recuse", False, [])


def test_two_organisers_decide_at_once_and_one_decision_is_written(store: Store) -> None:
    owner, organisation_id = make_owner(store)
    request = submit(store, owner, organisation_id, make_evidence())
    people = [make_person(store, email=f"z{number}@example.com") for number in range(2)]
    both, refused = threading.Barrier(2), []

    def work(who: Actor) -> None:
        both.wait()
        try:
            decide(store, who, request)
        except Conflict as conflict:
            refused.append(conflict.code)

    threads = [threading.Thread(target=work, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as session:
        page = requests.get(session, owner, request)

    assert (refused, len(page.decisions)) == (["already_decided"], 1)


def test_a_decision_is_written_once(store: Store) -> None:
    owner, organisation_id = make_owner(store)
    decide(store, make_person(store), submit(store, owner, organisation_id, make_evidence()))
    with pytest.raises(DatabaseError, match="written once"), store.writing() as session:
        session.execute(text("UPDATE verification_decision SET reason = 'x'"))


def test_evidence_is_for_the_applicant_and_the_deciding_side(store: Store) -> None:
    owner, organisation_id = make_owner(store)
    request = submit(store, owner, organisation_id, make_evidence())
    organiser, stranger = make_person(store), make_account(store, email="li@example.com")
    with store.reading() as session:
        (evidence,) = requests.get(session, owner, request).evidence
    for who in (owner, organiser):
        with store.writing() as session:
            assert requests.read_evidence(session, who, request, evidence.id, now=NOW) == evidence
    for who in (stranger, replace(owner, account_id="somebody", grants=())):
        with pytest.raises(NotFound), store.writing() as session:
            requests.read_evidence(session, who, request, evidence.id, now=NOW)


def test_nothing_is_submitted_without_evidence_nor_twice(store: Store) -> None:
    owner, organisation_id = make_owner(store)
    with pytest.raises(Invalid):
        submit(store, owner, organisation_id)
    submit(store, owner, organisation_id, make_evidence())
    with pytest.raises(Conflict):
        submit(store, owner, organisation_id, make_evidence("b"))


def test_an_approved_claim_moves_ownership_and_returns_its_rival(store: Store) -> None:
    listed = make_listed(store)
    first, second = make_account(store), make_account(store, email="li@example.com", name="李二")
    own, rival = claim(store, first, listed), claim(store, second, listed, content="b")
    organiser = make_person(store)
    with store.reading() as session:
        shown = [one.id for one in requests.get(session, organiser, own).rivals]
    decide(store, organiser, own)
    with store.reading() as session:
        view = organisations.get(session, listed)
        standings = [memberships.standing_of(session, listed, one.account_id) for one in (first, second)]
        lost = requests.get(session, second, rival)

    assert shown == [rival]
    assert (view.uscc, view.claimed, view.verified, view.region) == (CODE, True, True, REGION)
    assert standings == [Standing.OWNER, None]
    assert (lost.card.state, lost.decisions[0].reason) == (RequestState.RETURNED, verifications.RIVAL)


def test_a_claim_ends_who_enrolled_it_unverified(store: Store) -> None:
    squatter, organisation_id = make_owner(store)
    true_owner = make_account(store, email="li@example.com")
    decide(store, make_person(store), claim(store, true_owner, organisation_id))
    with store.reading() as session:
        standings = [
            memberships.standing_of(session, organisation_id, one.account_id) for one in (squatter, true_owner)
        ]

    assert standings == [None, Standing.OWNER]


def test_what_is_verified_is_not_claimed(store: Store) -> None:
    owner, organisation_id = make_owner(store)
    decide(store, make_person(store), submit(store, owner, organisation_id, make_evidence()))
    with pytest.raises(Conflict):
        claim(store, make_account(store, email="li@example.com"), organisation_id)


@pytest.mark.parametrize(
    ("code", "region", "fields"),
    [
        ("91350100M000100Y44", REGION, ["uscc"]),
        ("", REGION, ["uscc"]),
        (CODE, "江苏省/盐城市", ["region"]),
        (OTHER_CODE, "福建省/临川市/澄江区", ["uscc"]),
    ],
)
def test_a_claim_agrees_with_what_is_known(store: Store, code: str, region: str, fields: list[str]) -> None:
    listed = make_listed(store, uscc=CODE)
    with pytest.raises(Invalid) as refusal:
        claim(store, make_account(store), listed, code=code, region=region)

    assert list(refusal.value.fields) == fields


def test_a_claim_does_not_take_anothers_code(store: Store) -> None:
    make_owner(store, organisation="另一家公司")
    listed = make_listed(store)
    with pytest.raises(Invalid) as refusal:
        claim(store, make_account(store, email="li@example.com"), listed)

    assert refusal.value.code == "code_taken"


PDF, PNG, JPEG = b"%PDF-1.7 x", b"\x89PNG\r\n\x1a\nx", b"\xff\xd8\xff\xe0x"


@pytest.mark.parametrize(
    ("label", "data", "kind"),
    [
        ("执照.PDF", PDF, EvidenceKind.PDF),
        ("照片.png", PNG, EvidenceKind.PNG),
        ("照片.jpeg", JPEG, EvidenceKind.JPEG),
        ("照片.jpg", JPEG, EvidenceKind.JPEG),
    ],
)
def test_evidence_is_told_by_its_content(label: str, data: bytes, kind: EvidenceKind) -> None:
    assert require_sound(label, data) is kind


@pytest.mark.parametrize(
    ("label", "data", "told"),
    [
        ("执照.pdf", b"MZ\x90\x00", "内容不是 PDF"),
        ("执照.pdf", b"<html><script>", "内容不是 PDF"),
        ("执照.pdf", b"", "空文件"),
        ("执照.png", PDF, "与文件名的扩展名不符"),
        ("执照", PDF, "与文件名的扩展名不符"),
        ("执照.pdf", PDF + b"0" * LIMIT_BYTES, "超过 10 MB"),
    ],
)
def test_evidence_that_is_something_else_is_refused(label: str, data: bytes, told: str) -> None:
    with pytest.raises(Invalid) as refusal:
        require_sound(label, data)

    assert told in refusal.value.message


def test_an_administrator_decides_no_verification(store: Store) -> None:
    owner, organisation_id = make_owner(store)
    request_id = submit(store, owner, organisation_id, make_evidence())

    with pytest.raises(NotFound):
        decide(store, make_person(store, role=Role.ADMINISTRATOR, region=""), request_id)


def test_an_approved_claim_writes_the_stated_kind_and_opens_the_side_it_came_for(store: Store) -> None:
    listed, claimant = make_listed(store), make_account(store)
    with store.writing() as session:
        request_id = claims.ask(
            session,
            claimant,
            listed,
            code=CODE,
            region=REGION,
            statement="",
            given=[make_evidence()],
            kind=OrganisationKind.SOE,
            side=Role.ENTERPRISE,
            now=NOW,
            new_id=NEW_ID,
        )

    decide(store, make_person(store, email="office@example.com"), request_id)

    with store.reading() as session:
        found = organisations.get(session, listed)
    assert (found.kind, found.posts_needs, found.offers_work) == (OrganisationKind.SOE, True, False)

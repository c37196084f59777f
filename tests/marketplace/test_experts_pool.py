"""The pool of experts: applications and invitations, who may read and move what, and the role that goes with a place."""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role
from marketplace.experts import applications, entries, moves, pool, roster
from marketplace.experts.roster import Wanted
from marketplace.experts.rules.entry_forms import Appointment, EntryForm
from marketplace.experts.rules.standing import Party
from marketplace.experts.words import ExpertEvent, ExpertField, ExpertState
from marketplace.kernel import events
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.marketplace.expert_market import FORM, RELATIVE, actions, apply, decide, invite, listed, roles, seen, told
from tests.marketplace.market import NEW_ID, NOW, REGION, make_person
from tests.marketplace.people import make_account

ELSEWHERE = "江西省/抚州市"
TODAY = date(2026, 11, 20)
REASON = "连续两次未按时提交评审意见"


def test_a_person_applies_and_is_listed_with_the_role(store: Store) -> None:
    organiser, person = make_person(store), make_account(store)
    expert_id = apply(store, person, relations=(RELATIVE,))
    before = (seen(store, organiser, expert_id).state, roles(store, person.account_id), told(store, organiser))
    decide(store, organiser, expert_id, ExpertEvent.LIST)
    with store.reading() as session:
        drawable = [one.account_id for one in pool.drawable(session, f"{REGION}/澄江区", on=TODAY)]

    assert before == (ExpertState.APPLIED, [], ["周一人申请加入专家库"])
    assert seen(store, person, expert_id).state is ExpertState.LISTED
    assert roles(store, person.account_id) == [(Role.EXPERT, REGION)]
    assert (told(store, person), drawable) == (["您的专家申请有了结果"], [person.account_id])
    assert actions(store, expert_id) == ["expert.applied", "expert.listed"]


def test_a_refusal_needs_a_reason_and_leaves_the_way_to_apply_again(store: Store) -> None:
    organiser, person = make_person(store), make_account(store)
    expert_id = apply(store, person)
    with pytest.raises(Invalid) as wrong:
        decide(store, organiser, expert_id, ExpertEvent.REFUSE)
    decide(store, organiser, expert_id, ExpertEvent.REFUSE, reason="请补充近三年的评审经历")
    refused = seen(store, person, expert_id)
    again = apply(store, person, form=replace(FORM, title="研究员"), ties=())
    now = seen(store, person, again)

    assert set(wrong.value.fields) == {"reason"}
    assert (refused.state, refused.reason) == (ExpertState.REFUSED, "请补充近三年的评审经历")
    assert (again, now.state, now.reason, now.form.title) == (expert_id, ExpertState.APPLIED, "", "研究员")
    assert [one.version for one in now.past] == [2, 1]


def test_whoever_stands_in_a_pool_does_not_apply_again(store: Store) -> None:
    organiser, person = make_person(store), make_account(store)
    listed(store, organiser, person)
    with pytest.raises(Conflict, match="已在这个专家库里"):
        apply(store, person)


def test_applications_go_to_regions_that_somebody_organises(store: Store) -> None:
    make_person(store)
    person = make_account(store)
    with store.reading() as session:
        offered = applications.regions(session)
    with pytest.raises(Invalid) as wrong:
        apply(store, person, region=ELSEWHERE)

    assert (offered, set(wrong.value.fields)) == ([REGION], {"region"})


def test_a_form_says_every_field_that_is_wrong(store: Store) -> None:
    make_person(store)
    person = make_account(store)
    bad = EntryForm(title="", fields=(), specialities="长" * 1001, phone="0000", bank_account="没有")
    with pytest.raises(Invalid) as wrong:
        apply(store, person, form=bad)
    with pytest.raises(Invalid) as lacking:
        apply(store, person, ties=())

    assert set(wrong.value.fields) == {"title", "fields", "specialities", "phone", "bank_account"}
    assert set(lacking.value.fields) == {"employers"}


def test_nobody_decides_about_itself(store: Store) -> None:
    organiser, other = make_person(store), make_person(store, email="other@example.com", name="赵科长")
    expert_id = apply(store, organiser)
    with pytest.raises(NotAllowed, match="主办方办理"):
        decide(store, organiser, expert_id, ExpertEvent.LIST)
    with pytest.raises(NotAllowed, match="自己"):
        invite(store, organiser, email="zhubanfang@example.com")
    decide(store, other, expert_id, ExpertEvent.LIST)

    assert (seen(store, organiser, expert_id).party, seen(store, other, expert_id).party) == (
        Party.EXPERT,
        Party.OFFICE,
    )


def test_a_decision_is_about_what_was_looked_at(store: Store) -> None:
    organiser, person = make_person(store), make_account(store)
    expert_id = apply(store, person)
    with store.writing() as session:
        entries.amend(session, person, expert_id, form=replace(FORM, title="研究员"), version=1, now=NOW)
    with pytest.raises(Conflict, match="有变化"), store.writing() as session:
        applications.decide(session, organiser, expert_id, event=ExpertEvent.LIST, version=1, now=NOW, new_id=NEW_ID)


def test_only_the_expert_its_office_and_supervisors_read_an_entry(store: Store) -> None:
    organiser, person = make_person(store), make_account(store)
    supervisor = make_person(store, role=Role.SUPERVISOR, email="s@example.com")
    strangers = [
        make_person(store, region=ELSEWHERE, email="o2@example.com"),
        make_person(store, role=Role.SUPERVISOR, region=ELSEWHERE, email="s2@example.com"),
        make_person(store, role=Role.ADMINISTRATOR, region="", email="a@example.com"),
        make_person(store, role=Role.EXPERT, email="x@example.com"),
        make_account(store, email="n@example.com"),
    ]
    expert_id = apply(store, person)
    for stranger in strangers:
        with pytest.raises(NotFound):
            seen(store, stranger, expert_id)
        with pytest.raises(NotFound), store.writing() as session:
            moves.leave(session, stranger, expert_id, reason=REASON, now=NOW, new_id=NEW_ID)
    with pytest.raises(NotAllowed, match="只能查看"):
        decide(store, supervisor, expert_id, ExpertEvent.LIST)

    assert [seen(store, one, expert_id).party for one in (person, organiser, supervisor)] == [
        Party.EXPERT,
        Party.OFFICE,
        None,
    ]


def test_every_change_keeps_the_earlier_words_and_refuses_a_stale_version(store: Store) -> None:
    organiser, person = make_person(store), make_account(store)
    expert_id = listed(store, organiser, person)
    with store.writing() as session:
        entries.amend(session, person, expert_id, form=replace(FORM, title="研究员"), version=2, now=NOW)
        same = entries.amend(session, person, expert_id, form=replace(FORM, title="研究员"), version=3, now=NOW)
    for reader, act in ((person, stale_words), (organiser, stale_term)):
        with pytest.raises(Conflict, match="您填的还在"), store.writing() as session:
            act(session, reader, expert_id)
    with pytest.raises(NotAllowed, match="本人填写"), store.writing() as session:
        entries.amend(session, organiser, expert_id, form=FORM, version=3, now=NOW)

    assert same.version == 3
    assert [(one.version, one.content["title"], one.content["state"]) for one in same.past] == [
        (2, "教授级高级工程师", "listed"),
        (1, "教授级高级工程师", "applied"),
    ]


def stale_words(session: Session, actor: Actor, expert_id: str) -> None:
    """Change the words as if nobody had changed them."""
    entries.amend(session, actor, expert_id, form=FORM, version=2, now=NOW)


def stale_term(session: Session, actor: Actor, expert_id: str) -> None:
    """Set the term as if nobody had changed the words."""
    entries.set_term(session, actor, expert_id, given=Appointment(), version=2, now=NOW, new_id=NEW_ID)


def test_the_office_sets_the_term(store: Store) -> None:
    organiser, person = make_person(store), make_account(store)
    expert_id = listed(store, organiser, person)
    given = Appointment(date(2026, 1, 1), date(2026, 11, 19), 5)
    with pytest.raises(NotAllowed), store.writing() as session:
        entries.set_term(session, person, expert_id, given=given, version=2, now=NOW, new_id=NEW_ID)
    for bad, field in (
        (Appointment(None, date(2027, 1, 1)), "starts_on"),
        (Appointment(date(2027, 1, 1), date(2026, 1, 1)), "ends_on"),
        (Appointment(date(2026, 1, 1), date(2126, 1, 1)), "ends_on"),
        (Appointment(most_at_once=0), "most_at_once"),
    ):
        with pytest.raises(Invalid) as wrong, store.writing() as session:
            entries.set_term(session, organiser, expert_id, given=bad, version=2, now=NOW, new_id=NEW_ID)
        assert set(wrong.value.fields) == {field}
    with store.writing() as session:
        entries.set_term(session, organiser, expert_id, given=given, version=2, now=NOW, new_id=NEW_ID)
        over = pool.drawable(session, REGION, on=TODAY)

    assert (seen(store, person, expert_id).appointment, over) == (given, [])


def test_the_list_finds_by_name_term_field_state_and_end(store: Store) -> None:
    organiser = make_person(store)
    people = [make_account(store, email=f"{name}@example.com", name=name) for name in ("吴一", "郑二", "王三")]
    first, second = (listed(store, organiser, person) for person in people[:2])
    apply(store, people[2], form=replace(FORM, fields=(ExpertField.LAW,), terms=("合同审查",)))
    with store.writing() as session:
        for expert_id, ends in ((first, date(2027, 1, 19)), (second, date(2027, 1, 20))):
            given = Appointment(date(2026, 1, 1), ends)
            entries.set_term(session, organiser, expert_id, given=given, version=2, now=NOW, new_id=NEW_ID)

    def names(wanted: Wanted, actor: Actor = organiser) -> list[str]:
        with store.reading() as session:
            return [one.name for one in roster.search(session, actor, wanted, today=TODAY).rows]

    found = {
        "all": names(Wanted()),
        "name": names(Wanted(words="郑")),
        "title": names(Wanted(words="教授级")),
        "term": names(Wanted(term="合同")),
        "field": names(Wanted(field=ExpertField.TECHNOLOGY)),
        "state": names(Wanted(state=ExpertState.APPLIED)),
        "ending": names(Wanted(is_ending=True)),
        "own": names(Wanted(), actor=make_person(store, region=ELSEWHERE, email="o2@example.com")),
    }

    assert found == {
        "all": ["王三", "吴一", "郑二"],
        "name": ["郑二"],
        "title": ["王三", "吴一", "郑二"],
        "term": ["王三"],
        "field": ["吴一", "郑二"],
        "state": ["王三"],
        "ending": ["吴一"],
        "own": [],
    }
    with pytest.raises(NotAllowed), store.reading() as session:
        roster.search(session, people[0], Wanted(), today=TODAY)


def test_the_chain_names_no_contact_and_nobody_whom_an_expert_knows(store: Store) -> None:
    organiser, person = make_person(store), make_account(store)
    expert_id = listed(store, organiser, person)
    with store.writing() as session:
        entries.amend(session, person, expert_id, form=replace(FORM, phone="139 8642 7531"), version=2, now=NOW)
        said = str([one.payload for one in events.of_chain(session, "expert", expert_id)])

    assert not [word for word in ("138", "7531", "6222", "何木", "绿林", "临川大学") if word in said]

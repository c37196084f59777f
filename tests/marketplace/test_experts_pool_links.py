"""Ties and relations of experts: added by either side, ended, struck out, never lost."""

from datetime import date

import pytest

from marketplace.experts import pool, relations, ties
from marketplace.experts.rules.facts import Named, Relation, RelationKind, Tie, TieKind
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.marketplace.expert_market import EMPLOYED, FORM, RELATIVE, apply, listed, seen
from tests.marketplace.market import NEW_ID, NOW, make_person
from tests.marketplace.people import make_account

ADVISER = Tie(TieKind.ADVISER, Named("绿林科技有限公司", "91350100M000100Y43"), date(2024, 3, 1), date(2025, 3, 1))
FRIEND = Relation(RelationKind.FRIEND, person="周叶")


def test_what_is_added_counts_in_the_check_until_it_is_struck_out(store: Store) -> None:
    organiser, person = make_person(store), make_account(store)
    expert_id = listed(store, organiser, person)
    with store.writing() as session:
        tie_id = ties.add(session, organiser, expert_id, ADVISER, now=NOW, new_id=NEW_ID)
        relation_id = relations.add(session, person, expert_id, FRIEND, now=NOW, new_id=NEW_ID)
    with store.reading() as session:
        before = pool.facts(session, [expert_id])[expert_id]
    with store.writing() as session:
        ties.strike_out(session, organiser, expert_id, tie_id, reason="登记有误，不是本人", now=NOW)
        relations.strike_out(session, person, expert_id, relation_id, reason="登记有误，不是本人", now=NOW)
    with store.reading() as session:
        after = pool.facts(session, [expert_id])[expert_id]
    view = seen(store, person, expert_id)

    assert (set(before.ties), before.relations) == ({EMPLOYED, ADVISER}, (FRIEND,))
    assert (after.ties, after.relations) == ((EMPLOYED,), ())
    assert {(one.tie, one.kept.by_office, one.kept.remove_reason) for one in view.ties} == {
        (EMPLOYED, False, ""),
        (ADVISER, True, "登记有误，不是本人"),
    }
    assert [(one.relation, one.kept.removed_by) for one in view.relations] == [(FRIEND, "周一人")]


def test_an_end_is_a_day_after_the_beginning_and_not_to_come(store: Store) -> None:
    organiser, person = make_person(store), make_account(store)
    expert_id = apply(store, person, relations=(RELATIVE,))
    view = seen(store, organiser, expert_id)
    tie_id, relation_id = view.ties[0].kept.id, view.relations[0].kept.id
    for until in (None, date(2019, 8, 31), date(2026, 11, 21)):
        with pytest.raises(Invalid) as wrong, store.writing() as session:
            ties.end(session, person, expert_id, tie_id, until=until, now=NOW)
        assert set(wrong.value.fields) == {"until"}
    with store.writing() as session:
        ties.end(session, person, expert_id, tie_id, until=date(2026, 11, 20), now=NOW)
        relations.end(session, organiser, expert_id, relation_id, until=date(2025, 1, 1), now=NOW)
    after = seen(store, person, expert_id)

    assert after.ties[0].tie.until == date(2026, 11, 20)
    assert after.relations[0].relation.until == date(2025, 1, 1)


def test_an_expert_does_not_touch_what_the_office_put_down(store: Store) -> None:
    organiser, person = make_person(store), make_account(store)
    expert_id = listed(store, organiser, person)
    with store.writing() as session:
        tie_id = ties.add(session, organiser, expert_id, ADVISER, now=NOW, new_id=NEW_ID)
        relation_id = relations.add(session, organiser, expert_id, FRIEND, now=NOW, new_id=NEW_ID)
    with pytest.raises(NotAllowed, match="联系主办方"), store.writing() as session:
        ties.strike_out(session, person, expert_id, tie_id, reason="不想让人知道", now=NOW)
    with pytest.raises(NotAllowed, match="联系主办方"), store.writing() as session:
        relations.end(session, person, expert_id, relation_id, until=date(2025, 1, 1), now=NOW)


def test_what_was_struck_out_is_not_changed_any_more(store: Store) -> None:
    organiser, person = make_person(store), make_account(store)
    expert_id = listed(store, organiser, person)
    tie_id = seen(store, person, expert_id).ties[0].kept.id
    with store.writing() as session:
        ties.strike_out(session, person, expert_id, tie_id, reason="单位名称写错了", now=NOW)
    with pytest.raises(Conflict, match="已经删去"), store.writing() as session:
        ties.end(session, person, expert_id, tie_id, until=date(2025, 1, 1), now=NOW)


def test_a_tie_of_another_entry_is_not_found(store: Store) -> None:
    organiser, person = make_person(store), make_account(store)
    other = make_account(store, email="wu@example.com", name="吴一")
    expert_id, foreign = listed(store, organiser, person), listed(store, organiser, other)
    tie_id = seen(store, other, foreign).ties[0].kept.id
    with pytest.raises(NotFound), store.writing() as session:
        ties.strike_out(session, person, expert_id, tie_id, reason="不是我的单位", now=NOW)
    with pytest.raises(NotFound), store.writing() as session:
        ties.strike_out(session, person, foreign, tie_id, reason="不是我的单位", now=NOW)
    with pytest.raises(NotFound), store.writing() as session:
        relations.end(session, person, expert_id, tie_id, until=date(2025, 1, 1), now=NOW)


def test_a_form_says_every_field_that_is_wrong(store: Store) -> None:
    organiser, person = make_person(store), make_account(store)
    expert_id = listed(store, organiser, person)
    tie = Tie(TieKind.EMPLOYED, Named(" ", "9135"), date(2027, 1, 1), date(2027, 2, 1))
    with pytest.raises(Invalid) as of_tie, store.writing() as session:
        ties.add(session, person, expert_id, tie, now=NOW, new_id=NEW_ID)
    relation = Relation(RelationKind.RELATIVE, "", "", date(2027, 1, 1))
    with pytest.raises(Invalid) as of_relation, store.writing() as session:
        relations.add(session, person, expert_id, relation, now=NOW, new_id=NEW_ID)

    assert set(of_tie.value.fields) == {"unit_name", "uscc", "since", "until"}
    assert set(of_relation.value.fields) == {"person", "until"}


def test_forms_and_views_do_not_print_contacts() -> None:
    assert not [one for one in (FORM.phone, FORM.bank_account) if one in repr(FORM)]

"""How experts are invited, pause and leave, and the role that comes and goes with their place in the pool."""

from datetime import date

import pytest
from sqlmodel import select

from marketplace.accounts import accounts
from marketplace.accounts.office import administration
from marketplace.accounts.words import Role
from marketplace.experts import entries, invitations, moves, pool
from marketplace.experts.words import ExpertEvent, ExpertState
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed
from marketplace.kernel.outbox_tables import OutboxMail
from tests.marketplace.expert_market import FORM, apply, decide, invite, listed, roles, seen, told
from tests.marketplace.market import NEW_ID, NOW, REGION, make_person
from tests.marketplace.people import make_account
from web import departures

ELSEWHERE = "江西省/抚州市"
TODAY = date(2026, 11, 20)
REASON = "连续两次未按时提交评审意见"


def test_an_invitation_opens_an_account_that_may_nothing_until_it_accepts(store: Store) -> None:
    organiser = make_person(store)
    expert_id = invite(store, organiser)
    with store.reading() as session:
        account_id = accounts.find_by_email(session, "chenguo@example.com") or ""
        person = accounts.actor(session, account_id)
        links = sorted(one.link for one in session.exec(select(OutboxMail)) if one.recipient == person.email)
        waiting = [one.id for one in invitations.waiting(session, account_id)]
    with pytest.raises(Conflict, match="填写专家信息"), store.writing() as session:
        invitations.accept(session, person, expert_id, now=NOW, new_id=NEW_ID)
    before = roles(store, account_id)
    with store.writing() as session:
        entries.amend(session, person, expert_id, form=FORM, version=1, now=NOW)
    with pytest.raises(Invalid) as lacking, store.writing() as session:
        invitations.accept(session, person, expert_id, now=NOW, new_id=NEW_ID)
    with store.writing() as session:
        invitations.accept(session, person, expert_id, has_no_employer=True, now=NOW, new_id=NEW_ID)

    assert (links, waiting, before) == (["/experts/" + expert_id, "/reset"], [expert_id], [])
    assert set(lacking.value.fields) == {"employers"}
    assert (seen(store, person, expert_id).state, roles(store, account_id)) == (
        ExpertState.LISTED,
        [(Role.EXPERT, REGION)],
    )
    assert told(store, organiser) == ["陈果接受了专家邀请"]


def test_somebody_known_is_asked_where_it_is(store: Store) -> None:
    organiser, person = make_person(store), make_account(store)
    expert_id = invite(store, organiser, email=" Zhou@Example.com ")
    with pytest.raises(Conflict, match="已邀请"):
        invite(store, organiser, email="zhou@example.com")
    with store.writing() as session:
        moves.leave(session, person, expert_id, reason="近期没有时间参加评审", now=NOW, new_id=NEW_ID)
    with pytest.raises(Conflict, match="重新申请"):
        invite(store, organiser, email="zhou@example.com")

    assert told(store, person) == ["邀请您加入福建省临川市专家库"]
    assert told(store, organiser) == ["周一人谢绝了邀请"]


@pytest.mark.parametrize("region", [ELSEWHERE, "江西省", ""])
def test_an_organiser_invites_within_its_region_alone(store: Store, region: str) -> None:
    organiser = make_person(store)
    make_person(store, region=ELSEWHERE, email="o2@example.com")
    with pytest.raises((NotAllowed, Invalid)):
        invite(store, organiser, region=region)


def test_pausing_and_resuming_by_either_side(store: Store) -> None:
    organiser, person = make_person(store), make_account(store)
    expert_id = listed(store, organiser, person)
    with store.writing() as session:
        moves.pause(session, person, expert_id, now=NOW, new_id=NEW_ID)
        moves.resume(session, person, expert_id, now=NOW, new_id=NEW_ID)
        moves.pause(session, organiser, expert_id, reason=REASON, now=NOW, new_id=NEW_ID)
    with pytest.raises(NotAllowed, match=REASON), store.writing() as session:
        moves.resume(session, person, expert_id, now=NOW, new_id=NEW_ID)
    with store.reading() as session:
        drawn = pool.drawable(session, REGION, on=TODAY)
    with store.writing() as session:
        moves.resume(session, organiser, expert_id, now=NOW, new_id=NEW_ID)

    assert (drawn, roles(store, person.account_id)) == ([], [(Role.EXPERT, REGION)])
    assert (seen(store, person, expert_id).state, seen(store, person, expert_id).reason) == (ExpertState.LISTED, "")
    assert told(store, person)[:2] == ["主办方恢复了评审", "主办方暂停了评审"]


def test_whoever_leaves_loses_the_role_and_keeps_what_it_reads(store: Store) -> None:
    organiser, person = make_person(store), make_account(store)
    expert_id = listed(store, organiser, person)
    with pytest.raises(Invalid), store.writing() as session:
        moves.leave(session, organiser, expert_id, reason="", now=NOW, new_id=NEW_ID)
    with store.writing() as session:
        moves.leave(session, organiser, expert_id, reason="聘期届满不再续聘", now=NOW, new_id=NEW_ID)
    views = [seen(store, reader, expert_id) for reader in (person, organiser)]
    with pytest.raises(Conflict, match="已退出"), store.writing() as session:
        entries.amend(session, person, expert_id, form=FORM, version=views[0].version, now=NOW)

    assert [(one.state, one.reason) for one in views] == [(ExpertState.LEFT, "聘期届满不再续聘")] * 2
    assert roles(store, person.account_id) == []


def test_leaving_one_pool_keeps_the_role_of_another(store: Store) -> None:
    organiser, person = make_person(store), make_account(store)
    district = make_person(store, region=f"{REGION}/澄江区", email="qu@example.com")
    first = listed(store, organiser, person)
    second = apply(store, person, region=f"{REGION}/澄江区")
    decide(store, district, second, ExpertEvent.LIST)
    with store.writing() as session:
        moves.leave(session, person, first, reason="工作单位调整", now=NOW, new_id=NEW_ID)

    assert roles(store, person.account_id) == [(Role.EXPERT, f"{REGION}/澄江区")]


@pytest.mark.parametrize("pauses_before", [False, True])
def test_whose_role_an_administrator_withdraws_is_paused_until_the_office_acts(
    store: Store, *, pauses_before: bool
) -> None:
    organiser, person = make_person(store), make_account(store)
    administrator = make_person(store, role=Role.ADMINISTRATOR, region="", email="a@example.com")
    expert_id = listed(store, organiser, person)
    with store.writing() as session:
        if pauses_before:
            moves.pause(session, person, expert_id, now=NOW, new_id=NEW_ID)
        (grant,) = administration.get(session, administrator, person.account_id).grants
        departures.withdraw_grant(session, administrator, person.account_id, grant.id, now=NOW, new_id=NEW_ID)
    paused = seen(store, person, expert_id)
    with pytest.raises(NotAllowed), store.writing() as session:
        moves.resume(session, person, expert_id, now=NOW, new_id=NEW_ID)
    with store.writing() as session:
        moves.resume(session, organiser, expert_id, now=NOW, new_id=NEW_ID)

    assert (paused.state, paused.reason) == (ExpertState.PAUSED, moves.UNGRANTED)
    assert roles(store, person.account_id) == [(Role.EXPERT, REGION)]

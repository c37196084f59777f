"""Messages: told to whom, once, and read by nobody else."""

import pytest

from marketplace.accounts import accounts, messages
from marketplace.accounts.office import mails
from marketplace.accounts.words import OrganisationKind, Role
from marketplace.kernel import outbox
from marketplace.kernel.db import Store
from marketplace.kernel.errors import NotAllowed, NotFound
from tests.marketplace.market import NEW_ID, NOW, make_person


def make_unit(store: Store) -> str:
    from marketplace.accounts import organisations

    with store.writing() as session:
        return organisations.find_or_create(
            session,
            name="澄江水务",
            uscc=None,
            region="福建省/临川市",
            kind=OrganisationKind.SOE,
            now=NOW,
            new_id=NEW_ID,
        ).id


def test_tell_reaches_each_live_account_once_by_message_and_mail(store: Store) -> None:
    one, shut = make_person(store), make_person(store, email="gone@example.com")
    with store.writing() as session:
        accounts.disable(session, shut.account_id, actor_id=None, now=NOW)
        messages.tell(
            session,
            account_ids=[one.account_id, shut.account_id, one.account_id],
            subject="有人联系您",
            text="请查看。",
            link="/dealings/x",
            now=NOW,
            new_id=NEW_ID,
        )

    with store.reading() as session:
        (message,), total = messages.inbox(session, one)
        sent, mailed = outbox.page(session, state=None, number=1)
        unread = [messages.unread(session, each.account_id) for each in (one, shut)]
    assert (message.subject, message.link, total, unread) == ("有人联系您", "/dealings/x", 1, [1, 0])
    assert (mailed, sent[0].to, sent[0].link) == (1, "zhubanfang@example.com", "/dealings/x")


def test_tell_an_organisation_and_the_organisers_of_a_region(store: Store) -> None:
    unit_id = make_unit(store)
    member = make_person(store, role=Role.ENTERPRISE, organisation_id=unit_id, email="wu@example.com")
    near = make_person(store, region="福建省", email="near@example.com")
    far = make_person(store, region="浙江省", email="far@example.com")
    with store.writing() as session:
        messages.tell_organisation(session, unit_id, subject="甲", text="乙", now=NOW, new_id=NEW_ID)
        messages.tell_organisers(session, "福建省/临川市", subject="丙", text="丁", now=NOW, new_id=NEW_ID)

    with store.reading() as session:
        told = [[each.subject for each in messages.inbox(session, actor)[0]] for actor in (member, near, far)]
    assert told == [["甲"], ["丙"], []]


def test_unread_messages_come_first_and_only_their_owner_reads_them(store: Store) -> None:
    one, other = make_person(store), make_person(store, email="other@example.com")
    with store.writing() as session:
        for subject in ("一", "二"):
            messages.tell(session, account_ids=[one.account_id], subject=subject, text="", now=NOW, new_id=NEW_ID)
    with store.reading() as session:
        first = messages.inbox(session, one)[0][0]
    with pytest.raises(NotFound), store.writing() as session:
        messages.read(session, other, first.id, now=NOW)
    with store.writing() as session:
        messages.read(session, one, first.id, now=NOW)
        order = [each.subject for each in messages.inbox(session, one)[0]]
        messages.read_all(session, one, now=NOW)
        left = messages.unread(session, one.account_id)

    assert (order[-1], left) == (first.subject, 0)


def test_the_outbox_is_for_administrators(store: Store) -> None:
    administrator = make_person(store, role=Role.ADMINISTRATOR, email="guan@example.com")
    with store.writing() as session:
        messages.tell(session, account_ids=[administrator.account_id], subject="甲", text="乙", now=NOW, new_id=NEW_ID)
        cards, total, _ = mails.page(session, administrator, state=None, number=1)
        mails.mark_passed_on(session, administrator, cards[0].id, now=NOW)
    with pytest.raises(NotAllowed), store.reading() as session:
        mails.page(session, make_person(store), state=None, number=1)

    assert total == 1

"""Members: invited, changed, handed over; somebody always decides."""

import threading
from datetime import timedelta

import pytest
from sqlmodel import select

from marketplace.accounts.actors import Actor
from marketplace.accounts.joining import invitations, join_requests, memberships
from marketplace.accounts.joining.tables import Invitation
from marketplace.accounts.words import Standing
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.marketplace.market import NEW_ID, NOW
from tests.marketplace.people import OTHER_CODE, make_account, make_owner, seated

TOKEN = "t" * 43


def invite(
    store: Store,
    actor: Actor,
    organisation_id: str,
    *,
    email: str = "li@example.com",
    standing: Standing = Standing.EDITOR,
    token: str = TOKEN,
) -> None:
    with store.writing() as session:
        invitations.invite(
            session, actor, organisation_id, email=email, standing=standing, token=token, now=NOW, new_id=NEW_ID
        )


def accept(store: Store, actor: Actor, *, token: str = TOKEN, invitation_id: str = "", later: int = 0) -> str:
    with store.writing() as session:
        now = NOW + timedelta(days=later)
        return invitations.accept(session, actor, token=token, invitation_id=invitation_id, now=now, new_id=NEW_ID)


def make_team(store: Store, standing: Standing = Standing.EDITOR) -> tuple[Actor, Actor, str]:
    """An owner, a second member, and their organisation."""
    owner, organisation_id = make_owner(store)
    second = make_account(store, email="li@example.com", name="李二")
    invite(store, owner, organisation_id, standing=standing)
    accept(store, second)
    return owner, seated(store, second, organisation_id), organisation_id


def standings(store: Store, organisation_id: str, *people: Actor) -> list[Standing | None]:
    with store.reading() as session:
        return [memberships.standing_of(session, organisation_id, one.account_id) for one in people]


def member_id(store: Store, viewer: Actor, organisation_id: str, who: Actor) -> str:
    with store.reading() as session:
        members = memberships.of_organisation(session, viewer, organisation_id)
    return next(one.id for one in members if one.account_id == who.account_id)


def test_an_invitation_makes_a_member_and_is_used_once(store: Store) -> None:
    owner, second, organisation_id = make_team(store)
    with pytest.raises(NotFound):
        accept(store, second)

    assert standings(store, organisation_id, owner, second) == [Standing.OWNER, Standing.EDITOR]


def test_the_link_itself_is_nowhere_in_the_database(store: Store) -> None:
    owner, organisation_id = make_owner(store)
    invite(store, owner, organisation_id)
    with store.reading() as session:
        (row,) = session.exec(select(Invitation)).all()

    assert TOKEN not in str(row.model_dump())


def test_an_invitation_is_bound_to_its_address(store: Store) -> None:
    owner, organisation_id = make_owner(store)
    invite(store, owner, organisation_id)
    stranger = make_account(store, email="other@example.com")
    with pytest.raises(NotAllowed) as refusal:
        accept(store, stranger)

    assert (refusal.value.code, standings(store, organisation_id, stranger)) == ("other_address", [None])


def test_an_expired_a_withdrawn_and_a_replaced_invitation_lead_nowhere(store: Store) -> None:
    owner, organisation_id = make_owner(store)
    second = make_account(store, email="li@example.com")
    invite(store, owner, organisation_id)
    with pytest.raises(NotFound):
        accept(store, second, later=7)
    invite(store, owner, organisation_id, token="u" * 43)
    with pytest.raises(NotFound):
        accept(store, second)
    with store.writing() as session:
        (open_one,) = invitations.of_organisation(session, owner, organisation_id, now=NOW)
        invitations.withdraw(session, owner, open_one.id, now=NOW)
    with pytest.raises(NotFound):
        accept(store, second, token="u" * 43)

    assert standings(store, organisation_id, second) == [None]


def test_an_invitation_without_its_link_needs_a_confirmed_address(store: Store) -> None:
    owner, organisation_id = make_owner(store)
    second = make_account(store, email="li@example.com")
    invite(store, owner, organisation_id)
    with store.reading() as session:
        (sent,) = invitations.of_organisation(session, owner, organisation_id, now=NOW)
        offered = invitations.for_address(session, second, now=NOW)
    with pytest.raises(NotFound):
        accept(store, second, token="", invitation_id=sent.id)

    assert offered == []


def test_one_link_opened_twice_at_once_makes_one_member(store: Store) -> None:
    owner, organisation_id = make_owner(store)
    second = make_account(store, email="li@example.com")
    invite(store, owner, organisation_id)
    both, ended = threading.Barrier(2), []

    def work() -> None:
        both.wait()
        try:
            ended.append(accept(store, second))
        except NotFound:
            ended.append("ended")

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ended) == sorted([organisation_id, "ended"])


def test_only_owners_invite_and_manage(store: Store) -> None:
    owner, second, organisation_id = make_team(store)
    with pytest.raises(NotAllowed):
        invite(store, second, organisation_id, email="wang@example.com", token="v" * 43)
    target = member_id(store, owner, organisation_id, owner)
    with pytest.raises(NotAllowed), store.writing() as session:
        memberships.change(session, second, organisation_id, target, standing=None, now=NOW, new_id=NEW_ID)

    assert standings(store, organisation_id, owner, second) == [Standing.OWNER, Standing.EDITOR]


def test_a_member_is_not_invited_again(store: Store) -> None:
    owner, _, organisation_id = make_team(store)
    with pytest.raises(Invalid):
        invite(store, owner, organisation_id, token="w" * 43)


def test_the_last_owner_neither_leaves_nor_steps_down(store: Store) -> None:
    owner, second, organisation_id = make_team(store)
    target = member_id(store, owner, organisation_id, owner)
    with pytest.raises(Conflict) as left, store.writing() as session:
        memberships.leave(session, owner, organisation_id, now=NOW)
    with pytest.raises(Conflict), store.writing() as session:
        memberships.change(session, owner, organisation_id, target, standing=Standing.READER, now=NOW, new_id=NEW_ID)

    assert (left.value.code, standings(store, organisation_id, owner, second)) == (
        "last_owner",
        [Standing.OWNER, Standing.EDITOR],
    )


def test_two_owners_leave_at_once_and_one_stays(store: Store) -> None:
    owner, second, organisation_id = make_team(store, Standing.OWNER)
    both, refused = threading.Barrier(2), []

    def work(who: Actor) -> None:
        both.wait()
        try:
            with store.writing() as session:
                memberships.leave(session, who, organisation_id, now=NOW)
        except Conflict:
            refused.append(who)

    threads = [threading.Thread(target=work, args=(who,)) for who in (owner, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert standings(store, organisation_id, *refused) == [Standing.OWNER]


def test_transfer_hands_over(store: Store) -> None:
    owner, second, organisation_id = make_team(store)
    target = member_id(store, owner, organisation_id, second)
    with store.writing() as session:
        memberships.transfer(session, owner, organisation_id, target, now=NOW, new_id=NEW_ID)

    assert standings(store, organisation_id, owner, second) == [Standing.EDITOR, Standing.OWNER]


def test_transfer_to_a_member_of_another_organisation_is_refused(store: Store) -> None:
    owner, _, organisation_id = make_team(store)
    other, other_id = make_owner(store, email="wang@example.com", code=OTHER_CODE, organisation="另一家公司")
    foreign = member_id(store, other, other_id, other)
    with pytest.raises(Invalid), store.writing() as session:
        memberships.transfer(session, owner, organisation_id, foreign, now=NOW, new_id=NEW_ID)
    with pytest.raises(NotFound), store.writing() as session:
        memberships.change(session, owner, organisation_id, foreign, standing=None, now=NOW, new_id=NEW_ID)

    assert standings(store, other_id, other) == [Standing.OWNER]


def test_members_and_their_addresses_are_for_members(store: Store) -> None:
    owner, second, organisation_id = make_team(store)
    stranger = make_account(store, email="other@example.com")
    with pytest.raises(NotFound), store.reading() as session:
        memberships.of_organisation(session, stranger, organisation_id)
    with store.reading() as session:
        found = [one.email for one in memberships.of_organisation(session, second, organisation_id)]

    assert found == [owner.email, second.email]


def test_a_request_to_join_is_told_once_and_answered_by_an_invitation(store: Store) -> None:
    owner, organisation_id = make_owner(store)
    second = make_account(store, email="li@example.com", name="李二")
    for _ in range(2):
        with store.writing() as session:
            join_requests.ask(session, second, organisation_id, now=NOW, new_id=NEW_ID)
    with store.reading() as session:
        before = [one.name for one in join_requests.of_organisation(session, owner, organisation_id)]
    invite(store, owner, organisation_id)
    with store.reading() as session:
        after = join_requests.of_organisation(session, owner, organisation_id)

    assert (before, after) == (["李二"], [])

"""Tokens of programs: made by members for one organisation, scoped, and gone with what let them in."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor
from marketplace.accounts.signing_in import tokens
from marketplace.accounts.signing_in.token_tables import ApiToken
from marketplace.accounts.tables import Account, Membership
from marketplace.accounts.words import OrganisationKind, Role, Standing
from marketplace.kernel import audit
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.marketplace.market import NOW, make_ids, make_person

SECRET = "jb_" + "s" * 43


def make_member(store: Store, *, standing: Standing = Standing.OWNER) -> Actor:
    """A member of 木语视觉."""
    with store.writing() as session:
        organisation = organisations.find_or_create(
            session,
            name="木语视觉",
            uscc=None,
            region="福建省/临川市",
            kind=OrganisationKind.COMPANY,
            now=NOW,
            new_id=make_ids(100_000),
        )
    return make_person(
        store,
        role=Role.OPC,
        organisation_id=organisation.id,
        email="zhou@demo.example",
        name="周一人",
        standing=standing,
    )


def make_colleague(owner: Actor) -> Actor:
    """An editor of the same organisation, who has made no token."""
    grants = tuple(replace(grant, standing=Standing.EDITOR) for grant in owner.grants)
    return Actor("a8", "同事", "tongshi@demo.example", grants, owner.organisation_id)


def make_token(session: Session, actor: Actor, *, secret: str = SECRET, scopes: tuple[str, ...] = ("read",)) -> str:
    """A token for thirty days."""
    made = tokens.make(
        session, actor, secret=secret, name="内部系统", scopes=scopes, days=30, now=NOW, new_id=make_ids(9_000)
    )
    return made.id


def test_token_acts_in_one_seat_within_its_scopes(store: Store) -> None:
    actor = make_member(store)
    with store.writing() as session:
        token_id = make_token(session, actor, scopes=("read", "profile:write"))
        holder = tokens.find(session, SECRET, now=NOW)

        assert holder is not None
        assert (holder.token_id, holder.organisation_id) == (token_id, actor.organisation_id)
        assert holder.scopes == {"read", "profile:write"}
        assert {grant.role for grant in holder.actor.grants} == {Role.OPC}
        assert [entry.action for entry in audit.history(session, "api_token", token_id)] == ["token.made"]
        assert SECRET not in repr(session.exec(select(ApiToken)).one())


def test_token_ends_with_its_time_its_revocation_and_its_membership(store: Store) -> None:
    actor = make_member(store)
    with store.writing() as session:
        token_id = make_token(session, actor)

        assert tokens.find(session, SECRET, now=NOW + timedelta(days=30)) is None
        assert tokens.find(session, "jb_unknown", now=NOW) is None
        assert tokens.find(session, SECRET.removeprefix("jb_"), now=NOW) is None

        membership = session.exec(select(Membership).where(Membership.account_id == actor.account_id)).one()
        membership.left_at = NOW
        session.add(membership)
        session.flush()
        assert tokens.find(session, SECRET, now=NOW) is None

        membership.left_at = None
        account = session.get_one(Account, actor.account_id)
        account.disabled_at = NOW
        session.flush()
        assert tokens.find(session, SECRET, now=NOW) is None

        account.disabled_at = None
        session.flush()
        assert tokens.find(session, SECRET, now=NOW) is not None
        assert tokens.revoke(session, actor, token_id, now=NOW).revoked_at == NOW
        assert tokens.find(session, SECRET, now=NOW) is None


def test_token_of_somebody_who_may_only_look_by_now_only_reads(store: Store) -> None:
    actor = make_member(store)
    with store.writing() as session:
        make_token(session, actor, scopes=("read", "profile:write"))
        membership = session.exec(select(Membership).where(Membership.account_id == actor.account_id)).one()
        membership.standing = Standing.READER
        session.add(membership)
        session.flush()

        holder = tokens.find(session, SECRET, now=NOW)

        assert holder is not None
        assert holder.scopes == {"read"}


def test_reader_makes_no_token_that_writes(store: Store) -> None:
    reader = make_member(store, standing=Standing.READER)
    with store.writing() as session:
        with pytest.raises(Invalid) as refused:
            make_token(session, reader, scopes=("read", "needs:write"))

        assert list(refused.value.fields) == ["scopes"]
        assert make_token(session, reader)


def test_person_without_an_organisation_makes_no_token(store: Store) -> None:
    with store.writing() as session:
        visitor = Actor("a1", "路人", "luren@demo.example")
        with pytest.raises(NotAllowed):
            make_token(session, visitor)


@pytest.mark.parametrize(
    ("name", "scopes", "days", "field"),
    [
        ("", ["read"], 30, "name"),
        ("字" * 61, ["read"], 30, "name"),
        ("系统", [], 30, "scopes"),
        ("系统", ["everything"], 30, "scopes"),
        ("系统", ["read"], 0, "days"),
        ("系统", ["read"], 366, "days"),
    ],
)
def test_make_says_which_field_is_wrong(store: Store, name: str, scopes: list[str], days: int, field: str) -> None:
    actor = make_member(store)
    with store.writing() as session, pytest.raises(Invalid) as refused:
        tokens.make(session, actor, secret=SECRET, name=name, scopes=scopes, days=days, now=NOW, new_id=make_ids(9_000))
    assert list(refused.value.fields) == [field]


def test_organisation_has_twenty_live_tokens_at_most(store: Store) -> None:
    actor = make_member(store)
    new_id = make_ids(9_000)
    with store.writing() as session:
        for number in range(tokens.MOST):
            tokens.make(
                session, actor, secret=f"{SECRET}{number}", name="系统", scopes=["read"], days=1, now=NOW, new_id=new_id
            )
        with pytest.raises(Conflict):
            make_token(session, actor)


def test_foreign_token_is_unknown_and_a_colleagues_stays(store: Store) -> None:
    owner = make_member(store)
    with store.writing() as session:
        token_id = make_token(session, owner)
        stranger = Actor("a9", "别人", "bieren@demo.example", (), "o9")
        with pytest.raises(NotFound):
            tokens.revoke(session, stranger, token_id, now=NOW)
        assert tokens.of_organisation(session, stranger) == []
        colleague = make_colleague(owner)
        with pytest.raises(NotAllowed):
            tokens.revoke(session, colleague, token_id, now=NOW)
        assert tokens.of_organisation(session, colleague) == []
        assert [view.id for view in tokens.of_organisation(session, owner)] == [token_id]


def test_touch_remembers_when_it_was_used(store: Store) -> None:
    actor = make_member(store)
    with store.writing() as session:
        token_id = make_token(session, actor)
        tokens.touch(session, token_id, now=NOW)
        holder = tokens.find(session, SECRET, now=NOW + timedelta(seconds=59))

        assert holder is not None
        assert not holder.touch_due
        assert session.exec(select(ApiToken.used_at).where(col(ApiToken.id) == token_id)).one() == NOW

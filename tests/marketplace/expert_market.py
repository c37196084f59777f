"""A pool of experts in tests: every factory shows every argument."""

from datetime import date
from typing import Final

from sqlmodel import col, select

from marketplace.accounts import messages
from marketplace.accounts.actors import Actor
from marketplace.accounts.tables import Grant
from marketplace.accounts.words import Role
from marketplace.experts import applications, entries, invitations
from marketplace.experts.rules.entry_forms import EntryForm
from marketplace.experts.rules.facts import Named, Relation, RelationKind, Tie, TieKind
from marketplace.experts.views import EntryView
from marketplace.experts.words import ExpertEvent, ExpertField
from marketplace.kernel import events
from marketplace.kernel.db import Store
from tests.marketplace.market import NEW_ID, NOW, PASSWORD_HASH, REGION

FORM: Final = EntryForm(
    title="教授级高级工程师",
    fields=(ExpertField.TECHNOLOGY, ExpertField.INDUSTRY),
    specialities="城市排水管网检测与修复，主持过三项管网普查。",
    terms=("排水管网", "管道检测"),
    phone="138 2468 1357",
    bank_account="6222 0214 0200 8864 213",
)
EMPLOYED: Final = Tie(TieKind.EMPLOYED, Named("临川大学"), date(2019, 9, 1))
RELATIVE: Final = Relation(RelationKind.RELATIVE, "何木", "绿林科技有限公司")


def apply(
    store: Store,
    person: Actor,
    *,
    region: str = REGION,
    form: EntryForm = FORM,
    ties: tuple[Tie, ...] = (EMPLOYED,),
    relations: tuple[Relation, ...] = (),
) -> str:
    """A person who has applied; gives the entry's id."""
    with store.writing() as session:
        return applications.apply(
            session,
            person,
            region,
            form=form,
            stated_ties=ties,
            stated_relations=relations,
            now=NOW,
            new_id=NEW_ID,
        )


def decide(store: Store, organiser: Actor, expert_id: str, event: ExpertEvent, *, reason: str = "") -> None:
    """Decide an application as it stands."""
    with store.writing() as session:
        version = entries.get(session, organiser, expert_id).version
        applications.decide(
            session, organiser, expert_id, event=event, reason=reason, version=version, now=NOW, new_id=NEW_ID
        )


def listed(store: Store, organiser: Actor, person: Actor) -> str:
    """A person who was taken into the pool; gives the entry's id."""
    expert_id = apply(store, person)
    decide(store, organiser, expert_id, ExpertEvent.LIST)
    return expert_id


def invite(
    store: Store, organiser: Actor, *, email: str = "chenguo@example.com", name: str = "陈果", region: str = REGION
) -> str:
    """Somebody who was asked into the pool; gives the entry's id."""
    with store.writing() as session:
        return invitations.invite(
            session,
            organiser,
            email=email,
            name=name,
            region=region,
            password_hash=PASSWORD_HASH,
            now=NOW,
            new_id=NEW_ID,
        )


def seen(store: Store, actor: Actor, expert_id: str) -> EntryView:
    """An entry as somebody sees it."""
    with store.reading() as session:
        return entries.get(session, actor, expert_id)


def roles(store: Store, account_id: str) -> list[tuple[Role, str]]:
    """The live grants of somebody."""
    live = (Grant.account_id == account_id, col(Grant.withdrawn_at).is_(None))
    with store.reading() as session:
        return [(Role(row.role), row.region) for row in session.exec(select(Grant).where(*live))]


def told(store: Store, actor: Actor) -> list[str]:
    """The subjects of somebody's messages, oldest first."""
    with store.reading() as session:
        found, _ = messages.inbox(session, actor)
        return sorted(one.subject for one in found)


def actions(store: Store, expert_id: str) -> list[str]:
    """What the chain of an entry says was done."""
    with store.reading() as session:
        return [one.action for one in events.of_chain(session, "expert", expert_id)]

"""The expert pool of the sample market: who was taken in, who waits, who pauses, whose term runs out soon."""

import json
import secrets
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any, Final

from sqlmodel import Session

from marketplace.accounts import accounts, messages
from marketplace.accounts.actors import Actor
from marketplace.accounts.signing_in import passwords
from marketplace.experts import applications, entries, invitations, moves
from marketplace.experts.rules.entry_forms import Appointment, EntryForm
from marketplace.experts.rules.facts import Named, Relation, RelationKind, Tie, TieKind
from marketplace.experts.words import ExpertEvent, ExpertField, ExpertState
from marketplace.kernel import outbox
from marketplace.kernel.chinese_time import BEIJING
from matching import concepts
from web.pages.experts import proposing

SAMPLE: Final = "expert_pool.jsonl"
DECIDED_AFTER: Final = timedelta(days=1)
NewId = Callable[[], str]


def write(session: Session, organiser: Actor, region: str, *, now: datetime, new_id: NewId) -> None:
    """Fill the pool of a region by the verbs that the pages call, each when it would have happened."""
    lexicon = concepts.load()
    # Nobody signs in as these people; the expert of the demo has its own password already.
    password_hash = passwords.make(secrets.token_urlsafe(32))
    for line in _lines():
        joined = now - timedelta(days=line["joined_days_ago"])
        terms = proposing.terms(lexicon, line["specialities"])
        if line["state"] == ExpertState.INVITED.value:
            invitations.invite(
                session,
                organiser,
                email=line["email"],
                name=line["name"],
                region=region,
                password_hash=password_hash,
                now=joined,
                new_id=new_id,
            )
        else:
            person = _person(session, line, password_hash, now=joined, new_id=new_id)
            form = _form(line, terms)
            _enter(session, organiser, region, line, person=person, form=form, now=joined, new_id=new_id)
        # What was mailed over the months would only stand in the way of what the demo shows.
        outbox.forget(session, line["email"])
    outbox.forget(session, organiser.email)
    messages.read_all(session, organiser, now=now)


def _lines() -> Iterator[dict[str, Any]]:
    with (files("web") / "samples" / SAMPLE).open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _enter(
    session: Session,
    organiser: Actor,
    region: str,
    line: dict[str, Any],
    *,
    person: Actor,
    form: EntryForm,
    now: datetime,
    new_id: NewId,
) -> None:
    expert_id = applications.apply(
        session,
        person,
        region,
        form=form,
        stated_ties=[_tie(one) for one in line["ties"]],
        stated_relations=[_relation(one) for one in line["relations"]],
        now=now,
        new_id=new_id,
    )
    if line["state"] == ExpertState.APPLIED.value:
        return
    after = now + DECIDED_AFTER
    listing = ExpertEvent.LIST
    applications.decide(session, organiser, expert_id, event=listing, version=1, now=after, new_id=new_id)
    given = _appointment(line, joined=after, today=now + _ago(line))
    entries.set_term(session, organiser, expert_id, given=given, version=2, now=after, new_id=new_id)
    if line["state"] == ExpertState.PAUSED.value:
        later = now + _ago(line) / 2
        moves.pause(session, organiser, expert_id, reason=line["reason"], now=later, new_id=new_id)


def _appointment(line: dict[str, Any], *, joined: datetime, today: datetime) -> Appointment:
    ends_on = today.astimezone(BEIJING).date() + timedelta(days=line["ends_in_days"])
    return Appointment(joined.astimezone(BEIJING).date(), ends_on, line["most_at_once"])


def _ago(line: dict[str, Any]) -> timedelta:
    return timedelta(days=line["joined_days_ago"])


def _person(session: Session, line: dict[str, Any], password_hash: str, *, now: datetime, new_id: NewId) -> Actor:
    account_id = accounts.find_by_email(session, line["email"]) or accounts.create(
        session, email=line["email"], name=line["name"], password_hash=password_hash, now=now, new_id=new_id
    )
    return accounts.actor(session, account_id)


def _form(line: dict[str, Any], terms: tuple[str, ...]) -> EntryForm:
    return EntryForm(
        title=line["title"],
        fields=tuple(ExpertField(one) for one in line["fields"]),
        specialities=line["specialities"],
        terms=terms,
        phone=line["phone"],
        bank_account=line["bank_account"],
    )


def _tie(one: dict[str, Any]) -> Tie:
    return Tie(TieKind(one["kind"]), Named(one["unit"]), _day(one["since"]), _day(one["until"]))


def _relation(one: dict[str, Any]) -> Relation:
    return Relation(RelationKind(one["kind"]), one["person"], one["unit"], _day(one["until"]))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

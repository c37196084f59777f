"""Reading the log: who may, how much of it, and that it was read.

Reading is logged itself, at most once for each person, kind of page and hour, so that reading does not flood the log.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_
from sqlmodel import Session, col, select

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor
from marketplace.accounts.rules import oversight
from marketplace.accounts.rules.emails import clean_email
from marketplace.accounts.rules.oversight import Oversight
from marketplace.accounts.tables import Account
from marketplace.kernel import audit, events
from marketplace.kernel.errors import NotAllowed, NotFound
from marketplace.kernel.events import Event, Wanted
from marketplace.kernel.faults import Fault
from marketplace.kernel.tables import AuditEvent, AuditPayload
from marketplace.kernel.verification import verify_chain

PAGE = 50
STEP = 200
FARTHEST = 2000
"""How many events one page looks through at most, where many are withheld."""
NAMESAKES = 50
HOUR = timedelta(hours=1)

RegionsOf = Callable[[Session, str, Sequence[str]], Mapping[str, str]]
"""Where things of a kind lie, by id; what is not among the answers lies nowhere known."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An event with its actor's name; `says` is None where the payload was erased or is withheld."""

    event: Event
    actor_name: str
    says: Mapping[str, object] | None
    is_withheld: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """One page: what may be seen, how many were withheld on the way, and the cursor of the next page."""

    seen: tuple[Seen, ...]
    withheld: int
    next_before: int | None


@dataclass(frozen=True, slots=True)
class Life:
    """The whole life of one thing, oldest first, and what verifying its chain just now found."""

    seen: tuple[Seen, ...]
    faults: tuple[Fault, ...]


def require_reader(actor: Actor) -> Oversight:
    """How much of the log the actor sees, or NotAllowed."""
    found = oversight.of_actor(actor)
    if found is None:
        raise NotAllowed(
            "留痕只向监督人员和平台管理员开放。需要查阅的，请联系平台的监督人员。", code="not_a_supervisor"
        )
    return found


def search(
    session: Session, actor: Actor, wanted: Wanted, *, regions_of: RegionsOf, before: int | None = None
) -> Findings:
    """A page of events, newest first, of what the actor may see."""
    may = require_reader(actor)
    if may.technical and not may.is_regional:
        wanted = _technical(wanted)
    shown: list[Event] = []
    regions: dict[tuple[str, str], str] = {}
    withheld, looked, step = 0, 0, PAGE + 1 if not may.is_regional else STEP
    while len(shown) <= PAGE and looked < FARTHEST:
        found = events.newest(session, wanted, before=before, limit=step)
        regions |= _regions(session, found, regions_of) if may.is_regional else {}
        for event in found:
            before, looked = event.position, looked + 1
            if may.sees(event.aggregate, regions.get((event.aggregate, event.aggregate_id))):
                shown.append(event)
            else:
                withheld += 1
            if len(shown) > PAGE:
                break
        if len(found) < step:
            before = None if len(shown) <= PAGE else before
            break
    more = shown[PAGE - 1].position if len(shown) > PAGE else before
    return Findings(_seen(session, shown[:PAGE], may, regions), withheld, more)


def life(session: Session, actor: Actor, aggregate: str, aggregate_id: str, *, regions_of: RegionsOf) -> Life:
    """Everything that happened to one thing, with the proof; NotFound where there is none or none to be seen."""
    may = require_reader(actor)
    found = events.of_chain(session, aggregate, aggregate_id)
    regions = _regions(session, found[:1], regions_of)
    if not found or not may.sees(aggregate, regions.get((aggregate, aggregate_id))):
        raise NotFound("没有这项留痕，或它不在您的监督范围内。请核对类别和编号。")
    return Life(_seen(session, found, may, regions), tuple(verify_chain(session, aggregate, aggregate_id)))


def visible(
    session: Session, actor: Actor, found: Sequence[Event], *, regions_of: RegionsOf
) -> list[tuple[bool, bool]]:
    """For each event whether the actor sees it, and whether it sees what the event says."""
    may = require_reader(actor)
    regions = _regions(session, found, regions_of) if may.is_regional else {}
    where = [(event.aggregate, regions.get((event.aggregate, event.aggregate_id))) for event in found]
    return [(may.sees(*one), may.sees(*one) and may.sees_payload(*one)) for one in where]


def people(session: Session, words: str) -> tuple[str, ...]:
    """The accounts meant by a name or an e-mail address, for the filter of who acted."""
    asked = words.strip()
    meant = or_(col(Account.name) == asked, col(Account.email) == clean_email(asked), col(Account.id) == asked)
    return tuple(session.exec(select(Account.id).where(meant).order_by(col(Account.id)).limit(NAMESAKES)))


def is_noted(session: Session, actor: Actor, page: str, *, now: datetime) -> bool:
    """Whether it is written down already that the actor read a kind of page in this hour."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    query = (
        select(AuditPayload.payload)
        .join(AuditEvent, col(AuditEvent.position) == col(AuditPayload.position))
        .where(
            AuditEvent.aggregate == "audit",
            AuditEvent.aggregate_id == actor.account_id,
            AuditEvent.action == "audit.viewed",
            col(AuditEvent.at) >= hour,
            col(AuditEvent.at) < hour + HOUR,
        )
    )
    return any(payload.get("page") == page for payload in session.exec(query))


def note_viewing(session: Session, actor: Actor, page: str, *, now: datetime) -> None:
    """Write down that the actor read a kind of page, once an hour."""
    require_reader(actor)
    if not is_noted(session, actor, page, now=now):
        _note(session, actor, "audit.viewed", {"page": page}, now)


def note_export(session: Session, actor: Actor, *, events: int, after: int, now: datetime) -> None:
    """Write down that the actor took a copy of the log; every time."""
    require_reader(actor)
    _note(session, actor, "audit.exported", {"events": events, "after": after}, now)


def note_verification(session: Session, actor: Actor, *, events: int, faults: int, now: datetime) -> None:
    """Write down that the actor had everything verified, and what came of it; every time."""
    require_reader(actor)
    _note(session, actor, "audit.verified", {"events": events, "faults": faults}, now)


def _note(session: Session, actor: Actor, action: str, payload: Mapping[str, object], now: datetime) -> None:
    audit.write(
        session,
        aggregate="audit",
        aggregate_id=actor.account_id,
        action=action,
        actor_id=actor.account_id,
        payload=payload,
        now=now,
    )


def _technical(wanted: Wanted) -> Wanted:
    return Wanted(
        wanted.aggregate,
        wanted.aggregate_id,
        wanted.actor_ids,
        wanted.action,
        wanted.request_id,
        wanted.since,
        wanted.until,
        oversight.TECHNICAL,
    )


def _regions(session: Session, found: Sequence[Event], regions_of: RegionsOf) -> dict[tuple[str, str], str]:
    by_kind: defaultdict[str, set[str]] = defaultdict(set)
    for event in found:
        by_kind[event.aggregate].add(event.aggregate_id)
    return {
        (kind, one): region
        for kind, ids in by_kind.items()
        for one, region in regions_of(session, kind, sorted(ids)).items()
    }


def _seen(
    session: Session, shown: Sequence[Event], may: Oversight, regions: Mapping[tuple[str, str], str]
) -> tuple[Seen, ...]:
    names = accounts.names(session, {event.actor_id for event in shown if event.actor_id})
    answers = []
    for event in shown:
        region = regions.get((event.aggregate, event.aggregate_id))
        opened = may.sees_payload(event.aggregate, region)
        name = names.get(event.actor_id or "", "")
        answers.append(Seen(event, name, event.payload if opened else None, is_withheld=not opened))
    return tuple(answers)

"""Reading the log: who may, how much of it, and that it was read.

That it was read is written down by `viewings`.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import or_
from sqlmodel import Session, col, select

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor
from marketplace.accounts.rules import oversight
from marketplace.accounts.rules.emails import clean_email
from marketplace.accounts.rules.oversight import Oversight
from marketplace.accounts.tables import Account, Grant
from marketplace.accounts.words import Role
from marketplace.kernel import audit, events
from marketplace.kernel.errors import NotAllowed, NotFound
from marketplace.kernel.events import Event, Wanted
from marketplace.kernel.faults import Fault
from marketplace.kernel.verification import verify_chain

PAGE = 50
STEP = 200
FARTHEST = 2000
"""How many events one page looks through at most, where many are withheld."""
NAMESAKES = 50

RegionsOf = Callable[[Session, str, Sequence[str]], Mapping[str, str]]
"""Where things of a kind lie, by id; what is not among the answers lies nowhere known."""
Veiled = Callable[[Session, Sequence[Event], Actor], frozenset[int]]
"""Which of some events a reader may not read yet, by position: what is sealed is sealed for those who oversee it too."""


@dataclass(frozen=True, slots=True)
class Areas:
    """What the areas of the marketplace know of the things that the log speaks of."""

    regions_of: RegionsOf
    veiled: Veiled


@dataclass(frozen=True, slots=True)
class Seen:
    """An event with its actor's name; `says` is None where the payload was erased or is withheld.

    `is_veiled`: nobody may read yet who did it and what it says; the event itself is without them then.
    """

    event: Event
    actor_name: str
    says: Mapping[str, object] | None
    is_withheld: bool
    is_veiled: bool = False


@dataclass(frozen=True, slots=True)
class Findings:
    """One page, newest first: what may be seen, how many were withheld on the way, and the cursors of its neighbours.

    `withheld_kinds` says of which kinds of things they are. A cursor is None where nothing follows on that side.
    """

    seen: tuple[Seen, ...]
    withheld: int
    next_before: int | None
    next_after: int | None = None
    withheld_kinds: tuple[tuple[str, int], ...] = ()


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
    session: Session,
    actor: Actor,
    wanted: Wanted,
    *,
    areas: Areas,
    before: int | None = None,
    after: int | None = None,
) -> Findings:
    """A page of events, newest first, of what the actor may see: below `before`, or the first above `after`."""
    may = require_reader(actor)
    if may.technical and not may.is_regional:
        wanted = _technical(wanted)
    return _page(session, actor, may, wanted, areas, before=before, after=after)


def own(
    session: Session,
    actor: Actor,
    wanted: Wanted,
    *,
    areas: Areas,
    before: int | None = None,
    after: int | None = None,
) -> Findings:
    """What an organiser and its colleagues did for their office in its regions; NotAllowed for others."""
    regions = tuple(grant.region for grant in actor.grants if grant.role is Role.ORGANISER)
    if not regions:
        raise NotAllowed("本单位办理记录供主办方查阅。", code="not_an_organiser")
    # An office of the whole country has acts everywhere, not the log of everybody.
    may = Oversight(everything="" in regions, regions=regions)
    acts = replace(wanted, actor_ids=_colleagues(session, actor))
    found = _page(session, actor, may, acts, areas, before=before, after=after)
    return replace(found, seen=tuple(one for one in found.seen if _is_for(one, actor)), withheld=0, withheld_kinds=())


def _page(
    session: Session,
    actor: Actor,
    may: Oversight,
    wanted: Wanted,
    areas: Areas,
    *,
    before: int | None,
    after: int | None,
) -> Findings:
    shown: list[Event] = []
    regions: dict[tuple[str, str], str] = {}
    withheld: Counter[str] = Counter()
    cursor, is_newer = (before, False) if after is None else (after, True)
    looked, step, is_end = 0, PAGE + 1 if not may.is_regional else STEP, False
    while len(shown) <= PAGE and looked < FARTHEST and not is_end:
        found = _step(session, wanted, cursor, step, is_newer=is_newer)
        is_end = len(found) < step
        regions |= _regions(session, found, areas.regions_of) if may.is_regional else {}
        veiled = areas.veiled(session, found, actor)
        for event in found:
            cursor, looked = event.position, looked + 1
            # Neither shown nor counted: how many there are would tell of it too.
            if event.position in veiled:
                continue
            if may.sees(event.aggregate, regions.get((event.aggregate, event.aggregate_id))):
                shown.append(event)
            else:
                withheld[event.aggregate] += 1
            if len(shown) > PAGE:
                break
    goes_on = len(shown) > PAGE or not is_end
    last = shown[PAGE - 1].position if len(shown) > PAGE else cursor
    shown = shown[:PAGE]
    beyond = last if goes_on else None
    back = shown[0].position if shown else cursor
    seen = _seen(session, shown[::-1] if is_newer else shown, may, regions)
    ends = (back, beyond) if is_newer else (beyond, None if before is None else back)
    return Findings(seen, withheld.total(), *ends, withheld_kinds=tuple(withheld.most_common()))


def _step(session: Session, wanted: Wanted, cursor: int | None, limit: int, *, is_newer: bool) -> list[Event]:
    if is_newer:
        return events.later(session, wanted, after=cursor or 0, limit=limit)
    return events.newest(session, wanted, before=cursor, limit=limit)


def _colleagues(session: Session, actor: Actor) -> tuple[str, ...]:
    if actor.organisation_id is None:
        return (actor.account_id,)
    office = (Grant.organisation_id == actor.organisation_id, Grant.role == Role.ORGANISER)
    return tuple(sorted({actor.account_id, *session.exec(select(Grant.account_id).where(*office))}))


def _is_for(one: Seen, actor: Actor) -> bool:
    # What a colleague did in another seat is none of this office's business.
    return (one.event.payload or {}).get(audit.ACTING_FOR, actor.organisation_id) == actor.organisation_id


def life(session: Session, actor: Actor, aggregate: str, aggregate_id: str, *, areas: Areas) -> Life:
    """Everything that happened to one thing, with the proof; NotFound where there is none or none to be seen.

    What is veiled stands there with its proof alone, so that the chain has no gap.
    """
    may = require_reader(actor)
    found = events.of_chain(session, aggregate, aggregate_id)
    regions = _regions(session, found[:1], areas.regions_of)
    if not found or not may.sees(aggregate, regions.get((aggregate, aggregate_id))):
        raise NotFound("没有这项留痕，或它不在您的监督范围内。请核对类别和编号。")
    veiled = areas.veiled(session, found, actor)
    return Life(
        _seen(session, found, may, regions, veiled=veiled), tuple(verify_chain(session, aggregate, aggregate_id))
    )


def visible(session: Session, actor: Actor, found: Sequence[Event], *, areas: Areas) -> list[tuple[bool, bool]]:
    """For each event whether the actor sees it, and whether it sees what the event says."""
    may = require_reader(actor)
    regions = _regions(session, found, areas.regions_of) if may.is_regional else {}
    veiled = areas.veiled(session, found, actor)
    answers = []
    for event in found:
        where = event.aggregate, regions.get((event.aggregate, event.aggregate_id))
        sees = event.position not in veiled and may.sees(*where)
        answers.append((sees, sees and may.sees_payload(*where)))
    return answers


def people(session: Session, words: str) -> tuple[str, ...]:
    """The accounts meant by part of a name or by an e-mail address, for the filter of who acted."""
    asked = words.strip()
    meant = or_(
        col(Account.name).contains(asked, autoescape=True),
        col(Account.email) == clean_email(asked),
        col(Account.id) == asked,
    )
    return tuple(session.exec(select(Account.id).where(meant).order_by(col(Account.id)).limit(NAMESAKES)))


def _technical(wanted: Wanted) -> Wanted:
    return replace(wanted, aggregates=oversight.TECHNICAL)


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
    session: Session,
    shown: Sequence[Event],
    may: Oversight,
    regions: Mapping[tuple[str, str], str],
    *,
    veiled: frozenset[int] = frozenset(),
) -> tuple[Seen, ...]:
    names = accounts.names(session, {event.actor_id for event in shown if event.actor_id})
    answers = []
    for event in shown:
        if event.position in veiled:
            bare = replace(event, actor_id=None, request_id=None, salt=None, payload=None)
            answers.append(Seen(bare, "", None, is_withheld=True, is_veiled=True))
            continue
        region = regions.get((event.aggregate, event.aggregate_id))
        opened = may.sees_payload(event.aggregate, region)
        name = names.get(event.actor_id or "", "")
        answers.append(Seen(event, name, event.payload if opened else None, is_withheld=not opened))
    return tuple(answers)

"""Moving a dealing: its row held, its stage changed by the table, the note and the audit written, the others told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, select

from marketplace.accounts.actors import Actor
from marketplace.dealings import tellings
from marketplace.dealings.pairs import Pair
from marketplace.dealings.rules import stages
from marketplace.dealings.rules.stages import Move
from marketplace.dealings.tables import Dealing, DealingNote
from marketplace.dealings.words import SIDES, Event, Ground, Party
from marketplace.kernel import audit
from marketplace.kernel.batches import insert_unless_there
from marketplace.kernel.errors import Conflict, NotFound

MOVED_ON = "这项对接在您操作期间已有新的进展，请看过最新情况后再操作；您刚才的操作没有生效。"


@dataclass(frozen=True, slots=True)
class Step:
    """One event with what is said about it."""

    event: Event
    party: Party
    text: str = ""
    amount_fen: int | None = None
    shared: bool = True
    tells: bool = True
    ground: Ground | None = None


def held(session: Session, dealing_id: str, *, version: int | None = None) -> Dealing:
    """A dealing's row, held until the transaction ends; Conflict where another move came between."""
    query = select(Dealing).where(Dealing.id == dealing_id).with_for_update().execution_options(populate_existing=True)
    row = session.exec(query).first()
    if row is None:
        raise NotFound("没有这项对接，或者您不是其中一方。请从“对接”页面进入。", code="dealing_missing")
    if version is not None and version != row.version:
        raise Conflict(MOVED_ON, code="dealing_moved_on")
    return row


def begin(
    session: Session, actor: Actor, pair: Pair, step: Step, *, now: datetime, new_id: Callable[[], str]
) -> Dealing:
    """Begin the one dealing of a pair. Conflict where there is one already: the constraint decides, not a look."""
    first = stages.move(None, step.event)
    assert first is not None
    row = {
        "id": new_id(),
        "item_id": pair.item.id,
        "profile_id": pair.profile.id,
        "team_id": None,
        "region": pair.region,
        "profile_region": pair.profile_region,
        "stage": first.to,
        "version": 1,
        "opened_by": step.party,
        "opened_at": now,
        "moved_by": step.party,
        "moved_at": now,
        "introduced_at": now if step.event is Event.INTRODUCE else None,
        "ground": step.ground,
        "need_publishes": False,
        "opc_publishes": False,
    }
    if not insert_unless_there(session, Dealing, [row]):
        raise Conflict("双方已经有一项对接，请在“对接”页面继续办理。", code="dealing_there")
    dealing = held(session, str(row["id"]))
    _record(session, actor, pair, dealing, step, now=now)
    if step.tells:
        tellings.of_step(session, dealing, pair, step.event, step.party, now=now, new_id=new_id)
    return dealing


def take(
    session: Session,
    actor: Actor,
    pair: Pair,
    dealing: Dealing,
    step: Step,
    *,
    now: datetime,
    new_id: Callable[[], str],
    changes: Mapping[str, object] | None = None,
) -> None:
    """Take one step with a held dealing; `changes` are columns that change together with its stage.

    Conflict where the stage allows no such event or this party no such step.
    """
    found = require_possible(actor, dealing, step.event, step.party)
    if step.event is not Event.NOTE:
        # The stage and what it demands go in one statement: constraints hold after each.
        for name, value in (changes or {}).items():
            setattr(dealing, name, value)
        dealing.stage = found.to
        dealing.moved_by, dealing.moved_at = step.party, now
        dealing.version += 1
        session.add(dealing)
        session.flush()
    _record(session, actor, pair, dealing, step, now=now)
    if step.shared and step.tells:
        tellings.of_step(session, dealing, pair, step.event, step.party, now=now, new_id=new_id)


def require_possible(actor: Actor, dealing: Dealing, event: Event, party: Party) -> Move:
    """The move that an event makes now, or Conflict where it makes none for this party."""
    found = stages.move(dealing.stage, event)
    if found is None or not stages.may(dealing.stage, event, party, is_mover=is_claimant(actor, dealing, party)):
        raise Conflict("这项对接现在不能这样办理，请看过最新情况后再操作。", code="not_now")
    return found


def is_claimant(actor: Actor, dealing: Dealing, party: Party) -> bool:
    """Whether the signing that is claimed is this actor's own word."""
    is_same = dealing.claimant_id == actor.account_id
    return stages.is_claimant(claimed_by=dealing.claimed_by, party=party, is_same_account=is_same)


def _record(session: Session, actor: Actor, pair: Pair, dealing: Dealing, step: Step, *, now: datetime) -> None:
    count = select(func.count()).select_from(DealingNote).where(DealingNote.dealing_id == dealing.id)
    number = session.exec(count).one() + 1
    session.add(
        DealingNote(
            dealing_id=dealing.id,
            number=number,
            at=now,
            account_id=actor.account_id,
            organisation_id=pair.organisation_id(step.party) if step.party in SIDES else actor.organisation_id,
            party=step.party,
            event=step.event,
            stage=dealing.stage,
            text=step.text,
            amount_fen=step.amount_fen,
            shared=step.shared,
        )
    )
    session.flush()
    audit.write(
        session,
        aggregate="dealing",
        aggregate_id=dealing.id,
        action=f"dealing.{step.event.value}",
        actor_id=actor.account_id,
        payload={
            "note": number,
            "party": step.party.value,
            "stage": dealing.stage.value,
            **({} if step.amount_fen is None else {"amount_fen": step.amount_fen}),
            **({} if step.ground is None else {"ground": step.ground.value}),
        },
        now=now,
    )

"""The whole file of a round in one place, for its supervisors: everything that happened, in time order, with proof.

Each line is an event of the log, named by its position in the chain and its hash; what was fixed stands beside it with
the digest by which it can be checked: notices, manifest, minutes, draws, score tables, publicities.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor
from marketplace.accounts.office.auditing import Seen
from marketplace.kernel import events
from marketplace.kernel.errors import NotFound
from marketplace.kernel.events import Event
from marketplace.rounds import audited, held, parts
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.outcome_tables import Objection, RoundPublicity
from marketplace.rounds.panel_tables import PanelDraw
from marketplace.rounds.round_tables import Round, RoundNotice
from marketplace.rounds.seal_tables import RoundManifest, RoundMinutes
from marketplace.rounds.sheet_tables import ScoreTable
from marketplace.rounds.words import Part


@dataclass(frozen=True, slots=True)
class Proof:
    """Something that was fixed: what it is, when, the digest it can be checked by, where it is read."""

    kind: str
    number: int
    at: datetime
    digest: str
    path: str
    is_void: bool = False


@dataclass(frozen=True, slots=True)
class Dossier:
    """A round's file: its events oldest first, and what was fixed."""

    round_id: str
    title: str
    seen: tuple[Seen, ...]
    proofs: tuple[Proof, ...]


def get(session: Session, actor: Actor, round_id: str) -> Dossier:
    """The file of a round, for supervisors of its region; NotFound for everybody else.

    Before the opening nothing of bids is in it: neither that there are any, nor whose.
    """
    row = held.get(session, round_id)
    if Part.SUPERVISOR not in parts.of(session, actor, row):
        raise NotFound("没有这个活动的档案，或您不是本地区的监督人员。", code="no_dossier")
    found = _events(session, row)
    hidden = audited.veiled(session, found, actor)
    names = accounts.names(session, {one.actor_id for one in found if one.actor_id})
    seen = tuple(_seen(one, names, is_veiled=one.position in hidden) for one in found)
    return Dossier(row.id, row.title, seen, tuple(_proofs(session, row)))


def _seen(event: Event, names: Mapping[str, str], *, is_veiled: bool) -> Seen:
    if is_veiled:
        bare = replace(event, actor_id=None, request_id=None, salt=None, payload=None)
        return Seen(bare, "", None, is_withheld=True, is_veiled=True)
    return Seen(event, names.get(event.actor_id or "", ""), event.payload, is_withheld=False)


def _events(session: Session, row: Round) -> list[Event]:
    found = events.of_chain(session, "round", row.id)
    if row.opened_at is None:
        found = [one for one in found if one.action != audited.ASKED]
    else:
        bids = select(Bid.id).where(Bid.round_id == row.id)
        found += [one for bid_id in session.exec(bids).all() for one in events.of_chain(session, "bid", bid_id)]
    objections = select(Objection.id).where(Objection.round_id == row.id)
    found += [
        one for objection in session.exec(objections).all() for one in events.of_chain(session, "objection", objection)
    ]
    return sorted(found, key=lambda one: one.position)


def _proofs(session: Session, row: Round) -> Iterator[Proof]:
    base = f"/rounds/{row.id}"
    notices = select(RoundNotice).where(RoundNotice.round_id == row.id).order_by(col(RoundNotice.number))
    for one in session.exec(notices):
        yield Proof("notice", one.number, one.written_at, one.digest, f"{base}/versions/{one.number}")
    manifest, minutes = session.get(RoundManifest, row.id), session.get(RoundMinutes, row.id)
    if manifest is not None:
        yield Proof("manifest", 1, manifest.frozen_at, manifest.digest, f"{base}/manifest")
    if minutes is not None and row.opened_at is not None:
        yield Proof("minutes", 1, row.opened_at, minutes.digest, f"{base}/opening")
    for draw in session.exec(select(PanelDraw).where(PanelDraw.round_id == row.id).order_by(col(PanelDraw.number))):
        is_void = draw.dropped_at is not None
        yield Proof("draw", draw.number, draw.fixed_at, draw.list_digest, f"{base}/panel/draws/{draw.id}", is_void)
    scores = select(ScoreTable).where(ScoreTable.round_id == row.id).order_by(col(ScoreTable.number))
    for table in session.exec(scores):
        yield Proof("scores", table.number, table.frozen_at, table.digest, f"{base}/scores", table.void_at is not None)
    public = select(RoundPublicity).where(RoundPublicity.round_id == row.id).order_by(col(RoundPublicity.number))
    for shown in session.exec(public):
        is_void = shown.withdrawn_at is not None
        yield Proof("publicity", shown.number, shown.starts_at, shown.digest, f"{base}/result", is_void)

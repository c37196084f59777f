"""The rows of drafts: encrypted to a key that lies outside the database, erased together with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import orjson
from sqlmodel import Session, col, select

from marketplace.kernel import afterwards
from marketplace.rounds.bid_tables import Bid, BidDraft
from marketplace.rounds.bidding import keyring
from marketplace.rounds.rules.bid_forms import Attached


@dataclass(frozen=True, slots=True)
class Content:
    """What a draft holds: its fields as typed, and its files, which are sealed already."""

    fields: Mapping[str, str]
    files: tuple[Attached, ...] = ()


def find(session: Session, bid_id: str) -> BidDraft | None:
    """The row of a bid's draft, or None."""
    return session.get(BidDraft, bid_id)


def hold(session: Session, bid_id: str) -> BidDraft | None:
    """The same, held until the transaction ends."""
    wanted = select(BidDraft).where(BidDraft.bid_id == bid_id).with_for_update()
    return session.exec(wanted.execution_options(populate_existing=True)).first()


def read(session: Session, row: BidDraft) -> Content:
    """What a draft says."""
    said = orjson.loads(keyring.of(session).decrypt(row.key_id, row.body))
    return Content(said["fields"], tuple(Attached(**one) for one in said["files"]))


def begin(session: Session, bid: Bid, content: Content, *, by: str, now: datetime, new_id: Callable[[], str]) -> None:
    """Begin a draft under a new key, which is on disk before the row is."""
    keys, key_id = keyring.of(session), new_id()
    keys.make(key_id)
    body = keys.encrypt(key_id, _spelled(content.fields, content.files))
    row = BidDraft(bid_id=bid.id, key_id=key_id, body=body, version=1, updated_by=by, updated_at=now)
    session.add(row)
    session.flush()


def restart(session: Session, bid: Bid, content: Content, *, by: str, now: datetime, new_id: Callable[[], str]) -> None:
    """Begin a draft anew whose key is lost: a backup has brought back its row, and never its key. Others stay."""
    row = hold(session, bid.id)
    if row is not None and not keyring.of(session).has(row.key_id):
        session.delete(row)
        session.flush()
        begin(session, bid, content, by=by, now=now, new_id=new_id)


def write(session: Session, row: BidDraft, content: Content, *, by: str, now: datetime) -> None:
    """Write a draft's next version."""
    row.body = keyring.of(session).encrypt(row.key_id, _spelled(content.fields, content.files))
    row.version += 1
    row.updated_by, row.updated_at = by, now
    session.add(row)
    session.flush()


def erase(session: Session, row: BidDraft | None) -> None:
    """Delete a draft, if there is one, and burn its key once that is committed."""
    if row is None:
        return
    keys, key_id = keyring.of(session), row.key_id
    session.delete(row)
    session.flush()
    afterwards.do(session, lambda: keys.burn(key_id))


def erase_round(session: Session, round_id: str) -> None:
    """Delete every draft of a round."""
    query = select(BidDraft).join(Bid, col(Bid.id) == col(BidDraft.bid_id)).where(Bid.round_id == round_id)
    for row in session.exec(query.order_by(col(BidDraft.bid_id))).all():
        erase(session, row)


def sweep(session: Session, *, now: datetime, older_than_seconds: float = 600) -> int:
    """Burn keys that no draft names any more: a process died between a commit and the burning. Gives how many."""
    keys, found = keyring.of(session), stray(session, now=now, older_than_seconds=older_than_seconds)
    for key_id in found:
        keys.burn(key_id)
    return len(found)


def stray(session: Session, *, now: datetime, older_than_seconds: float = 600) -> list[str]:
    """The keys that no draft names; a younger one may be that of a draft which is being begun."""
    keys = keyring.of(session)
    # The keys are read first: one that is made meanwhile belongs to a draft that this transaction may not see.
    old = [one for one in keys.ids() if keys.made_at(one) < now.timestamp() - older_than_seconds]
    named = set(session.exec(select(BidDraft.key_id)))
    return [one for one in old if one not in named]


def keyless(session: Session) -> list[str]:
    """The bids whose draft nobody can read any more, since its key is gone."""
    rows = session.exec(select(BidDraft.bid_id, BidDraft.key_id).order_by(BidDraft.bid_id)).all()
    there = set(keyring.of(session).ids())
    return [bid_id for bid_id, key_id in rows if key_id not in there]


def _spelled(fields: Mapping[str, str], files: Sequence[Attached]) -> bytes:
    return orjson.dumps({"fields": dict(fields), "files": [asdict(one) for one in files]})

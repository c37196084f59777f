"""What became of submissions around a deadline: on which side each was let in, and whether it is kept as its receipt says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from marketplace.rounds import manifests
from marketplace.rounds.bid_tables import Bid, BidVersion
from marketplace.rounds.round_tables import Round
from marketplace.rounds.sealing import receipts
from marketplace.rounds.sealing.manifests import ManifestEntry
from marketplace.rounds.words import BidState, Fate
from tests.benchmarks.bidders import Bidder

TOLERANCE_SECONDS = 0.005
"""A refused submission must not have left the bidder whole so long before the deadline, or earlier."""
REFUSED = 409


@dataclass(frozen=True, slots=True)
class Try:
    """One submission from outside: when its sending began, when it was sent whole, and what was answered when."""

    bidder: Bidder
    began: float
    sent: float
    milliseconds: float
    status: int
    location: str
    body: str

    @property
    def is_accepted(self) -> bool:
        """Whether a receipt was given."""
        return self.status == 303 and f"/bids/{self.bidder.bid_id}/receipts/" in self.location


def sides(deadline: datetime, tries: Sequence[Try]) -> Iterator[str]:
    """What was let in late, sent away early, or answered with something else, by the clock of the machine."""
    at = deadline.timestamp()
    for one in tries:
        if one.is_accepted and one.began >= at:
            yield f"accepted late: sending began {1000 * (one.began - at):.1f} ms after the deadline"
        elif not one.is_accepted and one.sent < at - TOLERANCE_SECONDS:
            early = 1000 * (at - one.sent)
            yield f"refused early: sent whole {early:.1f} ms before the deadline, answered {one.status}"
        elif not one.is_accepted and one.status != REFUSED:
            yield f"answered {one.status} after the deadline"


def kept(session: Session, round_id: str, deadline: datetime, tries: Sequence[Try]) -> Iterator[str]:
    """What of the receipts that were given is not in the database and live in the frozen manifest."""
    if session.get_one(Round, round_id).sealed_at is None:
        yield "the round was not sealed"
        return
    manifest, _digest = manifests.get(session, round_id)
    live = {(entry.bid_id, entry.version): entry for entry in manifest.entries if entry.fate is Fate.LIVE}
    accepted = [one for one in tries if one.is_accepted]
    for one in accepted:
        yield from _kept(session, one, live, deadline)
    if len(live) != len(accepted):
        yield f"{len(live)} live bids in the manifest for {len(accepted)} receipts"


def _kept(session: Session, one: Try, live: dict[tuple[str, int], ManifestEntry], deadline: datetime) -> Iterator[str]:
    number = int(one.location.rsplit("/", 1)[1].split("?")[0])
    bid, version = session.get(Bid, one.bidder.bid_id), session.get(BidVersion, (one.bidder.bid_id, number))
    if bid is None or version is None or bid.state is not BidState.SUBMITTED:
        yield f"lost: receipt {one.location} has no version, or its bid is not handed in"
        return
    receipt = receipts.of_json(version.receipt.encode())
    if receipts.digest(receipt) != version.receipt_digest or receipt.received_at >= deadline:
        yield f"lost: the receipt of {one.location} is not what it was, or stamped late"
    entry = live.get((bid.id, number))
    if entry is None or (entry.receipt_digest, entry.sha256) != (version.receipt_digest, version.sealed_digest):
        yield f"lost: {one.location} does not stand live in the manifest"

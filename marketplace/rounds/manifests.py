"""The manifest of a round: every receipt ever given, with what became of its version, frozen at the deadline."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.kernel.errors import NotFound
from marketplace.rounds.bid_tables import Bid, BidVersion
from marketplace.rounds.round_tables import Round, RoundNotice
from marketplace.rounds.seal_tables import RoundManifest, RoundSeal
from marketplace.rounds.sealing import manifests as papers
from marketplace.rounds.sealing.manifests import Manifest, ManifestEntry
from marketplace.rounds.words import BidState, Fate

LIVE = frozenset({BidState.SUBMITTED})


@dataclass(frozen=True, slots=True)
class Frozen:
    """What was frozen: the manifest's digest, and how many bids are live in it."""

    digest: str
    live: int


def freeze(session: Session, row: Round, *, drafts: Collection[str], now: datetime) -> Frozen:
    """Write the manifest of a round whose drafts and unconfirmed bids have lapsed; `drafts` are those that were drafts."""
    manifest = _gather(session, row, drafts, frozen_at=now)
    made = papers.digest(manifest)
    content = papers.as_json(manifest).decode()
    session.add(RoundManifest(round_id=row.id, content=content, digest=made, frozen_at=now))
    session.flush()
    return Frozen(made, sum(entry.fate is Fate.LIVE for entry in manifest.entries))


def get(session: Session, round_id: str) -> tuple[Manifest, str]:
    """The manifest of a round with its digest; NotFound before the deadline."""
    row = _stored(session, round_id)
    return papers.of_json(row.content.encode()), row.digest


def stored(session: Session, round_id: str) -> str:
    """The manifest of a round as its file is handed out; NotFound before the deadline."""
    return _stored(session, round_id).content


def _stored(session: Session, round_id: str) -> RoundManifest:
    row = session.get(RoundManifest, round_id)
    if row is None:
        raise NotFound("申报截止后才有封存清单。", code="no_manifest")
    return row


def _gather(session: Session, row: Round, drafts: Collection[str], *, frozen_at: datetime) -> Manifest:
    versions = session.exec(
        select(BidVersion, Bid)
        .join(Bid, col(Bid.id) == col(BidVersion.bid_id))
        .where(Bid.round_id == row.id)
        .order_by(col(BidVersion.bid_id), col(BidVersion.number))
    ).all()
    notice = session.get_one(RoundNotice, (row.id, row.published_number))
    assert row.deadline is not None
    return Manifest(
        round_id=row.id,
        round_title=row.title,
        notice_digest=notice.digest,
        public_key=session.get_one(RoundSeal, row.id).recipient,
        deadline=row.deadline,
        frozen_at=frozen_at,
        entries=tuple(
            ManifestEntry(
                bid_id=bid.id,
                version=version.number,
                sha256=version.sealed_digest,
                size_bytes=version.size_bytes,
                received_at=version.received_at,
                receipt_digest=version.receipt_digest,
                fate=_fate(bid, version, drafts),
            )
            for version, bid in versions
        ),
    )


def _fate(bid: Bid, version: BidVersion, drafts: Collection[str]) -> Fate:
    if version.number < bid.version:
        return Fate.REPLACED
    if bid.state in LIVE:
        return Fate.LIVE
    # A draft that has versions was begun again after they were withdrawn.
    return Fate.WITHDRAWN if bid.state is BidState.WITHDRAWN or bid.id in drafts else Fate.LAPSED

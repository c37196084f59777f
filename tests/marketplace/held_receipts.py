"""A round's receipts and its manifest, for tests of both."""

import hashlib
from datetime import UTC, datetime, timedelta

from marketplace.rounds.sealing import age, receipts
from marketplace.rounds.sealing.manifests import Manifest, ManifestEntry
from marketplace.rounds.sealing.receipts import Receipt
from marketplace.rounds.words import Fate

DEADLINE = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def sha(text: str) -> str:
    """A SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def make_receipt(bid_id: str, version: int, organisation: str, *, before: timedelta = SECOND) -> Receipt:
    """A receipt for a version that came in so long before the deadline."""
    name = f"{bid_id}/{version}"
    return Receipt(
        platform="临川市揭榜平台",
        round_id="rnd0000000000001",
        round_title="河道巡检无人机揭榜",
        notice_digest=sha("notice"),
        bid_id=bid_id,
        version=version,
        organisation=organisation,
        received_at=DEADLINE - before,
        sha256=sha(f"file {name}"),
        size_bytes=4500,
        audit_position=4711 + version,
        audit_number=version,
        audit_hash=sha(f"audit {name}"),
        salt=sha(f"salt {name}")[:32],
    )


def entry(receipt: Receipt, fate: Fate) -> ManifestEntry:
    """What the manifest says of a receipt."""
    return ManifestEntry(
        bid_id=receipt.bid_id,
        version=receipt.version,
        sha256=receipt.sha256,
        size_bytes=receipt.size_bytes,
        received_at=receipt.received_at,
        receipt_digest=receipts.digest(receipt),
        fate=fate,
    )


FIRST = make_receipt("bid0000000000001", 1, "水巡科技（OPC）", before=3 * SECOND)
SECOND_VERSION = make_receipt("bid0000000000001", 2, "水巡科技（OPC）", before=2 * SECOND)
HELD = make_receipt("bid0000000000001", 3, "水巡科技（OPC）")
OTHER = make_receipt("bid0000000000002", 1, "天目智能（OPC）", before=9 * SECOND)
TAKEN_BACK = make_receipt("bid0000000000003", 1, "江畔数据（OPC）", before=8 * SECOND)
LAPSED = make_receipt("bid0000000000004", 1, "远望影像（OPC）", before=7 * SECOND)
MANIFEST = Manifest(
    round_id="rnd0000000000001",
    round_title="河道巡检无人机揭榜",
    notice_digest=sha("notice"),
    public_key=age.recipient_of(age.new_identity()),
    deadline=DEADLINE,
    frozen_at=DEADLINE + SECOND,
    entries=(
        entry(FIRST, Fate.REPLACED),
        entry(SECOND_VERSION, Fate.REPLACED),
        entry(HELD, Fate.LIVE),
        entry(OTHER, Fate.LIVE),
        entry(TAKEN_BACK, Fate.WITHDRAWN),
        entry(LAPSED, Fate.LAPSED),
    ),
)

OTHER_VALUES: dict[str, object] = {
    "platform": "别的平台",
    "round_id": "rnd0000000000002",
    "round_title": "另一轮",
    "notice_digest": sha("another notice"),
    "bid_id": OTHER.bid_id,
    "version": 2,
    "organisation": "天目智能（OPC）",
    "received_at": HELD.received_at - timedelta(microseconds=1),
    "sha256": sha("another file"),
    "size_bytes": 4501,
    "audit_position": 1,
    "audit_number": 9,
    "audit_hash": sha("another event"),
    "salt": "0" * 32,
}
"""For each field of a receipt, another value that is well formed."""

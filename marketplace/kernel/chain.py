"""The rules of the audit chain: pure functions over links.

hash_n = SHA-256(hash_{n-1} ‖ canonical(event)), one chain per aggregate, starting from 64 zeros.
The daily head folds every event's hash, in order of position, onto the head of the day before.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from marketplace.kernel import canonical

GENESIS = "0" * 64


def link(
    previous: str,
    *,
    aggregate: str,
    aggregate_id: str,
    number: int,
    action: str,
    actor_id: str | None,
    at: datetime,
    request_id: str | None,
    payload_digest: str,
) -> str:
    """The hash of an event that follows `previous` on its aggregate's chain."""
    event = {
        "aggregate": aggregate,
        "aggregate_id": aggregate_id,
        "number": number,
        "action": action,
        "actor_id": actor_id,
        "at": canonical.moment(at),
        "request_id": request_id,
        "payload_digest": payload_digest,
    }
    return hashlib.sha256((previous + canonical.text(event)).encode()).hexdigest()


def fold(head: str, hashes: Iterable[str]) -> tuple[str, int]:
    """Fold event hashes onto a head; gives the new head and how many were folded."""
    running, count = hashlib.sha256(head.encode()), 0
    for value in hashes:
        running.update(value.encode())
        count += 1
    return running.hexdigest(), count

"""Receipts: what a unit holds in hand, so that its bid can neither be swapped nor dropped unnoticed."""

import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from marketplace.kernel import canonical
from marketplace.rounds.sealing import papers

FORMAT: Final = "jiebang-receipt-1"
NAME: Final = "申报回执"
_SALT = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Receipt:
    """That one version of a bid came in: which file, when, for which notice, and where the audit chain says so.

    `notice_digest`, `sha256` (of the sealed file) and `audit_hash` are SHA-256 in lower-case hexadecimal; versions
    count the receipts of a bid from 1. `salt`, 128 random bits in hexadecimal, keeps the receipt's public digest from
    telling who the organisation is to somebody who tries every name.
    """

    platform: str
    round_id: str
    round_title: str
    notice_digest: str
    bid_id: str
    version: int
    organisation: str
    received_at: datetime
    sha256: str
    size_bytes: int
    audit_position: int
    audit_number: int
    audit_hash: str
    salt: str


def _salt(value: object) -> str:
    if not isinstance(value, str) or not _SALT.fullmatch(value):
        raise ValueError("not 128 bits in lower-case hexadecimal")
    return value


_READERS: Final[dict[str, papers.Reader]] = {
    "platform": papers.words,
    "round_id": papers.words,
    "round_title": papers.words,
    "notice_digest": papers.digest,
    "bid_id": papers.words,
    "version": papers.whole(1),
    "organisation": papers.words,
    "received_at": papers.moment,
    "sha256": papers.digest,
    "size_bytes": papers.whole(1),
    "audit_position": papers.whole(1),
    "audit_number": papers.whole(1),
    "audit_hash": papers.digest,
    "salt": _salt,
}


def as_json(receipt: Receipt) -> bytes:
    """Write a receipt as a file that a person can read too."""
    return (json.dumps(_record(receipt), ensure_ascii=False, indent=2) + "\n").encode()


def of_json(data: bytes) -> Receipt:
    """Read a receipt. Raises Invalid (`not_a_paper`, `foreign_paper`, `damaged_paper`)."""
    return Receipt(**papers.read(data, _READERS, what=NAME, form=FORMAT))


def digest(receipt: Receipt) -> str:
    """SHA-256 of a receipt's canonical text, which the public manifest names: no field can be altered unnoticed."""
    return canonical.digest(_record(receipt))


def _record(receipt: Receipt) -> dict[str, object]:
    return {"format": FORMAT} | asdict(receipt) | {"received_at": canonical.moment(receipt.received_at)}

"""The files of an opened bid, and of its corrections: found, unsealed with the round's key, and each reading logged."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.kernel.files import FileStore
from marketplace.rounds.bidding import attaching, moving
from marketplace.rounds.checking import bids
from marketplace.rounds.rules.bid_forms import Attached
from marketplace.rounds.seal_tables import RoundSeal
from marketplace.rounds.sealing import seals

AGE: Final = "age"


@dataclass(frozen=True, slots=True)
class Found:
    """A sealed file: its label, the digests of both its forms, and the secret that opens it."""

    name: str
    digest: str
    sealed_digest: str
    identity: str


@dataclass(frozen=True, slots=True)
class Plain:
    """A file as its bidder had it. `is_locked`: it is encrypted to a key that the round does not hold."""

    name: str
    data: bytes
    is_locked: bool


def find(session: Session, actor: Actor, bid_id: str, sealed_digest: str) -> Found:
    """A file of an opened bid, for those who may read the bid; NotFound where it is none of its files."""
    page = bids.get(session, actor, bid_id)
    labels = (*page.attachments, *(file for one in page.corrections for file in one.files))
    label = next((one for one in labels if one["sealed_digest"] == sealed_digest), None)
    seal = session.get_one(RoundSeal, page.round_id)
    if label is None or seal.identity is None:
        raise NotFound("这份申报没有这个附件。", code="file_missing")
    return Found(label["name"], label["digest"], sealed_digest, seal.identity)


def unseal(found: Found, files: FileStore) -> Plain:
    """Open a file, outside of any transaction; a layer that its bidder put round it to the same key is taken off too.

    Raises Conflict where the file is not the one that was handed in.
    """
    with files.open(found.sealed_digest) as file:
        data = seals.unseal(file.read(), found.identity)
    if hashlib.sha256(data).hexdigest() != found.digest:
        raise Conflict("附件与申报时的校验值不一致，不能下载。请记录为异常并联系管理员。", code="file_altered")
    if attaching.kind_of(data) != AGE:
        return Plain(found.name, data, is_locked=False)
    try:
        return Plain(found.name.removesuffix(".age"), seals.unseal(data, found.identity), is_locked=False)
    except Invalid:
        return Plain(found.name, data, is_locked=True)


def note_reading(session: Session, actor: Actor, bid_id: str, found: Found, *, now: datetime) -> None:
    """Write down that somebody took a file of a bid."""
    moving.log(session, moving.hold(session, bid_id), "file_read", actor=actor, now=now, sha256=found.digest)


def as_label(attached: Attached) -> Mapping[str, Any]:
    """How a correction names a file that was sealed for it."""
    return {
        "name": attached.name,
        "kind": attached.kind,
        "size_bytes": attached.size_bytes,
        "digest": attached.digest,
        "sealed_digest": attached.sealed_digest,
    }

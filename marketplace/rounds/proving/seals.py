"""What must hold of the seal: a key that its holders tested, a manifest as the rows say, nothing opened before its time."""

import hashlib
from collections.abc import Iterator
from typing import Any

from sqlmodel import Session, col, select

from marketplace.kernel import canonical
from marketplace.kernel.errors import Invalid
from marketplace.kernel.faults import Fault
from marketplace.rounds import facts
from marketplace.rounds.bid_tables import Bid, BidOpening, BidVersion
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules.round_moves import OPENERS
from marketplace.rounds.seal_tables import RoundManifest, RoundMinutes, RoundSeal
from marketplace.rounds.sealing import manifests
from marketplace.rounds.sealing.manifests import Manifest
from marketplace.rounds.words import PASSED, BidState, Fate, RoundState

KEYED = frozenset({RoundState.SCHEDULED, RoundState.OPEN, RoundState.SEALED})
"""Bids are sealed in these, or wait for their opening."""
_STOOD = frozenset(
    {
        BidState.SUBMITTED,
        BidState.OPENED,
        BidState.CORRECTION_REQUESTED,
        BidState.INELIGIBLE,
        BidState.RETURNED,
        *PASSED,
    }
)
"""Where a bid stands now that was live at the deadline."""


def check(session: Session) -> Iterator[Fault]:
    """Every broken invariant of keys, manifests, openings and minutes."""
    for row in session.exec(select(Round).order_by(col(Round.id))):
        yield from _key(session, row)
        listed, faults = _manifest(session, row)
        yield from faults
        yield from _opening(session, row, listed)


def _key(session: Session, row: Round) -> Iterator[Fault]:
    subject = f"round/{row.id}"
    if row.state in KEYED and not facts.key_ready(session, row.id):
        message = "活动没有可用的申报密钥，或三名保管人没有都核对过口令：提交的申报可能无法开启。"
        yield Fault("key_not_ready", message, subject)
    seal = session.get(RoundSeal, row.id)
    if seal is not None and seal.identity is not None and row.opened_at is None:
        message = "申报还没有开启，数据库里却存有私钥：申报不再保密。请立即报告监督人员。"
        yield Fault("secret_before_opening", message, subject)
    if row.opened_at is not None and facts.turned(session, row.id) < OPENERS:
        yield Fault("opened_by_one", "申报已开启，却没有两名保管人输入口令的记录。", subject)


def _manifest(session: Session, row: Round) -> tuple[Manifest | None, list[Fault]]:
    subject = f"round/{row.id}"
    held = session.get(RoundManifest, row.id)
    if held is None:
        missing = Fault("manifest_missing", "申报已截止，却没有封存清单。", subject)
        return None, [missing] if row.sealed_at is not None else []
    if row.sealed_at is None:
        return None, [Fault("manifest_early", "申报没有截止，却已有封存清单。", subject)]
    if hashlib.sha256(held.content.encode()).hexdigest() != held.digest:
        return None, [Fault("manifest_altered", "封存清单与它的校验值不符，可能被改动。请用备份核对。", subject)]
    try:
        listed = manifests.of_json(held.content.encode())
    except Invalid:
        return None, [Fault("manifest_unreadable", "封存清单无法读取。请用备份核对。", subject)]
    if _entries(listed) != _of_rows(session, row, listed):
        message = "封存清单与封存版本的记载不同：有回执缺失、多出或内容不同。请用备份核对。"
        return listed, [Fault("manifest_not_as_rows", message, subject)]
    return listed, []


def _entries(listed: Manifest) -> list[tuple[Any, ...]]:
    return [
        (one.bid_id, one.version, one.sha256, one.size_bytes, one.received_at, one.receipt_digest, one.fate)
        for one in listed.entries
    ]


def _of_rows(session: Session, row: Round, listed: Manifest) -> list[tuple[Any, ...]]:
    withdrawn = {(one.bid_id, one.version) for one in listed.entries if one.fate is Fate.WITHDRAWN}
    query = select(BidVersion, Bid).join(Bid, col(Bid.id) == col(BidVersion.bid_id)).where(Bid.round_id == row.id)
    found = [
        (
            bid.id,
            version.number,
            version.sealed_digest,
            version.size_bytes,
            version.received_at,
            version.receipt_digest,
            _fate(bid, version, withdrawn),
        )
        for version, bid in session.exec(query)
    ]
    return sorted(found, key=lambda one: (one[0], one[1]))


def _fate(bid: Bid, version: BidVersion, withdrawn: set[tuple[str, int]]) -> Fate:
    if version.number < bid.version:
        return Fate.REPLACED
    if bid.state in _STOOD:
        return Fate.LIVE
    # A bid that was withdrawn and begun again lapsed as a draft: what it had handed in stays withdrawn.
    is_either = bid.state is BidState.LAPSED and (bid.id, version.number) in withdrawn
    return Fate.WITHDRAWN if bid.state is BidState.WITHDRAWN or is_either else Fate.LAPSED


def _opening(session: Session, row: Round, listed: Manifest | None) -> Iterator[Fault]:
    subject = f"round/{row.id}"
    query = select(BidOpening.bid_id, BidOpening.number).join(Bid, col(Bid.id) == col(BidOpening.bid_id))
    opened = sorted(session.exec(query.where(Bid.round_id == row.id)))
    held = session.get(RoundMinutes, row.id)
    if row.opened_at is None:
        if opened or held is not None:
            yield Fault("opened_early", "申报没有开启，却已有开启的内容或记录。", subject)
        return
    live = sorted((one.bid_id, one.version) for one in listed.entries if one.fate is Fate.LIVE) if listed else None
    if live is not None and opened != live:
        yield Fault("openings_not_as_manifest", "开启的申报与封存清单里有效的申报不同。", subject)
    if held is None:
        yield Fault("minutes_missing", "申报已开启，却没有开启记录。", subject)
    elif canonical.digest(held.content) != held.digest:
        yield Fault("minutes_altered", "开启记录与它的校验值不符，可能被改动。请用备份核对。", subject)
    elif sorted((one["bid_id"], one["version"]) for one in held.content["bids"]) != opened:
        yield Fault("minutes_not_as_openings", "开启记录所列的申报与实际开启的不同。", subject)

"""What must hold of bids: versions without gaps, receipts as they were handed out, drafts only while bids come in."""

from collections import defaultdict
from collections.abc import Iterator

from sqlmodel import Session, col, select

from marketplace.kernel.errors import Invalid
from marketplace.kernel.faults import Fault
from marketplace.kernel.tables import AuditEvent
from marketplace.rounds.bid_tables import Bid, BidDraft, BidVersion
from marketplace.rounds.round_tables import Round
from marketplace.rounds.sealing import receipts
from marketplace.rounds.sealing.receipts import Receipt
from marketplace.rounds.words import PASSED, BidState, RoundState

COMING_IN = frozenset({BidState.DRAFT, BidState.SUBMITTED, BidState.NEEDS_RECONFIRM})
"""Where bids stand while a round is open; what ends them before the deadline may stand there as well."""
OVER = frozenset({BidState.WITHDRAWN, BidState.LAPSED})
IN_CHECK = frozenset({BidState.OPENED, BidState.CORRECTION_REQUESTED, BidState.ELIGIBLE, BidState.INELIGIBLE})
_DECIDED = (
    BidState.PROPOSED,
    BidState.RESERVE,
    BidState.NOT_SELECTED,
    BidState.DECLINED,
    BidState.REVOKED,
    BidState.AWARDED,
    BidState.NOT_AWARDED,
)
"""The last two stand in a publicity where another winner dropped out and a reserve takes its place."""
_FINAL = (BidState.AWARDED, BidState.NOT_AWARDED, BidState.DECLINED, BidState.REVOKED, BidState.RESERVE)
MAY_STAND = {
    RoundState.OPEN: COMING_IN | OVER,
    RoundState.SEALED: frozenset({BidState.SUBMITTED}) | OVER,
    RoundState.ELIGIBILITY: IN_CHECK | OVER,
    RoundState.REVIEW: frozenset({BidState.INELIGIBLE, BidState.IN_REVIEW}) | OVER,
    RoundState.CONSENSUS: frozenset({BidState.INELIGIBLE, BidState.IN_REVIEW}) | OVER,
    RoundState.DECISION: frozenset({BidState.INELIGIBLE, BidState.SCORED}) | OVER,
    RoundState.PUBLICITY: frozenset({BidState.INELIGIBLE, *_DECIDED}) | OVER,
    RoundState.AWARDED: frozenset({BidState.INELIGIBLE, *_FINAL}) | OVER,
    RoundState.FAILED: frozenset({BidState.RETURNED, *_FINAL}) | IN_CHECK | OVER | {BidState.DRAFT},
    RoundState.CANCELLED: frozenset({BidState.RETURNED}) | IN_CHECK | PASSED | OVER | {BidState.DRAFT},
}
"""Where the bids of a round may stand; an ended one may keep drafts that say nothing any more."""


def check(session: Session) -> Iterator[Fault]:
    """Every broken invariant of bids."""
    versions: defaultdict[str, list[BidVersion]] = defaultdict(list)
    for version in session.exec(select(BidVersion).order_by(col(BidVersion.bid_id), col(BidVersion.number))):
        versions[version.bid_id].append(version)
    query = select(Bid, Round).join(Round, col(Round.id) == col(Bid.round_id)).order_by(col(Bid.id))
    for bid, row in session.exec(query):
        yield from _versions(bid, row, versions[bid.id])
        for version in versions[bid.id]:
            yield from _receipt(session, bid, version)
        if bid.state not in MAY_STAND.get(row.state, frozenset()):
            message = "申报的状态与活动的进展不符。"
            yield Fault("bid_state_wrong", message, f"bid/{bid.id}")
    yield from _drafts(session)


def _versions(bid: Bid, row: Round, found: list[BidVersion]) -> Iterator[Fault]:
    subject = f"bid/{bid.id}"
    if [one.number for one in found] != list(range(1, bid.version + 1)):
        yield Fault("bid_versions_missing", "申报的封存版本不连续，或与申报记载的版本数不符。", subject)
        return
    if found and bid.submitted_at != found[-1].received_at:
        yield Fault("bid_time_wrong", "申报记载的提交时间与最后一版的收到时间不同。", subject)
    if row.sealed_at is not None and row.deadline is not None:
        late = [one.number for one in found if one.received_at >= row.deadline]
        if late:
            yield Fault("bid_late", f"第 {late[0]} 版在截止后才收到，却已收下。", subject)


def _receipt(session: Session, bid: Bid, version: BidVersion) -> Iterator[Fault]:
    subject = f"bid/{bid.id}/{version.number}"
    try:
        receipt = receipts.of_json(version.receipt.encode())
    except Invalid:
        yield Fault("receipt_unreadable", "保存的回执无法读取。请用备份核对。", subject)
        return
    if receipts.digest(receipt) != version.receipt_digest:
        yield Fault("receipt_altered", "保存的回执与它的校验值不符，可能被改动。请用备份核对。", subject)
    if not _agrees(receipt, bid, version):
        yield Fault("receipt_not_as_version", "回执与封存版本的记载不同。请用备份核对。", subject)
    event = session.get(AuditEvent, receipt.audit_position)
    if event is None or (event.aggregate, event.aggregate_id, event.hash) != ("bid", bid.id, receipt.audit_hash):
        yield Fault("receipt_not_in_log", "回执所写的留痕位置没有这份申报的提交记录。", subject)


def _agrees(receipt: Receipt, bid: Bid, version: BidVersion) -> bool:
    return (
        receipt.round_id,
        receipt.bid_id,
        receipt.version,
        receipt.sha256,
        receipt.size_bytes,
        receipt.received_at,
        receipt.audit_position,
    ) == (
        bid.round_id,
        bid.id,
        version.number,
        version.sealed_digest,
        version.size_bytes,
        version.received_at,
        version.audit_position,
    )


def _drafts(session: Session) -> Iterator[Fault]:
    query = (
        select(Bid.id)
        .join(BidDraft, col(BidDraft.bid_id) == col(Bid.id))
        .join(Round, col(Round.id) == col(Bid.round_id))
        .where((col(Round.state) != RoundState.OPEN) | col(Bid.state).not_in(COMING_IN))
    )
    for bid_id in session.exec(query.order_by(col(Bid.id))):
        yield Fault("draft_left", "申报已截止或已结束，草稿却没有清除。", f"bid/{bid_id}")

"""What must hold after the server was killed, whatever it was doing."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from sqlmodel import Session, col, select

from marketplace.kernel import audit
from marketplace.kernel.tables import AuditEvent
from marketplace.rounds import filed, manifests, opening
from marketplace.rounds.bid_tables import Bid, BidDraft, BidOpening, BidVersion
from marketplace.rounds.bidding import draft_rows, keyring
from marketplace.rounds.round_tables import Round
from marketplace.rounds.seal_tables import RoundTurn
from marketplace.rounds.sealing import receipts
from marketplace.rounds.words import BidState, RoundState
from tests.web.killed.people import Told
from tests.web.killed.scene import Life

TAKING = (BidState.SUBMITTED, BidState.NEEDS_RECONFIRM)


def of_bid(life: Life, session: Session, told: Told) -> Iterator[str]:
    """What is wrong with one bid, and with what its bidder was told; notes the truth for the next time."""
    bid = session.get_one(Bid, told.bid_id)
    is_open = session.get_one(Round, bid.round_id).state is RoundState.OPEN
    versions = session.exec(
        select(BidVersion).where(BidVersion.bid_id == bid.id).order_by(col(BidVersion.number))
    ).all()
    draft = draft_rows.find(session, bid.id)
    yield from _whole(life, session, bid, versions)
    yield from _receipts(versions, told)
    if is_open:
        yield from _moves(session, bid, told, has_draft=draft is not None, handed_in=len(versions))
    elif draft is not None:
        yield f"a draft of {bid.id} outlived the deadline"
    if draft is not None:
        content = draft_rows.read(session, draft)
        plan, file = content.fields.get("plan", ""), content.files[0].name if content.files else ""
        is_begun_anew = told.flying == "take up"
        if is_open and not is_begun_anew:
            if plan not in {told.plan, *([told.flying_plan] if told.flying == "save" else [])}:
                yield f"the draft of {bid.id} says {plan!r}, saved was {told.plan!r}"
            if told.file and file not in {told.file, *([told.flying_file] if told.flying == "upload" else [])}:
                yield f"the draft of {bid.id} has {file!r}, uploaded was {told.file!r}"
            if draft.version < told.version:
                yield f"the draft of {bid.id} is of version {draft.version}, saved was {told.version}"
        told.plan, told.file, told.version = plan, file, draft.version
        told.last = "save"
    else:
        told.plan, told.file, told.version = "", "", 0
        told.last = "withdraw" if bid.state is BidState.WITHDRAWN else "submit"
    told.receipts |= {one.number: one.receipt.encode() for one in versions}
    told.flying = ""


def _whole(life: Life, session: Session, bid: Bid, versions: Sequence[BidVersion]) -> Iterator[str]:
    """A bid is never half handed in."""
    if [one.number for one in versions] != list(range(1, bid.version + 1)):
        yield f"{bid.id} counts {bid.version} versions and has {[one.number for one in versions]}"
    logged = [one for one in audit.history(session, "bid", bid.id) if one.action == "bid.submitted"]
    if len(logged) != len(versions):
        yield f"{bid.id} was handed in {len(logged)} times by its log and has {len(versions)} versions"
    # With the opening, what is not to be opened is destroyed.
    is_opened = session.get_one(Round, bid.round_id).opened_at is not None
    destroyed = filed.dead(session, bid.round_id) if is_opened else frozenset[str]()
    for one in versions:
        receipt = receipts.of_json(one.receipt.encode())
        event = session.exec(
            select(AuditEvent).where(AuditEvent.aggregate_id == bid.id, AuditEvent.hash == receipt.audit_hash)
        ).first()
        if event is None or event.position != one.audit_position:
            yield f"receipt {one.number} of {bid.id} names a place in the log that is not there"
        for digest in (one.sealed_digest, *one.files):
            if digest not in destroyed and not life.files.is_sound(digest):
                yield f"version {one.number} of {bid.id} lacks the file {digest}"
        if receipts.digest(receipt) != one.receipt_digest or receipt.sha256 != one.sealed_digest:
            yield f"receipt {one.number} of {bid.id} is not of its version"
    if bid.state in TAKING and not versions:
        yield f"{bid.id} is {bid.state} without a version"


def _receipts(versions: Sequence[BidVersion], told: Told) -> Iterator[str]:
    kept = {one.number: one.receipt.encode() for one in versions}
    for number, held in told.receipts.items():
        if number not in kept:
            yield f"receipt {number} of {told.bid_id} was given and is gone"
        elif held and held != kept[number]:
            yield f"receipt {number} of {told.bid_id} is another one now"


def _moves(session: Session, bid: Bid, told: Told, *, has_draft: bool, handed_in: int) -> Iterator[str]:
    """Whether the bid stands where its bidder was told, or where what was asked last would lead."""
    known = len(told.receipts)
    if handed_in > known + (told.flying == "submit"):
        yield f"{bid.id} has {handed_in} versions, told were {known}, asked for was {told.flying or 'nothing'}"
    if told.flying == "submit":
        if has_draft == (handed_in > known):
            yield f"{bid.id} is half handed in: {handed_in} versions of {known}, draft {has_draft}"
        return
    wanted_draft = told.last in {"begun", "save", "upload", "take up"}
    if has_draft != wanted_draft and told.flying not in {"take up", "withdraw"}:
        yield f"{bid.id} has {'a' if has_draft else 'no'} draft after {told.last}, asked for was {told.flying or 'nothing'}"
    if told.last == "withdraw" and told.flying != "take up" and bid.state is not BidState.WITHDRAWN:
        yield f"{bid.id} was withdrawn and is {bid.state}"
    if told.last == "reconfirm" and told.flying != "withdraw":
        number = session.get_one(Round, bid.round_id).notice_number
        if bid.notice_number < told.number or (number == told.number and bid.state is not BidState.SUBMITTED):
            yield f"{bid.id} was confirmed under notice {told.number} and is {bid.state} under {bid.notice_number}"


def of_keys(life: Life) -> tuple[list[str], int]:
    """Keys and drafts belong together once what died in between is swept; gives how many were swept too."""
    with life.store.writing() as session:
        ring = keyring.of(session)
        swept = draft_rows.sweep(session, now=datetime.now(UTC), older_than_seconds=-60)
        named = set(session.exec(select(BidDraft.key_id)))
        found = set(ring.ids())
    wrong = [f"key {one} belongs to no draft" for one in sorted(found - named)]
    return wrong + [f"the draft under {one} has lost its key" for one in sorted(named - found)], swept


def of_round(session: Session, round_id: str, allowed: Sequence[RoundState], *, turned: int) -> Iterator[str]:
    """Where the round stands, and that its manifest accounts for every receipt."""
    row = session.get_one(Round, round_id)
    if row.state not in allowed:
        yield f"the round is {row.state}"
    versions = session.exec(
        select(BidVersion).join(Bid, col(Bid.id) == col(BidVersion.bid_id)).where(Bid.round_id == round_id)
    ).all()
    if row.sealed_at is not None:
        manifest, _ = manifests.get(session, round_id)
        listed = {(one.bid_id, one.version, one.receipt_digest) for one in manifest.entries}
        if listed != {(one.bid_id, one.number, one.receipt_digest) for one in versions}:
            yield "the manifest does not account for every receipt"
    turns = {one.post for one in session.exec(select(RoundTurn).where(RoundTurn.round_id == round_id))}
    if len(turns) < turned:
        yield f"{turned} keys were turned and {len(turns)} are"
    opened = session.exec(
        select(BidOpening).join(Bid, col(Bid.id) == col(BidOpening.bid_id)).where(Bid.round_id == round_id)
    ).all()
    if row.opened_at is None and opened:
        yield "bids are open in a round that is not"
    if row.opened_at is not None:
        minutes, _ = opening.minutes(session, round_id)
        if {one["bid_id"] for one in minutes["bids"]} != {one.bid_id for one in opened}:
            yield "the minutes do not name the bids that were opened"
        yield from (f"{one.bid_id} did not open: {one.failure}" for one in opened if one.failure)

"""Handing in: sealing what was written, against a receipt; replacing, withdrawing, confirming again.

The hour of a submission is when its last byte had arrived (`arrived`), whatever the hour of writing it down.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from marketplace.accounts import messages, organisations
from marketplace.accounts.actors import Actor
from marketplace.kernel import platform_settings
from marketplace.kernel.chinese_time import spoken
from marketplace.kernel.db import require_durable
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.kernel.files import FileStore
from marketplace.rounds import held
from marketplace.rounds.bid_tables import Bid, BidVersion
from marketplace.rounds.bidding import draft_rows, drafts, members, moving
from marketplace.rounds.bidding.draft_rows import Content
from marketplace.rounds.bidding.members import Member
from marketplace.rounds.making import notices
from marketplace.rounds.round_tables import Round, RoundNotice
from marketplace.rounds.rules import bid_forms
from marketplace.rounds.rules.bid_moves import BidFacts
from marketplace.rounds.rules.notices import Notice
from marketplace.rounds.seal_tables import RoundSeal
from marketplace.rounds.sealing import receipts, seals
from marketplace.rounds.sealing.contents import Attachment, Contents, pack
from marketplace.rounds.sealing.receipts import Receipt
from marketplace.rounds.words import BidEvent, BidState

SALT_BYTES = 16
LIMIT_BYTES = 64 * 1024
"""A sealed version holds texts alone, files lie beside it: it is never larger."""
SUBMITTED_FROM = {
    BidState.DRAFT: BidEvent.SUBMIT,
    BidState.SUBMITTED: BidEvent.REPLACE,
    BidState.NEEDS_RECONFIRM: BidEvent.REPLACE,
}


@dataclass(frozen=True, slots=True)
class Handed:
    """What was handed in: which version, and when its last byte had arrived."""

    bid_id: str
    number: int
    received_at: datetime


def submit(
    session: Session,
    actor: Actor,
    bid_id: str,
    *,
    version: int,
    seen_notice: int | None = None,
    arrived: datetime,
    now: datetime,
    files: FileStore,
    new_id: Callable[[], str],
) -> Handed:
    """Seal the draft as of `version`, give a receipt for it and erase the draft, in one durable transaction.

    `seen_notice` is the number of the notice that the page showed. Raises the machine's reason (late, incomplete,
    partners missing), Conflict where the draft or the notice was changed meanwhile.
    """
    require_durable(session)
    row, bid = _hold(session, actor, bid_id)
    draft = draft_rows.hold(session, bid_id)
    if draft is None:
        raise Conflict("这份草稿已经提交。请在“我的申报”查看收据。", code="already_handed_in")
    content = draft_rows.read(session, draft)
    published = session.get_one(RoundNotice, (row.id, row.published_number))
    notice = notices.current(session, row)
    on = drafts.track(notice, bid.track)
    missing = bid_forms.faults(content.fields, content.files, notice, on)
    team = members.of(session, bid_id)
    known = replace(
        _facts(session, row, bid, arrived, team=team),
        missing=tuple(dict.fromkeys(m.rstrip("。") for m in missing.values())),
    )
    event = SUBMITTED_FROM.get(bid.state, BidEvent.SUBMIT)
    target = moving.target(bid, event, part=moving.part_of(actor, bid), facts=known, now=now)
    if draft.version != version:
        raise Conflict("您的同事刚修改过草稿，没有提交。请看过最新内容后再提交。", code="draft_changed")
    if seen_notice is not None and seen_notice != row.notice_number:
        raise Conflict("公告刚有修改，没有提交。请看过最新的补遗，核对后再提交。", code="notice_changed")
    unit = organisations.get(session, bid.organisation_id).name
    own_key = content.fields.get("own_key", "").strip()
    to = [session.get_one(RoundSeal, row.id).recipient, *([seals.recipient(own_key)] if own_key else [])]
    sealed = seals.seal(pack(_contents(row, bid, content, notice, unit=unit, team=team)), to)
    if sealed.size_bytes > LIMIT_BYTES:
        raise Conflict("申报文字太长，请把长篇说明放进附件。", code="bid_too_large")
    files.put(sealed.data, limit_bytes=LIMIT_BYTES)
    number = bid.version + 1
    link = moving.log(
        session,
        bid,
        "submitted",
        actor=actor,
        now=now,
        version=number,
        sha256=sealed.digest,
        size_bytes=sealed.size_bytes,
        received_at=arrived.isoformat(),
        notice=row.notice_number,
    )
    given = Receipt(
        platform=platform_settings.get(session).name,
        round_id=row.id,
        round_title=row.title,
        notice_digest=published.digest,
        bid_id=bid.id,
        version=number,
        organisation=unit,
        received_at=arrived,
        sha256=sealed.digest,
        size_bytes=sealed.size_bytes,
        audit_position=link.position,
        audit_number=link.number,
        audit_hash=link.hash,
        salt=secrets.token_hex(SALT_BYTES),
    )
    session.add(
        BidVersion(
            bid_id=bid.id,
            number=number,
            sealed_digest=sealed.digest,
            size_bytes=sealed.size_bytes,
            files=[one.sealed_digest for one in content.files],
            receipt=receipts.as_json(given).decode(),
            receipt_digest=receipts.digest(given),
            notice_number=row.notice_number,
            has_own_copy=bool(own_key),
            submitted_by=actor.account_id,
            received_at=arrived,
            audit_position=link.position,
        )
    )
    bid.state, bid.version, bid.submitted_at, bid.notice_number = target, number, arrived, row.notice_number
    session.add(bid)
    draft_rows.erase(session, draft)
    _tell(session, bid, row, on.title, now=now, new_id=new_id)
    return Handed(bid.id, number, arrived)


def withdraw(session: Session, actor: Actor, bid_id: str, *, arrived: datetime, now: datetime) -> None:
    """Take a bid back before the deadline; its sealed versions stay, and nobody ever opens them."""
    row, bid = _hold(session, actor, bid_id)
    known = _facts(session, row, bid, arrived, team=members.of(session, bid_id))
    moving.move(session, bid, BidEvent.WITHDRAW, part=moving.part_of(actor, bid), facts=known, now=now)
    draft_rows.erase(session, draft_rows.find(session, bid_id))
    moving.log(session, bid, "withdrawn", actor=actor, now=now, version=bid.version)


def reconfirm(session: Session, actor: Actor, bid_id: str, *, number: int, arrived: datetime, now: datetime) -> None:
    """Confirm a sealed bid again under the notice of that number, as it stands; nothing of it is read or changed."""
    require_durable(session)
    row, bid = _hold(session, actor, bid_id)
    if row.notice_number != number:
        raise Conflict("公告在您查看之后又有修改，请看过最新的补遗再确认。", code="notice_changed")
    known = _facts(session, row, bid, arrived, team=members.of(session, bid_id))
    moving.move(session, bid, BidEvent.RECONFIRM, part=moving.part_of(actor, bid), facts=known, now=now)
    bid.notice_number = row.notice_number
    session.add(bid)
    moving.log(session, bid, "reconfirmed", actor=actor, now=now, version=bid.version, notice=number)


def receipt(session: Session, actor: Actor, bid_id: str, number: int) -> Receipt:
    """The receipt of a version, for the bid's own unit; NotFound for everybody else."""
    moving.own(session, actor, bid_id)
    version = session.get(BidVersion, (bid_id, number))
    if version is None:
        raise NotFound("没有这一版申报。", code="version_missing")
    return receipts.of_json(version.receipt.encode())


def sealed_file(session: Session, actor: Actor, bid_id: str, number: int) -> str:
    """The digest of a sealed version, so that its own unit may download it; NotFound for everybody else."""
    moving.own(session, actor, bid_id)
    version = session.get(BidVersion, (bid_id, number))
    if version is None:
        raise NotFound("没有这一版申报。", code="version_missing")
    return version.sealed_digest


def _hold(session: Session, actor: Actor, bid_id: str) -> tuple[Round, Bid]:
    """The round of one's own bid, which nobody moves meanwhile, and the bid, held; in this order, as everywhere."""
    bid = moving.own(session, actor, bid_id)
    row = held.share(session, bid.round_id)
    return row, moving.hold(session, bid_id)


def _tell(
    session: Session, bid: Bid, row: Round, track_title: str, *, now: datetime, new_id: Callable[[], str]
) -> None:
    came = spoken(bid.submitted_at) if bid.submitted_at else ""
    messages.tell_organisation(
        session,
        bid.organisation_id,
        subject=f"已收到“{row.title}”的申报（第 {bid.version} 版）",
        text=f"您单位对“{row.title}”（{track_title or '榜题'}）的申报已于 {came} 收到并封存，收据可在“我的申报”下载。",
        link=f"/bids/{bid.id}/receipts/{bid.version}",
        private=True,
        now=now,
        new_id=new_id,
    )


def _contents(row: Round, bid: Bid, content: Content, notice: Notice, *, unit: str, team: Sequence[Member]) -> Contents:
    on = drafts.track(notice, bid.track)
    said = {
        "bid": bid.id,
        "round": row.id,
        "notice": row.notice_number,
        "organisation": unit,
        "partners": [one.name for one in team if one.confirmed_at is not None],
        **bid_forms.answers(content.fields, notice, on),
    }
    papers = {one.key: one.title for one in notice.papers}
    attached = tuple(
        Attachment(
            name=one.name,
            kind=papers.get(one.paper, "其他材料"),
            size_bytes=one.size_bytes,
            digest=one.digest,
            sealed_digest=one.sealed_digest,
        )
        for one in content.files
    )
    return Contents(answers=said, price=bid_forms.price(content.fields, notice), attachments=attached)


def _facts(session: Session, row: Round, bid: Bid, arrived: datetime, *, team: Sequence[Member]) -> BidFacts:
    # What is moved here is live itself, and a unit has one live bid on a track: another one can only be a joint one.
    return BidFacts(
        round_state=row.state,
        suspended=row.suspended_at is not None,
        arrived=arrived,
        deadline=row.deadline,
        unconfirmed=members.unconfirmed(team),
        alone_besides=members.alone_besides(session, bid, team),
        other_live=members.takes_part(session, row.id, bid.track, bid.organisation_id, besides=bid.id),
    )

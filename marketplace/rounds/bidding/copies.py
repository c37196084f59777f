"""A unit's own copy of its bid: given out while the draft is open, taken back where a new draft begins."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.rounds import held
from marketplace.rounds.bid_tables import BidFile
from marketplace.rounds.bidding import draft_rows, drafts, moving
from marketplace.rounds.bidding.draft_rows import Content
from marketplace.rounds.making import notices
from marketplace.rounds.rules import bid_copies, bid_forms
from marketplace.rounds.rules.bid_copies import Copy


def get(session: Session, actor: Actor, bid_id: str) -> Copy:
    """The copy of an open draft. Raises NotFound for others than its unit, Conflict where no draft is open."""
    bid = moving.own(session, actor, bid_id)
    draft = draft_rows.find(session, bid_id)
    if draft is None:
        message = "申报已经封存，平台上没有明文可以下载。请使用提交前自己保存的副本。"
        raise Conflict(message, code="no_open_draft")
    row, content = held.get(session, bid.round_id), draft_rows.read(session, draft)
    return Copy(row.id, row.title, bid.track, row.notice_number, content.fields, content.files)


def take_up(
    session: Session,
    actor: Actor,
    bid_id: str,
    data: bytes,
    *,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Open a new draft from a copy (`drafts.take_up`); of its files those that were sealed for this very bid.

    Raises Invalid where the copy is none, or is of another round or track.
    """
    bid = moving.own(session, actor, bid_id)
    row = held.get(session, bid.round_id)
    copy = bid_copies.of_json(data)
    if (copy.round_id, copy.track) != (bid.round_id, bid.track):
        raise Invalid("这份副本属于另一个活动或赛道，请换用本次申报的副本。", code="foreign_copy")
    notice = notices.current(session, row)
    known = bid_forms.fields(notice, drafts.track(notice, bid.track))
    papers = {"", *(one.key for one in notice.papers)}
    kept = set(session.exec(select(BidFile.sealed_digest).where(col(BidFile.bid_id) == bid_id)))
    content = Content(
        {name: words for name, words in copy.fields.items() if name in known},
        tuple(one for one in copy.files if one.sealed_digest in kept and one.paper in papers)[: drafts.MOST_FILES],
    )
    drafts.take_up(session, actor, bid_id, content=content, now=now, new_id=new_id)

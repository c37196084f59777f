"""What the two sides are told when a dealing moves; where a unit has no members yet, its organisers are told."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from sqlmodel import Session

from marketplace.accounts import messages
from marketplace.dealings.pairs import Pair, is_manned
from marketplace.dealings.tables import Dealing
from marketplace.dealings.words import SIDES, Event, Party
from marketplace.lists.rules.masks import mask_text

TOLD: Final[Mapping[Event, tuple[str, str]]] = {
    Event.EXPRESS: ("有人对“{title}”的对接感兴趣", "请查看对方的情况：合适的话可以请求联系方式，不合适也请说明原因。"),
    Event.INTRODUCE: ("主办方为您介绍了一项对接：“{title}”", "请查看对方的情况，合适的话可以请求联系方式或安排见面。"),
    Event.ASK: ("收到一条联系请求：“{title}”", "请在“对接”中同意或谢绝。同意后双方才能看到彼此的联系方式。"),
    Event.GRANT: ("联系请求已获同意：“{title}”", "现在可以在对接页面查看对方的联系方式，每次查看都有记录。"),
    Event.DECLINE: ("联系请求被谢绝：“{title}”", "原因已写在对接页面。"),
    Event.WITHDRAW: ("对方撤回了联系请求：“{title}”", "这条请求不需要再答复。"),
    Event.MEET: ("已记为完成对接洽谈：“{title}”", "谈妥后请登记意向或签约。"),
    Event.INTEND: ("已登记合作意向：“{title}”", "请核对意向内容；签约后请登记签约金额和日期。"),
    Event.SIGN: ("请确认一项签约：“{title}”", "签约金额和日期经另一方确认后才会计入统计，请核对后确认或说明哪里不对。"),
    Event.CONFIRM: ("签约已确认：“{title}”", "这项签约已计入统计。金额只有双方都同意才会公开。"),
    Event.DISPUTE: ("签约登记被退回：“{title}”", "原因已写在对接页面，请核对后重新登记。"),
    Event.RETRACT: ("签约登记已撤回：“{title}”", "这项对接回到“意向”。"),
    Event.END: ("一项对接已结束：“{title}”", "原因已写在对接页面；情况有变时可以重新发起。"),
    Event.REOPEN: ("一项对接重新开始：“{title}”", "请查看最新情况。"),
    Event.NOTE: ("对接有新的记录：“{title}”", "请在对接页面查看。"),
}
"""The subject and the sentence of each event."""


def of_step(
    session: Session,
    dealing: Dealing,
    pair: Pair,
    event: Event,
    party: Party,
    *,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Tell everybody whom an event concerns, save the side that caused it."""
    subject, text = TOLD[event]
    told = subject.format(title=mask_text(pair.item.title))
    for side in SIDES:
        if side is party:
            continue
        to_side(session, dealing, pair, side, subject=told, text=text, now=now, new_id=new_id)


def to_side(
    session: Session,
    dealing: Dealing,
    pair: Pair,
    side: Party,
    *,
    subject: str,
    text: str,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Tell one side of a dealing, or the organisers that look after it."""
    link = f"/dealings/{dealing.id}"
    unit = pair.organisation_id(side)
    if unit is not None and is_manned(session, unit):
        messages.tell_organisation(session, unit, subject=subject, text=text, link=link, now=now, new_id=new_id)
        return
    text = f"这个单位还没有人入驻，请主办方联系并代为处理。{text}"
    region = dealing.region if side is Party.NEED else dealing.profile_region
    messages.tell_organisers(session, region, subject=subject, text=text, link=link, now=now, new_id=new_id)

"""Dealings of an organisation that is closed: those under way end, with both sides told; signed ones stay."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, col, or_, select

from marketplace.accounts.actors import Actor
from marketplace.dealings import dealings
from marketplace.dealings.dealings import Said
from marketplace.dealings.rules.stages import LIVE
from marketplace.dealings.tables import Dealing
from marketplace.dealings.words import Ending, Event, Stage
from marketplace.kernel.errors import Conflict
from marketplace.lists.item_tables import Item
from marketplace.profiles.tables import Profile

REASON = "单位注销"


def end_all(session: Session, actor: Actor, organisation_id: str, *, now: datetime, new_id: Callable[[], str]) -> int:
    """End what is under way; gives how many. Conflict while a signing waits to be confirmed."""
    of_unit = or_(col(Item.organisation_id) == organisation_id, col(Profile.organisation_id) == organisation_id)
    rows = session.exec(
        select(Dealing.id, Dealing.version, Dealing.stage)
        .join(Item, col(Item.id) == col(Dealing.item_id))
        .join(Profile, col(Profile.id) == col(Dealing.profile_id))
        .where(of_unit)
        .order_by(col(Dealing.id))
    ).all()
    if any(stage is Stage.CLAIMED for _id, _version, stage in rows):
        message = "还有签约等待确认。请先在“对接”里办完，再注销单位。"
        raise Conflict(message, code="signing_waits")
    live = [(dealing_id, version) for dealing_id, version, stage in rows if stage in LIVE]
    for dealing_id, version in live:
        said = Said(text=REASON, ending=Ending.OTHER)
        dealings.move(session, actor, dealing_id, Event.END, version=version, said=said, now=now, new_id=new_id)
    return len(live)

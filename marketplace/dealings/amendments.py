"""Whom an amended need concerns besides its unit: those who saved it, and those in a dealing about it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from marketplace.accounts import messages
from marketplace.accounts.actors import Actor
from marketplace.dealings.attention_tables import Save
from marketplace.dealings.pairs import is_manned
from marketplace.dealings.rules.stages import LIVE
from marketplace.dealings.tables import Dealing
from marketplace.dealings.words import Stage
from marketplace.kernel.words import SubjectKind
from marketplace.lists.item_tables import Item
from marketplace.lists.needs import drafts, needs
from marketplace.lists.needs.needs import Published
from marketplace.lists.rules.masks import mask_text
from marketplace.profiles.tables import Profile

TEXT: Final = "预算、期限或要点可能已变，请看“历次变化”后再决定怎样继续。"


@dataclass(frozen=True, slots=True)
class Concerned:
    """The units, and the people acting for themselves, that an amendment is told to."""

    organisation_ids: tuple[str, ...]
    account_ids: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many they are."""
        return len(self.organisation_ids) + len(self.account_ids)


def concerned(session: Session, item_id: str) -> Concerned:
    """Who saved a need or is in a dealing about it, its own unit left out."""
    item = session.get_one(Item, item_id)
    saved = select(Save).where(Save.kind == SubjectKind.ITEM, Save.subject_id == item_id).order_by(col(Save.saved_at))
    saves = session.exec(saved).all()
    stages = [*LIVE, Stage.CLAIMED]
    dealt = (
        select(Profile.organisation_id)
        .join(Dealing, col(Dealing.profile_id) == col(Profile.id))
        .where(Dealing.item_id == item_id, col(Dealing.stage).in_(stages))
        .order_by(col(Dealing.opened_at), col(Dealing.id))
    )
    units = dict.fromkeys([*session.exec(dealt), *(one.organisation_id for one in saves)])
    people = dict.fromkeys(one.account_id for one in saves if one.organisation_id is None)
    return Concerned(
        tuple(one for one in units if one is not None and one != item.organisation_id and is_manned(session, one)),
        tuple(people),
    )


def publish(
    session: Session, actor: Actor, draft_id: str, *, version: int, now: datetime, new_id: Callable[[], str]
) -> Published:
    """Publish a draft (`needs.publish`); where it amends what a need says, those whom that concerns are told."""
    changed = drafts.get(session, actor, draft_id).changes
    made = needs.publish(session, actor, draft_id, version=version, now=now, new_id=new_id)
    if changed and not made.is_new:
        tell(session, made.item_id, now=now, new_id=new_id)
    return made


def tell(session: Session, item_id: str, *, now: datetime, new_id: Callable[[], str]) -> int:
    """Tell everybody concerned that a need was amended; gives how many units and people were told."""
    who = concerned(session, item_id)
    title = mask_text(session.get_one(Item, item_id).title)
    subject, link = f"您关注或正在对接的需求有修改：“{title[:120]}”", f"/items/{item_id}"
    for unit in who.organisation_ids:
        messages.tell_organisation(session, unit, subject=subject, text=TEXT, link=link, now=now, new_id=new_id)
    if who.account_ids:
        people = who.account_ids
        messages.tell(session, account_ids=people, subject=subject, text=TEXT, link=link, now=now, new_id=new_id)
    return who.count

"""Items that are shown through another one: which those are, and telling the index where that may have changed.

Whether a merge has an effect is asked, never stored: an item is shown through its main one while both are open. Where
the main one pauses, closes, leaves its list or is taken down, what was merged into it is shown by itself again.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from marketplace.kernel import changes
from marketplace.kernel.batches import batches
from marketplace.kernel.errors import Conflict
from marketplace.kernel.words import ChangedKind
from marketplace.lists.item_tables import Item
from marketplace.lists.repeat_tables import RepeatDecision
from marketplace.lists.rules.masks import mask_text
from marketplace.lists.views import MainItem
from marketplace.lists.words import ItemState

_OWN, _MAIN = aliased(Item), aliased(Item)
_STANDING = (col(RepeatDecision.merged_id).is_not(None), col(RepeatDecision.ended_at).is_(None))
_BOTH_OPEN = (col(_OWN.state) == ItemState.OPEN, col(_MAIN.state) == ItemState.OPEN)
# Asked merge by merge, which are few: joined, SQLite would begin with every open item.
_HIDDEN = select(col(RepeatDecision.merged_id)).where(
    *_STANDING,
    select(col(_OWN.state)).where(col(_OWN.id) == col(RepeatDecision.merged_id)).scalar_subquery() == ItemState.OPEN,
    select(col(_MAIN.state)).where(col(_MAIN.id) == col(RepeatDecision.main_id)).scalar_subquery() == ItemState.OPEN,
)
_MAIN_OF = (
    select(col(_MAIN.id), col(_MAIN.title), col(_MAIN.issuer))
    .select_from(RepeatDecision)
    .join(_OWN, col(_OWN.id) == col(RepeatDecision.merged_id))
    .join(_MAIN, col(_MAIN.id) == col(RepeatDecision.main_id))
    .where(col(RepeatDecision.merged_id) == bindparam("item_id"), *_STANDING, *_BOTH_OPEN)
)


def is_shown_itself(item_id: Any = None) -> ColumnElement[bool]:
    """Whether an item is shown by itself, as a condition on a column of ids (`Item.id` where none is given)."""
    return (col(Item.id) if item_id is None else item_id).not_in(_HIDDEN)


def main_of(session: Session, item_id: str) -> MainItem | None:
    """The item that one is shown through now, or None."""
    found = session.execute(_MAIN_OF, {"item_id": item_id}).first()
    return None if found is None else MainItem(found[0], mask_text(found[1]), found[2])


def require_shown_itself(session: Session, item_id: str) -> None:
    """Refuse to begin anything on an item that is shown through another one: Conflict, with where to go."""
    main = main_of(session, item_id)
    if main is not None:
        raise Conflict(f"这条需求已并入《{main.title}》，请到那一条上办理。", code="need_merged")


def put(session: Session, item_ids: Iterable[str]) -> None:
    """Tell the index that items are new or changed; what is merged into them may be shown or hidden by it."""
    ids = list(item_ids)
    changes.put(session, ChangedKind.ITEM, [*ids, *_merged_into(session, ids)])


def gone(session: Session, item_ids: Iterable[str]) -> None:
    """Tell the index that items are no longer to be found; what is merged into them is to be looked at again."""
    ids = list(item_ids)
    changes.gone(session, ChangedKind.ITEM, ids)
    changes.put(session, ChangedKind.ITEM, _merged_into(session, ids))


def _merged_into(session: Session, item_ids: Sequence[str]) -> list[str]:
    found: list[str] = []
    for some in batches(item_ids):
        query = select(col(RepeatDecision.merged_id)).where(col(RepeatDecision.main_id).in_(some), *_STANDING)
        found += session.execute(query.order_by(col(RepeatDecision.merged_id))).scalars()
    known = set(item_ids)
    return [one for one in found if one not in known]

"""What left a list and stands on it again: known by issuer and title, so that its history goes on."""

from sqlmodel import Session

from marketplace.lists import standing
from marketplace.lists.publishing.barring import Bars
from marketplace.lists.rules.comparison import Comparison, with_former
from marketplace.lists.standing import Standing
from marketplace.lists.words import Outcome


def with_erased(session: Session, series_id: str | None, old: dict[str, Standing], bars: Bars) -> dict[str, Standing]:
    """What stands on a list, with what has left it and had its contact erased: a row that means it comes without one."""
    missing = bars.contacts.keys() - old.keys()
    if series_id is None or not missing:
        return old
    left = standing.former(session, series_id, barred=bars.lines.keys())
    return old | {item_id: one for item_id, one in left.items() if item_id in missing}


def recognise(
    session: Session, series_id: str | None, found: Comparison, bars: Bars
) -> tuple[Comparison, dict[str, Standing]]:
    """A comparison with the returned items among its new rows, and how they stood; a new series has none."""
    if series_id is None or not found.count(Outcome.ADDED):
        return found, {}
    former = standing.former(session, series_id, barred=bars.lines.keys())
    known = with_former(found, {item_id: one.draft for item_id, one in former.items()})
    back = {row.item_id for row in known.rows if row.outcome is Outcome.RETURNED}
    return known, {item_id: one for item_id, one in former.items() if item_id in back}

"""What everybody may read now of needs and suppliers, as running text: no names of suppliers, no phones, no addresses."""

from collections.abc import Iterable, Sequence

from sqlmodel import Session, col, select

from marketplace.kernel.batches import batches
from marketplace.lists import items
from marketplace.lists.need_tables import NeedOutcome
from marketplace.lists.rules.masks import mask_text
from marketplace.profiles import profiles
from marketplace.profiles.views import ProfileRecord


def of_needs(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """The texts of the needs among some ids that are open, or that their owner closed; others are left out.

    What left a list or was taken down is nobody's to copy any more; a paused need is not shown for the time being.
    """
    found = {
        record.id: _joined((record.title, record.description, *record.requirements))
        for record in items.documents(session, ids)
    }
    for item_id in _ended(session, [one for one in ids if one not in found]):
        page = items.get(session, item_id)
        if page.main is None:
            found[item_id] = _joined((page.card.title, page.description or "", *page.requirements))
    return found


def of_profiles(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """The texts of the listed profiles among some ids: what they offer, in the fields that everybody may see."""
    return {record.id: _profile(record) for record in profiles.documents(session, ids)}


def _ended(session: Session, ids: Sequence[str]) -> list[str]:
    found: list[str] = []
    for some in batches(ids):
        found += session.exec(select(NeedOutcome.item_id).where(col(NeedOutcome.item_id).in_(some)))
    return found


def _profile(record: ProfileRecord) -> str:
    said = (record.headline, record.description, *record.offers, *record.skills, *record.cases, *record.notes)
    # A supplier may name itself in its own words; the export is about what it does.
    return _joined(said).replace(record.name, "本单位") if record.name else _joined(said)


def _joined(parts: Iterable[str]) -> str:
    return mask_text("\n".join(dict.fromkeys(part.strip() for part in parts if part.strip())))

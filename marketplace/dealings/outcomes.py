"""What dealings came to, for figures: confirmed signings and introductions of a period."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from marketplace.accounts.tables import Organisation
from marketplace.dealings.rules.confirming import how
from marketplace.dealings.tables import Dealing, DealingNote
from marketplace.dealings.views import SignedDeal
from marketplace.dealings.words import Event, Party, Stage
from marketplace.kernel import money
from marketplace.kernel.batches import batches
from marketplace.kernel.chinese_time import BEIJING
from marketplace.lists.item_tables import Item
from marketplace.lists.rules.masks import mask_text
from marketplace.profiles.tables import Profile


def signed_in_period(session: Session, region: str, start: date, end: date) -> list[SignedDeal]:
    """The confirmed signings of needs within a region ("" is everywhere), signed from `start` to `end` inclusive."""
    query = _signed().where(_in(region), col(Dealing.signed_on) >= start, col(Dealing.signed_on) <= end)
    return [_view(*row) for row in session.exec(query.order_by(col(Dealing.signed_on), col(Dealing.id)))]


def signed_of_item(session: Session, item_id: str) -> list[SignedDeal]:
    """The confirmed signings of a need, oldest first."""
    query = _signed().where(Dealing.item_id == item_id)
    return [_view(*row) for row in session.exec(query.order_by(col(Dealing.signed_on), col(Dealing.id)))]


def signed_dealings(session: Session, item_ids: Sequence[str]) -> dict[str, str]:
    """The newest confirmed signing of each of some needs that has one, by its dealing."""
    found: dict[str, str] = {}
    for some in batches(item_ids):
        query = select(Dealing.item_id, Dealing.id).where(Dealing.stage == Stage.SIGNED, col(Dealing.item_id).in_(some))
        found |= dict(session.exec(query.order_by(col(Dealing.signed_on), col(Dealing.id))).all())
    return found


def introduced_in_period(session: Session, region: str, start: date, end: date) -> int:
    """How many pairs of needs within a region first came together from `start` to `end` inclusive (Beijing days)."""
    after = datetime.combine(start, time(), tzinfo=BEIJING)
    before = datetime.combine(end + timedelta(days=1), time(), tzinfo=BEIJING)
    query = select(func.count()).select_from(Dealing).where(_in(region))
    return session.exec(query.where(col(Dealing.introduced_at) >= after, col(Dealing.introduced_at) < before)).one()


def _signed() -> Select[Dealing, str, str, str]:
    # A signing is confirmed once: nothing leads on from it.
    confirmed = (col(DealingNote.dealing_id) == col(Dealing.id)) & (col(DealingNote.event) == Event.CONFIRM)
    return (
        select(Dealing, Item.title, Organisation.name, DealingNote.party)
        .join(DealingNote, confirmed)
        .join(Item, col(Item.id) == col(Dealing.item_id))
        .join(Profile, col(Profile.id) == col(Dealing.profile_id))
        .join(Organisation, col(Organisation.id) == col(Profile.organisation_id))
        .where(Dealing.stage == Stage.SIGNED)
    )


def _in(region: str) -> ColumnElement[bool]:
    here = col(Dealing.region)
    return or_(here == region, here.startswith(f"{region}/", autoescape=True)) if region else here.is_not(None)


def _view(row: Dealing, title: str, name: str, confirmed_by: str) -> SignedDeal:
    amount = money.yuan(row.signed_fen)
    assert amount is not None
    assert row.signed_on is not None
    assert row.confirmed_at is not None
    assert row.claimed_by is not None
    return SignedDeal(
        dealing_id=row.id,
        item_id=row.item_id,
        item_title=mask_text(title),
        profile_id=row.profile_id,
        opc_name=name,
        region=row.region,
        amount=amount,
        signed_on=row.signed_on,
        confirmed_at=row.confirmed_at,
        confirmation=how(row.claimed_by, Party(confirmed_by)),
        is_public=row.need_publishes and row.opc_publishes,
    )

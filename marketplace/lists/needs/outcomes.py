"""How needs ended: with whom, for how much, when; told to everybody where the unit wants it told."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Session, col, select

from marketplace.accounts import organisations
from marketplace.accounts.actors import covers
from marketplace.accounts.tables import Organisation
from marketplace.kernel import money
from marketplace.kernel.errors import Invalid
from marketplace.kernel.text import collapsed
from marketplace.lists.item_tables import Item
from marketplace.lists.need_tables import NeedOutcome
from marketplace.lists.rules.need_forms import clean
from marketplace.lists.tables import Series
from marketplace.lists.words import Deal
from marketplace.profiles.tables import Profile

MAX_NAME, MAX_WORDS = 120, 1_000
MOST_YUAN = Decimal(10) ** 13


@dataclass(frozen=True, slots=True)
class Ending:
    """How a need ends as its owner states it; `amount` in yuan, `reason` where nobody was found."""

    deal: Deal
    profile_id: str | None = None
    supplier_name: str = ""
    amount: Decimal | None = None
    signed_on: date | None = None
    reason: str = ""
    note: str = ""
    is_public: bool = False


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """How a need ended; `supplier` is the name of whoever does it, `organisation_id` the supplier's where known here."""

    item_id: str
    title: str
    deal: Deal
    profile_id: str | None
    organisation_id: str | None
    supplier: str | None
    amount: Decimal | None
    signed_on: date | None
    reason: str | None
    note: str
    is_public: bool
    recorded_at: datetime


def of_item(session: Session, item_id: str) -> OutcomeView | None:
    """How a need ended, or None; whether everybody may see it is `is_public`."""
    row = session.get(NeedOutcome, item_id)
    return None if row is None else _view(session, row, session.get_one(Item, item_id).title)


def in_period(session: Session, region: str, start: date, end: date) -> list[OutcomeView]:
    """The deals signed within a region between two days (both included), oldest first; for organisers' figures."""
    rows = session.exec(
        select(NeedOutcome, Item.title, Series.region, Organisation.region)
        .join(Item, col(Item.id) == col(NeedOutcome.item_id))
        .join(Series, col(Series.id) == col(Item.series_id), isouter=True)
        .join(Organisation, col(Organisation.id) == col(Item.organisation_id), isouter=True)
        .where(col(NeedOutcome.signed_on).between(start, end))
        .order_by(col(NeedOutcome.signed_on), col(NeedOutcome.item_id))
    )
    return [_view(session, row, title) for row, title, listed, own in rows if covers(region, listed or own or "")]


def write(session: Session, item_id: str, ending: Ending, *, actor_id: str, now: datetime) -> None:
    """Write down how a need ended. Raises Invalid by field."""
    name, reason = collapsed(clean(ending.supplier_name)), clean(ending.reason).strip()
    errors = _errors(session, ending, name, reason, today=now.date())
    if errors:
        raise Invalid(f"还有 {len(errors)} 处要改正。", code="bad_outcome", fields=errors)
    signed = ending.deal is not Deal.NONE
    row = NeedOutcome(
        item_id=item_id,
        deal=ending.deal,
        profile_id=ending.profile_id if ending.deal is Deal.PROFILE else None,
        supplier_name=name if ending.deal is Deal.OTHER else None,
        reason=None if signed else reason,
        amount_fen=money.fen(ending.amount) if signed else None,
        signed_on=ending.signed_on if signed else None,
        note=clean(ending.note).strip(),
        is_public=ending.is_public,
        recorded_by=actor_id,
        recorded_at=now,
    )
    session.add(row)
    session.flush()


def _errors(session: Session, ending: Ending, name: str, reason: str, *, today: date) -> dict[str, str]:
    found: dict[str, str] = {}
    if ending.deal is Deal.PROFILE and (not ending.profile_id or session.get(Profile, ending.profile_id) is None):
        found["profile_id"] = "请选择是哪一家 OPC；不在列表里就选“平台以外的供应方”。"
    if ending.deal is Deal.OTHER and not 0 < len(name) <= MAX_NAME:
        found["supplier_name"] = f"请填写供应方名称，不超过 {MAX_NAME} 个字。"
    if ending.deal is Deal.NONE and not 0 < len(reason) <= MAX_WORDS:
        found["reason"] = f"请写明没有成交的原因，不超过 {MAX_WORDS} 个字。"
    if len(ending.note) > MAX_WORDS:
        found["note"] = f"备注最多 {MAX_WORDS} 个字。"
    if ending.deal is Deal.NONE:
        return found
    if ending.signed_on is None:
        found["signed_on"] = "请填写签约日期。"
    elif ending.signed_on > today:
        found["signed_on"] = "签约日期不能晚于今天。"
    if ending.amount is not None and not 0 <= ending.amount <= MOST_YUAN:
        found["amount"] = "金额不对，请检查单位是元还是万元。"
    return found


def _view(session: Session, row: NeedOutcome, title: str) -> OutcomeView:
    profile = session.get(Profile, row.profile_id) if row.profile_id else None
    supplier = organisations.get(session, profile.organisation_id).name if profile else row.supplier_name
    return OutcomeView(
        item_id=row.item_id,
        title=title,
        deal=row.deal,
        profile_id=row.profile_id,
        organisation_id=profile.organisation_id if profile else None,
        supplier=supplier,
        amount=money.yuan(row.amount_fen),
        signed_on=row.signed_on,
        reason=row.reason,
        note=row.note,
        is_public=row.is_public,
        recorded_at=row.recorded_at,
    )

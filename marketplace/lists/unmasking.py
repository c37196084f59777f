"""Unmasking: a contact that is masked by default is shown once, for a stated purpose, and that is logged.

Organisers and supervisors of the region where the item is run may ask. Who asked, on what ground and for what is in
the item's chain, and its organisation can read it. The contacts in a file on its way in: `intakes.unmasking`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor, belongs_to, may, may_run_lists
from marketplace.accounts.words import Role
from marketplace.kernel import audit
from marketplace.kernel.errors import Invalid, NotAllowed, NotFound
from marketplace.kernel.tables import AuditEvent, AuditPayload
from marketplace.lists import audited
from marketplace.lists.item_tables import Item, ItemPrivate, ItemVersion
from marketplace.lists.views import Contact

REVEALED = "item.contact_revealed"
REVEALED_IN_INTAKE = "intake.contacts_revealed"
MIN_PURPOSE, MAX_PURPOSE = 10, 300
SHOWN = 200
LASTS = timedelta(minutes=5)
"""How long a contact that was shown may be looked at again without another entry."""


class Ground(StrEnum):
    """On what ground somebody asks to see a contact."""

    BROKERING = "brokering"
    VERIFYING = "verifying"
    SUPERVISING = "supervising"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class Shown:
    """A contact that is shown, with what was stated for it."""

    contact: Contact
    ground: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Unmasking:
    """One time that a contact was shown; the purpose is empty where none was asked for or it was erased."""

    kind: str
    """`item`, or `intake` where every contact of a file was shown."""
    subject_id: str
    title: str
    at: datetime
    by: str
    ground: str
    purpose: str


def may_ask(session: Session, actor: Actor, item_id: str) -> bool:
    """Whether the actor may ask to see an item's contact."""
    return _may(actor, _region(session, _item(session, item_id)))


def reveal(
    session: Session, actor: Actor, kind: str, subject_id: str, *, ground: str, purpose: str, now: datetime
) -> Contact:
    """Show the contact of an item in full, and write down who asked, on what ground and for what.

    Raises NotAllowed for those who may not, Invalid where the ground or the purpose is missing.
    """
    if kind != "item":
        raise NotFound("没有这项联系方式。")
    item = _item(session, subject_id)
    if not _may(actor, _region(session, item)):
        message = "只有这个条目所在地区的主办方、监督人员和平台管理员可以登记查看联系方式。"
        raise NotAllowed(message, code="may_not_unmask")
    chosen, stated = require_purpose(ground, purpose)
    audit.write(
        session,
        aggregate="item",
        aggregate_id=item.id,
        action=REVEALED,
        actor_id=actor.account_id,
        payload={"version": item.current_number, "ground": chosen.value, "purpose": stated},
        now=now,
    )
    return _contact(session, item)


def shown_lately(session: Session, actor: Actor, item_id: str, *, now: datetime) -> Shown | None:
    """The contact that the actor had shown within the last minutes, so that a reload is no second viewing.

    None where it was not, where it may not be seen any more, or where the item has changed since.
    """
    item = _item(session, item_id)
    if not _may(actor, _region(session, item)):
        return None
    found = stated_lately(session, actor, "item", item_id, REVEALED, now=now)
    says = next((one for one in found if one.get("version") == item.current_number), None)
    if says is None:
        return None
    return Shown(_contact(session, item), str(says["ground"]), str(says.get("purpose", "")))


def stated_lately(
    session: Session, actor: Actor, aggregate: str, subject_id: str, action: str, *, now: datetime
) -> list[Mapping[str, object]]:
    """What the actor stated within the last minutes to see the contacts of one thing, newest first."""
    rows = session.exec(
        select(AuditPayload.payload)
        .join(AuditEvent, col(AuditEvent.position) == col(AuditPayload.position))
        .where(
            AuditEvent.aggregate == aggregate,
            AuditEvent.aggregate_id == subject_id,
            AuditEvent.action == action,
            AuditEvent.actor_id == actor.account_id,
            col(AuditEvent.at) > now - LASTS,
        )
        .order_by(col(AuditEvent.position).desc())
    )
    return [one for one in rows if one.get("ground")]


def of_organisation(session: Session, actor: Actor, organisation_id: str) -> list[Unmasking]:
    """Who saw the contacts of an organisation's items, also in the file that listed them; newest first, for its members."""
    if not belongs_to(actor, organisation_id):
        raise NotFound("没有这个单位，或您不是它的成员。")
    items = select(Item.id).where(Item.organisation_id == organisation_id)
    files = select(ItemVersion.intake_id).where(
        col(ItemVersion.item_id).in_(items), col(ItemVersion.intake_id).is_not(None)
    )
    own = or_(
        and_(col(AuditEvent.aggregate) == "item", col(AuditEvent.aggregate_id).in_(items)),
        and_(col(AuditEvent.aggregate) == "intake", col(AuditEvent.aggregate_id).in_(files)),
    )
    return [one for _region, one in _found(session, own)]


def of_region(session: Session, actor: Actor) -> list[Unmasking]:
    """Who saw contacts in the regions that the actor supervises, newest first."""
    if not any(grant.role is Role.SUPERVISOR for grant in actor.grants):
        raise NotAllowed("解除掩码的记录只向监督人员和资料所属单位开放。", code="not_a_supervisor")
    return [one for region, one in _found(session, None) if may(actor, Role.SUPERVISOR, region=region)]


def _may(actor: Actor, region: str) -> bool:
    return may_run_lists(actor, region=region) or may(actor, Role.SUPERVISOR, region=region)


def require_purpose(ground: str, purpose: str) -> tuple[Ground, str]:
    """The ground and the purpose as stated; Invalid, naming the fields, where they do not do."""
    stated = purpose.strip()
    wrong: dict[str, str] = {}
    if ground not in set(Ground):
        wrong["ground"] = "请选择查看的依据。"
    if not MIN_PURPOSE <= len(stated) <= MAX_PURPOSE:
        wrong["purpose"] = f"请写明用途，{MIN_PURPOSE} 至 {MAX_PURPOSE} 个字，例如“核实 9 月 3 日投诉所述的预算金额”。"
    if wrong:
        raise Invalid("没有显示联系方式，请补全登记内容。", code="purpose_missing", fields=wrong)
    return Ground(ground), stated


def _contact(session: Session, item: Item) -> Contact:
    private = session.get(ItemPrivate, (item.id, item.current_number))
    if private is None:
        return Contact(None, None, None, masked=False)
    return Contact(private.contact_name, private.contact_phone, private.contact_email, masked=False)


def _item(session: Session, item_id: str) -> Item:
    item = session.get(Item, item_id)
    if item is None:
        raise NotFound("没有这个条目，请从清单中查找。", code="item_missing")
    return item


def _region(session: Session, item: Item) -> str:
    return audited.REGIONS["item"](session, [item.id]).get(item.id, "")


def _found(session: Session, only: ColumnElement[bool] | None) -> list[tuple[str, Unmasking]]:
    query = (
        select(AuditEvent, AuditPayload)
        .join(AuditPayload, col(AuditPayload.position) == col(AuditEvent.position), isouter=True)
        .where(
            or_(
                and_(col(AuditEvent.aggregate) == "item", col(AuditEvent.action) == REVEALED),
                and_(col(AuditEvent.aggregate) == "intake", col(AuditEvent.action) == REVEALED_IN_INTAKE),
            )
        )
    )
    if only is not None:
        query = query.where(only)
    rows = session.exec(query.order_by(col(AuditEvent.position).desc()).limit(SHOWN)).all()
    names = accounts.names(session, {event.actor_id for event, _payload in rows if event.actor_id})
    regions, titles = _places(session, rows)
    return [
        (regions.get(event.aggregate_id, ""), _unmasking(event, payload, titles, names))
        for event, payload in rows
        if event.aggregate_id in titles
    ]


def _places(
    session: Session, rows: Sequence[tuple[AuditEvent, AuditPayload | None]]
) -> tuple[dict[str, str], dict[str, str]]:
    regions: dict[str, str] = {}
    titles: dict[str, str] = {}
    for kind in ("item", "intake"):
        ids = sorted({event.aggregate_id for event, _payload in rows if event.aggregate == kind})
        regions |= audited.REGIONS[kind](session, ids)
        titles |= audited.TITLES[kind](session, ids)
    return regions, titles


def _unmasking(
    event: AuditEvent, apart: AuditPayload | None, titles: Mapping[str, str], names: Mapping[str, str]
) -> Unmasking:
    says: Mapping[str, object] = {} if apart is None else apart.payload
    return Unmasking(
        event.aggregate,
        event.aggregate_id,
        titles[event.aggregate_id],
        event.at,
        names.get(event.actor_id or "", ""),
        str(says.get("ground", "")),
        str(says.get("purpose", "")),
    )

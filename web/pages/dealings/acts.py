"""What a visitor can do about a need or a supplier, each act with its state or the reason why it cannot be done."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from sqlmodel import Session

from ingest.fields import ListKind
from marketplace.accounts.actors import Actor, acts_for, belongs_to
from marketplace.accounts.words import Role
from marketplace.dealings import dealings, openings, saves
from marketplace.dealings.views import DealingCard
from marketplace.kernel.words import SubjectKind
from marketplace.lists.views import ItemCard
from marketplace.lists.words import ItemState
from marketplace.profiles import profiles
from web.pages.dealings import words as dealing_words

if TYPE_CHECKING:
    from marketplace.accounts.views import SignedIn

BLANK: Final = "能力画像还没有内容，发榜方无从判断。"


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do: a link, or (with `fields`) a form of one button; `shape` is an icon of the kit."""

    label: str
    href: str
    fields: dict[str, str] | None = None
    tone: str = ""
    shape: str = ""


@dataclass(frozen=True, slots=True)
class Acts:
    """The acts of a page, and a note that says how things stand or why there are no more."""

    acts: tuple[Act, ...] = ()
    note: str = ""
    more: tuple[Act, ...] = field(default=())
    """Links that belong to the note."""


ItemActs = Acts
ProfileActs = Acts


def acts_on_item(session: Session, signed_in: "SignedIn | None", item: ItemCard, *, now: datetime) -> ItemActs:
    """What somebody can do about an item, or why not."""
    item_id = item.id
    if signed_in is None:
        if item.state is not ItemState.OPEN:
            return Acts()
        return _visitor(f"/items/{item_id}", "登录后可以收藏、表示感兴趣、联系发榜方或组队。")
    actor = signed_in.actor
    kept = _save(session, actor, SubjectKind.ITEM, item_id)
    if item.kind == ListKind.CAPABILITY:
        return Acts(kept)
    if openings.belongs_to_need(session, actor, item_id):
        more = (Act("查看对接", "/dealings"), Act("谁看过这条需求", f"/looks?item={item_id}"))
        return Acts((), "这是您单位发布的需求。", more)
    if _is_organiser(actor):
        return Acts((*kept, Act("介绍 OPC 对接", _new("introduce", item=item_id))))
    return _supplier_on_item(session, actor, item, kept, now)


def _supplier_on_item(session: Session, actor: Actor, item: ItemCard, kept: tuple[Act, ...], now: datetime) -> Acts:
    item_id = item.id
    barred = _barred_from_item(session, actor)
    own = openings.own_profile(session, actor)
    dealing = None if own is None else dealings.find(session, actor, item_id=item_id, profile_id=own, now=now)
    if dealing is not None:
        return _about(dealing, kept, _new("contact", item=item_id), now, may_act=not barred.note)
    if barred.note:
        return Acts(kept, barred.note, barred.more)
    if item.state is not ItemState.OPEN:
        return Acts(kept, "这条需求目前不接受新的对接。")
    return Acts(
        (
            Act("联系发榜方", _new("contact", item=item_id), tone="primary", shape="mail"),
            Act("感兴趣", "/dealings/interest", {"item": item_id}),
            Act("组队", f"/teams/new?item={item_id}"),
            *kept,
        )
    )


def acts_on_profile(session: Session, signed_in: "SignedIn | None", profile_id: str, *, now: datetime) -> ProfileActs:
    """What somebody can do about a supplier, or why not."""
    del now  # a supplier may meet many needs: how each stands is told on the dealings' page
    if signed_in is None:
        return _visitor(f"/opcs/{profile_id}", "登录后可以收藏、邀约或联系这家 OPC。")
    actor = signed_in.actor
    unit = profiles.get(session, profile_id).organisation
    if belongs_to(actor, unit.id):
        return Acts((), "这是您单位的能力画像。", (Act("谁看过我们", "/looks"), Act("我的对接", "/dealings")))
    kept = _save(session, actor, SubjectKind.PROFILE, profile_id)
    if _is_organiser(actor):
        return Acts((*kept, Act("介绍对接", _new("introduce", profile=profile_id))))
    return _buyer_on_profile(session, actor, profile_id, kept)


def _buyer_on_profile(session: Session, actor: Actor, profile_id: str, kept: tuple[Act, ...]) -> Acts:
    here = actor.organisation_id
    if here is None or not acts_for(actor, here):
        return Acts(kept, "邀约和联系由单位的负责人或经办人办理，请切换身份或联系他们。")
    team = (Act("邀请组队", f"/teams/invite?profile={profile_id}"),) if openings.own_profile(session, actor) else ()
    if openings.open_needs(session, actor):
        reach = (
            Act("联系", _new("contact", profile=profile_id), tone="primary", shape="mail"),
            Act("邀约", _new("interest", profile=profile_id)),
        )
        return Acts((*reach, *team, *kept))
    if team:
        return Acts((*team, *kept))
    return Acts(kept, "您单位还没有公开的需求：先发布一条，再邀约或联系 OPC。", (Act("发布需求", "/needs"),))


def _visitor(address: str, note: str) -> Acts:
    return Acts((Act("登录后对接", f"/sign-in?next={quote(address, safe='')}", tone="primary"),), note)


def _save(session: Session, actor: Actor, kind: SubjectKind, subject_id: str) -> tuple[Act, ...]:
    if not saves.may_write(actor):
        return ()
    fields = {"kind": kind.value, "subject": subject_id}
    if saves.holds(session, actor, kind=kind, subject_id=subject_id):
        return (Act("已收藏，移除", "/saved/remove", fields, shape="check"),)
    return (Act("收藏", "/saved", fields, shape="star"),)


def _barred_from_item(session: Session, actor: Actor) -> Acts:
    unit = actor.organisation_id
    if unit is None or not belongs_to(actor, unit):
        return Acts(note="对接由 OPC 发起。请切换到您所在的 OPC；还没有的，可以登记为 OPC 或个人。")
    if openings.own_profile(session, actor) is None:
        if all(grant.role is not Role.OPC for grant in actor.grants):
            return Acts(note="您现在代表的是发榜单位。对接由 OPC 发起，请在页首切换到您所在的 OPC。")
        return Acts(note=BLANK, more=(Act("填写能力画像", "/profile"),))
    if not acts_for(actor, unit):
        return Acts(note="您在这个单位是“查看”身份，请由负责人或经办人办理对接。")
    return Acts()


def _about(dealing: DealingCard, kept: tuple[Act, ...], ask: str, now: datetime, *, may_act: bool) -> Acts:
    primary = Act("查看对接", f"/dealings/{dealing.id}", tone="primary")
    waits = bool(dealing.request and dealing.request.answered_at is None) or dealing.contact_known
    again = () if waits or dealing.stage.value in {"claimed", "signed"} or not may_act else (Act("联系发榜方", ask),)
    return Acts((primary, *again, *kept), dealing_words.next_act(dealing, now))


def _is_organiser(actor: Actor) -> bool:
    return any(grant.role is Role.ORGANISER for grant in actor.grants)


def _new(act: str, **of: str) -> str:
    return f"/dealings/new?{urlencode({'act': act, **of})}"

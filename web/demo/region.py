"""What the demo's organiser has registered of its region: whose targets it measures itself by, communities, events."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.accounts.communities import communities
from marketplace.accounts.communities.views import CommunityForm
from marketplace.accounts.communities.words import CommunityKind
from marketplace.figures import events, targets
from marketplace.figures.views import EventForm
from marketplace.figures.words import EventKind
from marketplace.kernel.chinese_time import BEIJING

REFERENCE = "江苏省/盐城市"
COMMUNITIES = (
    (
        "澄江人工智能 OPC 社区",
        CommunityKind.COMMUNITY,
        "临川市澄江区滨江路 18 号",
        120,
        "零租金工位、代账报税、算力补贴申领、每月场景对接会。",
    ),
    (
        "临川超级个体网络服务中心",
        CommunityKind.SICN,
        "临川市澄江区政务中心 2 楼",
        None,
        "为一人公司提供资源链接、商务谈判、品牌营销等经纪服务。",
    ),
)
EVENTS = (
    (EventKind.MATCHING, "水务场景供需对接会", 40, "澄江区政务中心"),
    (EventKind.SALON, "一人公司技术沙龙（第三场）", 19, "澄江人工智能 OPC 社区"),
    (EventKind.ROADSHOW, "OPC 项目路演", 6, "临川市会展中心"),
)
"""Events with how many days ago they were held."""


def open_region(session: Session, organiser: Actor, region: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Register what an organiser would have by now."""
    targets.adopt(session, organiser, region, reference=REFERENCE, now=now, new_id=new_id)
    for name, kind, address, capacity, services in COMMUNITIES:
        form = CommunityForm(kind, f"{region}/澄江区", address, capacity, services, "0000-12345678")
        communities.register(session, organiser, form=form, name=name, now=now, new_id=new_id)
    today = now.astimezone(BEIJING).date()
    for event_kind, title, days_ago, place in EVENTS:
        event = EventForm(
            event_kind, title, today - timedelta(days=days_ago), place, "临川市数据局", 45, "演示数据：签到表"
        )
        events.enter(session, organiser, region, form=event, now=now, new_id=new_id)

"""The demo's OPC tells more of itself than the sample file: services, structured cases, filings, a hidden price."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlmodel import Session

from marketplace.accounts import accounts
from marketplace.profiles import profiles
from marketplace.profiles.entries import Case, Filing, Offer
from marketplace.profiles.views import ProfileForm
from marketplace.profiles.words import FilingKind, Visibility

FORM: Final = ProfileForm(
    headline="行车记录画面里的街面事件抓取",
    description="我们只做一件事：把环卫车、公交车、网约车的行车记录视频变成街面事件。\n"
    "流动摊贩、溢桶、暴露堆物、晒衣挂绳等17类目标，模型在4个县城跑过，综合精确率91.4%。\n"
    "事件带经纬度和三张连拍，走企业微信或网格平台接口，从看见到派出去平均6分钟。\n"
    "同一地点同一事件做时空去重。",
    offers=(
        Offer(
            "街面事件自动识别与派单",
            "城管、环卫、街道网格中心",
            "环卫车、公交车的行车记录视频",
            "带经纬度和三张连拍的街面事件",
            "接入网格平台的事件推送服务和周报",
        ),
        Offer(
            "存量视频一次性普查", "县级市城管局", "硬盘里的历史视频", "事件台账和热力图", "普查报告一份、台账表格一份"
        ),
    ),
    skills=("YOLO系列目标检测", "时空去重", "GIS落点", "边缘盒子部署"),
    sectors=("城市管理", "环卫"),
    cases=(
        Case(
            "县级市环卫所行车视频巡查",
            "某县级市环卫所",
            2025,
            "把12辆环卫车的行车记录视频接入识别，线索推送到网格平台。",
            "处理视频1.9万小时，推送有效线索8600条",
        ),
        Case("某镇网格中心暴露垃圾随手拍识别小程序", "匿名", 2025, "网格员拍照即判暴露垃圾类别，自动填写上报单。"),
    ),
    not_offered=("不含车载设备采购", "不派人上路巡查"),
    team_size=4,
    region="临川市澄江区",
    price_text="8万元起，按车按年计费",
    founded_year=2024,
    filings=(
        Filing(FilingKind.ALGORITHM, "网信算备990000260418号（演示）", "街面事件识别算法"),
        Filing(FilingKind.COPYRIGHT, "2025SR0990418（演示）", "街面事件抓取系统 V1.0"),
    ),
    visibility={"founded_year": Visibility.MEMBERS},
)


def write(session: Session, account_id: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Let the demo's OPC publish its own form over what the sample file says of it."""
    actor = accounts.actor(session, account_id)
    unit = next(grant.organisation_id for grant in actor.grants if grant.organisation_id)
    profiles.put(session, actor, organisation_id=unit, form=FORM, now=now, new_id=new_id)

"""Sample needs of the demo's enterprise: two open, one of which takes a team, one being written, one paused."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from sqlmodel import Session

from marketplace.accounts import accounts
from marketplace.lists.needs import draft_saves, drafts, needs

CONTACT: Final = {"contact_name": "陈需求", "contact_phone": "13900001234", "contact_email": "xuqiu@demo.example"}
OPEN: Final = {
    "need_type": "技术攻关",
    "title": "泵站轴承异响提前预警",
    "sector": "智慧水务",
    "situation": "三十座泵站靠值守人员每周巡听一次，每座约 40 分钟。",
    "problem": "轴承坏了才知道，去年因此停水两次。",
    "requirements": "轴承故障提前 72 小时预警\n每座泵站误报每月不超过 2 次\n断网时本地继续判断，恢复后补传",
    "budget_max": "60",
    "budget_max_unit": "wan",
    "budget_source": "2027 年设备更新专项，已批复",
    "period_end": "2027-09-30",
    "conditions": "开放 3 座泵站安装测试，提供近两年检修记录。",
    "decider": "设备部定方案，分管副总审批",
}
TOGETHER: Final = {
    "need_type": "采购需求",
    "title": "供排水服务提质打包项目",
    "sector": "智慧水务",
    "situation": "供水热线每天约 600 个来电，四成问停水和水费；雨污管网检测录像有 40 公里没人看；用户满意度一年只调查一次。",
    "problem": "三件事分别委托，口径对不上。希望一个牵头方统一交付，一张表说清。",
    "requirements": "报漏、查账单、问停水的来电由语音机器人先接，听得懂本地地名\n"
    "排水管道内窥检测录像判读缺陷，按规程定级\n"
    "每月电话回访用户满意度，按乡镇出分析报告",
    "budget_max": "85",
    "budget_max_unit": "wan",
    "budget_source": "2027 年客户服务与管网检测两项预算合并",
    "period_end": "2027-10-31",
    "conditions": "提供近一年来电录音（已去除个人信息）和全部检测录像，可以接受联合体。",
    "decider": "客户服务中心和管网部共同定方案，总经理办公会审批",
}
WRITING: Final = {
    "need_type": "采购需求",
    "title": "供水热线智能化",
    "situation": "热线每天约 600 个来电，四成问的是停水和水费。",
    "requirements": "提升效率",
}
PAUSED: Final = {
    "need_type": "场景验证",
    "title": "水厂药剂投加参数试算",
    "sector": "智慧水务",
    "situation": "投加量凭老师傅经验，水质波动时来回调。",
    "requirements": "浊度预测误差不超过 0.2 NTU 的天数占 90%\n每 10 分钟给出一次建议",
    "budget_negotiable": "yes",
}


def write(session: Session, account_id: str, organisation_id: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Write the sample needs as the enterprise's own account would."""
    actor = accounts.actor(session, account_id)

    def begin(body: Mapping[str, str]) -> tuple[str, int]:
        draft_id = drafts.open_new(session, actor, organisation_id, now=now, new_id=new_id)
        given = {**body, **CONTACT}
        saved = draft_saves.save(session, actor, draft_id, given, version=1, page="demo", now=now)
        return draft_id, saved.version

    begin(WRITING)
    for body in (OPEN, TOGETHER, PAUSED):
        draft_id, version = begin(body)
        made = needs.publish(session, actor, draft_id, version=version, now=now, new_id=new_id)
        if body is PAUSED:
            needs.pause(session, actor, made.item_id, now=now)

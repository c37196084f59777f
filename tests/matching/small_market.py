"""A handful of needs and profiles, and an engine over them with the shipped lexicon and the hashed encoder."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from matching import settings
from matching.concepts import Lexicon, load
from matching.documents import Need, Profile
from matching.engine import Engine
from tests.matching.hashed_encoder import HashedEncoder

NEEDS = (
    Need(
        "N1",
        "车间排产与插单重排",
        "订单变动频繁，计划员手工调表。要求综合设备、模具、交期自动给出排产，插单后三分钟内重排。",
    ),
    Need("N2", "便民热线工单分派", "来电诉求靠话务员转办，错派退回多。要求自动提炼诉求点，合并重复件，推荐承办部门。"),
    Need("N3", "水库漂浮物巡查", "水源地面积大，人工巡查频次低。需实现无人船自动巡航和图像识别，异常两小时内报告。"),
    Need("N4", "党政会议录音整理", "会议多、方言重，人工整理慢。要求语音转写、区分发言人、自动形成会议纪要。"),
)
PROFILES = (
    Profile(
        "P1",
        "排得快工作室",
        "多品种小批量车间的自动排产",
        "按设备、模具、物料和交期自动排产，插单后两分钟重排；结果可导出表格。",
        skills=("APS", "排产算法"),
        cases=("某五金厂插单重排，按期交付率提高12个百分点",),
        team_size=2,
        region="江苏苏州",
    ),
    Profile(
        "P2",
        "热线帮手",
        "政务热线工单自动分派与重复件归并",
        "从来电记录里提炼诉求点，推荐承办部门，合并重复工单。不做话务员派驻。",
        skills=("工单分派", "文本聚类"),
        team_size=1,
        region="江苏南京",
    ),
    Profile(
        "P3",
        "话务人力",
        "12345热线坐席人员派驻",
        "提供话务员招聘与驻场服务。不提供工单分派、重复件归并的算法或系统。",
        team_size=60,
        region="江苏盐城",
    ),
    Profile(
        "P4",
        "清水无人船",
        "无人船水质采样与漂浮物识别",
        "无人船自动巡航，识别水面漂浮物和蓝藻，异常自动报告。",
        skills=("无人船", "图像识别"),
        team_size=4,
        region="广东深圳",
    ),
    Profile(
        "P5",
        "会议速记",
        "听得懂方言的会议纪要",
        "语音转写、说话人分离、自动写会议纪要，支持八种方言。",
        skills=("语音识别", "会议纪要"),
        team_size=3,
        region="四川成都",
    ),
    Profile("P6", "花间茶饮", "社区茶饮门店加盟", "茶饮配方输出、门店选址与开店指导。", team_size=9, region="福建福州"),
)


@cache
def lexicon() -> Lexicon:
    """The shipped lexicon, read once."""
    return load()


def lenient() -> settings.Settings:
    """The shipped settings with a floor that the hashed encoder's smaller cosines reach."""
    shipped = settings.load()
    return replace(shipped, calibration=replace(shipped.calibration, intercept=-3.0, crowd=0.0, floor=10.0))


def open_engine(folder: Path | None = None, *, filled: bool = True, numbers: settings.Settings | None = None) -> Engine:
    """An engine over the small market."""
    engine = Engine.open(folder, encoder=HashedEncoder(), lexicon=lexicon(), settings=numbers or lenient())
    if filled:
        engine.apply([*NEEDS, *PROFILES])
    return engine

"""The page kit with every piece in its states, for those who build pages and those who judge them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from marketplace.lists.views import FieldChange
from web.dependencies import AtDesk
from web.pages import render
from web.pages.kit_usages import USAGES
from web.pages.matches.answers import Answer, Point

router = APIRouter()

SAMPLE_REQUIREMENTS: Final = (
    "树冠病害识别率不低于 88%",
    "倾斜超限后 10 分钟内预警",
    "接入城市运行管理平台",
)
SAMPLE_POINTS: Final = (
    Point(
        SAMPLE_REQUIREMENTS[0],
        1,
        "手机拍叶即判 46 种病虫害，第三方抽检识别准确率 91%",
        "cases[0]",
        ("病虫害", "识别", "病害"),
    ),
    Point(SAMPLE_REQUIREMENTS[1], 2, "低功耗倾角贴片，越限后 3 分钟推送预警", "skills[2]", ("倾角", "预警", "超限")),
    Point(SAMPLE_REQUIREMENTS[2], 3),
)
SAMPLE_ANSWERS: Final = (
    Answer(
        "木语视觉",
        "/kit#hit",
        "2 人 · 江苏省盐城市 · 林木病虫害识别与倒伏监测",
        92.0,
        "strong",
        SAMPLE_POINTS,
        (),
        ("病虫害识别", "倾斜监测", "预警"),
        unfolded=True,
    ),
    Answer(
        "接线员工作室",
        "/kit#hit",
        "1 人 · 江苏省南京市 · 物联网设备接入",
        58.0,
        "possible",
        (SAMPLE_POINTS[2], SAMPLE_POINTS[1]),
        ("条目要求供应方在临川市，该 OPC 登记在南京市",),
        ("设备接入",),
        unfolded=False,
    ),
)
SAMPLE_CHANGES: Final = (
    FieldChange("budget_max", "1200000.00", "900000.00"),
    FieldChange("period_end", None, "2026-09-30"),
    FieldChange("contact_name", "林工", None),
)


@router.get("/kit")
async def show(request: Request, desk: AtDesk) -> HTMLResponse:
    """Every piece of the page kit in its states."""
    return render.page(
        request,
        desk,
        "kit/show.html",
        usages=USAGES,
        answers=SAMPLE_ANSWERS,
        points=SAMPLE_POINTS,
        changes=SAMPLE_CHANGES,
        moments=(datetime(2026, 11, 27, 9, 30, tzinfo=UTC), datetime(2026, 9, 1, 1, 0, tzinfo=UTC)),
        days=(date(2026, 11, 27), date(2026, 12, 9)),
        sums=(Decimal("900000.00"), Decimal("1234567.80"), Decimal("250000000.00"), Decimal("860.00")),
        limit_bytes=desk.settings.upload_limit_bytes,
    )

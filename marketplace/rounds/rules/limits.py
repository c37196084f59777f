"""The numbers that a procedure type sets beside its stages and criteria: what each says, its bounds, what is proposed."""

from collections.abc import Mapping
from typing import Final

LIMITS: Final[Mapping[str, tuple[str, int, int]]] = {
    "least_bids": ("至少几份有效申报，少于此数流榜", 1, 50),
    "most_partners": ("联合体最多几家伙伴，不含牵头方", 0, 20),
    "notice_workdays": ("修改公告后至少留几个工作日，不足则顺延截止", 1, 60),
    "correction_hours": ("每次补正至少几小时", 1, 720),
    "panel": ("评审专家几人", 3, 51),
    "panel_reserves": ("另抽候补专家几人", 0, 20),
    "least_sheets": ("每份申报至少几张有效评分表", 1, 51),
    "divergence": ("各专家总分相差多少分以上须说明", 5, 100),
    "comment_below": ("单项得分低于满分的百分之几须写评语", 0, 100),
    "comment_above": ("单项得分高于满分的百分之几须写评语", 0, 100),
    "line": ("总分最低多少分才能入选", 0, 100),
    "finalists": ("有下一评审环节的，每个赛道几家进入", 1, 50),
    "winners": ("每个赛道（没有赛道的，整个活动）中选几家", 1, 50),
    "reserves": ("每个赛道候补几家", 0, 20),
    "accept_workdays": ("异议几个工作日内决定是否受理", 1, 30),
    "decide_workdays": ("受理的异议几个工作日内办结，可延长一次", 1, 60),
    "confirm_workdays": ("定榜后中选方几个工作日内确认", 1, 30),
}
"""What each limit says, and between which numbers it lies."""
DEFAULTS: Final[Mapping[str, int]] = {
    "panel_reserves": 3,
    "least_sheets": 3,
    "divergence": 20,
    "comment_below": 60,
    "comment_above": 90,
    "line": 60,
    "finalists": 5,
    "winners": 1,
    "reserves": 2,
    "accept_workdays": 3,
    "decide_workdays": 7,
    "confirm_workdays": 5,
}
"""What the product proposes where a procedure, written before there was such a limit, does not say."""

"""What the log says of the expert pool and of what units state for it, in Chinese: every action as a sentence's verb, what changed by name."""

from collections.abc import Mapping
from typing import Final

from web.pages.experts.words import BACKGROUND, TIES

ACTIONS: Final[Mapping[str, str]] = {
    "expert.accepted": "接受了加入专家库的邀请：{title}",
    "expert.amended": "修改了专家{title}的信息",
    "expert.applied": "申请加入专家库：{title}",
    "expert.erased": "删除了一位专家的个人信息",
    "expert.invited": "邀请{title}加入专家库",
    "expert.left": "结束了{title}在专家库的登记",
    "expert.listed": "同意{title}加入专家库",
    "expert.paused": "暂停了专家{title}的评审",
    "expert.refused": "没有同意{title}加入专家库",
    "expert.relation_added": "登记了专家{title}的一项关系",
    "expert.relation_ended": "登记了专家{title}一项关系的结束日期",
    "expert.relation_removed": "删去了专家{title}的一项关系",
    "expert.resumed": "恢复了专家{title}的评审",
    "expert.term_ending": "提醒了专家{title}的聘期将到期",
    "expert.term_set": "设定了专家{title}的聘期",
    "expert.tie_added": "登记了专家{title}的一个单位",
    "expert.tie_ended": "登记了专家{title}离开一个单位的日期",
    "expert.tie_removed": "删去了专家{title}的一个单位",
    "organisation.background_erased": "删除了{title}的关联信息",
    "organisation.background_stated": "填写了{title}的关联信息",
}
PARTS: Final[Mapping[str, str]] = {
    "bank_account": "银行账号",
    "fields": "专业类别",
    "phone": "电话",
    "specialities": "专长",
    "terms": "专长词",
    "title": "职称或职务",
    **BACKGROUND,
}
"""What of an entry, or of what a unit states, was changed; what it said stands there, not in the log."""
KINDS_OF_TIES: Final[Mapping[str, str]] = {kind.value: name for kind, name in TIES.items()}

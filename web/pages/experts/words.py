"""What the pages of the expert pool call things."""

from collections.abc import Mapping
from typing import Final

from marketplace.experts.rules.facts import RelationKind, TieKind
from marketplace.experts.words import ExpertField, ExpertState

STATES: Final[Mapping[ExpertState, tuple[str, str]]] = {
    ExpertState.INVITED: ("已邀请，待接受", "waiting"),
    ExpertState.APPLIED: ("待主办方决定", "waiting"),
    ExpertState.LISTED: ("在库", "done"),
    ExpertState.PAUSED: ("已暂停", "paused"),
    ExpertState.REFUSED: ("未通过", "refused"),
    ExpertState.LEFT: ("已退出", "closed"),
}
"""Each state with the look of its mark."""
FIELDS: Final[Mapping[ExpertField, tuple[str, str]]] = {
    ExpertField.TECHNOLOGY: ("技术", "技术路线、算法、工程实现"),
    ExpertField.INDUSTRY: ("行业应用", "水务、园林、制造等行业的业务和现场"),
    ExpertField.FINANCE: ("财务", "预算、报价、成本"),
    ExpertField.LAW: ("法律", "合同、知识产权、数据合规"),
    ExpertField.MANAGEMENT: ("管理", "项目组织、进度、运营"),
}
TIES: Final[Mapping[TieKind, str]] = {
    TieKind.EMPLOYED: "任职",
    TieKind.PAID: "兼职取酬",
    TieKind.LEGAL_REPRESENTATIVE: "法定代表人",
    TieKind.DIRECTOR: "董事",
    TieKind.SHAREHOLDER: "股东",
    TieKind.ADVISER: "顾问",
}
RELATIONS: Final[Mapping[RelationKind, str]] = {
    RelationKind.RELATIVE: "亲属",
    RelationKind.SUPERVISOR: "导师",
    RelationKind.STUDENT: "学生",
    RelationKind.JOINT_WORK: "合作（三年内）",
    RelationKind.FRIEND: "朋友",
}
WHO_SEES: Final = (
    "姓名、职称、专业类别、专长和聘期：本地区主办方和监督看得到，用来抽取专家。",
    "抽取评审组时，该活动的发布单位、审批和决定等办理人员也看得到姓名、职称、专业类别、专长和专长词，系统据此按与公告的对口程度排列；申报单位看不到。",
    "电话、任职单位和关系：主办方和监督看得到，只用于联系和回避检查；发榜单位和申报单位看不到。",
    "银行账号：完整号码只有您本人看得到，主办方和监督只看到尾号；系统只用它检查是否与申报单位同一账户。",
    "平台管理员不能打开这一页。每次改动都留下以前的内容和时间。",
)
BACKGROUND: Final[Mapping[str, str]] = {
    "legal_representative": "法定代表人",
    "shareholders": "股东",
    "directors": "董事和高管",
    "people": "主要人员",
    "parents": "上级单位",
    "former_names": "曾用名",
    "phones": "电话",
    "bank_accounts": "银行账号",
}
"""What a unit states about who stands behind it."""
WHO_SEES_UNITS: Final = (
    "填写和修改：本单位的负责人和经办人；查看：本单位成员。",
    "本单位申报的活动开启以后，该活动的发布单位、主办方和监督人员可以查看，银行账号只看到尾号。",
    "任何时候都不公开，专家、其他申报单位和平台管理员看不到。",
    "每次修改都留下以前的内容；单位注销时一并删除。",
)

"""The parts a column can play in a list."""

from enum import StrEnum


class Role(StrEnum):
    """What a column holds: mostly a field of a draft, else something to keep, to count by or to pass over."""

    SEQUENCE = "sequence"
    TITLE = "title"
    DESCRIPTION = "description"
    REQUIREMENTS = "requirements"
    ISSUER = "issuer"
    GROUP = "group"
    ISSUER_TYPE = "issuer_type"
    SECTOR = "sector"
    REGION = "region"
    BUDGET = "budget"
    BUDGET_MIN = "budget_min"
    BUDGET_MAX = "budget_max"
    PERIOD = "period"
    PERIOD_START = "period_start"
    PERIOD_END = "period_end"
    CONTACT = "contact"
    CONTACT_NAME = "contact_name"
    CONTACT_PHONE = "contact_phone"
    CONTACT_EMAIL = "contact_email"
    NEED_TYPE = "need_type"
    LIST_KIND = "list_kind"
    USCC = "uscc"
    TEAM_SIZE = "team_size"
    CASES = "cases"
    COOPERATION = "cooperation"
    SUPPORT = "support"
    REMARKS = "remarks"
    QUALIFICATIONS = "qualifications"
    UNUSED = "unused"


EXTRAS = (Role.USCC, Role.TEAM_SIZE, Role.CASES, Role.COOPERATION, Role.SUPPORT, Role.REMARKS, Role.QUALIFICATIONS)
"""Roles that have no field of a draft and go into its `extras` under their own name."""

LABELS = {
    Role.SEQUENCE: "序号",
    Role.TITLE: "名称",
    Role.DESCRIPTION: "简介",
    Role.REQUIREMENTS: "要求",
    Role.ISSUER: "单位",
    Role.GROUP: "所属集团",
    Role.ISSUER_TYPE: "单位性质",
    Role.SECTOR: "行业领域",
    Role.REGION: "所在地",
    Role.BUDGET: "金额",
    Role.BUDGET_MIN: "金额下限",
    Role.BUDGET_MAX: "金额上限",
    Role.PERIOD: "时间",
    Role.PERIOD_START: "开始时间",
    Role.PERIOD_END: "结束时间",
    Role.CONTACT: "联系方式",
    Role.CONTACT_NAME: "联系人",
    Role.CONTACT_PHONE: "联系电话",
    Role.CONTACT_EMAIL: "邮箱",
    Role.NEED_TYPE: "需求类型",
    Role.LIST_KIND: "清单类别",
    Role.USCC: "信用代码",
    Role.TEAM_SIZE: "人数",
    Role.CASES: "案例",
    Role.COOPERATION: "合作方式",
    Role.SUPPORT: "支撑条件",
    Role.REMARKS: "备注",
    Role.QUALIFICATIONS: "资质",
    Role.UNUSED: "不采用",
}

"""The codes that payloads of the log hold, by name."""

from collections.abc import Mapping
from typing import Final

PARTIES: Final[Mapping[str, str]] = {"need": "需求方", "opc": "承接方", "organiser": "主办方"}
STANDINGS: Final[Mapping[str, str]] = {"owner": "负责人", "editor": "经办人", "reader": "查看"}
GROUNDS: Final[Mapping[str, str]] = {
    "brokering": "对接服务",
    "verifying": "核实信息",
    "supervising": "监督检查",
    "complaint": "处理投诉、异议",
    "late": "超过公示期提出",
    "no_interest": "没有利害关系",
    "no_evidence": "没有事实依据",
    "repeated": "重复提出",
    "out_of_scope": "不属于受理范围",
}
PAGES: Final[Mapping[str, str]] = {
    "search": "查阅",
    "life": "一件事的全部留痕",
    "own": "本单位办理记录",
    "verify": "校验",
    "seals": "每日封存值",
}
AUDIENCES: Final[Mapping[str, str]] = {
    "everybody": "所有人",
    "organisers": "主办方",
    "enterprises": "需求单位",
    "opcs": "OPC",
}
LEVELS: Final[Mapping[str, str]] = {"info": "一般", "warn": "提醒", "urgent": "紧急"}
COMMUNITY_FIELDS: Final[Mapping[str, str]] = {
    "address": "地址",
    "capacity": "可容纳人数",
    "services": "服务内容",
    "contact": "联系方式",
    "kind": "类别",
    "region": "地区",
}
COMMUNITY_KINDS: Final[Mapping[str, str]] = {"community": "OPC 社区", "sicn": "服务机构"}
DEALS: Final[Mapping[str, str]] = {"profile": "与平台上的承接方成交", "other": "与其他供给方成交", "none": "没有成交"}
POSTS: Final[Mapping[str, str]] = {
    "approver": "审批人",
    "opener_a": "开启人甲",
    "opener_b": "开启人乙",
    "keeper": "监督保管人",
    "checker": "资格审查人",
    "decider": "决定人",
    "objections": "异议受理人",
}
BIDS: Final[Mapping[str, str]] = {"draft": "草稿", "needs_reconfirm": "待重新确认"}
SCOPES: Final[Mapping[str, str]] = {"line": "整条撤下", "contact": "只删除联系方式"}
CHOSEN: Final[Mapping[str, str]] = {"taken": "以清单为准", "kept": "以单位填写的为准"}
ANSWERS: Final[Mapping[str, str]] = {
    "uphold": "成立",
    "uphold_partly": "部分成立",
    "dismiss": "不成立",
    "overturn": "申诉后成立",
    "confirm": "申诉后维持",
}
REMEDIES: Final[Mapping[str, str]] = {
    "review_again": "另请专家重新评审",
    "decide_again": "重新研究决定",
    "correct": "更正公示",
}

"""What the log says, in Chinese: every action as a sentence's verb, every kind of thing by its name and address."""

from collections.abc import Mapping
from typing import Final

KINDS: Final[Mapping[str, str]] = {
    "account": "账号",
    "announcement": "公告",
    "api_token": "接口令牌",
    "audit": "留痕查阅",
    "community": "社区与服务机构",
    "dealing": "对接",
    "dealing_limit": "对接限额",
    "edition": "清单期次",
    "event": "对接活动",
    "intake": "清单导入",
    "item": "条目",
    "mail": "邮件",
    "need_draft": "需求草稿",
    "organisation": "单位",
    "platform_setting": "平台设置",
    "policy": "政策规则",
    "profile": "能力画像",
    "release": "联合发布",
    "series": "清单系列",
    "sign_in": "登录",
    "takedown": "撤下申请",
    "target": "目标任务",
    "team": "联合体",
    "template": "清单模板",
    "verification": "单位核验",
    "workdays": "工作日表",
}
PLACES: Final[Mapping[str, str]] = {
    "account": "/administration/accounts/",
    "announcement": "/announcements/",
    "edition": "/editions/",
    "intake": "/intakes/",
    "item": "/items/",
    "organisation": "/organisations/",
    "profile": "/opcs/",
    "workdays": "/workdays/",
}
"""Where a thing has a page of its own that its id follows."""
ACTIONS: Final[Mapping[str, str]] = {
    "account.created": "开立了账号",
    "account.disabled": "停用了账号",
    "account.email_confirmed": "确认了账号的邮箱",
    "account.enabled": "恢复了账号",
    "account.erased": "注销了账号，删除了个人信息",
    "account.password_set": "设置了密码",
    "account.sessions_ended": "结束了账号的全部登录",
    "affiliation.asked": "申请了社区与 OPC 的归属关系",
    "affiliation.confirmed": "确认了社区与 OPC 的归属关系",
    "affiliation.declined": "谢绝了社区与 OPC 的归属关系",
    "affiliation.ended": "结束了社区与 OPC 的归属关系",
    "announcement.amended": "修改了公告",
    "announcement.published": "发布了公告",
    "announcement.withdrawn": "撤下了公告",
    "assisted_code.approved_first": "为找回账号作了第一道批准",
    "assisted_code.approved_second": "为找回账号作了第二道批准",
    "assisted_code.used": "用一次性验证码找回了账号",
    "audit.erase": "删除了一条留痕的附注",
    "audit.exported": "导出了留痕",
    "audit.verified": "校验了全部留痕",
    "audit.viewed": "查阅了留痕",
    "claim.submitted": "提交了单位认领",
    "community.amended": "修改了社区资料",
    "community.closed": "关闭了社区",
    "community.confirmed": "确认了社区",
    "community.registered": "登记了社区",
    "dealing.amount_published": "同意公开成交金额",
    "dealing.amount_withheld": "不再公开成交金额",
    "dealing.ask": "请求了联系方式",
    "dealing.confirm": "确认了签约",
    "dealing.contact_revealed": "查看了对接的联系方式",
    "dealing.decline": "谢绝了联系请求",
    "dealing.dispute": "对签约提出了异议",
    "dealing.end": "结束了对接",
    "dealing.express": "表达了意向",
    "dealing.grant": "同意了联系请求",
    "dealing.intend": "记下了合作意向",
    "dealing.introduce": "介绍了双方",
    "dealing.meet": "记下了一次洽谈",
    "dealing.note": "加了一条对接记录",
    "dealing.reopen": "重新开始了对接",
    "dealing.retract": "收回了签约登记",
    "dealing.sign": "登记了签约",
    "dealing.withdraw": "撤回了联系请求",
    "dealing_limit.set": "设置了对接限额",
    "edition.appendix_attached": "附上了清单附件",
    "edition.published": "发布了一期清单",
    "event.amended": "修改了对接活动",
    "event.entered": "登记了对接活动",
    "event.withdrawn": "撤销了对接活动",
    "grant.given": "授予了权限",
    "grant.withdrawn": "撤销了权限",
    "intake.confirmed": "确认并发布了导入的清单",
    "intake.discarded": "放弃了导入的清单",
    "intake.opened": "上传了清单文件",
    "invitation.accepted": "接受了单位的邀请",
    "invitation.sent": "邀请了成员加入单位",
    "invitation.withdrawn": "撤回了单位的邀请",
    "item.amended": "修改了条目",
    "item.closed": "关闭了条目",
    "item.contact_erased": "删除了条目的联系方式",
    "item.contact_revealed": "查看了条目的联系方式",
    "item.disputes_decided": "裁定了条目内容的不一致",
    "item.paused": "暂停了条目",
    "item.posted": "发布了需求",
    "item.resumed": "恢复了条目",
    "item.taken_down": "撤下了条目",
    "mail.passed_on": "转告了一封邮件",
    "mail.sent_again": "重发了一封邮件",
    "member.added": "加入了单位成员",
    "member.changed": "变更了单位成员的身份",
    "member.left": "退出了单位",
    "need_draft.discarded": "放弃了需求草稿",
    "need_draft.opened": "起草了需求",
    "organisation.amended": "修改了单位资料",
    "organisation.claimed": "认领了单位",
    "organisation.created": "建立了单位",
    "organisation.declared": "申报了单位情况",
    "organisation.enrolled": "登记了单位",
    "organisation.offers_work": "开通了单位的承接身份",
    "organisation.posts_needs": "开通了单位的发榜身份",
    "organisation.verified": "核验通过了单位",
    "policy.loaded": "载入了政策规则",
    "profile.case_check_withdrawn": "撤回了案例核验",
    "profile.case_checked": "核验了案例",
    "profile.erased": "删除了能力画像",
    "profile.written": "更新了能力画像",
    "recovery_code.used": "使用了恢复码",
    "recovery_codes.made": "生成了恢复码",
    "release.opened": "发起了联合发布",
    "release.published": "完成了联合发布",
    "release.withdrawn": "撤销了联合发布",
    "reset.link_sent": "寄出了重设密码的链接",
    "second_factor.app_added": "启用了验证器",
    "second_factor.app_changed": "更换了验证器",
    "second_factor.app_removed": "移除了验证器",
    "second_factor.failed": "输错了第二重验证",
    "second_factor.passkey_added": "添加了通行密钥",
    "second_factor.passkey_removed": "移除了通行密钥",
    "setting.changed": "修改了平台设置",
    "sign_in.closed": "退出了登录",
    "sign_in.confirmed": "重新确认了身份",
    "sign_in.ended": "结束了一处登录",
    "sign_in.failed": "登录失败",
    "sign_in.not_confirmed": "确认身份失败",
    "sign_in.opened": "登录了平台",
    "sign_in.opened_by_passkey": "用通行密钥登录了平台",
    "sign_in.others_ended": "结束了其他各处登录",
    "sign_in.seat_taken": "切换了代表的单位",
    "takedown.submitted": "申请撤下清单所载内容",
    "takedown.withdrawn": "撤回了撤下申请",
    "target.adopted": "采用了目标任务",
    "target.entered": "登记了目标任务",
    "target.loaded": "载入了目标任务",
    "target.reference_dropped": "不再参照一项目标任务",
    "target.withdrawn": "撤销了目标任务",
    "team.assigned": "分派了联合体的分工",
    "team.dissolved": "解散了联合体",
    "team.founded": "发起了联合体",
    "team.invited": "邀请了联合体成员",
    "token.made": "生成了接口令牌",
    "token.revoked": "吊销了接口令牌",
    "verification.evidence_read": "调阅了核验材料",
    "verification.submitted": "提交了单位核验",
    "workdays.changed": "修改了工作日表",
    "workdays.confirmed": "确认了工作日表",
}
SAID: Final[Mapping[str, str]] = {
    "account_id": "账号",
    "audience": "对象",
    "changes": "改动",
    "edition_id": "期次",
    "events": "事件数",
    "after": "起点",
    "faults": "问题数",
    "for": "代表单位",
    "grant_id": "授权编号",
    "ground": "依据",
    "level": "级别",
    "name": "名称",
    "new": "改为",
    "number": "序号",
    "old": "原为",
    "organisation_id": "单位编号",
    "page": "页面",
    "purpose": "用途",
    "reason": "原因",
    "region": "地区",
    "role": "角色",
    "source": "依据",
    "standing": "身份",
    "state": "状态",
    "title": "标题",
    "version": "版本",
}
SYSTEM: Final = "系统"


def action(name: str) -> str:
    """Say an action as the rest of a sentence that begins with who did it; an unknown one as it is written."""
    return ACTIONS.get(name, name)


def kind(name: str) -> str:
    """Name a kind of thing."""
    return KINDS.get(name, name)


def place(aggregate: str, aggregate_id: str) -> str:
    """Give the address of a thing's own page; empty where it has none."""
    base = PLACES.get(aggregate)
    return f"{base}{aggregate_id}" if base else ""


def stated(payload: Mapping[str, object]) -> list[tuple[str, str]]:
    """Say what an event says, as pairs of a name and a value; lists and tables in one line."""
    return [(SAID.get(key, key), _plain(value)) for key, value in payload.items() if value not in (None, "", [], {})]


def groups(digest: str, size: int = 4) -> str:
    """Write a digest in groups of four signs, so that two people can read it to each other."""
    return " ".join(digest[start : start + size] for start in range(0, len(digest), size))


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        return "，".join(
            f"{SAID.get(str(key), str(key))} {_plain(one)}" for key, one in value.items() if one is not None
        )
    if isinstance(value, list):
        return "；".join(_plain(one) for one in value)
    return {True: "是", False: "否"}.get(value, str(value)) if isinstance(value, bool) else str(value)

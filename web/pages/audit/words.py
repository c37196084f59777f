"""What the log says, in Chinese: every action as a sentence's verb, every kind of thing by its name and address."""

from collections.abc import Mapping
from typing import Final

from markupsafe import Markup

from web.pages.audit import expert_words, round_words

KINDS: Final[Mapping[str, str]] = {
    "account": "账号",
    "announcement": "公告",
    "api_token": "接口令牌",
    "audit": "留痕查阅",
    "bid": "申报",
    "community": "社区与服务机构",
    "dealing": "对接",
    "dealing_limit": "对接限额",
    "edition": "清单期次",
    "event": "活动登记",
    "expert": "专家库",
    "intake": "清单导入",
    "item": "条目",
    "lexicon": "匹配词库",
    "mail": "邮件",
    "matcher": "匹配训练数据",
    "need_draft": "需求草稿",
    "objection": "结果异议",
    "organisation": "单位",
    "platform_setting": "平台设置",
    "policy": "政策规则",
    "procedure": "程序类型",
    "profile": "能力画像",
    "release": "联合发布",
    "round": "揭榜活动",
    "sandbox": "训练时钟",
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
    "community": "/communities/",
    "edition": "/editions/",
    "event": "/events/",
    "expert": "/experts/",
    "dealing": "/dealings/",
    "intake": "/intakes/",
    "item": "/items/",
    "lexicon": "/lexicon/entries/",
    "organisation": "/organisations/",
    "procedure": "/procedures/",
    "profile": "/opcs/",
    "release": "/releases/",
    "round": "/rounds/",
    "verification": "/verifications/",
    "workdays": "/workdays/",
}
"""Where a thing has a page of its own that its id follows."""
ACTIONS: Final[Mapping[str, str]] = {
    **expert_words.ACTIONS,
    **round_words.ACTIONS,
    "account.created": "开立了{title}的账号",
    "account.disabled": "停用了{title}的账号",
    "account.email_change_asked": "申请更改{title}账号的邮箱",
    "account.email_changed": "更改了{title}账号的邮箱",
    "account.email_confirmed": "确认了{title}账号的邮箱",
    "account.enabled": "恢复了{title}的账号",
    "account.erased": "注销了账号，删除了个人信息",
    "account.password_set": "设置了{title}账号的密码",
    "account.sessions_ended": "结束了{title}账号的全部登录",
    "affiliation.asked": "申请了{opc_id}与{title}的归属关系",
    "affiliation.confirmed": "确认了{opc_id}与{title}的归属关系",
    "affiliation.declined": "谢绝了{opc_id}与{title}的归属关系",
    "affiliation.ended": "结束了{opc_id}与{title}的归属关系",
    "announcement.amended": "修改了公告“{title}”",
    "announcement.published": "发布了公告“{title}”",
    "announcement.withdrawn": "撤下了公告“{title}”",
    "assisted_code.approved_first": "为{title}找回账号作了第一道批准",
    "assisted_code.approved_second": "为{title}找回账号作了第二道批准",
    "assisted_code.used": "用一次性验证码找回了账号",
    "audit.erase": "依程序删除了一条留痕的附注",
    "audit.exported": "导出了留痕",
    "audit.verified": "校验了全部留痕",
    "audit.viewed": "查阅了留痕",
    "claim.approved": "批准了{title}",
    "claim.rejected": "没有通过：{title}",
    "claim.returned": "退回了待补充：{title}",
    "claim.submitted": "提交了材料：{title}",
    "claim.withdrawn": "撤回了申请：{title}",
    "community.amended": "修改了{title}的社区资料",
    "community.closed": "关闭了社区{title}",
    "community.confirmed": "确认了社区{title}",
    "community.registered": "登记了社区{title}",
    "dealing.amount_published": "同意公开成交金额",
    "dealing.amount_withheld": "不再公开成交金额",
    "dealing.ask": "请求了联系方式",
    "dealing.confirm": "确认了签约",
    "dealing.contact_erased": "删除了本人留下的联系方式",
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
    "dealing_limit.set": "设置了{title}的对接限额",
    "edition.appendix_attached": "为{title}附上了盖章扫描件",
    "edition.published": "发布了{title}",
    "edition.undone": "恢复了{title}之前一期的内容",
    "event.amended": "修改了对接活动“{title}”",
    "event.entered": "登记了对接活动“{title}”",
    "event.withdrawn": "撤销了对接活动“{title}”",
    "first_link.issued": "签发了首次登录链接",
    "first_link.used": "用首次登录链接设置了密码",
    "grant.given": "授予了{title}权限",
    "grant.withdrawn": "撤销了{title}的权限",
    "intake.confirmed": "确认并发布了导入的清单“{title}”",
    "intake.contacts_revealed": "查看了导入清单“{title}”里的联系方式",
    "intake.discarded": "放弃了导入的清单“{title}”",
    "intake.continued": "重新打开了清单文件“{title}”，更正留下的行",
    "intake.corrected": "更正了清单文件“{title}”里的一行",
    "intake.mapped": "更正了清单文件“{title}”各列的读法",
    "intake.opened": "上传了清单文件“{title}”",
    "intake.read": "读完了清单文件“{title}”",
    "intake.received": "上传了清单文件“{title}”，排队读取",
    "intake.unreadable": "没有读成清单文件“{title}”",
    "invitation.accepted": "接受了{title}的邀请",
    "invitation.sent": "邀请了成员加入{title}",
    "invitation.withdrawn": "撤回了{title}的邀请",
    "item.amended": "修改了条目“{title}”",
    "item.closed": "关闭了条目“{title}”",
    "item.contact_erased": "删除了条目“{title}”的联系方式",
    "item.contact_revealed": "查看了条目“{title}”的联系方式",
    "item.disputes_decided": "裁定了条目“{title}”内容的不一致",
    "item.paused": "暂停了条目“{title}”",
    "item.posted": "发布了需求“{title}”",
    "item.repeat_linked": "把条目“{title}”与另一条标为同一需求",
    "item.repeat_merged": "并入疑似重复的条目，涉及“{title}”",
    "item.repeat_parted": "认定条目“{title}”与另一条不是同一需求",
    "item.repeat_taken_back": "撤回对条目“{title}”疑似重复的决定",
    "item.resumed": "恢复了条目“{title}”",
    "item.taken_down": "撤下了条目“{title}”",
    "lexicon.approved": "批准了词条“{title}”",
    "lexicon.declined": "没有采纳词条“{title}”",
    "lexicon.proposed": "提出了词条“{title}”",
    "lexicon.withdrawn": "撤回了词条“{title}”",
    "mail.passed_on": "转告了一封邮件",
    "mail.sent_again": "重发了一封邮件",
    "matcher.exported": "导出了匹配训练数据",
    "member.added": "把{account_id}加为{title}的成员",
    "member.changed": "变更了{account_id}在{title}的身份",
    "member.left": "让{account_id}退出了{title}",
    "need_draft.discarded": "放弃了需求草稿",
    "need_draft.opened": "起草了需求",
    "organisation.amended": "修改了{title}的单位资料",
    "organisation.claimed": "批准了{account_id}对{title}的认领",
    "organisation.closed": "关闭了单位{title}",
    "organisation.created": "建立了单位{title}",
    "organisation.declared": "申报了{title}的情况",
    "organisation.enrolled": "登记了单位{title}",
    "organisation.offers_work": "开通了{title}承接需求的身份",
    "organisation.posts_needs": "开通了{title}发布需求的身份",
    "organisation.verified": "核验通过了{title}",
    "policy.loaded": "载入了政策规则“{title}”",
    "procedure.changed": "修改了程序类型“{title}”",
    "procedure.copied": "复制出程序类型“{title}”",
    "procedure.loaded": "载入了程序类型“{title}”",
    "profile.brochure_read": "上传了{title}的一份介绍文件",
    "profile.brochure_removed": "删除了{title}的一份介绍文件",
    "profile.brochure_taken": "把介绍文件里的内容加入了{title}的画像草稿",
    "profile.case_check_withdrawn": "撤回了{title}一个案例的核验",
    "profile.case_checked": "核验了{title}的一个案例",
    "profile.erased": "删除了{title}的能力画像",
    "profile.moved": "把个人的能力画像转到了{title}",
    "profile.written": "更新了{title}的能力画像",
    "recovery_code.used": "使用了恢复码",
    "recovery_codes.made": "生成了恢复码",
    "release.amended": "修改了联合发布{title}",
    "release.confirmed": "确认了联合发布{title}",
    "release.declined": "谢绝了联合发布{title}",
    "release.opened": "发起了联合发布{title}",
    "release.published": "完成了联合发布{title}",
    "release.withdrawn": "撤销了联合发布{title}",
    "reset.link_sent": "寄出了重设密码的链接",
    "second_factor.app_added": "启用了验证器",
    "second_factor.app_changed": "更换了验证器",
    "second_factor.app_removed": "移除了验证器",
    "second_factor.failed": "输错了第二重验证",
    "second_factor.passkey_added": "添加了通行密钥",
    "second_factor.passkey_removed": "移除了通行密钥",
    "second_factor.void_approved_first": "同意作废{title}的二次验证，等第二位负责人同意",
    "second_factor.voided": "作废了{title}的二次验证和恢复码",
    "setting.changed": "修改了平台设置“{title}”",
    "sign_in.closed": "退出了登录",
    "sign_in.confirmed": "重新确认了身份",
    "sign_in.everybody_ended": "结束了所有人的登录",
    "sign_in.ended": "结束了一处登录",
    "sign_in.failed": "登录失败",
    "sign_in.not_confirmed": "确认身份失败",
    "sign_in.opened": "登录了平台",
    "sign_in.opened_by_passkey": "用通行密钥登录了平台",
    "sign_in.others_ended": "结束了其他各处登录",
    "sign_in.seat_taken": "切换了代表的单位",
    "takedown.approved": "批准了{title}",
    "takedown.rejected": "没有批准{title}",
    "takedown.submitted": "申请{title}",
    "takedown.withdrawn": "撤回了申请：{title}",
    "target.adopted": "选定了参照目标：{title}",
    "target.entered": "登记了目标：{title}",
    "target.loaded": "载入了目标：{title}",
    "target.reference_dropped": "取消了参照目标：{title}",
    "target.withdrawn": "撤销了目标：{title}",
    "team.assigned": "分派了联合体的分工",
    "team.declined": "谢绝了加入联合体",
    "team.dissolved": "解散了联合体",
    "team.founded": "发起了联合体",
    "team.invited": "邀请了{profile_id}加入联合体",
    "team.joined": "让{profile_id}加入了联合体",
    "team.left": "退出了联合体",
    "team.removed": "把{profile_id}移出了联合体",
    "token.made": "建立了程序访问令牌“{title}”",
    "token.revoked": "停用了程序访问令牌“{title}”",
    "verification.approved": "批准了{title}",
    "verification.evidence_read": "调阅了证明材料：{title}",
    "verification.rejected": "没有通过：{title}",
    "verification.returned": "退回了待补充：{title}",
    "verification.submitted": "提交了材料：{title}",
    "verification.withdrawn": "撤回了申请：{title}",
    "workdays.changed": "修改了 {title} 年的工作日表",
    "workdays.confirmed": "确认了 {title} 年的工作日表",
}
BLANKS: Final[Mapping[str, str]] = {
    "{title}": "",
    "{account_id}": "某人",
    "{opc_id}": "某 OPC",
    "{organisation_id}": "某单位",
    "{profile_id}": "某 OPC",
}
"""What a search says in place of a name."""
GROUPS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("edition", "intake", "item", "release", "series", "takedown", "need_draft"), "清单与条目"),
    **dict.fromkeys(("affiliation", "claim", "community", "invitation", "join_request", "member"), "单位与核验"),
    **dict.fromkeys(("organisation", "verification"), "单位与核验"),
    **dict.fromkeys(("dealing", "dealing_limit", "team"), "对接与联合体"),
    **dict.fromkeys(("profile",), "能力画像"),
    **dict.fromkeys(("bid", "objection", "round"), "揭榜活动与申报"),
    **dict.fromkeys(("expert",), "专家库"),
    **dict.fromkeys(("event", "target"), "目标与活动"),
    **dict.fromkeys(("account", "assisted_code", "grant", "recovery_code", "recovery_codes", "reset"), "账号与登录"),
    **dict.fromkeys(("second_factor", "sign_in", "token"), "账号与登录"),
    **dict.fromkeys(
        ("announcement", "audit", "lexicon", "mail", "matcher", "policy", "procedure", "sandbox", "setting"),
        "平台与留痕",
    ),
    **dict.fromkeys(("workdays",), "平台与留痕"),
}
"""Under which heading the search offers the actions that begin so."""
ALONE: Final[Mapping[str, str]] = {
    "member.added": "成为{title}的成员",
    "member.left": "退出了{title}",
    "team.joined": "加入了联合体",
}
"""The same where somebody did it to itself."""
UNASKED: Final[Mapping[str, str]] = {
    "organisation.claimed": "把{title}记为已认领",
    "organisation.verified": "把{title}记为已核验",
}
"""The same where nobody had applied for it."""
PERSONAL: Final = frozenset({"account", "audit", "sign_in", "mail"})
"""Kinds of things that belong to a person and so to no region."""
OTHER_ACTION: Final = "办理了一项业务"
OTHER_KIND: Final = "事项"
SYSTEM: Final = "系统"
SOMEBODY: Final = "有人"
"""Who failed to sign in: nobody knows."""
ERASED: Final = "已注销用户"
VEILED: Final = "有人（开启前不公开）"
"""Who did something about a bid whose round is not opened."""
VEILED_EXPERT: Final = "有人（评审专家不公开）"
"""Who did something by which the reader would learn who judges."""
SETTINGS: Final[Mapping[str, str]] = {
    "address": "地址",
    "email": "电子邮箱",
    "host": "主办单位",
    "icp": "备案号",
    "name": "平台名称",
    "operator": "运营单位",
    "phone": "联系电话",
    "procurement_warning_yuan": "采购提醒金额",
}


def action(name: str) -> str:
    """Say an action as the rest of a sentence, its blanks left out: what the search offers."""
    said = ACTIONS.get(name, OTHER_ACTION)
    for blank, word in BLANKS.items():
        said = said.replace(f"“{blank}”", word).replace(blank, word)
    return said.rstrip("：")


def kind(name: str) -> str:
    """Name a kind of thing."""
    return KINDS.get(name, OTHER_KIND)


def unplaced(name: str) -> str:
    """Say why events of a kind of thing belong to no region."""
    return "属于个人的账号，不按地区归属。" if name in PERSONAL else "属于整个平台，不归哪个地区。"


def place(aggregate: str, aggregate_id: str) -> str:
    """Give the address of a thing's own page; empty where it has none."""
    base = PLACES.get(aggregate)
    return f"{base}{aggregate_id}" if base else ""


def grouped() -> list[tuple[str, list[tuple[str, str]]]]:
    """The actions by the kind of thing they are done to, as the search offers them."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name in ACTIONS:
        found.setdefault(GROUPS.get(name.split(".")[0], OTHER_KIND), []).append((name, action(name)))
    return list(found.items())


def groups(digest: str, size: int = 4) -> str:
    """Write a digest in groups of four signs, so that two people can read it to each other."""
    return " ".join(digest[start : start + size] for start in range(0, len(digest), size))


def printed(digest: str) -> Markup:
    """Write a digest for a page: in groups, in the type of figures, so that it is told from words."""
    return Markup('<span class="figures">{}</span>').format(groups(digest))

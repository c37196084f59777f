"""Who reads, and who may see which word of the market; of its rounds and bids `canary_seen_rounds` says it."""

from collections.abc import Mapping

from tests.web import canary_seen_rounds

PERSONAS: dict[str, str] = {
    "V": "",
    "P": "个人",
    "E": "需求方",
    "R": "需求方查看",
    "N": "匿名方",
    "F": "别的需求方",
    "O": "OPC",
    "Q": "别的OPC",
    "G": "主办方",
    "X": "外地主办方",
    "K": "专家",
    "S": "监督",
    "T": "外地监督",
    "A": "管理员",
    "I": "发榜人",
    "H": "发榜经办",
    "J": "发榜查看",
    "B": "申报方",
    "D": "申报方查看",
}
"""By letter: V a visitor, P a person of no unit, E and R an enterprise's owner and its reader, N who posts without a
name, F another enterprise, O and Q two OPCs, G and X organisers of the region and elsewhere, K an expert, S and T
supervisors of the region and elsewhere, A the administrator; of the unit that publishes the rounds I its owner, H an
editor who opens and checks, J a reader; B and D the owner and a reader of an OPC that bids. In small letters: programs,
v without a token."""
SELDOM = "PRFTJD"
"""Who reads in the long form alone: of their kind are E, N, X, I and B."""
PROGRAMS: dict[str, str] = {
    "v": "",
    "e": "需求方",
    "f": "别的需求方",
    "o": "OPC",
    "q": "别的OPC",
    "i": "发榜人",
    "b": "申报方",
}
SIGNED_IN = "PERNFOQGXKSTAIHJBD"

OFFICE = "GSA"
"""The organiser and the supervisor of the region, and the administrator, who otherwise runs no lists."""
_PROFILE = (
    *("description", "offers", "offers给谁", "offers输入", "offers输出", "offers交付", "skills", "sectors"),
    *("cases", "cases客户", "cases做法", "cases结果", "not_offered", "region", "price_text", "filings", "filings备注"),
)
_CONTACT = ("联系人", "电话", "邮箱")
_NEED = (
    *("title", "sector", "region", "situation", "problem", "requirements", "budget_source", "acceptance"),
    *("conditions", "decider", "联系人", "电话", "邮箱"),
)


def _same(words: Mapping[str, str] | tuple[str, ...], key: str, seen: str) -> dict[str, str]:
    return {f"{key}的{name}": seen for name in words}


SEEN: dict[str, str] = {
    # Whom to ask is shown to nobody but those who may; an organiser reads the file that it took in.
    **_same(_CONTACT, "无主清单行", "G"),
    # A unit always sees what it gave itself.
    **_same(_CONTACT, "清单行", "ERG"),
    # The supervisor has asked for it, for a stated purpose.
    **_same(_CONTACT, "公开需求", "ERSe"),
    # What is paused or closed stays readable at its address, masked as before.
    **_same(_CONTACT, "已关需求", "ERe"),
    **_same(_CONTACT, "已停需求", "ERe"),
    # Without a name until contact: not even the contact's name or the domain of its address.
    **_same(("联系人", "电话", "邮箱"), "匿名需求", "N"),
    # A draft is its unit's.
    **_same(_NEED, "需求草稿", "ERe"),
    "修改稿的拍板人": "ERe",
    # How a need ended, where its unit keeps that to itself: for its people and the office that counts it.
    "不公开的成交金额": "ERGS",
    "不公开的成交方": "ERGS",
    "关闭时的说明": "ERGS",
    # 仅本单位、主办方、监督和管理员: the offices of its region (product.md §4.3).
    **_same(_PROFILE, "私密画像", "O" + OFFICE + "o"),
    **_same(("证明文件名", "证明内容"), "私密画像", "O" + OFFICE),
    # 登录后可见; a token is its member signed in.
    **_same(_PROFILE, "会员画像", SIGNED_IN + "efoqib"),
    **_same(("证明文件名", "证明内容"), "会员画像", SIGNED_IN),
    # What was never published is its people's alone, its files too.
    **_same(_PROFILE, "画像草稿", "Q"),
    **_same(("证明文件名", "证明内容", "介绍文件名", "介绍文件内容"), "画像草稿", "Q"),
    # The other side's contact is shown on demand alone, by a logged act; pages propose one's own again.
    **_same(("联系人", "电话", "邮箱"), "对接中OPC", "O"),
    **_same(("联系人", "电话", "邮箱"), "对接中需求方", "E"),
    **_same(("联系人", "电话", "邮箱"), "待答复OPC", "Q"),
    # A dealing is its two sides', the organiser's and the supervisor's; a token reads what its member reads.
    **dict.fromkeys(("联系请求的留言", "联系请求的答复", "主办方公开记录", "会面说明"), "EROGSeo"),
    "未答复请求的留言": "NQGSq",
    "留言里的电话": "",
    "主办方私下记录": "GS",
    "未公开的签约金额": "EROGS",
    **dict.fromkeys(("联合体目的", "联合体分工", "联合体邀请的分工"), "OQoq"),
    # The invitation goes out by mail as well, which waits in the outbox.
    "联合体名称": "OQAoq",
    "收藏的备注": "O",
    # Evidence is its applicant's and theirs who decide; the supervisor reads the whole file (product.md §1).
    **dict.fromkeys(("核验的说明", "核验的材料名", "核验的材料内容"), "FGS"),
    # It goes out by mail as well.
    "退回核验的理由": "FGSA",
    **dict.fromkeys(("认领的说明", "认领的材料名", "认领的材料内容"), "GS"),
    "撤下的理由": "ERG",
    # Who looked at a contact and why: the supervisor, and the unit whose contact it is.
    "查看联系方式的用途": "ERS",
    **dict.fromkeys(("活动名称", "活动地点", "活动依据"), "GS"),
    **dict.fromkeys(("待确认社区的地址", "待确认社区的联系"), "FGS"),
    "未发布的联合发布": "GS",
    **dict.fromkeys(("未发布导入的名称", "未发布导入的说明", "未发布导入的文件名"), "GS"),
    "未发布导入的电话": "G",
    # What waits for a decision is its proposer's and the operators'.
    **dict.fromkeys(("词条的说明", "词条的理由"), "EGXSTA"),
    **_same(("正文",), "给主办方的公告", "GXA"),
    "给主办方的公告": "GXA",
    **dict.fromkeys(("给需求方的公告", "给需求方的公告的正文"), "ERNFAIHJ"),
    **dict.fromkeys(("给OPC的公告", "给OPC的公告的正文"), "OQABD"),
    **dict.fromkeys(("还没到时间的公告", "还没到时间的公告的正文"), "A"),
    "发件箱里的信": "A",
    "发件箱里的密信": "",
    # A message goes out by mail as well, which waits in the outbox where there is no server.
    **dict.fromkeys(("站内消息标题", "站内消息正文"), "EA"),
    # What stands in the pool: its expert's, the office's and the supervisor's of the region; no administrator's.
    **dict.fromkeys(("专家的旧职称", "专家的专长词", "专家的电话"), "KGS"),
    # Who chooses a panel reads what its members are known for.
    **dict.fromkeys(("专家的职称", "专家的专长"), "KGSIH"),
    **dict.fromkeys(("专家的单位", "专家的亲属", "亲属的单位"), "KGS"),
    # To others than itself by its last digits alone.
    "专家的银行账号": "K",
    # What a unit states about who stands behind it: its own people's, and theirs who look after the panel of a round
    # in which it bids.
    **dict.fromkeys(("关联的法定代表人", "关联的旧股东", "关联的股东", "关联的董事", "关联的人员"), "BDIHGS"),
    **dict.fromkeys(("关联的上级单位", "关联的曾用名", "关联的电话"), "BDIHGS"),
    "关联的银行账号": "BD",
    # Secrets: nobody but their owner, and mostly not even it a second time.
    **dict.fromkeys(("邀请链接的密码", "注册链接的密码", "重设链接的密码", "协助重设的半个密码"), ""),
    "验证器的密钥": "E",
    # The second of the two persons in charge may be an organiser.
    "协助重设的理由": "GXA",
    **{f"{title}的令牌": "" for title in ("需求方", "OPC", "别的需求方", "别的OPC")},
    # The log tells which token was made; what it is called is no secret of its maker's.
    "需求方的令牌名": "ESA",
    "OPC的令牌名": "OSA",
    "别的需求方的令牌名": "FSA",
    "别的OPC的令牌名": "QSA",
    # Addresses: one's own, one's colleagues', the administrator's; an owner is told who asks to join.
    "需求方的邮箱": "ERA",
    "需求方查看的邮箱": "ERA",
    "匿名方的邮箱": "NA",
    "别的需求方的邮箱": "FA",
    "OPC的邮箱": "OA",
    "别的OPC的邮箱": "QA",
    "主办方的邮箱": "GA",
    "外地主办方的邮箱": "XA",
    # The office writes to its experts.
    "专家的邮箱": "KGSA",
    "监督的邮箱": "SA",
    "外地监督的邮箱": "TA",
    "管理员的邮箱": "A",
    "个人的邮箱": "PGXA",
    "认领人的邮箱": "OA",
    "受邀人的邮箱": "EA",
    "注册人的邮箱": "A",
    "注册人的姓名": "A",
    **canary_seen_rounds.SEEN,
}

"""Who sees which word of rounds and bids, and who can tell which unit takes part in which round.

Written from what is promised: until a round is announced it is there for those who make and oversee it; until it is
opened a bid is its unit's alone, and so is who bids; after the opening the check is for those who check and oversee.
"""

from collections.abc import Iterable, Mapping
from typing import Final

ON_PAGES: Final = "VPERNFOQGXKSTAIHJBD"
EVERYBODY: Final = ON_PAGES + "vefoqib"
INSIDE: Final = "IHJGS"
"""Who makes a round, its unit's reader too, and who oversees it. Neither the administrator nor another region's office."""
CHECK: Final = "IHGS"
"""Who reads what was opened: those who check and oversee. Not the issuing unit's reader, and no bidder."""
EXPERT: Final = "K"
"""Who judges: reads what a bid says once it has declared, and not whom to ask."""
BIDDER: Final = "BD"
"""The unit that bids, its reader too; a program in the hands of its owner is b, one of the issuer's owner i."""
NOBODY: Final = ""

NOTICE: Final = (
    *("title", "summary", "background", "track-1-title", "track-1-question", "track-1-indicators", "bidders"),
    *("condition-1-text", "condition-1-proof", "condition-2-text", "paper-1-title", "criterion-1-title", "scoring"),
    *("recusal", "funds_source", "ownership", "terms", "contact_name", "contact_phone", "contact_email"),
    *("objection_name", "objection_phone", "objection_email"),
)
"""Every text of a notice."""
ANSWERS: Final = (
    *("plan", "schedule", "team", "others", "indicator-1", "condition-c1-answer", "condition-c2-answer"),
    *("contact_name", "contact_phone", "contact_email", "price_note"),
)
"""Every text of a bid; its price is a number."""
SECRET: Final = ("起草", "审批", "撤销")
"""Rounds that were never announced: being written, being approved, ended before."""
PUBLIC: Final = ("申报", "补遗", "封存", "审查", "评审", "公示", "定榜", "流榜", "终止")
DECIDED: Final = ("公示", "定榜")
OBJECTION: Final = (
    *("证据名", "证据内容", "姓名栏", "电话", "邮箱栏", "what", "rule", "evidence", "wanted", "延期理由", "答复"),
)
"""Every word of an objection and of what became of it."""


def _all(labels: Iterable[str], key: str, seen: str) -> dict[str, str]:
    return {f"{key}的{label}": seen for label in labels}


def _but(letters: str, left_out: str) -> str:
    return "".join(one for one in letters if one not in left_out)


SEEN: Final[Mapping[str, str]] = {
    # "Who may read what is part of the state … and holds for administrators, … mails and agents alike."
    **_all(NOTICE, "起草活动", INSIDE + "i"),
    **_all(("title",), "审批活动", INSIDE + "i"),
    **_all(NOTICE, "撤销活动", INSIDE + "i"),
    # What is announced says its name and hour; "its words are frozen only when it is published".
    **_all(NOTICE[1:], "预告活动", INSIDE + "i"),
    "预告活动的title": EVERYBODY,
    # Published: for everybody to read, whom to ask too.
    **_all(NOTICE, "申报活动", EVERYBODY),
    **{f"{key}活动的title": EVERYBODY for key in PUBLIC if key != "申报"},
    # The 公平竞争审查 is attached to the approval, never published.
    **_all(("审查机构", "审查意见的文件名", "审查意见的内容"), "起草活动", INSIDE),
    **_all(("审查机构", "审查意见的文件名", "审查意见的内容"), "申报活动", INSIDE),
    # Told to those who wrote the notice, and in the log; who gave it finds it in the record of its own office.
    "起草活动的退回理由": "IHJGS",
    "起草活动的更换理由": INSIDE,
    # An addendum is its issuer's and theirs who oversee it until it is published, with its reason and what stood before.
    **_all(("补遗草稿的terms", "补遗草稿的condition-2-text"), "申报活动", INSIDE),
    **_all(("补遗的理由", "补遗的terms", "补遗的condition-2-text"), "补遗活动", EVERYBODY),
    "补遗活动的condition-2-text": ON_PAGES,
    # "Suspended" and its reason are public, and so is why a round ended; before it was announced, neither.
    "补遗活动的中止理由": EVERYBODY,
    "终止活动的终止理由": EVERYBODY,
    "撤销活动的终止理由": INSIDE + "i",
    # What the first of the two approvers wrote is in the log, and in the record of its office; not yet the reason.
    "终止活动的第一人的理由": "GS",
    # Questions: the answered ones for everybody, one's own, and all for those who answer.
    "申报活动的待答提问": "BIHbi",
    "申报活动的已答提问": EVERYBODY,
    "申报活动的答复": EVERYBODY,
    # "No one reads a bid": a draft is for the unit that writes it; a file that is sealed is given back to nobody.
    **_all((*ANSWERS, "报价", "附件名", "自留公钥"), "申报活动的草稿", BIDDER + "b"),
    "申报活动的草稿的附件内容": NOBODY,
    # Handed in, it can be read by nobody, its own unit included.
    **{
        label: NOBODY
        for key in ("补遗", "封存", "流榜", "终止")
        for label in _all((*ANSWERS, "报价", "附件名", "附件内容", "自留公钥"), f"{key}活动的申报", NOBODY)
    },
    # What was withdrawn stays sealed for ever.
    **{
        label: NOBODY
        for key in ("申报", "审查", "流榜")
        for label in _all((*ANSWERS, "报价", "附件名", "附件内容", "自留公钥"), f"{key}活动撤回的申报", NOBODY)
    },
    # Opened: for the check; "the price at the opening" for the units whose bids were opened as well; a key never.
    **{
        label: CHECK
        for whose in ("申报", "另一申报")
        for label in _all((*ANSWERS, "附件名", "附件内容", "报价（元）"), f"审查活动的{whose}", CHECK)
    },
    "审查活动的申报的报价": CHECK + BIDDER + "QO",
    "审查活动的另一申报的报价": CHECK + BIDDER + "QO",
    "审查活动的申报的自留公钥": NOBODY,
    "审查活动的另一申报的自留公钥": NOBODY,
    # Names and prices can be tried out one after the other until the digest of the minutes fits.
    "审查活动的开启记录校验值": CHECK,
    # What checkers find is theirs and of those who oversee them; a verdict is told to its bidder once it stands.
    "审查活动的审查依据": CHECK,
    "审查活动的未定结论的理由": CHECK,
    **_all(("甲的不通过理由", "乙的不通过理由"), "审查活动", CHECK + BIDDER),
    # Asked of the other bidder, answered by it; it does not get back what it handed in.
    **_all(("补正事项", "补正说明"), "审查活动", CHECK + "O"),
    **_all(("补正附件名", "补正附件内容"), "审查活动", CHECK),
    **_all(("异议", "异议的答复", "待答异议"), "审查活动", CHECK + BIDDER),
    # In the review: who checks and oversees as before, and the experts who have declared; the price is read as well by
    # the unit itself, from its own record of the opening.
    **{
        f"评审活动的申报的{name}": CHECK if name.startswith("contact_") else CHECK + EXPERT
        for name in (*ANSWERS, "附件名", "附件内容", "报价（元）")
    },
    "评审活动的申报的报价": CHECK + BIDDER,
    "评审活动的申报的自留公钥": NOBODY,
    # "Nobody sees another one's sheet before the review is over": no office, and no other expert either.
    "评审活动的评语": EXPERT,
    "评审活动的另一评语": NOBODY,
    # Decided: a bid goes on to be read by those who judged it, and is public in none of its words.
    **{
        f"{key}活动的申报的{name}": CHECK if name.startswith("contact_") else CHECK + EXPERT
        for key in DECIDED
        for name in (*ANSWERS, "附件名", "附件内容", "报价（元）")
    },
    # The files no longer once the award is made: what experts had to read they have read.
    "定榜活动的申报的附件内容": CHECK,
    "公示活动的申报的报价": CHECK + BIDDER + "QO",
    "定榜活动的申报的报价": CHECK + BIDDER + "Q",
    **{f"{key}活动的申报的自留公钥": NOBODY for key in DECIDED},
    # Once the sheets are closed the panel sees all of them, and the office what was frozen.
    **{
        label: CHECK + EXPERT
        for key in DECIDED
        for label in _all(("评语", "另一评语", "合议意见", "更正理由"), f"{key}活动", NOBODY)
    },
    # A bidder that asks for a recusal and who answers it; the expert is not told who asked.
    **{
        label: CHECK + BIDDER for key in DECIDED for label in _all(("回避申请", "回避申请的答复"), f"{key}活动", NOBODY)
    },
    # The reason of a decision is public with it; how each decider came to it is for those who decide and oversee.
    **{f"{key}活动的决定理由": EVERYBODY for key in DECIDED},
    **{
        label: CHECK
        for key in DECIDED
        for label in _all(("发榜经办的研究情况", "审查人的研究情况"), f"{key}活动", NOBODY)
    },
    # "The handlers, supervisors and the office", and who filed it; the public reads numbers alone.
    **_all(OBJECTION, "公示活动的异议", "QGS"),
    "公示活动的待受理异议": "PGS",
    # Why a winner does not take its award is nobody else's business; the log keeps it for an audit.
    "公示活动的放弃理由": "OS",
    "另一专家的邮箱": "GSA",
    **_all(("邮箱",), "第三专家", "GSA"),
    **_all(("邮箱",), "第四专家", "GSA"),
    **_all(("邮箱",), "第五专家", "GSA"),
    # Addresses: one's own, one's colleagues', the administrator's.
    **_all(("邮箱",), "发榜人", "IHJA"),
    **_all(("邮箱",), "发榜经办", "IHJA"),
    **_all(("邮箱",), "发榜查看", "IHJA"),
    **_all(("邮箱",), "申报方", "BDA"),
    **_all(("邮箱",), "申报方查看", "BDA"),
    **_all(("邮箱",), "审查人", "A"),
    **_all(("邮箱",), "撤回方", "A"),
    # A token is shown once; the log tells which was made.
    **{f"{title}的令牌": NOBODY for title in ("发榜人", "申报方")},
    "发榜人的令牌名": "ISA",
    "申报方的令牌名": "BSA",
}

OWN: Final[Mapping[str, str]] = {
    "申报方": "BDb",
    "别的OPC": "Qq",
    "OPC": "Oo",
    "撤回方": "",
    "个人": "P",
    "审查人": "",
}
"""Whose people the letters are: what stands on their own pages of themselves is no finding."""
KNOWN: Final[Mapping[tuple[str, str], str]] = {
    # Those who are asked to take part learn of the lead and its team; who declined may think again while it is a draft.
    ("申报方", "申报"): "QOqo",
    ("别的OPC", "申报"): "BDO",
    ("OPC", "申报"): "BDQ",
    # Who declined has its invitation, and learns nothing of what became of it: not who else was asked, nor the end.
    ("申报方", "封存"): "QOq",
    ("别的OPC", "封存"): "BDb",
    ("OPC", "封存"): "BDQ",
    # "Until the round is opened nobody learns who bids"; the names are public no sooner than the result.
    ("申报方", "审查"): CHECK + "Qq",
    ("别的OPC", "审查"): CHECK + "BDb",
    ("OPC", "审查"): CHECK,
    ("申报方", "评审"): CHECK + EXPERT,
    # Never opened, but the round was: from then on the log is read by the supervisor.
    ("撤回方", "审查"): "S",
    # Who follows a round is told of it by a mail that names no bid, which waits in the outbox.
    ("个人", "申报"): "A",
    # Who approves, opens and checks is for those who make and oversee the round; letters that ask somebody to open or to
    # check a round that everybody knows wait in the outbox like others.
    # The names are public with the result.
    **{(whose, "公示"): _but(EVERYBODY, OWN[whose]) for whose in ("申报方", "别的OPC", "OPC")},
    **{(whose, "定榜"): _but(EVERYBODY, OWN[whose]) for whose in ("申报方", "别的OPC")},
    # Who objects is in the log of its objection.
    ("个人", "公示"): "S",
    **{("审查人", key): INSIDE for key in (*SECRET, "预告", *PUBLIC)},
    ("审查人", "封存"): INSIDE + "A",
    **{("审查人", key): INSIDE + "A" for key in ("审查", "评审", *DECIDED)},
}
"""Who can tell that a unit, or somebody, takes part in a round, besides itself; of all other pairs nobody can."""

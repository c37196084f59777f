"""What is sent to the routes of rounds and bids, as `bodies` says it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Final

from tests.marketplace.outcome_acts import TOLD
from tests.marketplace.review_market import FULL
from tests.marketplace.round_market import BID, NOTICE
from tests.web.matrix.things import PDF

REASON: Final = {"reason": "现场安全检查尚未完成"}
TEXT: Final = {**NOTICE, "_version": "@text of $round_id", "_page": "p", "publish_at": "2026-11-25T09:00"}
DRAFT: Final = {**BID, "_version": "@draft of $bid_id", "plan": "改用无人机拍摄，端侧识别。"}
DECISION: Final = {"kind": "nobody", "nobody": "方案没有解决夜间识别。"}
HANDED_IN: Final = {"number": "@notice of $round_id"}

ROUNDS: Final[Mapping[str, Mapping[str, str | Sequence[str]]]] = {
    "POST /conflicts": {"experts": "姓名：陈果\n任职：绿林科技有限公司", "bids": "名称：绿林科技有限公司"},
    "POST /rounds/new": {"procedure": "challenge"},
    "POST /rounds/new +need": {"procedure": "challenge", "item": "@open"},
    "POST /rounds/new +closed": {"procedure": "challenge", "item": "@closed"},
    "POST /rounds/{round_id}/questions": {"question": "按株还是按照片？"},
    "POST /rounds/{round_id}/questions/{question_id}": {"answer": "按株。"},
    "POST /rounds/{round_id}/draft": TEXT,
    "POST /rounds/{round_id}/draft/autosave": {
        "_version": "@text of $round_id",
        "_changed": ["summary"],
        "summary": "用图像识别巡查行道树。",
    },
    "POST /rounds/{round_id}/draft/guide": NOTICE,
    "POST /rounds/{round_id}/draft/choices": {"_page": "p"},
    "POST /rounds/{round_id}/people": {"post": "checker", "account": "@account of K"},
    "POST /rounds/{round_id}/people +holder": {"post": "opener_a", "account": "@account of K"},
    "POST /rounds/{round_id}/people/{appointment_id}/end": REASON,
    "POST /rounds/{round_id}/review": {
        "conclusion": "passed",
        "reviewer": "临川市市场监督管理局",
        "reviewed_on": "2026-11-19",
    },
    "POST /rounds/{round_id}/approval/hand-in": {"_version": "@text of $round_id"},
    "POST /rounds/{round_id}/approval/approve": HANDED_IN,
    "POST /rounds/{round_id}/approval/back": {**HANDED_IN, **REASON},
    "POST /rounds/{round_id}/key": {"standing": "another"},
    "POST /rounds/{round_id}/key +standing": {"standing": "@standing"},
    "POST /rounds/{round_id}/key/test": {"passphrase": "wrong"},
    "POST /rounds/{round_id}/addendum": {"_version": "@text of $round_id", **REASON},
    "POST /rounds/{round_id}/stop/{act}": REASON,
    "POST /rounds/{round_id}/opening": {"passphrase": "wrong"},
    "POST /rounds/{round_id}/check/{bid_id}/findings": {"met-c1": "no", "evidence-c1": "执照载明的住所在外地。"},
    "POST /rounds/{round_id}/check/{bid_id}/verdict": {"verdict": "yes"},
    "POST /rounds/{round_id}/check/{bid_id}/correction": {"item": "c2", "wanted": "请补合同", "hours": "72"},
    "POST /rounds/{round_id}/check/{bid_id}/objection": {"upheld": "no", "answer": "执照已过期。"},
    "POST /rounds/{round_id}/panel/conflicts/{conflict_id}": {"excludes": "no", "note": "没有经济往来。"},
    "POST /rounds/{round_id}/panel/requests/{request_id}": {"upheld": "no", "text": "所述事实不成立。"},
    "POST /rounds/{round_id}/panel/close": REASON,
    "POST /rounds/{round_id}/panel/members/{member_id}/expire": REASON,
    "POST /rounds/{round_id}/panel/members/{member_id}/lead": {"post": "chair"},
    "POST /rounds/{round_id}/panel/members/{member_id}/bids": {"bid": "@bid of $round_id", **REASON},
    "POST /rounds/{round_id}/panel/members/{member_id}/remove": REASON,
    "POST /rounds/{round_id}/panel/draws": {"track": "t1", "experts-any": "5", "reserves-any": "1"},
    "POST /rounds/{round_id}/panel/experts": {"track": "t1", "expert": "@spare expert", **REASON},
    "POST /rounds/{round_id}/panel/draws/{draw_id}/draw": {"words": "3 5 6 1"},
    "POST /rounds/{round_id}/panel/draws/{draw_id}/drop": REASON,
    "POST /review/{round_id}/declare": {"answer-$bid_id": "none", "agrees": "yes"},
    "POST /review/{round_id}/decline": REASON,
    "POST /review/{round_id}/leave": REASON,
    "POST /review/sheets/{sheet_id}": {"_version": "0", "mark-c1": "30"},
    "POST /review/sheets/{sheet_id} +submit": {"_version": "0", **FULL, "then": "submit"},
    "POST /review/sheets/{sheet_id}/autosave": {"_version": "0", "_changed": ["mark-c1"], "mark-c1": "30"},
    "POST /review/sheets/{sheet_id}/recusal": REASON,
    "POST /review/{round_id}/together/{code}/remarks": {"remark-$code": "没有实测数据。"},
    "POST /review/{round_id}/together/{code}/corrections": {
        "criterion-$code": "c1",
        "points-$code": "31",
        "why-$code": "误写。",
    },
    "POST /review/{round_id}/together/{code}/expert": REASON,
    "POST /rounds/{round_id}/bids": {"track": "t1"},
    "POST /bids/{bid_id}": DRAFT,
    "POST /bids/{bid_id}/autosave": {
        "_version": "@draft of $bid_id",
        "_changed": ["plan"],
        "plan": "改用无人机拍摄，端侧识别。",
    },
    "POST /bids/{bid_id}/ticks": BID,
    "POST /bids/{bid_id}/files": DRAFT,
    "POST /bids/{bid_id}/files/remove": {**DRAFT, "file": "@file of draft"},
    "POST /bids/{bid_id}/partners": {**DRAFT, "partner_id": "@second"},
    "POST /bids/{bid_id}/partners/remove": {**DRAFT, "member": "@second"},
    "POST /bids/{bid_id}/membership": {"answer": "confirm"},
    "POST /bids/{bid_id}/membership +decline": {"answer": "decline"},
    "POST /bids/{bid_id}/submit": {"_version": "@draft of $bid_id"},
    "POST /bids/{bid_id}/reconfirm": {"number": "@notice of $bid_id"},
    "POST /bids/{bid_id}/correction": {"text": "已重新上传。"},
    "POST /bids/{bid_id}/objection": {"objection": "住所证明已附在第 3 页。"},
    "POST /bids/{bid_id}/recusals": {"person": "顾明远", "unit": "", "facts": "三年内有合同纠纷。"},
    "POST /rounds/{round_id}/decision/check": DECISION,
    "POST /rounds/{round_id}/decision": DECISION,
    "POST /rounds/{round_id}/objections": asdict(TOLD),
    "POST /rounds/{round_id}/objections/{objection_id}/refuse": {"ground": "no_evidence", "refusal": "没有证据。"},
    "POST /rounds/{round_id}/objections/{objection_id}/extend": REASON,
    "POST /rounds/{round_id}/objections/{objection_id}/decide": {"event": "dismiss", "answer": "经核查不属实。"},
    "POST /rounds/{round_id}/objections/{objection_id}/decide +appeal": {"event": "confirm", "answer": "维持。"},
    "POST /rounds/{round_id}/objections/{objection_id}/appeal": {"text": "答复没有核对原件。"},
    "POST /rounds/{round_id}/remedy": REASON,
    "POST /bids/{bid_id}/award/decline": REASON,
    "POST /rounds/{round_id}/awards/{bid_id}/revoke": REASON,
    "POST /verify": {"receipt": "@receipt"},
    "POST /administration/sandbox/speed": {"speed": "60"},
    "POST /administration/sandbox/jump": {"hours": "24"},
}
"""A value "@name" is a value of the world; "$name" is a path parameter of the thing that is asked for."""
FILES: Final[Mapping[str, Mapping[str, tuple[str, bytes, str]]]] = {
    "POST /rounds/{round_id}/review": {"evidence": ("审查意见.pdf", PDF, "application/pdf")},
    "POST /bids/{bid_id}/files": {"file-p1": ("实施方案.pdf", PDF, "application/pdf")},
}

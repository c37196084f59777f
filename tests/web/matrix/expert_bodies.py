"""What is sent to the routes of the expert pool: otherwise sound forms."""

from collections.abc import Mapping, Sequence
from typing import Final

from tests.marketplace.market import REGION

WORDS: Final[Mapping[str, str | Sequence[str]]] = {
    "title": "研究员",
    "fields": ["technology"],
    "specialities": "长期参加评审。",
    "phone": "138 2468 1357",
    "bank_account": "",
}
REASON: Final = "近期没有时间参加评审"
EXPERTS: Final[Mapping[str, Mapping[str, str | Sequence[str]]]] = {
    "POST /expert/apply": {**WORDS, "region": REGION, "has_no_employer": "yes"},
    "POST /expert/{expert_id}/edit": {**WORDS, "_version": "@version of $expert_id"},
    "POST /experts/invite": {"email": "xinzhuanjia@example.com", "name": "新专家", "region": REGION},
    "POST /experts/{expert_id}/decide": {"event": "list", "reason": "", "_version": "@version of $expert_id"},
    "POST /experts/{expert_id}/term": {
        "starts_on": "2026-01-01",
        "ends_on": "2027-12-31",
        "most_at_once": "3",
        "_version": "@version of $expert_id",
    },
    "POST /experts/{expert_id}/pause": {"pause_reason": REASON},
    "POST /experts/{expert_id}/leave": {"leave_reason": REASON},
    "POST /experts/{expert_id}/ties": {"tie-kind": "adviser_to_unit", "tie-unit": "青屿管网科技有限公司"},
    "POST /experts/{expert_id}/ties/{tie_id}/end": {"until": "2026-11-01"},
    "POST /experts/{expert_id}/ties/{tie_id}/strike": {"reason": "登记有误，不是本人"},
    "POST /experts/{expert_id}/relations": {"relation-kind": "friend", "relation-person": "周叶"},
    "POST /experts/{expert_id}/relations/{relation_id}/end": {"until": "2026-11-01"},
    "POST /experts/{expert_id}/relations/{relation_id}/strike": {"reason": "登记有误，不是本人"},
}

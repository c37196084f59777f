"""Limits of dealings: their names, what they are where no region says otherwise, and the sentences of refusals."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

DEFAULTS: Final = {
    "open_requests": 20,
    "requests_a_day": 20,
    "ask_again_days": 30,
    "answer_workdays": 5,
    "team_partners": 4,
}
NAMES: Final = {
    "open_requests": "一个单位同时等待答复的联系请求（条）",
    "requests_a_day": "一个单位一天发出的联系请求（条）",
    "ask_again_days": "被谢绝后再次请求的间隔（天）",
    "answer_workdays": "答复联系请求的期限（工作日）",
    "team_partners": "联合体的伙伴，不含牵头方（家）",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits that hold in a region."""

    open_requests: int
    requests_a_day: int
    ask_again_days: int
    answer_workdays: int
    team_partners: int

    @property
    def ask_again(self) -> timedelta:
        """How long a declined request keeps the same side from asking again."""
        return timedelta(days=self.ask_again_days)

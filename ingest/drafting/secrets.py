"""Rows of which a list says itself that they are not for the public: 是否涉密, 密级, 是否公开."""

import re
from collections.abc import Iterator

from ingest.columns.plans import Plan
from ingest.drafting.rows import Row, Step
from ingest.fields import Severity
from ingest.values.words import compact

_HEADERS = (
    (re.compile(r"涉密|保密"), re.compile(r"^(?:是|有|涉密|保密|涉及|√|y|yes|1|true)", re.IGNORECASE)),
    (re.compile(r"密级"), re.compile(r"绝密|机密|秘密|内部|工作秘密")),
    (re.compile(r"公开"), re.compile(r"^(?:否|不|暂不|内部|依申请|非|×|n$|no|0|false)", re.IGNORECASE)),
)


def steps(plan: Plan) -> Iterator[Step]:
    """One step for each column that says whether its rows may be public."""
    for column, label in enumerate(plan.labels):
        for header, stated in _HEADERS:
            if header.search(label):
                yield _step(column, label, stated)
                break


def _step(column: int, label: str, stated: re.Pattern[str]) -> Step:
    def step(row: Row) -> None:
        words = compact(row.words[column])
        if words and stated.search(words):
            message = f"这一行标明“{label}：{words[:20]}”，不能公开发布。可以公开的，请在原表里改正这一格，重新上传。"
            row.note(Severity.REJECT, "not_public", message, column)

    return step

"""Ties and relations as somebody states them: what must be said before one is kept."""

from dataclasses import replace
from datetime import date
from typing import Final

from marketplace.accounts.rules import uscc
from marketplace.experts.rules.facts import Named, Relation, Tie
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.kernel.text import collapsed

MAX_UNIT: Final = 200
MAX_PERSON: Final = 60
EARLIEST: Final = date(1950, 1, 1)


def require_tie(tie: Tie, *, today: date) -> Tie:
    """The tie tidied; Invalid says every field that is wrong."""
    name, code = collapsed(tie.unit.name), uscc.clean(tie.unit.uscc)
    wrong: dict[str, str] = {}
    if not 0 < len(name) <= MAX_UNIT:
        wrong["unit_name"] = f"请填写单位全称，不超过 {MAX_UNIT} 个字。"
    fault = uscc.fault_in(code) if code else None
    if fault:
        wrong["uscc"] = f"{fault}不清楚可以不填。"
    if tie.since is not None and not EARLIEST <= tie.since <= today:
        wrong["since"] = "开始日期应在今天或以前，请核对年份。"
    if tie.until is not None:
        wrong |= _wrong_end(tie.until, tie.since, today=today)
    if wrong:
        raise Invalid("这一条还不能保存，请按提示改正。", code="bad_tie", fields=wrong)
    return replace(tie, unit=Named(name, code))


def require_relation(relation: Relation, *, today: date) -> Relation:
    """The relation tidied; Invalid says every field that is wrong."""
    person, unit = collapsed(relation.person), collapsed(relation.unit)
    wrong: dict[str, str] = {}
    if not person and not unit:
        wrong["person"] = "请填写对方的姓名或单位，至少填一项。"
    if len(person) > MAX_PERSON:
        wrong["person"] = f"姓名不超过 {MAX_PERSON} 个字。"
    if len(unit) > MAX_UNIT:
        wrong["unit"] = f"单位名称不超过 {MAX_UNIT} 个字。"
    if relation.until is not None:
        wrong |= _wrong_end(relation.until, None, today=today)
    if wrong:
        raise Invalid("这一条还不能保存，请按提示改正。", code="bad_relation", fields=wrong)
    return replace(relation, person=person, unit=unit)


def require_end(until: date | None, *, since: date | None, today: date) -> date:
    """The day on which something ended, or Invalid."""
    wrong = {"until": "请填写结束日期。"} if until is None else _wrong_end(until, since, today=today)
    if until is None or wrong:
        raise Invalid("结束日期需要改正。", code="bad_end", fields=wrong)
    return until


def require_standing(*, is_removed: bool) -> None:
    """Raise Conflict where a tie or a relation was struck out already."""
    if is_removed:
        raise Conflict("这一条已经删去，不能再改。需要时请重新添加一条。", code="link_removed")


def _wrong_end(until: date, since: date | None, *, today: date) -> dict[str, str]:
    if not EARLIEST <= until <= today:
        return {"until": "结束日期应在今天或以前；仍在持续的请留空。"}
    if since is not None and until < since:
        return {"until": "结束日期早于开始日期，请核对。"}
    return {}

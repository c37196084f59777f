"""How an entry of the expert pool changed, version by version: who, when, and each part before and after."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from marketplace.experts.views import EntryView
from marketplace.experts.words import ExpertField, ExpertState
from web.pages import wording
from web.pages.experts.words import FIELDS, STATES

PARTS: Final[Mapping[str, str]] = {
    "state": "状态",
    "reason": "理由",
    "title": "职称或职务",
    "fields": "专业类别",
    "specialities": "专长",
    "terms": "专长词",
    "phone": "电话",
    "bank_account": "银行账号",
    "term_starts_on": "聘期开始",
    "term_ends_on": "聘期结束",
    "most_at_once": "同时评审",
}
TAIL: Final = 4


@dataclass(frozen=True, slots=True)
class Change:
    """One change: its parts by name, before and after; none where its person was erased."""

    at: datetime
    by: str
    parts: tuple[tuple[str, str, str], ...]


def changes(entry: EntryView, *, is_own: bool) -> list[Change]:
    """The changes of an entry, newest first."""
    found = []
    after: Mapping[str, object] = _content(entry)
    for past in entry.past:
        before = past.content
        parts = tuple(
            (name, _said(key, before.get(key), is_own=is_own), _said(key, after.get(key), is_own=is_own))
            for key, name in PARTS.items()
            if before and before.get(key) != after.get(key)
        )
        found.append(Change(past.changed_at, past.changed_by, parts))
        after = before or after
    return found


def account(number: str, *, is_own: bool) -> str:
    """A bank account in full for its owner, to others by its tail alone."""
    if is_own or not number:
        return number
    digits = [sign for sign in number if sign.isdigit()]
    return f"已填写，尾号 {''.join(digits[-TAIL:])}"


def _content(entry: EntryView) -> dict[str, object]:
    given = entry.appointment
    return {
        "state": entry.state.value,
        "reason": entry.reason,
        "title": entry.form.title,
        "fields": [one.value for one in entry.form.fields],
        "specialities": entry.form.specialities,
        "terms": list(entry.form.terms),
        "phone": entry.form.phone,
        "bank_account": entry.form.bank_account,
        "term_starts_on": given.starts_on.isoformat() if given.starts_on else None,
        "term_ends_on": given.ends_on.isoformat() if given.ends_on else None,
        "most_at_once": given.most_at_once,
    }


def _said(key: str, value: object, *, is_own: bool) -> str:
    if value in (None, "", []):
        return ""
    if isinstance(value, list):
        names = {one.value: FIELDS[one][0] for one in ExpertField} if key == "fields" else {}
        return "、".join(names.get(str(one), str(one)) for one in value)
    say: Mapping[str, Callable[[str], str]] = {
        "state": lambda said: STATES[ExpertState(said)][0],
        "term_starts_on": lambda said: wording.day(date.fromisoformat(said)),
        "term_ends_on": lambda said: wording.day(date.fromisoformat(said)),
        "bank_account": lambda said: account(said, is_own=is_own),
        "most_at_once": lambda said: f"最多 {said} 个活动",
    }
    return say.get(key, str)(str(value))

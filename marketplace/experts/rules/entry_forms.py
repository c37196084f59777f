"""What an expert says of itself, and what the office sets for it: the fields of an entry, and what is wrong with them."""

import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from marketplace.accounts.rules.statements import require_statement
from marketplace.experts.rules import identities
from marketplace.experts.words import ExpertField
from marketplace.kernel.errors import Invalid
from marketplace.kernel.text import collapsed

MAX_TITLE: Final = 60
MAX_SPECIALITIES: Final = 1000
MAX_CONTACT: Final = 60
MOST_TERMS: Final = 40
MAX_TERM: Final = 40
MOST_ROUNDS: Final = 50
LONGEST_TERM_YEARS: Final = 10


@dataclass(frozen=True, slots=True)
class EntryForm:
    """What an expert says of itself; phone and bank account are for the check of conflicts and to reach it."""

    title: str = ""
    fields: tuple[ExpertField, ...] = ()
    specialities: str = ""
    terms: tuple[str, ...] = ()
    phone: str = field(default="", repr=False)
    bank_account: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Appointment:
    """What the office sets: from when to when somebody serves (no end: it lasts), in how many rounds at once."""

    starts_on: date | None = None
    ends_on: date | None = None
    most_at_once: int = 3


def require_sound(form: EntryForm) -> EntryForm:
    """The form tidied; Invalid says every field that is wrong."""
    tidy = replace(
        form,
        title=collapsed(form.title),
        fields=tuple(one for one in ExpertField if one in form.fields),
        specialities=require_statement(form.specialities),
        terms=tuple(dict.fromkeys(filter(None, map(collapsed, form.terms)))),
        phone=collapsed(form.phone),
        bank_account=collapsed(form.bank_account),
    )
    said = {
        "title": _fault_in_title(tidy.title),
        "fields": "" if tidy.fields else "请至少选择一个专业类别，抽取专家按类别进行。",
        "specialities": _fault_in_specialities(tidy.specialities),
        "terms": _fault_in_terms(tidy.terms),
        "phone": _fault_in_phone(tidy.phone),
        "bank_account": _fault_in_account(tidy.bank_account),
    }
    wrong = {name: message for name, message in said.items() if message}
    if wrong:
        raise Invalid("专家信息还不完整，请按提示补充。", code="bad_expert", fields=wrong)
    return tidy


def require_sound_appointment(given: Appointment) -> Appointment:
    """The appointment, or Invalid where its days or its number make no sense."""
    wrong: dict[str, str] = {}
    starts, ends = given.starts_on, given.ends_on
    if ends is not None and starts is None:
        wrong["starts_on"] = "填写了结束日期，请同时填写聘期的开始日期。"
    elif ends is not None and starts is not None and ends < starts:
        wrong["ends_on"] = "聘期的结束日期早于开始日期，请核对。"
    elif ends is not None and starts is not None and ends.year - starts.year > LONGEST_TERM_YEARS:
        wrong["ends_on"] = f"一次聘期最长 {LONGEST_TERM_YEARS} 年，请核对年份。"
    if not 1 <= given.most_at_once <= MOST_ROUNDS:
        wrong["most_at_once"] = f"同时评审的活动数应是 1 至 {MOST_ROUNDS} 的整数。"
    if wrong:
        raise Invalid("聘期还不能保存，请按提示改正。", code="bad_term", fields=wrong)
    return given


def _fault_in_title(title: str) -> str:
    return "" if 0 < len(title) <= MAX_TITLE else f"请填写职称或职务，例如 教授级高级工程师，不超过 {MAX_TITLE} 个字。"


def _fault_in_specialities(text: str) -> str:
    if 0 < len(text) <= MAX_SPECIALITIES:
        return ""
    return f"请写明专长，不超过 {MAX_SPECIALITIES} 个字，现在是 {len(text)} 个字。"


def _fault_in_terms(terms: tuple[str, ...]) -> str:
    if len(terms) > MOST_TERMS:
        return f"专长词最多 {MOST_TERMS} 个，请保留最主要的。"
    return "" if all(len(one) <= MAX_TERM and one.isprintable() for one in terms) else "有不能用的专长词，请重新选择。"


def _fault_in_phone(phone: str) -> str:
    if len(phone) <= MAX_CONTACT and _is_plain(phone) and identities.phones(phone):
        return ""
    return "请填写能联系到本人的手机或固定电话（固定电话带区号），只用于联系和回避检查。"


def _fault_in_account(account: str) -> str:
    if not account or (len(account) <= MAX_CONTACT and _is_plain(account) and identities.accounts(account)):
        return ""
    return "这不像完整的银行账号，请核对；不便提供可以不填。"


def _is_plain(text: str) -> bool:
    return all(unicodedata.category(sign) != "Cc" for sign in text)

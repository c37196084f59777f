"""What the platform says of itself on every page, and its limits; changed in the product, never in code."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, select

from marketplace.kernel import audit, locks
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.kernel.office_tables import PlatformSetting

MAX_TEXT = 200
MOST_YUAN = 10**12
MAX_DIGITS = 15
NUMBERS = {"procurement_warning_yuan": (0, MOST_YUAN)}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"[0-9+()（）\-—转 ,，、/]{5,60}")


@dataclass(frozen=True, slots=True)
class PlatformSettings:
    """The settings as pages use them; an empty text says nothing.

    `host` is the 主办单位, `operator` the 运营单位, `icp` the number of the site's filing. Above
    `procurement_warning_yuan` a page warns that the law may ask for public procurement; 0 switches it off.
    """

    name: str = "揭榜"
    host: str = ""
    operator: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    icp: str = ""
    procurement_warning_yuan: int = 1_000_000
    version: int = 0

    def warns_of_procurement(self, budget_yuan: Decimal | None) -> bool:
        """Whether a need of this budget should remind its reader that the law may ask for public procurement."""
        above = self.procurement_warning_yuan
        return above > 0 and budget_yuan is not None and budget_yuan >= above

    @property
    def contact(self) -> str:
        """How to reach the host, in one line; empty where nothing is set."""
        return "，".join(part for part in (self.host, self.phone, self.email, self.address) if part)


KEYS = tuple(field.name for field in fields(PlatformSettings) if field.name != "version")


def get(session: Session) -> PlatformSettings:
    """The settings as they stand; what nobody has set has its default."""
    every = session.exec(select(PlatformSetting.key, PlatformSetting.value, PlatformSetting.version)).all()
    rows = [row for row in every if row[0] in KEYS]
    # Each value has its field's type: NUMBERS are the fields that are numbers.
    given: dict[str, Any] = {key: int(value) if key in NUMBERS else value for key, value, _ in rows}
    return PlatformSettings(**given, version=sum(version for *_, version in rows))


def change(
    session: Session, values: Mapping[str, str], *, version: int, actor_id: str, now: datetime
) -> tuple[str, ...]:
    """Set what differs from what stands; gives the names of what changed. `version` is that of the settings seen.

    Raises Invalid with the fields, Conflict where somebody changed a setting meanwhile.
    """
    cleaned = _clean(values)
    locks.hold(session, "platform_settings")
    rows = {row.key: row for row in session.exec(select(PlatformSetting))}
    if sum(row.version for key, row in rows.items() if key in KEYS) != version:
        message = "设置刚由别人改过，您的改动没有保存。请对照最新的内容重新修改。"
        raise Conflict(message, code="settings_changed")
    standing = get(session)
    changed = {key: value for key, value in cleaned.items() if str(getattr(standing, key)) != value}
    for key, value in changed.items():
        row = rows.get(key) or PlatformSetting(key=key, value="", version=0, changed_by=actor_id, changed_at=now)
        row.value, row.version, row.changed_by, row.changed_at = value, row.version + 1, actor_id, now
        session.add(row)
        audit.write(
            session,
            aggregate="platform_setting",
            aggregate_id=key,
            action="setting.changed",
            actor_id=actor_id,
            payload={"old": str(getattr(standing, key)), "new": value},
            now=now,
        )
    session.flush()
    return tuple(changed)


def _clean(values: Mapping[str, str]) -> dict[str, str]:
    cleaned = {key: values[key].strip() for key in KEYS if key in values}
    wrong: dict[str, str] = {}
    for key, value in cleaned.items():
        fault = _number_fault(key, value) if key in NUMBERS else _text_fault(key, value)
        if fault:
            wrong[key] = fault
        elif key in NUMBERS:
            cleaned[key] = str(int(value))
    if wrong:
        raise Invalid("设置没有保存，请改正标出的地方。", code="bad_settings", fields=wrong)
    return cleaned


def _number_fault(key: str, value: str) -> str:
    low, high = NUMBERS[key]
    sound = value.isascii() and value.isdigit() and len(value) <= MAX_DIGITS and low <= int(value) <= high
    return "" if sound else f"请填写 {low} 至 {high} 之间的整数。"


def _text_fault(key: str, value: str) -> str:
    if len(value) > MAX_TEXT:
        return f"不超过 {MAX_TEXT} 个字。"
    if not value.isprintable():
        return "不能含有换行等不可见的字符。"
    if key == "name" and not value:
        return "请填写平台名称。"
    if key == "email" and value and not _EMAIL.fullmatch(value):
        return "邮箱格式不对，应类似 name@example.com。"
    if key == "phone" and value and not _PHONE.fullmatch(value):
        return "电话只能由数字、加号、括号、短横和“转”组成。"
    return ""

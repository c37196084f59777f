"""What people type into forms: amounts with their unit, and the fields that a form saving itself sends."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from fastapi.responses import JSONResponse
from starlette.datastructures import FormData

from marketplace.kernel import money
from marketplace.kernel.errors import Invalid

UNITS: Final[Mapping[str, int]] = {"wan": 10_000, "yuan": 1}
MOST_YUAN: Final = Decimal(10) ** 13
"""Ten trillion yuan: what is above it is a slip of the hand, and would not fit a row either."""
_CENT: Final = Decimal("0.01")
VERSION: Final = "_version"
CHANGED: Final = "_changed"


def yuan(text: str, unit: str = "wan") -> Decimal | None:
    """Read an amount as `forms.money` sends it, in yuan with two places; None where nothing was typed.

    Full-width digits, spaces, thousands separators and a unit after the number (30万) are taken as meant. Raises ValueError with a sentence for
    the person where it is no amount.
    """
    plain, written = money.typed(text)
    if not plain:
        return None
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise ValueError("请填写数字，例如 90、90.5 或 90万。")
    if amount < 0:
        raise ValueError("金额不能是负数。")
    if amount > MOST_YUAN:
        raise ValueError("金额太大了，请检查单位是元还是万元。")
    exact = amount * (written or UNITS.get(unit, UNITS["wan"]))
    if exact > MOST_YUAN:
        raise ValueError("金额太大了，请检查单位是元还是万元。")
    return exact.quantize(_CENT)


def version(form: FormData) -> int:
    """The version of a draft that the page held when it was sent."""
    given = form.get(VERSION)
    if not isinstance(given, str) or not (given.isascii() and given.isdigit()):
        raise Invalid("页面缺少版本号，请刷新后再保存。", code="version_missing", fields={})
    return int(given)


def changed(form: FormData) -> dict[str, list[str]]:
    """The fields that a form saving itself has changed, each with all its values; none left means emptied."""
    names = dict.fromkeys(name for name in form.getlist(CHANGED) if isinstance(name, str))
    return {
        name: [value for value in form.getlist(name) if isinstance(value, str)]
        for name in names
        if not name.startswith("_")
    }


def saved(version: int, now: datetime, *, errors: Mapping[str, str] | None = None) -> JSONResponse:
    """Answer a form that saved itself: its new version, when, and what is kept although it is not yet good."""
    told = {"version": version, "saved_at": now.isoformat(), "errors": dict(errors or {})}
    return JSONResponse(told, headers={"Cache-Control": "no-store"})

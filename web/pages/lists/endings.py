"""How a need ended, as its form says it."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from marketplace.dealings.views import SignedDeal
from marketplace.kernel.errors import Invalid
from marketplace.lists.needs.outcomes import Ending
from marketplace.lists.words import Deal
from web.pages import typed as amounts

WAN: Final = Decimal(10_000)
CENT: Final = Decimal("0.01")
DEALS: Final = (
    (Deal.PROFILE.value, "与平台上的 OPC 成交"),
    (Deal.OTHER.value, "与平台以外的供应方成交"),
    (Deal.NONE.value, "没有成交"),
)


def of_signing(signed: Sequence[SignedDeal], dealing_id: str = "") -> dict[str, str]:
    """The form as far as a confirmed signing answers it, else the last one; empty where nothing was signed."""
    if not signed:
        return {}
    deal = next((one for one in signed if one.dealing_id == dealing_id), signed[-1])
    wan = deal.amount / WAN
    is_whole = wan == wan.quantize(CENT)
    return {
        "deal": Deal.PROFILE.value,
        "profile_id": deal.profile_id,
        "amount": f"{(wan if is_whole else deal.amount).normalize():f}",
        "amount_unit": "wan" if is_whole else "yuan",
        "signed_on": deal.signed_on.isoformat(),
    }


def read(typed: Mapping[str, str]) -> Ending:
    """Read the form of an outcome; Invalid by field where something cannot be read at all."""
    errors: dict[str, str] = {}
    deal = next((one for one in Deal if one.value == typed.get("deal", "")), None)
    if deal is None:
        errors["deal"] = "请选择这条需求的结果。"
    amount = None
    try:
        amount = amounts.yuan(typed.get("amount", ""), typed.get("amount_unit", "wan"))
    except ValueError as wrong:
        errors["amount"] = str(wrong)
    signed_on = None
    try:
        signed_on = date.fromisoformat(typed["signed_on"]) if typed.get("signed_on") else None
    except ValueError:
        errors["signed_on"] = "日期不对，请按 2026-11-21 的样子填写。"
    if errors or deal is None:
        raise Invalid(f"还有 {len(errors)} 处要改正。", code="bad_outcome", fields=errors)
    return Ending(
        deal=deal,
        profile_id=typed.get("profile_id") or None,
        supplier_name=typed.get("supplier_name", ""),
        amount=amount,
        signed_on=signed_on,
        reason=typed.get("reason", ""),
        note=typed.get("note", ""),
        is_public=typed.get("is_public") == "yes",
    )

"""The form of a target between the browser and the marketplace."""

from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import Final

from marketplace.figures.views import TargetForm
from marketplace.figures.words import Measure, Per, Span
from marketplace.kernel import money
from marketplace.kernel.errors import Invalid
from marketplace.policies.views import PolicyStatus
from web.pages import typed

BLANK: Final = {
    **dict.fromkeys(("measure", "first_year", "last_year", "value", "source", "clause", "quote", "note"), ""),
    "per": Per.CITY.value,
    "span": Span.YEARLY.value,
    "status": PolicyStatus.IN_FORCE.value,
}
"""The form of a target as it is first shown."""


def target(told: dict[str, str], measure: str, value: str) -> TargetForm:
    """Read a target as it was typed; Invalid by field."""
    wrong: dict[str, str] = {}
    chosen = Measure(measure) if measure in set(Measure) else None
    if chosen is None:
        wrong["measure"] = "请选择指标。"
    number = 0
    try:
        if chosen is Measure.ORDERED:
            number = money.fen(typed.yuan(value, "wan")) or 0
        else:
            number = int(typed.yuan(value, "yuan") or Decimal(0))
    except ValueError as bad:
        wrong["value"] = str(bad)
    years = {}
    for name in ("first_year", "last_year"):
        years[name] = 0
        with suppress(ValueError):
            years[name] = int(told[name])
    if wrong:
        raise Invalid("这条目标还不完整，请按提示补充。", code="bad_target", fields=wrong)
    assert chosen is not None
    form = TargetForm(
        measure=chosen,
        per=Per.COUNTY if told["per"] == Per.COUNTY else Per.CITY,
        span=Span.TOTAL if told["span"] == Span.TOTAL else Span.YEARLY,
        value=number,
        source=told["source"],
        clause=told["clause"],
        quote=told["quote"],
        note=told["note"],
        status=PolicyStatus.IN_FORCE if told["status"] == PolicyStatus.IN_FORCE else PolicyStatus.DRAFT,
        **years,
    )
    return replace(form, last_year=form.last_year or form.first_year)

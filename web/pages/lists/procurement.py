"""Reminding of public procurement: where a need's budget is above what the platform sets."""

from collections.abc import Iterable
from typing import Final

from sqlmodel import Session

from ingest.fields import Draft, ListKind
from marketplace.kernel import platform_settings

REMINDER: Final = "依法应当通过政府采购、招标投标程序办理的，请依照法定程序办理；在本平台发布需求、对接和登记意向，都不能代替这些程序。"


def warned(session: Session, drafts: Iterable[Draft]) -> int:
    """How many needs have a budget from which on the platform reminds of public procurement."""
    settings = platform_settings.get(session)
    needs = (draft for draft in drafts if draft.list_kind is not ListKind.CAPABILITY)
    return sum(settings.warns_of_procurement(draft.budget_max or draft.budget_min) for draft in needs)

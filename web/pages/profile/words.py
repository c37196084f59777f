"""A profile's fields in words: what they are called, what they say as plain text, and what changed between two forms."""

from collections.abc import Mapping
from typing import Final

from marketplace.lists.views import FieldChange
from marketplace.profiles.entries import Case, Offer
from marketplace.profiles.rules import forms as rules
from marketplace.profiles.rules import merging, visibility
from marketplace.profiles.views import ProfileForm
from marketplace.profiles.words import FILING_NAMES, Visibility
from web.pages import wording

VISIBILITIES: Final[Mapping[Visibility, str]] = {
    Visibility.PUBLIC: "公开",
    Visibility.MEMBERS: "登录后可见",
    Visibility.PRIVATE: "仅本单位、主办方、监督和管理员",
}
VISIBLE_CHOICES: Final = tuple((level.value, said) for level, said in VISIBILITIES.items())
FILING_CHOICES: Final = tuple((kind.value, said) for kind, said in FILING_NAMES.items())
OFFER_PARTS: Final = (("for_whom", "为谁做"), ("given", "输入"), ("made", "输出"), ("deliverable", "交付物"))


def said(form: ProfileForm, name: str) -> str:
    """What a field of a form says, as plain text; empty where it says nothing."""
    value = getattr(form, name)
    if name == "offers":
        return "\n\n".join(_offer(offer) for offer in value)
    if name == "cases":
        return "\n\n".join(_case(case) for case in value)
    if name == "filings":
        return "\n".join(filing.text for filing in value)
    if name == "visibility":
        return "\n".join(
            f"{wording.field(field)}：{VISIBILITIES[visibility.of_field(form, field)]}"
            for field in sorted(form.visibility)
        )
    if isinstance(value, tuple):
        return "\n".join(value)
    return "" if value is None else str(value)


def _offer(offer: Offer) -> str:
    parts = [f"{title}：{getattr(offer, part)}" for part, title in OFFER_PARTS if getattr(offer, part)]
    return "\n".join([offer.what, *parts])


def _case(case: Case) -> str:
    head = "，".join(str(part) for part in (case.title, case.client, case.year) if part)
    files = f"证明文件 {len(case.evidence)} 个" if case.evidence else ""
    return "\n".join(part for part in (head, case.done, case.result, files) if part)


def changes(old: ProfileForm, new: ProfileForm) -> tuple[FieldChange, ...]:
    """What differs between two forms as they would be published, field by field."""
    old, new = rules.clean(old), rules.clean(new)
    pairs = ((name, said(old, name), said(new, name)) for name in merging.FIELDS)
    return tuple(FieldChange(name, before or None, after or None) for name, before, after in pairs if before != after)

"""Which organisation a row names, and what a capability row says of its supplier."""

from ingest.fields import Draft, IssuerType, ListKind
from marketplace.accounts.rules import uscc
from marketplace.accounts.rules.identity import Named
from marketplace.accounts.rules.names import name_key
from marketplace.accounts.words import OrganisationKind
from marketplace.lists.rules.masks import mask_text

KINDS = {
    IssuerType.GOVERNMENT: OrganisationKind.GOVERNMENT,
    IssuerType.SOE: OrganisationKind.SOE,
    IssuerType.PRIVATE: OrganisationKind.COMPANY,
    IssuerType.INSTITUTION: OrganisationKind.INSTITUTION,
}
PLACEHOLDERS = ("某", "匿名", "保密", "不公开")


def named(draft: Draft, *, region: str) -> Named | None:
    """The organisation that a row names, or None: none, or a placeholder such as 某企业 that many share.

    A need's issuer sits where its list comes from (`region`); a supplier where its row says, else nobody knows.
    """
    name = (draft.issuer or "").strip()
    capability = draft.list_kind is ListKind.CAPABILITY
    if not name_key(name) or (not capability and name.startswith(PLACEHOLDERS)):
        return None
    code = uscc.clean(draft.extras.get("uscc", ""))
    where = (draft.region or "") if capability else region
    return Named(name, code if uscc.is_valid(code) else None, where, kind(draft))


def kind(draft: Draft) -> OrganisationKind:
    """The kind of organisation that a row states, else what its name says by law."""
    if draft.issuer_type in KINDS:
        return KINDS[draft.issuer_type]
    return OrganisationKind.COMPANY if (draft.issuer or "").strip().endswith("公司") else OrganisationKind.OTHER


def note_text(draft: Draft) -> str:
    """What a capability row says, in its own words: description, points, cases, each on its line, contacts masked."""
    parts = [draft.description or "", *draft.requirements, draft.extras.get("cases", "")]
    return mask_text("\n".join(part.strip() for part in parts if part.strip()))


def price_text(draft: Draft) -> str | None:
    """The price of a capability row in its own words, else as people write the sum; None where it states none."""
    own = draft.extras.get("price_text")
    if own:
        return own
    if draft.budget_negotiable:
        return "面议"
    low, high = draft.budget_min, draft.budget_max
    if low is None and high is None:
        return None
    if low == high:
        return f"{low:,.2f} 元"
    if low is None:
        return f"不超过 {high:,.2f} 元"
    return f"不低于 {low:,.2f} 元" if high is None else f"{low:,.2f} 至 {high:,.2f} 元"

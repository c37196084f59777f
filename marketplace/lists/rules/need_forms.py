"""Between the form of a need, fields as they were typed, and what the list states."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from ingest.fields import Draft, IssuerType, ListKind, NeedType
from marketplace.accounts.rules.names import name_key
from marketplace.accounts.words import OrganisationKind
from marketplace.kernel import money
from marketplace.kernel.text import collapsed

FIELDS = (
    *("need_type", "title", "sector", "region", "situation", "problem", "requirements"),
    *("budget_min", "budget_min_unit", "budget_max", "budget_max_unit", "budget_negotiable", "budget_source"),
    *("period_start", "period_end", "duration_months", "acceptance", "conditions", "decider"),
    *("contact_name", "contact_phone", "contact_email", "anonymous"),
)
EXTRAS = ("budget_source", "acceptance", "conditions", "decider")
"""Fields of the form that a list keeps among its extras."""
YES = "yes"
PROBLEM = "\n\n要解决的问题：\n"
"""Stands between the two halves of a description, so that an amendment can take them apart again."""

MOST_SIGNS = 20_000
MAX_TITLE, MAX_LINE, MAX_TEXT, MAX_SHORT, MOST_POINTS, MOST_MONTHS = 120, 500, 5_000, 200, 50, 600
MOST_YUAN = Decimal(10) ** 13
LIMITS = {
    **dict.fromkeys(("situation", "problem", "acceptance", "conditions"), MAX_TEXT),
    **dict.fromkeys(("sector", "region", "budget_source", "decider"), MAX_SHORT),
    **dict.fromkeys(("contact_name", "contact_phone", "contact_email"), 100),
}
NAMES = {
    "situation": "场景与现状",
    "problem": "要解决的问题",
    "acceptance": "验收方式",
    "conditions": "提供条件",
    "sector": "行业领域",
    "region": "地区",
    "budget_source": "预算来源",
    "decider": "拍板的部门或岗位",
    "contact_name": "联系人",
    "contact_phone": "联系电话",
    "contact_email": "电子邮箱",
}
_WAN = Decimal(10_000)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE_DIGITS = 7
ISSUER_TYPES = {
    OrganisationKind.GOVERNMENT: IssuerType.GOVERNMENT,
    OrganisationKind.SOE: IssuerType.SOE,
    OrganisationKind.COMPANY: IssuerType.PRIVATE,
    OrganisationKind.INSTITUTION: IssuerType.INSTITUTION,
}
_NAMELESS = {
    IssuerType.GOVERNMENT: "某政府部门",
    IssuerType.SOE: "某国有企业",
    IssuerType.PRIVATE: "某企业",
    IssuerType.INSTITUTION: "某事业单位",
    IssuerType.OTHER: "某单位",
}


@dataclass(frozen=True, slots=True)
class Owner:
    """Who posts a need: its name, kind and region's path."""

    name: str
    kind: OrganisationKind
    region: str

    @property
    def issuer_type(self) -> IssuerType:
        """What a list calls this kind of organisation."""
        return ISSUER_TYPES.get(self.kind, IssuerType.OTHER)

    @property
    def nameless(self) -> str:
        """The name that stands for one who does not want to be known yet: 某国有企业（临川市）."""
        parts = [part for part in self.region.split("/") if part]
        where = parts[1] if len(parts) > 1 else "".join(parts)
        return _NAMELESS[self.issuer_type] + (f"（{where}）" if where else "")


@dataclass(frozen=True, slots=True)
class Stated:
    """What a form states, and what is wrong with it by field; a field that is wrong states nothing."""

    draft: Draft
    anonymous: bool
    errors: Mapping[str, str] = field(default_factory=dict)


def clean(text: str) -> str:
    """A text without what no database keeps and no page shows: control signs but line breaks, lone surrogates."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "ignore").decode()
    return "".join(sign for sign in plain if sign in "\n\t" or unicodedata.category(sign) != "Cc")


def points(body: Mapping[str, str]) -> tuple[str, ...]:
    """The points of a need, each on a line of its own."""
    return tuple(line for line in map(collapsed, body.get("requirements", "").split("\n")) if line)


def stated(body: Mapping[str, str], owner: Owner, *, before: Draft | None = None) -> Stated:
    """What a form states, as leniently as it can be read; `before` is the version that it amends."""
    errors: dict[str, str] = {}
    texts = {name: body.get(name, "").strip() for name in FIELDS}
    need_type = next((one for one in NeedType if one.value == texts["need_type"]), None)
    kind = ListKind.SCENARIO if need_type is NeedType.TRIAL else ListKind.DEMAND
    extras = {name: words for name, words in (before.extras if before else {}).items() if name not in EXTRAS}
    anonymous = texts["anonymous"] == YES
    low, high = (_money(texts, name, errors) for name in ("budget_min", "budget_max"))
    start, end = (_day(texts, name, errors) for name in ("period_start", "period_end"))
    if low and high and high < low:
        errors["budget_max"] = "预算上限比下限还小，请核对。"
        low = high = None
    if start and end and end < start:
        errors["period_end"] = "完成时间早于开始时间，请核对。"
        start = end = None
    draft = Draft(
        file="",
        row=0,
        list_kind=before.list_kind if before else kind,
        title=collapsed(texts["title"]),
        need_type=need_type,
        description=described(texts["situation"], texts["problem"]),
        issuer=owner.nameless if anonymous else owner.name,
        issuer_type=owner.issuer_type,
        sector=texts["sector"] or None,
        region=texts["region"] or None,
        budget_min=low,
        budget_max=high,
        budget_negotiable=texts["budget_negotiable"] == YES,
        period_start=start,
        period_end=end,
        duration_months=_months(texts, errors),
        requirements=points(body),
        contact_name=texts["contact_name"] or None,
        contact_phone=texts["contact_phone"] or None,
        contact_email=texts["contact_email"] or None,
        extras=extras | {name: texts[name] for name in EXTRAS if texts[name]},
    )
    return Stated(draft, anonymous, errors | _problems(texts, draft, owner, anonymous=anonymous))


def _problems(texts: Mapping[str, str], draft: Draft, owner: Owner, *, anonymous: bool) -> dict[str, str]:
    found: dict[str, str] = {}
    if draft.need_type is None:
        found["need_type"] = "请选择需求类型。"
    if not draft.title:
        found["title"] = "请填写名称，用一句话说清要什么。"
    elif len(draft.title) > MAX_TITLE:
        found["title"] = f"名称有 {len(draft.title)} 个字，最多 {MAX_TITLE} 个；细节请写到“要解决的问题”里。"
    if not draft.description:
        found["situation"] = "请写一写场景与现状，或要解决的问题。"
    found |= _point_problems(draft.requirements)
    for name, limit in LIMITS.items():
        if len(texts[name]) > limit:
            found[name] = f"“{NAMES[name]}”有 {len(texts[name])} 个字，最多 {limit} 个，请精简。"
    found |= _contact_problems(draft)
    if anonymous:
        found |= _giving_away(texts, owner)
    return found


def _point_problems(lines: tuple[str, ...]) -> dict[str, str]:
    if not lines:
        return {"requirements": "请至少写一条要点：要达到什么指标、交付什么。"}
    if len(lines) > MOST_POINTS:
        return {"requirements": f"要点有 {len(lines)} 条，最多 {MOST_POINTS} 条，请合并。"}
    long = next((place for place, line in enumerate(lines, start=1) if len(line) > MAX_LINE), None)
    return {"requirements": f"第 {long} 条要点超过 {MAX_LINE} 个字，请拆成几条。"} if long else {}


def _contact_problems(draft: Draft) -> dict[str, str]:
    found: dict[str, str] = {}
    digits = sum(sign.isdigit() for sign in draft.contact_phone or "")
    if not draft.contact_phone and not draft.contact_email:
        found["contact_phone"] = "请留下电话或邮箱，至少一样；公开页面上会隐去一部分。"
    elif draft.contact_phone and digits < _PHONE_DIGITS:
        found["contact_phone"] = "电话号码不完整，请连同区号填写。"
    if draft.contact_email and not _EMAIL.fullmatch(draft.contact_email):
        found["contact_email"] = "邮箱格式不对，例如 name@example.com。"
    return found


def _giving_away(texts: Mapping[str, str], owner: Owner) -> dict[str, str]:
    # A name in the text would give away what the anonymous name hides.
    shown = ("title", "situation", "problem", "requirements", *EXTRAS, "sector", "region")
    told = "您选择了匿名发布，但这里写出了贵单位的名称，请改写后再发布。"
    key = name_key(owner.name)
    return {name: told for name in shown if key and key in name_key(texts[name])}


def described(situation: str, problem: str) -> str | None:
    """The two halves of a description as one text."""
    return (situation + PROBLEM + problem if problem else situation) or None


def halves(description: str | None) -> tuple[str, str]:
    """A description as situation and problem; one that was never joined is all situation."""
    situation, _, problem = (description or "").partition(PROBLEM)
    return situation, problem


def body(draft: Draft, *, anonymous: bool = False) -> dict[str, str]:
    """The form of what a list states, for amending it."""
    situation, problem = halves(draft.description)
    low, low_unit = _typed(draft.budget_min)
    high, high_unit = _typed(draft.budget_max)
    typed = {
        "need_type": draft.need_type.value if draft.need_type else "",
        "title": draft.title,
        "sector": draft.sector or "",
        "region": draft.region or "",
        "situation": situation,
        "problem": problem,
        "requirements": "\n".join(draft.requirements),
        "budget_min": low,
        "budget_min_unit": low_unit,
        "budget_max": high,
        "budget_max_unit": high_unit,
        "budget_negotiable": YES if draft.budget_negotiable else "",
        "period_start": draft.period_start.isoformat() if draft.period_start else "",
        "period_end": draft.period_end.isoformat() if draft.period_end else "",
        "duration_months": str(draft.duration_months or ""),
        "contact_name": draft.contact_name or "",
        "contact_phone": draft.contact_phone or "",
        "contact_email": draft.contact_email or "",
        "anonymous": YES if anonymous else "",
    }
    return {name: clean(words) for name, words in {**typed, **{x: draft.extras.get(x, "") for x in EXTRAS}}.items()}


def _typed(yuan: Decimal | None) -> tuple[str, str]:
    if yuan is None:
        return "", "wan"
    whole = yuan / _WAN
    unit, amount = ("wan", whole) if whole == whole.quantize(Decimal("0.01")) else ("yuan", yuan)
    return f"{amount.normalize():f}", unit


def _money(texts: Mapping[str, str], name: str, errors: dict[str, str]) -> Decimal | None:
    plain, written = money.typed(texts[name])
    if not plain:
        return None
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 < amount <= MOST_YUAN:
        errors[name] = "请填写大于 0 的数字，例如 90、90.5 或 90万；没有就留空。"
        return None
    # A unit that was written beside the number is meant more than the one that stands there anyway.
    size = written or (Decimal(1) if texts[name + "_unit"] == "yuan" else _WAN)
    exact = (amount * size).quantize(Decimal("0.01"))
    if not 0 < exact <= MOST_YUAN:
        errors[name] = "金额不对，请检查单位是元还是万元。"
        return None
    return exact


def _day(texts: Mapping[str, str], name: str, errors: dict[str, str]) -> date | None:
    if not texts[name]:
        return None
    try:
        return date.fromisoformat(texts[name])
    except ValueError:
        errors[name] = "日期不对，请按 2027-09-30 的样子填写。"
        return None


def _months(texts: Mapping[str, str], errors: dict[str, str]) -> int | None:
    plain = unicodedata.normalize("NFKC", texts["duration_months"])
    if not plain:
        return None
    if plain.isascii() and plain.isdigit() and 0 < int(plain[:9]) <= MOST_MONTHS:
        return int(plain)
    errors["duration_months"] = f"工期请填写 1 至 {MOST_MONTHS} 之间的整数（月）。"
    return None

"""What a reader asks of a list: the words, the filters and the page, read from an address and written back to one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Annotated, Final

from fastapi import Path, Query

from ingest.fields import IssuerType, ListKind
from marketplace.kernel.errors import NotFound
from marketplace.lists.views import ItemFilter
from marketplace.profiles.views import ProfileFilter
from web.pages import wording

BANDS: Final = ("-10", "10-50", "50-100", "100-300", "300-1000", "1000-")
"""Budgets offered as filters, in 万元."""
BUDGET_PROBLEM: Final = "预算范围请写成“下限-上限”，单位万元，例如 50-100、-50 或 300-。"
ISSUER_PROBLEM: Final = "没有这种单位性质，请从筛选条件里选择。"
_WAN: Final = Decimal(10_000)

Money = tuple[Decimal | None, Decimal | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to one list; `problem` says in Chinese which filter could not be understood."""

    kind: ListKind
    q: str = ""
    sector: str = ""
    region: str = ""
    budget: str = ""
    issuer_type: str = ""
    page: int = 1
    money: Money = field(default=(None, None))
    issuer: IssuerType | None = None
    problem: str = ""

    @property
    def filters(self) -> dict[str, str]:
        """The filters that are set, by their name in the address."""
        named = {
            "sector": self.sector,
            "region": self.region,
            "budget": self.budget,
            "issuer_type": self.issuer_type,
        }
        return {name: value for name, value in named.items() if value}

    @property
    def query(self) -> dict[str, str]:
        """The question without its page, by names in the address."""
        return {**({"q": self.q} if self.q else {}), **self.filters}

    def of_items(self, ids: tuple[str, ...] | None) -> ItemFilter:
        """Give the same question as a filter of items; `ids` are those that the words found."""
        return ItemFilter(
            kind=self.kind,
            sector=self.sector or None,
            region=self.region or None,
            issuer_type=self.issuer,
            budget_from=self.money[0],
            budget_to=self.money[1],
            ids=ids,
        )

    def of_profiles(self, ids: tuple[str, ...] | None) -> ProfileFilter:
        """Give the same question as a filter of profiles."""
        return ProfileFilter(sector=self.sector or None, region=self.region or None, ids=ids)


def known_kind(kind: Annotated[str, Path()]) -> ListKind:
    """Read the kind in an address; an unknown one is an unknown page."""
    try:
        return ListKind(kind)
    except ValueError:
        raise NotFound("没有这张清单。共有三张：场景项目清单、需求清单、能力清单。", code="no_such_list") from None


def asked_of(kind: ListKind, *, q: str, sector: str, region: str, budget: str, issuer_type: str, page: int) -> Asked:
    """Read a question; a filter that cannot be understood is left out and said so."""
    asked = Asked(kind, q=q.strip(), sector=sector.strip(), region=region.strip(), page=page)
    if kind is ListKind.CAPABILITY:
        return asked
    money, budget_problem = _read_budget(budget.strip())
    issuer, issuer_problem = _read_issuer_type(issuer_type.strip())
    return Asked(
        kind,
        q=asked.q,
        sector=asked.sector,
        region=asked.region,
        budget="" if budget_problem else budget.strip(),
        issuer_type="" if issuer is None else issuer.value,
        page=page,
        money=money,
        issuer=issuer,
        problem=budget_problem or issuer_problem,
    )


def band_name(band: str) -> str:
    """Say a budget band: 50—100 万元, 10 万元以下, 1000 万元以上."""
    low, _, high = band.partition("-")
    if low and high:
        return f"{low}—{high} 万元"
    return f"{high} 万元以下" if high else f"{low} 万元以上"


def chips(asked: Asked) -> tuple[tuple[str, str], ...]:
    """List the words and filters in force, each with its name in the address and how a page says it."""
    said: Mapping[str, str] = {
        "q": f"“{asked.q}”" if asked.q else "",
        "sector": asked.sector,
        "region": wording.region(asked.region) if asked.region else "",
        "budget": band_name(asked.budget) if asked.budget else "",
        "issuer_type": wording.ISSUER_TYPES[asked.issuer] if asked.issuer else "",
    }
    return tuple((name, text) for name, text in said.items() if text)


def _read_budget(text: str) -> tuple[Money, str]:
    low, dash, high = text.partition("-")
    if not text:
        return (None, None), ""
    try:
        limits = tuple(Decimal(part) * _WAN if part.strip() else None for part in (low, high))
        sound = bool(dash) and text != "-" and all(limit is None or limit.is_finite() for limit in limits)
    except InvalidOperation:
        sound = False
    return ((limits[0], limits[1]), "") if sound else ((None, None), BUDGET_PROBLEM)


def _read_issuer_type(text: str) -> tuple[IssuerType | None, str]:
    if not text:
        return None, ""
    try:
        return IssuerType(text), ""
    except ValueError:
        return None, ISSUER_PROBLEM


Words = Annotated[str, Query(max_length=200)]

"""Two needs side by side, field by field, with what differs marked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ingest.fields import Draft
from marketplace.kernel.text import folded
from marketplace.lists.views import ItemPage
from marketplace.lists.words import Relation
from web.pages.lists import facts

LIKELY: Final = 0.85
"""How sure from which on two needs are called very likely the same; what is less sure is called possible."""
FIRST: Final = ("title", "issuer", "issuer_type", "need_type", "sector", "region", "budget", "period")
LAST: Final = ("description", "requirements")
RELATIONS: Final[Mapping[Relation, str]] = {
    Relation.MERGED: "已并入",
    Relation.SAME: "同一需求，分别列示",
    Relation.DISTINCT: "不是同一需求",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One field of both; None is not stated. They differ where both state it, white space and width of signs aside."""

    field: str
    left: str | None
    right: str | None
    differs: bool


def of_page(page: ItemPage) -> dict[str, str]:
    """What a published need states, as its page says it."""
    said = {fact.field: fact.value for fact in facts.of_item(page)}
    return {
        **said,
        "title": page.card.title,
        **({"description": page.description} if page.description else {}),
        **({"requirements": numbered(page.requirements)} if page.requirements else {}),
    }


def of_draft(draft: Draft) -> dict[str, str]:
    """What a row of a file states, without whom to ask."""
    return {fact.field: fact.value for fact in facts.of_draft(draft) if not fact.field.startswith("contact_")}


def rows(left: Mapping[str, str], right: Mapping[str, str]) -> tuple[Row, ...]:
    """The fields that either states, in the order of a page."""
    others = sorted({*left, *right} - {*FIRST, *LAST})
    return tuple(
        Row(name, left.get(name), right.get(name), _differs(left.get(name), right.get(name)))
        for name in (*FIRST, *LAST, *others)
        if name in left or name in right
    )


def numbered(points: Iterable[str]) -> str:
    """Points one under the other."""
    return "\n".join(f"{number}. {point}" for number, point in enumerate(points, start=1))


def sureness(score: float) -> str:
    """How sure it is that two state one need, in words."""
    return "很可能" if score >= LIKELY else "可能"


def _differs(left: str | None, right: str | None) -> bool:
    return left is not None and right is not None and folded(left) != folded(right)

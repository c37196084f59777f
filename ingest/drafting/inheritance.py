"""What rows take from the head of a sheet and from the sub-headings above them."""

import re
from dataclasses import dataclass

from ingest.columns.plans import Plan
from ingest.columns.roles import Role
from ingest.fields import IssuerType, ListKind
from ingest.layout.bodies import Heading
from ingest.layout.heads import Head
from ingest.values import choices

_KIND_HEADING = re.compile(r"场景|需求|能力|榜单|清单")
_ISSUER_LIST = re.compile(r"榜$|榜单$")
_SHORT_HEADING = 12
_REGION = re.compile(r"^[\u4e00-\u9fff]{2,12}(?:省|市|区|县|旗|镇|乡|街道|新区|开发区|高新区)$")


@dataclass(frozen=True, slots=True)
class Inherited:
    """What a row takes from outside itself: the sheet's head and the sub-headings above it."""

    kind: ListKind
    sector: str | None = None
    sector_place: str | None = None
    region: str | None = None
    region_place: str | None = None
    issuer_type: IssuerType | None = None
    issuer: str | None = None
    issuer_place: str | None = None


class Inheritance:
    """What rows take from the head and the sub-headings; worked out once for each set of sub-headings."""

    def __init__(self, kind: ListKind, head: Head, plan: Plan, *, fixed: bool) -> None:
        self._kind, self._fixed = kind, fixed
        self._head = head if not plan.by_role.get(Role.ISSUER) else None
        self._known: dict[tuple[Heading, ...], Inherited] = {}

    def below(self, headings: tuple[Heading, ...]) -> Inherited:
        """What a row below these sub-headings inherits."""
        if headings not in self._known:
            self._known[headings] = self._make(headings)
        return self._known[headings]

    def _make(self, headings: tuple[Heading, ...]) -> Inherited:
        kind, issuer_type = self._kind, None
        sector: Heading | None = None
        region: Heading | None = None
        for heading in headings:
            named = _kind_named(heading.words)
            if _ISSUER_LIST.search(heading.words) and choices.issuer_type(heading.words):
                issuer_type = choices.issuer_type(heading.words)
            elif named is not None:
                kind = kind if self._fixed else named
            elif _REGION.match(heading.words):
                region = heading
            else:
                sector = heading
        return Inherited(
            kind=kind,
            sector=sector.words if sector else None,
            sector_place=sector.place if sector else None,
            region=region.words if region else None,
            region_place=region.place if region else None,
            issuer_type=issuer_type,
            issuer=self._head.issuer if self._head else None,
            issuer_place=self._head.issuer_place if self._head else None,
        )


def _kind_named(words: str) -> ListKind | None:
    """The kind of list that a short sub-heading announces ("二、技术需求清单")."""
    kinds_named = choices.list_kinds(words)
    telling = len(words) <= _SHORT_HEADING and _KIND_HEADING.search(words)
    return next(iter(kinds_named)) if telling and len(kinds_named) == 1 else None

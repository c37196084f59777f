"""What an item shows of itself when it is held against another: its words, figures, places, owner and price."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from ingest.fields import Draft, ListKind
from matching.repeats import figures, owners, places, spelling
from matching.repeats.figures import Figure
from matching.repeats.owners import Owner
from matching.repeats.places import Named


@dataclass(frozen=True)
class Marks:
    """One item; what it does not state is empty. What is seldom asked is read when it is asked for."""

    draft: Draft

    @cached_property
    def capability(self) -> bool:
        """Whether it offers rather than asks."""
        return self.draft.list_kind is ListKind.CAPABILITY

    @cached_property
    def title(self) -> str:
        """The title without what does not tell titles apart."""
        return spelling.bare(self.draft.title) or spelling.plain(self.draft.title)

    @cached_property
    def text(self) -> str:
        """All that it says of the need: title, description and requirements."""
        return spelling.plain("。".join((self.draft.title, self.draft.description or "", *self.draft.requirements)))

    @cached_property
    def bare(self) -> str:
        """The text without punctuation."""
        return spelling.bare(self.text)

    @cached_property
    def owner(self) -> Owner:
        """The unit that states it."""
        return owners.read(spelling.bare(self.draft.issuer or ""), self.region)

    @cached_property
    def region(self) -> str:
        """The region as it is stated."""
        return spelling.plain(self.draft.region or "")

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The figures of the text, each once."""
        found = figures.read(self.text)
        return tuple({(each.low, each.high, each.kind): each for each in reversed(found)}.values())[::-1]

    @cached_property
    def named(self) -> Named:
        """The places that the text names."""
        return places.named(self.text)

    @cached_property
    def numbered(self) -> Named:
        """The phases, lines and sides that the text names."""
        return places.numbered(self.text)

    @cached_property
    def budget(self) -> tuple[Decimal, Decimal] | None:
        """The least and the most it may cost, in yuan."""
        most = self.draft.budget_max or self.draft.budget_min
        return (self.draft.budget_min or most, most) if most else None

    @cached_property
    def everywhere(self) -> str:
        """All words that may name a place."""
        return f"{self.bare}/{self.owner.name}/{self.region}"

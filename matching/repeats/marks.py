"""What an item shows of itself when it is held against another: its words, figures, places, owner and price."""

from dataclasses import dataclass
from decimal import Decimal

from ingest.fields import Draft, ListKind
from matching.repeats import figures, owners, places, spelling
from matching.repeats.figures import Figure
from matching.repeats.owners import Owner
from matching.repeats.places import Named


@dataclass(frozen=True, slots=True)
class Marks:
    """One item; `text` is all it says of the need, `bare` the same without punctuation, `budget` least and most in yuan."""

    capability: bool
    title: str
    text: str
    bare: str
    owner: Owner
    region: str
    figures: tuple[Figure, ...]
    named: Named
    numbered: Named
    budget: tuple[Decimal, Decimal] | None

    @property
    def everywhere(self) -> str:
        """All words that may name a place."""
        return f"{self.bare}/{self.owner.name}/{self.region}"


def read(draft: Draft) -> Marks:
    """The marks of a draft; what it does not state stays empty."""
    text = text_of(draft)
    bare = spelling.bare(text)
    region = spelling.plain(draft.region or "")
    return Marks(
        capability=draft.list_kind is ListKind.CAPABILITY,
        title=title_of(draft),
        text=text,
        bare=bare,
        owner=owners.read(spelling.bare(draft.issuer or ""), region),
        region=region,
        figures=_once(figures.read(text)),
        named=places.named(bare),
        numbered=places.numbered(bare),
        budget=_budget(draft),
    )


def title_of(draft: Draft) -> str:
    """The title without what does not tell titles apart."""
    return spelling.bare(draft.title) or spelling.plain(draft.title)


def text_of(draft: Draft) -> str:
    """All that an item says of the need: title, description and requirements."""
    return spelling.plain("。".join((draft.title, draft.description or "", *draft.requirements)))


def _once(found: tuple[Figure, ...]) -> tuple[Figure, ...]:
    return tuple({(each.low, each.high, each.kind): each for each in reversed(found)}.values())[::-1]


def _budget(draft: Draft) -> tuple[Decimal, Decimal] | None:
    most = draft.budget_max or draft.budget_min
    return (draft.budget_min or most, most) if most else None

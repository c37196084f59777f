"""The rows of a file that likely repeat published needs, or each other, before anything is published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlmodel import Session

from ingest.fields import Draft
from marketplace.lists.intakes.repeats import ToCompare
from marketplace.lists.repeats import sides
from marketplace.lists.repeats.views import Side
from marketplace.lists.rules.intake_masks import of_draft
from marketplace.lists.rules.masks import mask_text
from web.pages.lists import beside

if TYPE_CHECKING:
    from matching.encoder import Encoder
    from matching.repeats.finding import Repeat

MOST: Final = 50
"""So many pairs are laid out; more is said by number."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A row of the file beside a published need, or (without `published`) beside another row."""

    row: Draft
    other: Draft
    published: Side | None
    published_id: str | None
    sureness: str
    reason: str
    fields: tuple[beside.Row, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Every pair of a file: beside published needs, and within the file; the surest first, and how many there are."""

    published: tuple[Pair, ...]
    within: tuple[Pair, ...]
    published_count: int
    within_count: int


def find(encoder: "Encoder", given: ToCompare) -> "list[Repeat]":
    """Compare the rows of an intake with everything that is published, and with each other."""
    from matching.repeats import finding

    return finding.against(given.rows, given.known, encoder=encoder)


def shown(session: Session, given: ToCompare, repeats: "Sequence[Repeat]") -> Found:
    """What was found, as a page lays it out."""
    outer = [one for one in repeats if one.b not in given.rows]
    inner = [one for one in repeats if one.b in given.rows]
    known = sides.of(session, [one.b for one in outer[:MOST]])
    return Found(
        tuple(_pair(given, one, known) for one in outer[:MOST]),
        tuple(_pair(given, one, known) for one in inner[:MOST]),
        len({one.a for one in outer}),
        len(inner),
    )


def _pair(given: ToCompare, repeat: "Repeat", known: Mapping[str, Side]) -> Pair:
    row, published = given.rows[repeat.a], known.get(repeat.b)
    other = given.rows[repeat.b] if published is None else of_draft(given.known[repeat.b], frozenset())
    return Pair(
        row=row,
        other=other,
        published=published,
        published_id=None if published is None else repeat.b,
        sureness=beside.sureness(repeat.score),
        reason=mask_text(repeat.reason),
        fields=beside.rows(beside.of_draft(row), beside.of_draft(other)),
    )

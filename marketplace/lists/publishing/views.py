"""What readers see of an edition in the making."""

from dataclasses import dataclass
from datetime import datetime

from marketplace.lists.views import FieldChange
from marketplace.lists.words import Outcome


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """One line that a release will hold; a gone one has stood on the edition before and will not."""

    item_id: str
    item_number: int
    title: str
    issuer: str | None
    outcome: Outcome
    changes: tuple[FieldChange, ...]
    digest: str
    in_series: bool


@dataclass(frozen=True, slots=True)
class GatherableNeed:
    """A posted need that an organiser may gather into an edition."""

    item_id: str
    title: str
    kind: str
    issuer: str | None
    region: str | None
    published_at: datetime

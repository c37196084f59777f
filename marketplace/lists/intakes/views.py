"""What an organiser sees of a file on its way in."""

from dataclasses import dataclass
from datetime import datetime

from ingest.fields import Draft, ListKind, Reading, Where
from marketplace.lists.edition_views import SeriesCard
from marketplace.lists.rules.publishing import LeftRow
from marketplace.lists.views import FieldChange
from marketplace.lists.words import IntakeState, Outcome


@dataclass(frozen=True, slots=True)
class IntakeCard:
    """An intake in a list of many; `sound` rows can be published, `refused` ones stay here.

    While its file is being read `pages_done` of `pages_total` are (None: not known yet); `failure` says why it could not be.
    """

    id: str
    name: str
    region: str
    state: IntakeState
    version: int
    sound: int
    refused: int
    problems: int
    opened_by: str
    opened_at: datetime
    closed_by: str | None
    closed_at: datetime | None
    edition_id: str | None
    pages_done: int | None = None
    pages_total: int | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class IntakePage:
    """An intake with everything that was read, and the series it most likely continues, best first.

    `version` must be given back on confirm or discard. `suggested_title` is the list's own name without issue and
    date, `publisher` who the file says it comes from ("" where it says nothing), `kind` what the uploader said that its
    rows are, `twin` the newest other intake of the very same file that the reader may see. Where `is_masked`, whom to ask is hidden, in the cells as well.
    """

    card: IntakeCard
    version: int
    file_digest: str
    size_bytes: int
    reading: Reading
    suggestions: tuple[SeriesCard, ...]
    suggested_title: str = ""
    publisher: str = ""
    kind: ListKind | None = None
    twin: IntakeCard | None = None
    is_masked: bool = False


@dataclass(frozen=True, slots=True)
class RowContact:
    """Whom to ask of one row of an intake, in full."""

    where: Where
    title: str
    name: str | None
    phone: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row and what publishing would do; `refusal` says why it would stay behind (then no outcome).

    `remark` says what is particular about a row that is published.
    """

    draft: Draft
    outcome: Outcome | None
    item_id: str | None
    old_title: str | None
    changes: tuple[FieldChange, ...]
    refusal: str | None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class GoneItem:
    """An item of the series that this file no longer lists."""

    item_id: str
    title: str
    issuer: str | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What confirming an intake would do, row by row in reading order, and what would be gone.

    `left` names every row that stays behind, with those that have no name and so are no row here.
    `carried` counts the posted needs of the edition before that stand on the next one too.
    """

    series: SeriesCard | None
    rows: tuple[PreviewRow, ...]
    gone: tuple[GoneItem, ...]
    left: tuple[LeftRow, ...] = ()
    carried: int = 0

    def count(self, outcome: Outcome) -> int:
        """How many rows have an outcome."""
        if outcome is Outcome.GONE:
            return len(self.gone)
        return sum(1 for row in self.rows if row.outcome is outcome)

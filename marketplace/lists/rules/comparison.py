"""What a re-issue does to the items of its series."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.fields import Draft
from marketplace.lists.rules.diffs import changes
from marketplace.lists.rules.identity import Fingerprint, assign, fingerprint
from marketplace.lists.views import FieldChange
from marketplace.lists.words import Outcome


@dataclass(frozen=True, slots=True)
class Compared:
    """One row of a re-issue: the item it is (None: a new one) and what it changes against what was last listed."""

    draft: Draft
    outcome: Outcome
    item_id: str | None
    old_title: str | None
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every row in order, and the items that no row is."""

    rows: tuple[Compared, ...]
    gone: tuple[str, ...]

    def count(self, outcome: Outcome) -> int:
        """How many rows have an outcome."""
        return sum(1 for row in self.rows if row.outcome is outcome)


def compare(old: Mapping[str, Draft], new: Sequence[Draft]) -> Comparison:
    """Compare the open items of a series with the rows of its re-issue."""
    given = assign(old, new)
    rows = tuple(_compared(draft, given.get(place), old) for place, draft in enumerate(new))
    stay = set(given.values())
    return Comparison(rows, tuple(item_id for item_id in old if item_id not in stay))


def with_former(found: Comparison, former: Mapping[str, Draft]) -> Comparison:
    """Give new rows the identity of what left the list before, where issuer and title agree; each former item once.

    `former` holds what the list last said of each, the latest to leave first. Likeness is not enough here: what is
    gone has no place on the list that could vouch for it.
    """
    waiting: defaultdict[Fingerprint, list[str]] = defaultdict(list)
    for item_id, draft in former.items():
        waiting[_named(draft)].append(item_id)
    rows = tuple(_returned(row, waiting, former) for row in found.rows)
    return Comparison(rows, found.gone)


def _returned(row: Compared, waiting: Mapping[Fingerprint, list[str]], former: Mapping[str, Draft]) -> Compared:
    same = waiting.get(_named(row.draft), []) if row.outcome is Outcome.ADDED else []
    if not same:
        return row
    item_id = same.pop(0)
    return Compared(row.draft, Outcome.RETURNED, item_id, None, changes(former[item_id], row.draft))


def _named(draft: Draft) -> Fingerprint:
    return replace(fingerprint(draft), kind="", text="")


def _compared(draft: Draft, item_id: str | None, old: Mapping[str, Draft]) -> Compared:
    if item_id is None:
        return Compared(draft, Outcome.ADDED, None, None, ())
    return compared_with(old[item_id], draft, item_id)


def compared_with(before: Draft, draft: Draft, item_id: str) -> Compared:
    """A row against what the list last said of the item that it is."""
    differing = changes(before, draft)
    outcome = Outcome.CHANGED if differing else Outcome.UNCHANGED
    old_title = before.title if any(change.field == "title" for change in differing) else None
    return Compared(draft, outcome, item_id, old_title, differing)

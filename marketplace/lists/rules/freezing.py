"""What the digest of an edition covers."""

from collections.abc import Iterable

from marketplace.kernel import canonical
from marketplace.lists.words import Outcome

Frozen = tuple[int | None, Outcome, str, int, str | None]
"""An entry: its number, outcome, item, the number of the version and that version's digest."""


def edition_digest(entries: Iterable[Frozen]) -> str:
    """The digest of an edition's entries, numbered ones in order, gone ones by item."""
    ordered = sorted(entries, key=lambda entry: (entry[0] is None, entry[0] or 0, entry[2]))
    return canonical.digest({"entries": [[n, outcome.value, i, v, digest] for n, outcome, i, v, digest in ordered]})

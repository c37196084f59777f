"""Which rows of a re-issue must stay out, because what they say was taken down at its firm's request."""

from collections.abc import Mapping, Sequence

from ingest.fields import Draft
from marketplace.lists.rules.identity import assign, fingerprint


def barred_rows(standing: Mapping[str, Draft], barred: Mapping[str, Draft], rows: Sequence[Draft]) -> dict[int, str]:
    """Give the rows (by place) that are items taken down, each with the id of that item.

    Items that stand and items taken down vie for the rows alike. A row that says the same as one that is kept out
    is kept out too: a file that repeats it does not bring it back.
    """
    if not barred:
        return {}
    given = assign({**standing, **barred}, rows)
    held = {place: item_id for place, item_id in given.items() if item_id in barred}
    said = {fingerprint(draft): item_id for item_id, draft in barred.items()}
    said |= {fingerprint(rows[place]): item_id for place, item_id in held.items()}
    for place, draft in enumerate(rows):
        item_id = said.get(fingerprint(draft))
        if place not in given and item_id is not None:
            held[place] = item_id
    return held

"""Which item of a series a row of its re-issue is.

Within one issuer (and needs apart from capabilities) the best agreement of title and description decides, one to one.
The order of the rows, their numbering and white space do not count: ties are broken by what rows say.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.fields import Draft, ListKind
from marketplace.accounts.rules.names import name_key
from marketplace.kernel.text import folded

TITLE_WEIGHT = 0.65
SAME_TEXT = 0.9
"""What an equal description says where the title is another: a retitled item."""
TELLING_LENGTH = 15
"""A shorter description is too common to carry a retitled item."""
FLOOR = 0.6
OTHER_KIND = 0.05
ROWS_AT_ONCE = 256
"""Bounds the memory of the table of likenesses."""


@dataclass(frozen=True, slots=True, order=True)
class Fingerprint:
    """What of a row decides its identity."""

    issuer: str
    capability: bool
    kind: str
    title: str
    text: str

    @property
    def block(self) -> tuple[str, bool]:
        """Rows of different blocks are never one item."""
        return self.issuer, self.capability


def fingerprint(draft: Draft) -> Fingerprint:
    """A row's fingerprint: spellings that do not count are gone, points stand in no order."""
    body = folded(draft.description or "") + "".join(sorted(folded(point) for point in draft.requirements))
    return Fingerprint(
        issuer=name_key(draft.issuer or ""),
        capability=draft.list_kind is ListKind.CAPABILITY,
        kind=draft.list_kind.value,
        title=folded(draft.title),
        text=body,
    )


def agreement(title: float, text: float | None, *, telling: bool, same_kind: bool) -> float:
    """How well two rows agree, 0 to 1, from the likeness of their titles and their texts (None: one has none)."""
    if text is None:
        best = title
    else:
        best = TITLE_WEIGHT * title + (1 - TITLE_WEIGHT) * text
        if telling:
            best = max(best, SAME_TEXT * text)
    return best if same_kind else best - OTHER_KIND


def assign(old: Mapping[str, Draft], new: Sequence[Draft]) -> dict[int, str]:
    """Give rows of a re-issue (by place) the ids of the items that they are; rows without one are new.

    One to one: rows that say the same first, then the best agreeing pairs, none below the floor.
    """
    olds = {item_id: fingerprint(draft) for item_id, draft in old.items()}
    news = {place: fingerprint(draft) for place, draft in enumerate(new)}
    given: dict[int, str] = {}
    for key in (lambda row: row, lambda row: replace(row, kind="")):
        _take(given, olds, news, _equal(olds, news, key))
    _take(given, olds, news, _alike(olds, news))
    return given


def _take(
    given: dict[int, str],
    olds: dict[str, Fingerprint],
    news: dict[int, Fingerprint],
    pairs: Iterable[tuple[int, str]],
) -> None:
    for place, item_id in list(pairs):
        if place in news and item_id in olds:
            given[place] = item_id
            del news[place], olds[item_id]


def _equal(
    olds: Mapping[str, Fingerprint],
    news: Mapping[int, Fingerprint],
    key: Callable[[Fingerprint], Fingerprint],
) -> Iterator[tuple[int, str]]:
    waiting: defaultdict[Fingerprint, list[str]] = defaultdict(list)
    for item_id in sorted(olds):
        waiting[key(olds[item_id])].append(item_id)
    for place, row in news.items():
        same = waiting.get(key(row))
        if same:
            yield place, same.pop(0)


def _alike(olds: Mapping[str, Fingerprint], news: Mapping[int, Fingerprint]) -> list[tuple[int, str]]:
    blocks: defaultdict[tuple[str, bool], list[str]] = defaultdict(list)
    for item_id, row in olds.items():
        blocks[row.block].append(item_id)
    rows: defaultdict[tuple[str, bool], list[int]] = defaultdict(list)
    for place, row in news.items():
        rows[row.block].append(place)
    scored = [
        (-score, olds[item_id], news[place], item_id, place)
        for block, places in rows.items()
        for place, item_id, score in _scores(olds, news, blocks.get(block, []), places)
        if score >= FLOOR
    ]
    return [(place, item_id) for *_rank, item_id, place in sorted(scored)]


def _scores(
    olds: Mapping[str, Fingerprint],
    news: Mapping[int, Fingerprint],
    item_ids: Sequence[str],
    places: Sequence[int],
) -> Iterator[tuple[int, str, float]]:
    from rapidfuzz import fuzz, process

    if not item_ids:
        return
    old_rows = [olds[item_id] for item_id in item_ids]
    for start in range(0, len(places), ROWS_AT_ONCE):
        some = places[start : start + ROWS_AT_ONCE]
        new_rows = [news[place] for place in some]
        titles = process.cdist([row.title for row in new_rows], [row.title for row in old_rows], scorer=fuzz.ratio)
        texts = process.cdist([row.text for row in new_rows], [row.text for row in old_rows], scorer=fuzz.ratio)
        for i, (place, new) in enumerate(zip(some, new_rows, strict=True)):
            for j, (item_id, old) in enumerate(zip(item_ids, old_rows, strict=True)):
                yield place, item_id, _agreement(old, new, float(titles[i, j]) / 100, float(texts[i, j]) / 100)


def _agreement(old: Fingerprint, new: Fingerprint, title: float, text: float) -> float:
    telling = min(len(old.text), len(new.text)) >= TELLING_LENGTH
    stated = text if old.text and new.text else None
    return agreement(title, stated, telling=telling, same_kind=old.kind == new.kind)

"""What becomes of a form that one person sends while others changed the same draft, field by field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a save: `kept` is False where it lost against somebody else's words and waits for a choice."""

    field: str
    old: str
    new: str
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Save:
    """One save after the version that a page shows: from which open page, and what it changed."""

    page: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """What a form changes: `taken` fields get its words, `clashing` ones were changed by somebody else as well."""

    taken: Mapping[str, str]
    clashing: Mapping[str, str]


def merge(current: Mapping[str, str], later: Sequence[Save], given: Mapping[str, str], *, page: str) -> Merged:
    """Merge the fields that a page sends into a draft; `later` are the saves since the version that the page showed.

    A field that the page did not change stays as others left it. One that both changed differently clashes.
    """
    taken: dict[str, str] = {}
    clashing: dict[str, str] = {}
    for name, words in given.items():
        now = current.get(name, "")
        if words in (now, _shown(name, now, later, page)):
            continue
        (clashing if _is_touched(name, later, page) else taken)[name] = words
    return Merged(taken, clashing)


Clashes = Mapping[str, Sequence[Mapping[str, str]]]
"""What waits for a choice, by field: the values that people gave it, each {"value", "by", "at"}, the text's own first."""


def is_waiting(clashes: Clashes, change: Change, *, by: str) -> bool:
    """Whether the same words of the same person wait for a choice already."""
    return any(one["value"] == change.new and one["by"] == by for one in clashes.get(change.field, ()))


def with_lost(
    clashes: Clashes, lost: Sequence[Change], *, before: Mapping[str, str], by: str, at: str
) -> dict[str, list[dict[str, str]]]:
    """Add changes that lost to what waits for a choice; `before` says who wrote the standing words, and when.

    The newest words of a person stand for its older ones, which the history keeps.
    """
    waiting = {field: [dict(one) for one in them] for field, them in clashes.items()}
    for change in lost:
        them = waiting.get(change.field) or [{"value": change.old, **before}]
        them = [one for place, one in enumerate(them) if place == 0 or one["by"] != by]
        waiting[change.field] = [*them, {"value": change.new, "by": by, "at": at}]
    return waiting


def _shown(name: str, now: str, later: Sequence[Save], page: str) -> str:
    """What the page holds of a field unless its reader changed it: what it last sent, else what it was served with."""
    touching = [(save, change) for save in later for change in save.changes if change.field == name]
    own = [change.new for save, change in touching if save.page == page]
    kept = [change.old for _save, change in touching if change.kept]
    return own[-1] if own else (kept[0] if kept else now)


def _is_touched(name: str, later: Sequence[Save], page: str) -> bool:
    return any(change.field == name and save.page != page for save in later for change in save.changes)

"""Three ways to read one item: what its list last said, what it says now, and what its owner made of it."""

from dataclasses import dataclass, replace
from typing import Any

from ingest.fields import Draft
from marketplace.kernel.text import folded
from marketplace.lists.rules.diffs import ORDER, meaning

KEPT_FROM_LIST = ("file", "row", "sheet", "page", "inherited", "raw", "places")


@dataclass(frozen=True, slots=True)
class Reissued:
    """What stands after a re-issue, and the fields that both changed differently (the owner's words stand there)."""

    draft: Draft
    disputed: tuple[str, ...]


def three_way(base: Draft, listed: Draft, owned: Draft) -> Reissued:
    """Merge a re-issued row into its owner's version.

    What only the owner changed stays; what only the list changed is taken; where both did, the owner's words stand
    and the field is disputed, unless both say the same.
    """
    taken: dict[str, Any] = {}
    disputed: list[str] = []
    for name in ORDER:
        old, new, own = (meaning(name, getattr(one, name)) for one in (base, listed, owned))
        if new in (old, own):
            continue
        if own == old:
            taken[name] = getattr(listed, name)
        else:
            disputed.append(name)
    extras = dict(owned.extras)
    for name in sorted({*base.extras, *listed.extras}):
        old, new, own = (folded(one.extras.get(name, "")) for one in (base, listed, owned))
        if new in (old, own):
            continue
        if own == old:
            extras[name] = listed.extras.get(name, "")
        else:
            disputed.append(f"extras.{name}")
    merged = replace(owned, **taken, extras={name: words for name, words in extras.items() if words})
    if merged.budget_min and merged.budget_max and merged.budget_max < merged.budget_min:
        # Half a range from each would say something that neither did.
        merged = replace(merged, budget_min=owned.budget_min, budget_max=owned.budget_max)
        disputed += [name for name in ("budget_min", "budget_max") if name in taken]
    return Reissued(merged, tuple(disputed))


def take(field: str, listed: Draft, owned: Draft) -> Draft:
    """The owner's version with one field as the list says it."""
    if field.startswith("extras."):
        name = field.removeprefix("extras.")
        extras = {**owned.extras, name: listed.extras.get(name, "")}
        return replace(owned, extras={key: words for key, words in extras.items() if words})
    return replace(owned, **{field: getattr(listed, field)})

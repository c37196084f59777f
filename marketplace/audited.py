"""Where the things of which the log speaks lie, area by area: what a supervisor of a region may see."""

from collections.abc import Callable, Mapping, Sequence

from sqlmodel import Session

from marketplace.accounts import audited as accounts
from marketplace.dealings import audited as dealings
from marketplace.figures import audited as figures
from marketplace.lists import audited as lists
from marketplace.profiles import audited as profiles

_REGIONS: Mapping[str, Callable[[Session, Sequence[str]], dict[str, str]]] = {
    **accounts.REGIONS,
    **profiles.REGIONS,
    **lists.REGIONS,
    **dealings.REGIONS,
    **figures.REGIONS,
}


def regions_of(session: Session, kind: str, ids: Sequence[str]) -> dict[str, str]:
    """Where things of a kind lie, by id; what has no region, or none that is known, is left out."""
    find = _REGIONS.get(kind)
    found = {} if find is None or not ids else find(session, ids)
    return {one: region for one, region in found.items() if region}

"""In which region something counts, when lists write regions as they like."""

from marketplace.kernel.places import plain


def lies_in(stated: str | None, home: str, wanted: str) -> bool:
    """Whether something counts for a wanted region path ("福建省/临川市/澄江区").

    `home` is the path that its list or its owner belongs to, `stated` the place as it is written ("临川市澄江区",
    "澄江区"). What belongs to the wanted region or to a part of it counts; what belongs to a region above it counts
    where the stated place names the wanted one.
    """
    if not wanted or home == wanted or home.startswith(wanted + "/"):
        return True
    if home and not wanted.startswith(home + "/"):
        return False
    steps = wanted.split("/")
    written = plain(stated or "")
    # The path may be written from any of its steps on, but its last step has to be there.
    return any(written.startswith("".join(steps[start:])) for start in range(len(steps)))


def level(region: str) -> int:
    """How many steps a path has: 1 a province, 2 a city, 3 a county."""
    return len(region.split("/")) if region else 0

"""In which region something counts, when lists write regions as they like."""

from marketplace.kernel.places import plain


def lies_in(stated: str | None, home: str, wanted: str) -> bool:
    """Whether something counts for a wanted region path ("福建省/临川市/澄江区").

    `home` is the region that its list or its owner belongs to, a path or as somebody wrote it, `stated` the place as
    it is written ("临川市澄江区", "澄江区"). What belongs to the wanted region or to a part of it counts; what belongs
    to a region above it counts where the stated place names the wanted one.
    """
    if not wanted or home == wanted or home.startswith(wanted + "/"):
        return True
    if "/" in home:
        return wanted.startswith(home + "/") and _names(stated, wanted)
    if home:
        return _names(home, wanted) or (home in plain(wanted) and _names(stated, wanted))
    return _names(stated, wanted)


def _names(written: str | None, wanted: str) -> bool:
    # A path may be written from any of its steps on, but its last step has to be there.
    steps = wanted.split("/")
    words = plain(written or "")
    return any(words.startswith("".join(steps[start:])) for start in range(len(steps)))

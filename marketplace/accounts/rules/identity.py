"""Which known organisation a list means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marketplace.accounts.rules.regions import agree
from marketplace.accounts.words import OrganisationKind


@dataclass(frozen=True, slots=True)
class Named:
    """An organisation as a list names it; an empty region is an unknown one, a code must be valid."""

    name: str
    uscc: str | None = None
    region: str = ""
    kind: OrganisationKind = OrganisationKind.OTHER


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list says of an organisation, as keys."""

    name_key: str
    uscc: str | None
    region_key: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an organisation, as keys."""

    id: str
    name_key: str
    uscc: str | None
    region_key: str


def choose(wanted: Wanted, by_code: Mapping[str, Known], same_name: Sequence[Known]) -> Known | None:
    """The organisation that is meant, or None where it is unknown or several could be.

    The code decides. Without a code the name decides within a region, and a region that is not stated, or stated
    less exactly, is no difference as long as one organisation alone can be meant.
    """
    if wanted.uscc and wanted.uscc in by_code:
        return by_code[wanted.uscc]
    # A stated code that nobody has can only belong to an organisation whose code is not known yet.
    possible = [known for known in same_name if not (wanted.uscc and known.uscc)]
    exact = [known for known in possible if known.region_key == wanted.region_key]
    near = [known for known in possible if agree(known.region_key, wanted.region_key)]
    for group in ([known for known in exact if known.uscc is None], exact, near):
        if len(group) == 1:
            return group[0]
    return None

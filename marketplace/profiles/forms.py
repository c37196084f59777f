"""Forms as they are kept: a version's row or a draft's JSON, both ways."""

from collections.abc import Mapping
from typing import Any, Final

from marketplace.profiles import entries
from marketplace.profiles.tables import ProfileVersion
from marketplace.profiles.views import ProfileForm
from marketplace.profiles.words import Visibility

PLAIN: Final = ("headline", "description", "team_size", "region", "price_text", "founded_year")
LISTS: Final = ("skills", "sectors", "not_offered")
ENTRIES: Final = ("offers", "cases", "filings")


def as_record(form: ProfileForm) -> dict[str, Any]:
    """A form as JSON, with the names of a version's columns."""
    return {
        **{name: getattr(form, name) for name in PLAIN},
        **{name: list(getattr(form, name)) for name in LISTS},
        **{name: [entries.as_record(entry) for entry in getattr(form, name)] for name in ENTRIES},
        "visibility": {name: level.value for name, level in sorted(form.visibility.items())},
    }


def of_record(record: Mapping[str, Any]) -> ProfileForm:
    """The form of a JSON object; what it does not name is not said."""
    plain: dict[str, Any] = {name: record[name] for name in PLAIN if name in record}
    listed: dict[str, Any] = {name: tuple(record[name]) for name in LISTS if name in record}
    return ProfileForm(
        **plain,
        **listed,
        offers=tuple(entries.offer_of(one) for one in record.get("offers", ())),
        cases=tuple(entries.case_of(one) for one in record.get("cases", ())),
        filings=tuple(entries.filing_of(one) for one in record.get("filings", ())),
        visibility={name: Visibility(level) for name, level in record.get("visibility", {}).items()},
    )


def of_version(version: ProfileVersion | None) -> ProfileForm:
    """The form of a version's row; an empty one where there is none."""
    if version is None:
        return ProfileForm()
    return of_record({name: getattr(version, name) for name in (*PLAIN, *LISTS, *ENTRIES, "visibility")})

"""What is taken out of a brochure into a form: lists grow, and what may be said once is said anew only by those who chose so."""

from dataclasses import dataclass, field, replace
from typing import Any, Final

from marketplace.profiles.entries import Case, Filing, Offer
from marketplace.profiles.views import ProfileForm

SINGLE: Final = ("headline", "team_size", "region", "price_text", "founded_year")
GROWING: Final = ("skills", "sectors", "not_offered", "offers", "cases", "filings")


@dataclass(frozen=True, slots=True)
class Taken:
    """What somebody ticked; `singles` are texts and numbers by the names of their fields, `description` lines."""

    singles: dict[str, str | int] = field(default_factory=dict)
    description: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    not_offered: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    cases: tuple[Case, ...] = ()
    filings: tuple[Filing, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ticked."""
        return self == Taken()


def added(form: ProfileForm, taken: Taken) -> ProfileForm:
    """A form with what was taken: in lists behind what is there, once each; single fields as they were chosen."""
    lists: dict[str, Any] = {
        name: (
            *getattr(form, name),
            *(one for one in dict.fromkeys(getattr(taken, name)) if one not in getattr(form, name)),
        )
        for name in GROWING
    }
    singles: dict[str, Any] = taken.singles
    return replace(form, **lists, **singles, description=_longer(form.description, taken.description))


def _longer(text: str, lines: tuple[str, ...]) -> str:
    known = text.splitlines()
    more = [line for line in dict.fromkeys(lines) if line not in known]
    return "\n".join([*([text] if text else []), *more])

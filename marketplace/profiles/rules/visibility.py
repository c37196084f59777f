"""Who may read which field of a profile. The headline is always public; only what is public is matched."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from marketplace.accounts.actors import Actor, belongs_to, may
from marketplace.accounts.views import OrganisationView
from marketplace.accounts.words import Role
from marketplace.profiles.entries import Case
from marketplace.profiles.views import ProfileForm
from marketplace.profiles.words import Visibility

FIELDS: Final = (
    *("description", "offers", "skills", "sectors", "cases", "evidence", "filings", "not_offered"),
    *("team_size", "region", "price_text", "founded_year"),
)
"""The fields whose visibility is chosen; "evidence" is the files of cases, never more visible than the cases."""
DEFAULTS: Final[Mapping[str, Visibility]] = {"evidence": Visibility.MEMBERS}
PUBLIC: Final = frozenset({Visibility.PUBLIC})
MEMBERS: Final = PUBLIC | {Visibility.MEMBERS}
EVERYTHING: Final = frozenset(Visibility)
OFFICES: Final = frozenset({Role.ORGANISER, Role.SUPERVISOR, Role.ADMINISTRATOR})
_ORDER: Final = tuple(Visibility)


def of_field(form: ProfileForm, name: str) -> Visibility:
    """How visible a field of a form is."""
    chosen = form.visibility.get(name, DEFAULTS.get(name, Visibility.PUBLIC))
    if name == "evidence":
        return max(chosen, of_field(form, "cases"), key=_ORDER.index)
    return chosen


def open_to(actor: Actor | None, organisation: OrganisationView) -> frozenset[Visibility]:
    """What a reader may see of an organisation's profile: its own people and the offices of its region everything.

    Where no region is known, every office may look after it.
    """
    if actor is None:
        return PUBLIC
    if belongs_to(actor, organisation.id):
        return EVERYTHING
    held = (
        may(actor, role, region=organisation.region) if organisation.region else role in actor.roles for role in OFFICES
    )
    return EVERYTHING if any(held) else MEMBERS


def seen(form: ProfileForm, levels: frozenset[Visibility]) -> ProfileForm:
    """A form with the fields blank that a reader may not see."""
    blank = ProfileForm()
    hidden = [name for name in FIELDS if of_field(form, name) not in levels]
    left: dict[str, Any] = {name: getattr(blank, name) for name in hidden if name != "evidence"}
    if "evidence" in hidden and "cases" not in hidden:
        left["cases"] = tuple(_without_files(case) for case in form.cases)
    return replace(form, **left) if left else form


def withheld(form: ProfileForm, levels: frozenset[Visibility]) -> tuple[str, ...]:
    """The fields that say something which a reader would see after signing in, and does not yet."""
    return tuple(
        name
        for name in FIELDS
        if (level := of_field(form, name)) is Visibility.MEMBERS and level not in levels and _says(form, name)
    )


def _says(form: ProfileForm, name: str) -> bool:
    return any(case.evidence for case in form.cases) if name == "evidence" else bool(getattr(form, name))


def _without_files(case: Case) -> Case:
    return replace(case, evidence=())

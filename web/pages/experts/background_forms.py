"""What a unit states about who stands behind it, between the browser and the marketplace, and how it changed."""

import re
from collections.abc import Iterator
from typing import Final

from starlette.datastructures import FormData

from marketplace.experts.backgrounds import Stated
from marketplace.experts.rules.background_forms import FIELDS, LISTS, Background
from marketplace.experts.rules.facts import Named
from web.pages.experts.history import Change
from web.pages.experts.words import BACKGROUND

SPARE: Final = 2
"""So many empty rows for units above stand below those that are filled in."""
OF_A_PERSON: Final = ("people", "former_names", "phones", "bank_accounts")
"""What a natural person is asked: nobody owns or directs it."""
_PARENT: Final = re.compile(r"parent-(\d{1,3})-name")


def given(form: FormData) -> Background:
    """Read what was typed; rows that are wholly empty are left out, so that the rest stands in order."""
    numbers = sorted(int(found[1]) for name in form if (found := _PARENT.fullmatch(name)))
    typed = (Named(_one(form, f"parent-{at}-name"), _one(form, f"parent-{at}-uscc")) for at in numbers)
    return Background(
        legal_representative=_one(form, "legal_representative"),
        parents=tuple(one for one in typed if one.name.strip() or one.uscc.strip()),
        **{name: tuple(_all(form, name)) for name in LISTS},
    )


def changes(stated: Stated, fields: tuple[str, ...] = FIELDS) -> list[Change]:
    """How the statement changed, newest first; the first one went from nothing."""
    found = []
    for at, one in enumerate(stated.versions):
        before = stated.versions[at + 1].content if at + 1 < len(stated.versions) else Background()
        parts = tuple(
            (BACKGROUND[name], said(before, name), said(one.content, name))
            for name in fields
            if getattr(before, name) != getattr(one.content, name)
        )
        found.append(Change(one.stated_at, one.stated_by, parts))
    return found


def said(content: Background, name: str) -> str:
    """What a statement says in one field, on one line."""
    if name == "parents":
        return "、".join(one.name + (f"（{one.uscc}）" if one.uscc else "") for one in content.parents)
    value = getattr(content, name)
    return value if isinstance(value, str) else "、".join(value)


def _all(form: FormData, name: str) -> Iterator[str]:
    return (value for value in form.getlist(name) if isinstance(value, str) and value.strip())


def _one(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""

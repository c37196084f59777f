"""The form of an entry of the expert pool between the browser and the marketplace: words, ties, relations, days."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from fastapi import Request
from starlette.datastructures import FormData

from marketplace.experts.rules import links
from marketplace.experts.rules.entry_forms import Appointment, EntryForm
from marketplace.experts.rules.facts import Named, Relation, RelationKind, Tie, TieKind
from marketplace.experts.words import ExpertField
from marketplace.kernel.errors import Invalid

ROWS: Final = 3
"""How many ties, and how many relations, an application takes at once; more are added afterwards."""
TIE: Final = ("kind", "unit", "uscc", "since", "until")
RELATION: Final = ("kind", "person", "unit", "until")
NO_DAY: Final = "请按年月日填写日期，例如 2024-06-30。"


@dataclass(frozen=True, slots=True)
class Told:
    """What was typed: single values by name, and what has several."""

    words: Mapping[str, str]
    fields: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()

    def get(self, name: str) -> str:
        """A typed value; empty where there is none."""
        return self.words.get(name, "")


@dataclass(slots=True)
class Stated:
    """Ties and relations that were typed in rows, with what is wrong by the name of the field."""

    ties: list[Tie] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)


async def told(request: Request) -> Told:
    """What was typed."""
    form = await request.form()
    words = {name: value for name, value in form.items() if isinstance(value, str)}
    return Told(words, _all(form, "fields"), _all(form, "terms"), _all(form, "shown"))


def as_told(form: EntryForm) -> Told:
    """What the form shows of an entry as it stands."""
    words = {name: str(getattr(form, name)) for name in ("title", "specialities", "phone", "bank_account")}
    return Told(words, tuple(one.value for one in form.fields), form.terms, form.terms)


def entry(said: Told) -> EntryForm:
    """Read an entry as it was typed; what is wrong with it says the marketplace."""
    return EntryForm(
        title=said.get("title"),
        fields=tuple(ExpertField(one) for one in said.fields if one in set(ExpertField)),
        specialities=said.get("specialities"),
        terms=said.terms,
        phone=said.get("phone"),
        bank_account=said.get("bank_account"),
    )


def stated(said: Told, *, today: date) -> Stated:
    """Read the rows of ties and relations; a row without any name is none."""
    found = Stated()
    for row in _rows(said, "tie", TIE, needs=("unit",)):
        try:
            given = tie(said, row, today=today)
        except Invalid as wrong:
            found.errors |= {f"{row}-{_short(name)}": message for name, message in wrong.fields.items()}
        else:
            found.ties.append(given)
    for row in _rows(said, "relation", RELATION, needs=("person", "unit")):
        try:
            stated_relation = relation(said, row, today=today)
        except Invalid as wrong:
            found.errors |= {f"{row}-{name}": message for name, message in wrong.fields.items()}
        else:
            found.relations.append(stated_relation)
    return found


def tie(said: Told, row: str, *, today: date) -> Tie:
    """Read one tie whose fields begin with `row`; Invalid by field."""
    kind, wrong = said.get(f"{row}-kind"), {}
    if kind not in set(TieKind):
        wrong["kind"] = "请选择是哪一种关系。"
    since, until = _days(said, row, wrong)
    _refuse(wrong)
    named = Named(said.get(f"{row}-unit"), said.get(f"{row}-uscc"))
    return links.require_tie(Tie(TieKind(kind), named, since, until), today=today)


def relation(said: Told, row: str, *, today: date) -> Relation:
    """Read one relation whose fields begin with `row`; Invalid by field."""
    kind, wrong = said.get(f"{row}-kind"), {}
    if kind not in set(RelationKind):
        wrong["kind"] = "请选择是哪一种关系。"
    _, until = _days(said, row, wrong)
    _refuse(wrong)
    stated_one = Relation(RelationKind(kind), said.get(f"{row}-person"), said.get(f"{row}-unit"), until)
    return links.require_relation(stated_one, today=today)


def appointment(said: Told) -> Appointment:
    """Read what the office sets; Invalid by field."""
    wrong: dict[str, str] = {}
    days = {name: _day(said.get(name), name, wrong) for name in ("starts_on", "ends_on")}
    most = said.get("most_at_once").strip()
    if not (most.isascii() and most.isdigit() and len(most) <= len("50")):
        wrong["most_at_once"] = "同时评审的活动数请填 1 至 50 的整数。"
    _refuse(wrong)
    return Appointment(days["starts_on"], days["ends_on"], int(most))


def day(text: str, name: str) -> date | None:
    """Read a day, or Invalid for the field; nothing typed is none."""
    wrong: dict[str, str] = {}
    found = _day(text, name, wrong)
    _refuse(wrong)
    return found


def prefixed(wrong: Mapping[str, str], row: str) -> dict[str, str]:
    """What is wrong with a tie or a relation, by the fields of its row."""
    return {f"{row}-{_short(name)}": message for name, message in wrong.items()}


def _rows(said: Told, kind: str, names: Sequence[str], *, needs: Sequence[str]) -> Iterator[str]:
    for at in range(ROWS):
        row = f"{kind}-{at}"
        dated = [name for name in names if name not in {"kind", *needs}]
        if any(said.get(f"{row}-{name}").strip() for name in (*needs, *dated)):
            yield row


def _days(said: Told, row: str, wrong: dict[str, str]) -> tuple[date | None, date | None]:
    since = _day(said.get(f"{row}-since"), "since", wrong)
    return since, _day(said.get(f"{row}-until"), "until", wrong)


def _day(text: str, name: str, wrong: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        wrong[name] = NO_DAY
        return None


def _refuse(wrong: Mapping[str, str]) -> None:
    if wrong:
        raise Invalid("有内容需要改正。", code="bad_link", fields=wrong)


def _short(name: str) -> str:
    return "unit" if name == "unit_name" else name


def _all(form: FormData, name: str) -> tuple[str, ...]:
    return tuple(value for value in form.getlist(name) if isinstance(value, str))

"""A brochure beside the draft: what was read, row by row with its place, what somebody ticked, and what came from where."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final

from starlette.datastructures import FormData

from ingest.brochures import records
from ingest.brochures.values import Brochure, CaseStated, OfferStated, Stated, where
from ingest.values.words import compact
from marketplace.accounts.views import OrganisationView
from marketplace.profiles.brochures import BrochurePage
from marketplace.profiles.entries import Case, Filing, Offer
from marketplace.profiles.rules.forms import MAX_DESCRIPTION, MAX_ENTRY, MAX_HEADLINE, MAX_SHORT
from marketplace.profiles.rules.taking import SINGLE, Taken
from marketplace.profiles.views import ProfileForm
from marketplace.profiles.words import FilingKind
from web.pages import wording
from web.pages.profile import forms as profile_forms
from web.pages.profile.forms import Typed

PREFIX: Final = "take"
NUMBERS: Final = frozenset({"team_size", "founded_year"})
LISTED: Final = frozenset({"skills", "sectors", "not_offered"})
_KINDS: Final = (
    (FilingKind.ALGORITHM, re.compile(r"算法备案|网信算备")),
    (FilingKind.MODEL, re.compile(r"大模型备案|生成式人工智能服务备案")),
    (FilingKind.COPYRIGHT, re.compile(r"著作权|软著|登记号")),
    (FilingKind.QUALIFICATION, re.compile(r"资质|认证|证书|许可|ISO|CMMI", re.IGNORECASE)),
)
_OFFER_PARTS: Final = (
    ("what", "做什么", MAX_ENTRY), ("for_whom", "为谁做", MAX_ENTRY), ("given", "输入", MAX_ENTRY), ("made", "输出", MAX_ENTRY), ("deliverable", "交付物", MAX_ENTRY),
)  # fmt: skip
_CASE_PARTS: Final = (
    ("title", "案例名称", MAX_SHORT), ("client", "服务对象", MAX_SHORT), ("year", "年份", 12), ("done", "做了什么", MAX_ENTRY), ("result", "成果数字", MAX_ENTRY),
)  # fmt: skip
_LONG: Final = 40
THERE: Final = "草稿里已有，不用再加"
SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Part:
    """One input of a row: a text of one line, of several (`is_long`), or the words of a choice."""

    name: str
    label: str
    value: str
    longest: int = MAX_ENTRY
    is_long: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was read: the passage and its place, the field it would go to, and whether it is ticked."""

    key: str
    field: str
    place: str
    passage: str
    parts: tuple[Part, ...]
    is_ticked: bool = False
    note: str = ""
    error: str = ""

    def value(self, name: str) -> str:
        """What an input of the row says."""
        return next((part.value for part in self.parts if part.name == name), "")


@dataclass(frozen=True, slots=True)
class Review:
    """A brochure with its rows; `stranger` is the name that it gives its author, where that is not the unit's."""

    page: BrochurePage
    rows: tuple[Row, ...]
    stranger: str = ""

    @property
    def groups(self) -> list[tuple[str, list[Row]]]:
        """The rows by the field that they go to."""
        return [(field, list(rows)) for field, rows in groupby(self.rows, key=lambda row: row.field)]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was ticked and typed, where each comes from, and what is wrong, by the name of its input."""

    taken: Taken
    marks: tuple[Mapping[str, str], ...]
    errors: Mapping[str, str]


def review(page: BrochurePage, form: ProfileForm, unit: OrganisationView) -> Review:
    """What a brochure says, beside what the draft says already."""
    brochure = records.of_record(dict(page.reading))
    rows = tuple(replace(row, key=f"{row.field}-{number}") for number, row in enumerate(_rows(brochure, form)))
    return Review(page, rows, _stranger(brochure, unit))


def typed(found: Review, given: FormData) -> Review:
    """The rows with what was typed and ticked."""
    ticked = {key for key in given.getlist(PREFIX) if isinstance(key, str)}

    def again(row: Row) -> Row:
        parts = (replace(part, value=_given(given, row, part)) for part in row.parts)
        return replace(row, parts=tuple(parts), is_ticked=row.key in ticked)

    return replace(found, rows=tuple(again(row) for row in found.rows))


def _given(given: FormData, row: Row, part: Part) -> str:
    value = given.get(f"{row.key}-{part.name}", part.value)
    return value.replace("\r\n", "\n")[: part.longest] if isinstance(value, str) else part.value


def wrong(found: Review, errors: Mapping[str, str]) -> Review:
    """The rows with what is wrong: by their own input, or by the field, where the first ticked row of it says so."""
    left = dict(errors)

    def told(row: Row) -> Row:
        own = left.pop(row.key, "") or (left.pop(row.field, "") if row.is_ticked else "")
        return replace(row, error=own)

    return replace(found, rows=tuple(told(row) for row in found.rows))


def chosen(found: Review) -> Chosen:
    """What the ticked rows give the draft."""
    rows = [row for row in found.rows if row.is_ticked]
    numbers = Typed(ProfileForm())
    singles = _singles(rows, numbers)
    taken = Taken(
        singles=singles,
        description=tuple(line for row in rows if row.field == "description" for line in _lines(row)),
        skills=_all_lines(rows, "skills"),
        sectors=_all_lines(rows, "sectors"),
        not_offered=_all_lines(rows, "not_offered"),
        offers=tuple(Offer(*(row.value(name) for name, _, _ in _OFFER_PARTS)) for row in rows if row.field == "offers"),
        cases=tuple(_case(row, numbers) for row in rows if row.field == "cases"),
        filings=tuple(_filed(row) for row in rows if row.field == "filings"),
    )
    return Chosen(taken, tuple(_marks(rows)), numbers.errors)


def _rows(brochure: Brochure, form: ProfileForm) -> Iterator[Row]:
    told = brochure.format
    yield from _single("headline", [brochure.headline], form.headline, told, MAX_HEADLINE)
    known = form.description.splitlines()
    for one in (*brochure.description, *brochure.statements):
        part = Part("text", "能力说明", one.text, MAX_DESCRIPTION, is_long=len(one.text) > _LONG)
        yield _row("description", one, told, (part,), is_there=one.text in known)
    for offer in brochure.offers:
        yield _row("offers", offer, told, _parts(_OFFER_PARTS, offer), is_there=_offer(offer) in form.offers)
    for case in brochure.cases:
        names = {(one.title, one.done) for one in form.cases}
        yield _row("cases", case, told, _parts(_CASE_PARTS, case), is_there=(case.title, case.done) in names)
    for field in ("skills", "sectors", "not_offered"):
        yield from _listed(field, getattr(brochure, field), getattr(form, field), told)
    for one in brochure.filings:
        parts = (
            Part("kind", "类别", _kind(one.text).value),
            Part("number", "编号", "", MAX_SHORT),
            Part("note", "说明", one.text),
        )
        yield _row("filings", one, told, parts, is_there=one.text in {filing.note for filing in form.filings})
    yield from _single("team_size", [brochure.team_size], form.team_size, told)
    yield from _single("region", [brochure.region], form.region, told, MAX_HEADLINE)
    yield from _single("price_text", brochure.prices, form.price_text, told, MAX_SHORT)
    yield from _single("founded_year", [brochure.founded_year], form.founded_year, told)


def _row(
    field: str,
    one: Stated | OfferStated | CaseStated,
    told: str,
    parts: tuple[Part, ...],
    *,
    is_there: bool,
    note: str = "",
) -> Row:
    return Row(
        key="",
        field=field,
        place=where(one.place, told),
        passage=one.passage,
        parts=parts,
        is_ticked=not is_there and not note,
        note=THERE if is_there else note,
    )


def _single(
    field: str, found: Iterable[Stated | None], there: str | int | None, told: str, longest: int = 12
) -> Iterator[Row]:
    """A field that says one thing: ticked only where the draft says nothing yet."""
    stated = [one for one in found if one is not None]
    for number, one in enumerate(stated):
        said = str(one.number) if field in NUMBERS and one.number is not None else one.text
        is_there = str(there or "") == said
        note = f"草稿里写的是“{_short(str(there))}”，勾选后会替换" if there and not is_there else ""
        if number and not note:
            note = "与上面一条一起勾选时，用分号连接" if field == "price_text" else ""
        part = Part("text", wording.field(field), said, longest, is_long=len(said) > _LONG)
        yield _row(field, one, told, (part,), is_there=is_there, note=note)


def _short(words: str) -> str:
    return words if len(words) <= SHOWN else f"{words[:SHOWN]}…"


def _listed(field: str, found: Sequence[Stated], there: Sequence[str], told: str) -> Iterator[Row]:
    """Short items, one row for each passage that lists them; what the draft has already is left out."""
    for (place, passage), group in groupby(found, key=lambda one: (one.place, one.passage)):
        stated = list(group)
        fresh = [one.text for one in stated if one.text not in there]
        part = Part(
            "text",
            f"{wording.field(field)}（一行一项）",
            "\n".join(fresh or [one.text for one in stated]),
            MAX_DESCRIPTION,
            is_long=True,
        )
        yield _row(field, Stated("", place, passage), told, (part,), is_there=not fresh)


def _parts(names: Sequence[tuple[str, str, int]], one: OfferStated | CaseStated) -> tuple[Part, ...]:
    def part(name: str, label: str, longest: int) -> Part:
        said = getattr(one, name)
        words = "" if said is None else str(said)
        return Part(name, label, words[:longest], longest, is_long=len(words) > _LONG)

    return tuple(part(*each) for each in names)


def _offer(one: OfferStated) -> Offer:
    return Offer(one.what, one.for_whom, one.given, one.made, one.deliverable)


def _kind(words: str) -> FilingKind:
    return next((kind for kind, pattern in _KINDS if pattern.search(words)), FilingKind.OTHER)


def _stranger(brochure: Brochure, unit: OrganisationView) -> str:
    named, own = compact(brochure.name.text if brochure.name else ""), compact(unit.name)
    return brochure.name.text if brochure.name and named not in own and own not in named else ""


def _lines(row: Row) -> list[str]:
    return [line.strip() for line in row.value("text").splitlines() if line.strip()]


def _all_lines(rows: Sequence[Row], field: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for row in rows if row.field == field for line in _lines(row)))


def _singles(rows: Sequence[Row], numbers: Typed) -> dict[str, str | int]:
    found: dict[str, str | int] = {}
    for row in rows:
        said = row.value("text").strip()
        if row.field not in SINGLE or not said:
            continue
        if row.field in NUMBERS:
            number = profile_forms.number(row.key, said, numbers)
            if number is not None:
                found[row.field] = number
        elif row.field == "price_text" and row.field in found:
            found[row.field] = f"{found[row.field]}；{said}"
        else:
            found[row.field] = said
    return found


def _case(row: Row, numbers: Typed) -> Case:
    year = profile_forms.number(row.key, row.value("year"), numbers)
    return Case(row.value("title"), row.value("client"), year, row.value("done"), row.value("result"))


def _filed(row: Row) -> Filing:
    kind = row.value("kind")
    known = FilingKind(kind) if kind in set(FilingKind) else FilingKind.OTHER
    return Filing(known, row.value("number").strip(), row.value("note").strip())


def _marks(rows: Sequence[Row]) -> Iterator[dict[str, str]]:
    for row in rows:
        for text in _marked(row):
            yield {"field": row.field, "text": text, "where": row.place}


def _marked(row: Row) -> list[str]:
    """The texts by which the editor finds again what a row gave."""
    if row.field in LISTED or row.field == "description":
        return _lines(row)
    names: dict[str, Callable[[], str]] = {
        "offers": lambda: row.value("what"),
        "cases": lambda: row.value("title") or row.value("done"),
        "filings": lambda: row.value("note"),
    }
    said = names.get(row.field, lambda: row.value("text"))().strip()
    return [said] if said else []


class Origins:
    """Which words of a form came from a brochure, and from where in it; words that were changed since came from a person."""

    def __init__(self, kept: Sequence[BrochurePage]) -> None:
        self._said: dict[tuple[str, str], tuple[str, str]] = {}
        for page in kept:
            for mark in page.taken:
                self._said.setdefault((mark["field"], mark["text"]), (page.name, mark["where"]))

    def of(self, field: str, value: Any) -> str:
        """Where the words of a field or an entry came from; "" where nobody took them from a file."""
        found = self._said.get((field, str(value or "").strip()))
        return f"《{found[0]}》{found[1]}" if found else ""

    def among(self, field: str, values: Iterable[str], unit: str = "项") -> str:
        """How many of several came from files, and from which places."""
        found = [self._said[field, value] for value in values if (field, value) in self._said]
        places = list(dict.fromkeys(f"《{name}》{place}" for name, place in found))
        more = f"等 {len(places)} 处" if len(places) > 1 else ""
        return f"其中 {len(found)} {unit}来自{places[0]}{more}" if found else ""

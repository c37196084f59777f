"""The profile's form as a browser sends it: whole, or only the names that changed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.datastructures import FormData, UploadFile

from marketplace.kernel.errors import Invalid
from marketplace.profiles import forms
from marketplace.profiles.rules import merging, visibility
from marketplace.profiles.rules.forms import MAX_ENTRIES
from marketplace.profiles.views import ProfileForm
from marketplace.profiles.words import FilingKind, Visibility

PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "offers": ("what", "for_whom", "given", "made", "deliverable"),
    "cases": ("title", "client", "year", "done", "result", "evidence"),
    "filings": ("kind", "number", "note"),
}
BLANK: Final[Mapping[str, Mapping[str, Any]]] = {
    "offers": dict.fromkeys(PARTS["offers"], ""),
    "cases": {**dict.fromkeys(PARTS["cases"], ""), "year": None, "evidence": []},
    "filings": {"kind": FilingKind.OTHER.value, "number": "", "note": ""},
}
TEXTS: Final = frozenset({"headline", "description", "region", "price_text"})
NUMBERS: Final = frozenset({"team_size", "founded_year"})
LINES: Final = frozenset({"skills", "sectors", "not_offered"})
NOT_A_NUMBER: Final = "请填写整数，例如 3；不确定可以留空。"
_ROW: Final = re.compile(r"(offers|cases|filings)-(\d{1,3})-(\w+)")
_VISIBLE: Final = "visible-"


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: the form as far as it can be read, what cannot (by the field's name), and those very words."""

    form: ProfileForm
    errors: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)


def whole(given: FormData) -> Typed:
    """Read a form that was sent whole."""
    names = dict.fromkeys(name for name in given if not name.startswith("_"))
    values = {name: [one for one in given.getlist(name) if isinstance(one, str)] for name in names}
    return applied(ProfileForm(), values)


def applied(form: ProfileForm, given: Mapping[str, Sequence[str]]) -> Typed:
    """Put values over those of a form, by their names; names that the form does not have are left out."""
    record = forms.as_record(form)
    typed = Typed(form)
    for name, values in given.items():
        _put(record, name, values, typed)
    for kind in PARTS:
        record[kind] = [row for row in record[kind] if row is not None]
    return Typed(forms.of_record(record), typed.errors, typed.words)


def _put(record: dict[str, Any], name: str, values: Sequence[str], typed: Typed) -> None:
    last = values[-1] if values else ""
    if name in TEXTS:
        record[name] = last
    elif name in LINES:
        record[name] = list(values)
    elif name in NUMBERS:
        record[name] = number(name, last, typed)
    elif name.startswith(_VISIBLE):
        _put_visibility(record, name.removeprefix(_VISIBLE), last)
    elif row := _ROW.fullmatch(name):
        _put_part(record[row[1]], row, values, typed)


def _put_visibility(record: dict[str, Any], name: str, level: str) -> None:
    if name in visibility.FIELDS and level in set(Visibility):
        record["visibility"][name] = level


def _put_part(rows: list[dict[str, Any]], row: re.Match[str], values: Sequence[str], typed: Typed) -> None:
    kind, place, part = row[1], int(row[2]), row[3]
    if part not in PARTS[kind] or place > MAX_ENTRIES:
        return
    while len(rows) <= place:
        rows.append(dict(BLANK[kind]))
    last = values[-1] if values else ""
    if part == "year":
        rows[place][part] = number(row[0], last, typed)
    elif part == "evidence":
        rows[place][part] = list(values)
    elif part == "kind":
        rows[place][part] = last if last in set(FilingKind) else FilingKind.OTHER.value
    else:
        rows[place][part] = last


def number(name: str, text: str, typed: Typed) -> int | None:
    """A whole number as it was typed, "3人" and "2024年" as well; what is none goes to the errors of `typed`."""
    plain = text.strip().removesuffix("人").removesuffix("年").strip()
    if not plain:
        return None
    if plain.isdecimal() and len(plain) <= 6:  # noqa: PLR2004 - more digits are no count and no year
        return int(plain)
    typed.errors[name], typed.words[name] = NOT_A_NUMBER, text
    return None


def uploads(given: FormData) -> dict[int, list[UploadFile]]:
    """The files sent for each case, by its place; empty file fields are no files."""
    found: dict[int, list[UploadFile]] = {}
    for name in dict.fromkeys(given):
        row = re.fullmatch(r"cases-(\d{1,3})-file", name)
        files = [one for one in given.getlist(name) if isinstance(one, UploadFile) and one.filename]
        if row and files:
            found[int(row[1])] = files
    return found


def packed(digests: Mapping[str, str]) -> str:
    """The digests of a form's fields as its page carries them."""
    return ".".join(digests[name] for name in merging.FIELDS)


def unpacked(given: FormData) -> dict[str, str]:
    """What the page was made from. Raises Invalid where the page does not say it."""
    carried = given.get("_version")
    digests = carried.split(".") if isinstance(carried, str) else []
    if len(digests) != len(merging.FIELDS) or not all(re.fullmatch(r"[0-9a-f]{16}", one) for one in digests):
        raise Invalid("页面缺少版本信息，请刷新后再保存。", code="version_missing")
    return dict(zip(merging.FIELDS, digests, strict=True))


def field_of(name: str) -> str:
    """The field of a form that an input's name belongs to."""
    return "visibility" if name.startswith(_VISIBLE) else name.partition("-")[0]

"""The form that puts a row of a file on its way in right: what was sent, and what the page shows of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ingest.corrections import CHOICES, PARTS, Part
from ingest.fields import Draft, ListKind, SheetReading
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.lists.intakes import correcting
from marketplace.lists.intakes.correcting import RowPage
from web.pages import wording
from web.pages.lists import facts

PREFIX: Final = "words."
WAS: Final = "was."
LINES: Final[Mapping[Part, int]] = {
    Part.DESCRIPTION: 5,
    Part.REQUIREMENTS: 5,
    Part.CASES: 3,
    Part.SUPPORT: 3,
    Part.REMARKS: 3,
    Part.QUALIFICATIONS: 3,
    Part.CONTACT: 2,
}
"""Parts that are written over several lines, with how many are shown."""
ALWAYS: Final = (
    Part.TITLE,
    Part.LIST_KIND,
    Part.ISSUER,
    Part.ISSUER_TYPE,
    Part.NEED_TYPE,
    Part.SECTOR,
    Part.REGION,
    Part.BUDGET,
    Part.PERIOD,
    Part.DESCRIPTION,
    Part.REQUIREMENTS,
    Part.CONTACT,
)
HINTS: Final[Mapping[Part, str]] = {
    Part.TITLE: "清空表示这一行不发布",
    Part.BUDGET: "照表格里的写法，例如“30万元”“不超过80万元”“20至30万元”“面议”；不写单位的，按表头的单位算",
    Part.PERIOD: "例如“2026年6月底前”“2026年3月至2027年2月”“合同签订后8个月内”",
    Part.REQUIREMENTS: "一行一条",
    Part.CONTACT: "姓名、电话、邮箱写在一起即可，例如“张三 13800000000”",
}
OF_CONTACT: Final = ("contact_name", "contact_phone", "contact_email")


@dataclass(frozen=True, slots=True)
class Field:
    """One part of a row in the form: what it says, what its cells say, and what that is read as."""

    name: str
    was_name: str
    part: Part
    label: str
    value: str
    was: str
    stated: str
    read: str
    is_corrected: bool
    options: tuple[tuple[str, str], ...]
    lines: int
    most: int
    hint: str
    error: str


@dataclass(frozen=True, slots=True)
class Said:
    """One cell of the row as it stands in the file."""

    column: str
    header: str
    text: str
    read_as: str


def words(form: Mapping[str, str]) -> dict[Part, str]:
    """What the form says of each part that it shows."""
    return {part: form[PREFIX + part.value] for part in PARTS if PREFIX + part.value in form}


def was(form: Mapping[str, str]) -> dict[Part, str]:
    """What the parts said when the form was made."""
    return {part: form[WAS + part.value] for part in PARTS if WAS + part.value in form}


def shown(page: RowPage, *, typed: Mapping[Part, str], refused: Invalid | Conflict | None) -> dict[str, Any]:
    """Give everything the page of a row needs; what somebody typed is kept where it was refused."""
    errors = dict(refused.fields) if isinstance(refused, Invalid) else {}
    read = _read(page.draft)
    parts = [part for part in PARTS if part in ALWAYS or page.words[part] or part in page.corrected]
    fields = [_field(page, part, typed.get(part, page.words[part]), read, errors) for part in _ordered(parts)]
    return {
        "row": page,
        "fields": fields,
        "cells": _cells(page.sheet, page.draft),
        "errors": {PREFIX + part: message for part, message in errors.items()},
        "moved_on": refused.message if isinstance(refused, Conflict) else "",
    }


def _ordered(parts: list[Part]) -> list[Part]:
    return [*ALWAYS, *(part for part in parts if part not in ALWAYS)]


def _field(page: RowPage, part: Part, value: str, read: Mapping[str, str], errors: Mapping[str, str]) -> Field:
    label = wording.field(part.value)
    if part is Part.BUDGET and page.draft.list_kind is ListKind.CAPABILITY:
        label = wording.field("price_text")
    options = tuple((word, word) for word in CHOICES.get(part, ()))
    return Field(
        name=PREFIX + part.value,
        was_name=WAS + part.value,
        part=part,
        label=label,
        value=value,
        was=page.words[part],
        stated=page.stated[part],
        read=read.get(part.value, ""),
        is_corrected=part in page.corrected,
        options=(("", "未写明"), *options) if options and part is not Part.LIST_KIND else options,
        lines=LINES.get(part, 0),
        most=correcting.most(part),
        hint=HINTS.get(part, ""),
        error=errors.get(part.value, ""),
    )


def _read(draft: Draft) -> dict[str, str]:
    """What is understood of a row now, by part."""
    found = {fact.field: fact.value for fact in facts.of_draft(draft)}
    contact = [found[name] for name in OF_CONTACT if name in found]
    return {**found, "list_kind": wording.KINDS[draft.list_kind], "contact": "，".join(contact)}


def _cells(sheet: SheetReading, draft: Draft) -> tuple[Said, ...]:
    return tuple(
        Said(
            column.column,
            column.header,
            draft.raw.get(column.header, ""),
            wording.field(column.field) if column.field else "",
        )
        for column in sheet.columns
    )
